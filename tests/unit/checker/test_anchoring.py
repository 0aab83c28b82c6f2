"""Which item is the post: identity by id, by words and author, never by a quotation."""

import pytest

from archiver.checker.anchoring import (
    Candidate,
    Wanted,
    find,
    fits_masked,
    normalise,
    same_id,
)

LONG = "the soles of my shoes have holes after eight months and nobody answers"
SHORT = "never again, folks"


def item(text: str, author: str | None = "Ann", post_id: str | None = None) -> Candidate:
    return Candidate(normalise(text), author, post_id)


def wanted(text: str = LONG, **more: object) -> Wanted:
    fields = {"texts": (normalise(text),), "author": "Ann", "known_before": True, **more}
    return Wanted(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("two  words\n here", "two words here"),  # white space
        ("bro\u200bken\u00ad", "broken"),  # zero-width space and soft hyphen
        ("\uff34he end", "The end"),  # full-width letter
        ("\u0440\u0430\u0443", "pay"),  # Cyrillic look-alikes
        ("\u201cit\u2019s\u201d \u2013 so\u2026", '"it\'s" - so...'),  # typographic signs
        ("e\u0301t\u00e9", "\u00e9t\u00e9"),  # combining accent
    ],
)
def test_renderings_of_the_same_words_are_equal(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("comment-12", "comment-12", True),
        ("li-comment-12", "comment-12", True),  # the same word, wrapped
        ("12", "comment-12", True),  # a bare number
        ("t1_o8nd42m", "thing_t1_o8nd42m", True),  # the same with a word before it
        ("d42m7x", "t1_o8nd42m7x", False),  # no word before it: the end of another
        ("comment-12", "comment-112", False),
        ("post-12", "comment-12", False),  # a post and a comment may share a number
        ("abc", None, False),
        (None, None, False),
    ],
)
def test_ids_of_one_post(one: str | None, other: str | None, same: bool) -> None:
    assert same_id(one, other) is same


@pytest.mark.parametrize(
    ("target", "items", "expected"),
    [
        # equal words, same author
        (wanted(), [item("hello"), item(LONG)], (1, "author+text", True)),
        # a reply that quotes it is not it
        (wanted(), [item(f"He wrote: {LONG} - and now?", "Bob")], None),
        # even the very same words by somebody else
        (wanted(), [item(LONG, "Bob")], None),
        # nobody's name could be read: rather present than accused
        (wanted(), [item(LONG, None)], (0, "text", True)),
        # a few characters changed, same author
        (wanted(), [item(LONG.replace("eight", "nine"))], (0, "author+text", False)),
        # gutted beyond recognition
        (wanted(), [item("all is well now, thank you for the kind help I received")], None),
        # short texts must agree wholly
        (wanted(SHORT), [item("never again, folk")], None),
        (wanted(SHORT), [item(SHORT)], (0, "author+text", True)),
        (wanted(SHORT), [item(SHORT, "Bob")], None),
        # the id decides, whatever the text has become
        (wanted(post_ids=("c-7",)), [item("gone", "Ann", "c-7")], (0, "id", False)),
        (wanted(post_ids=("c-7",)), [item(LONG, "Ann", "c-7")], (0, "id", True)),
        # an id that only counts places: somebody else moved up
        (wanted(post_ids=("c-7",)), [item("all is well, thank you", "Bob", "c-7")], None),
        # unless ids are known to hold here
        (
            wanted(post_ids=("c-7",), ids_are_stable=True),
            [item("[deleted]", "[deleted]", "c-7")],
            (0, "id", False),
        ),
        # the end is folded away
        (wanted(), [item(LONG[:45] + "\u2026 See more")], (0, "beginning", True)),
        (wanted(), [item(LONG[:45] + "\u2026 See more", "Bob")], None),
        # ids hold on this wall: the same words under another id are a repeat
        (wanted(post_ids=("c-7",), ids_are_stable=True), [item(LONG, "Ann", "c-9")], None),
        # ids change at each load: the words count again
        (wanted(post_ids=("c-7",)), [item(LONG, "Ann", "c-9")], (0, "author+text", True)),
        # another post of hers that was there before is not an edit of this one
        (
            wanted(others=frozenset({normalise(LONG.replace("eight", "nine"))})),
            [item(LONG.replace("eight", "nine"))],
            None,
        ),
        # at a first look a part of the words is enough, in one item only
        (wanted(known_before=False), [item(f"Dear all, {LONG}. Bye.")], (0, "quote", True)),
        (wanted(known_before=False), [item(f"A {LONG}"), item(f"B {LONG}")], (0, None, False)),
    ],
)
def test_finding_the_post(target: Wanted, items: list[Candidate], expected) -> None:
    found = find(target, items)
    if expected is None:
        assert found is None
    elif expected[1] is None:  # two items quote it: neither is taken for an unchanged post
        assert found is None or not found.same_text
    else:
        assert found is not None
        assert (found.place, found.by, found.same_text) == expected


BLACK = "the soles of ██ █████ have holes after eight months and ██████ answers"


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (LONG, True),  # the words under the black
        (LONG.replace("nobody", "nobody from the shop ever"), False),  # much more than was covered
        (LONG.replace("eight", "nine"), False),  # another word where nothing was covered
        (LONG + " at all", False),  # more at its end
        ("my shoes", False),
    ],
)
def test_a_text_that_was_blacked_out_before_it_was_sent_fits_what_it_was(
    text: str, fits: bool
) -> None:
    assert fits_masked(normalise(BLACK), normalise(text)) is fits


def test_a_post_is_found_unchanged_by_its_blacked_out_text() -> None:
    others = [item("thanks for everything, dear brand", "Bob"), item(LONG, None)]
    match = find(wanted(BLACK, author=None), others)
    assert match is not None
    assert (match.place, match.same_text) == (1, True)


def test_hardly_any_words_left_identify_nothing() -> None:
    assert not fits_masked("a ██████ b", "a wonder b")
    assert not fits_masked("████████", "wonderful")
