"""What a reading adds to what is known of a wall's posts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archiver.checker.wall_record import Additions, Known, KnownPost, KnownReading, additions
from archiver.domain.observation import Sighting
from archiver.domain.wall_read import ReadPost, WallRead

URL = "https://brand.example/wall"
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NAMES = ("a", "b", "c", "d", "e", "f", "g", "h")
SHAPE = {"path": "main>article", "tags": {"p": 1, "a": 2}}


def post(name: str, text: str | None = None, **more: object) -> ReadPost:
    said = f"This is what {name} has to say about the brand's shoes." if text is None else text
    fields = {"author": name, "post_id": f"c-{name}", "text": said, **more}
    return ReadPost(**fields)  # type: ignore[arg-type]


def read(posts: Sequence[ReadPost | str], minute: int = 0, **more: object) -> WallRead:
    """A whole reading; `name` stands for the post by that name."""
    found = tuple(post(one) if isinstance(one, str) else one for one in posts)
    fields = {"starts": True, "ends": True, "reader": "1", "skeleton": SHAPE, **more}
    return WallRead(found, NOON + timedelta(minutes=minute), **fields)  # type: ignore[arg-type]


def known_from(first: WallRead) -> Known:
    """What is known after one reading: the posts have the ids `0`, `1`... by their place."""
    found = additions(URL, Known(), first, judged=True)
    posts = [
        KnownPost(str(place), identity, first.posts[place], NOON, first.reader, "wrd_1")
        for identity, place in found.new
    ]
    order = tuple((str(place), first.posts[place].stretch) for _, place in found.new)
    reading = KnownReading(NOON, order, first.reader, {**SHAPE, "folds": 0, "closed": []})
    return Known(posts, {"wrd_1": reading})


def then(first: WallRead, second: WallRead, *, judged: bool = True) -> Additions:
    return additions(URL, known_from(first), second, judged=judged)


def without(*names: str) -> list[ReadPost | str]:
    return [name for name in NAMES if name not in names]


def test_a_first_reading_makes_every_post_known_by_its_id() -> None:
    found = additions(URL, Known(), read(NAMES), judged=True)
    assert [identity for identity, _ in found.new] == [f"id:c-{name}" for name in NAMES]
    assert (found.again, found.missed) == ((), ())


def test_posts_that_are_read_again_are_the_same_wherever_they_moved() -> None:
    found = then(read(NAMES), read(["new", *NAMES]))
    assert dict(found.again) == {str(at): at + 1 for at in range(len(NAMES))}
    assert found.new == (("id:c-new", 0),)
    assert found.missed == ()


@pytest.mark.parametrize("gone", ["a", "d", "h"])
def test_a_post_is_missed_where_its_own_neighbours_were_read(gone: str) -> None:
    found = then(read(NAMES), read(without(gone), 5))
    assert found.missed == ((str(NAMES.index(gone)), Sighting.ABSENT),)


@pytest.mark.parametrize(
    ("why", "second", "judged"),
    [
        ("a look of the visit was invalid", read(without("d")), False),
        ("the reading was cut short", read(without("d"), whole=False), True),
        ("another reader, which may leave out items", read(without("d"), reader="2"), True),
        ("its place was not reached", read(NAMES[:3], ends=False), True),
        ("one side of its place was not read", read(NAMES[4:], starts=False), True),
        ("nothing else is left that proves its place", read(["x", "y", "z"]), True),
        (
            "a part of the list between its neighbours was not read",
            read([*NAMES[:3], *(post(name, stretch=1) for name in NAMES[4:])]),
            True,
        ),
        ("more is folded than when it was read", read(without("d"), closed=("12 more",)), True),
        (
            "a redesign",
            read(without("d"), skeleton={"path": "div>div", "tags": {"span": 9}}),
            True,
        ),
        (
            "its words stand outside of the recognised posts",
            read(without("d"), outside=post("d").text),
            True,
        ),
        (
            "its words stand in its place under another name",
            read([*NAMES[:3], post("D. Renamed", post("d").text, post_id=None), *NAMES[4:]]),
            True,
        ),
        (
            "most of what was read cannot be seen",
            read([post(name, visible=False) for name in NAMES if name != "d"]),
            True,
        ),
    ],
)
def test_nothing_is_said_of_a_post_when(why: str, second: WallRead, judged: bool) -> None:
    assert then(read(NAMES), second, judged=judged).missed == (), why


def test_a_placeholder_is_no_post_and_misses_the_one_whose_place_it_took() -> None:
    stone = ReadPost("This comment was removed by a moderator.", None, post_id="c-d")
    found = then(read(NAMES), read([*NAMES[:3], stone, *NAMES[4:]]))
    assert found.missed == (("3", Sighting.TOMBSTONE),)
    assert found.new == ()
    assert "3" not in dict(found.again)


def test_a_hidden_post_is_neither_seen_nor_missed_nor_new() -> None:
    hidden = [*NAMES[:3], post("d", visible=False), *NAMES[4:], post("i", visible=False)]
    found = then(read(NAMES), read(hidden))
    assert "3" not in dict(found.again)
    assert (found.new, found.missed) == ((), ())


def test_several_that_went_at_once_are_missed_each() -> None:
    names = [f"n{at}" for at in range(16)]
    gone = {"n3", "n7", "n12"}
    found = then(read(names), read([name for name in names if name not in gone]))
    assert {name for name, _ in found.missed} == {"3", "7", "12"}


def test_without_ids_author_and_words_are_the_identity() -> None:
    plain = [post(name, post_id=None) for name in NAMES]
    found = additions(URL, Known(), read(plain), judged=True)
    assert all(identity.startswith("words:") for identity, _ in found.new)
    assert len({identity for identity, _ in found.new}) == len(NAMES)
    again = then(read(plain), read(list(reversed(plain))))
    assert dict(again.again) == {str(at): 7 - at for at in range(8)}
    assert again.new == ()


def test_the_same_text_twice_is_two_posts_and_no_loss_of_one_is_claimed() -> None:
    twice = [post(name, post_id=None) for name in (*NAMES, "d")]
    first = additions(URL, Known(), read(twice), judged=True)
    both = [identity for identity, place in first.new if place in (3, 8)]
    assert both[1] == f"{both[0]}#2"
    assert len(then(read(twice), read(twice)).again) == 9
    one_left = then(read(twice), read(twice[:-1]))
    assert len(one_left.again) == 8
    assert one_left.missed == ()


def test_the_same_text_twice_with_lasting_ids_is_told_apart() -> None:
    twice = [*(post(name) for name in NAMES), post("d", post_id="c-d2")]
    left = [*(post(name) for name in NAMES if name != "d"), post("d", post_id="c-d2")]
    found = then(read(twice), read(left))
    assert dict(found.again)["8"] == 7
    assert "3" not in dict(found.again)


def numbered(names: Sequence[str]) -> list[ReadPost]:
    return [post(name, post_id=f"item-{at}") for at, name in enumerate(names)]


def test_ids_that_only_count_places_identify_nobody() -> None:
    found = then(read(numbered(NAMES)), read(numbered(NAMES[1:])))
    assert dict(found.again) == {str(at): at - 1 for at in range(1, 8)}
    assert found.new == ()
    grown = then(read(numbered(NAMES)), read(numbered(["new", *NAMES])))
    assert dict(grown.again) == {str(at): at + 1 for at in range(8)}
    identities = [identity for identity, _ in grown.new]
    assert identities[0].startswith("words:"), "its number is already somebody's identity"


def test_an_edited_and_a_renamed_post_stay_known_by_a_lasting_id() -> None:
    changed = [
        post("Somebody Else", "Quite another text by now, nothing like it.", post_id=f"c-{name}")
        if name == "d"
        else name
        for name in NAMES
    ]
    found = then(read(NAMES), read(changed))
    assert dict(found.again)["3"] == 3
    assert (found.new, found.missed) == ((), ())


def test_an_edited_post_without_ids_stays_known_by_author_and_likeness() -> None:
    plain = [post(name, post_id=None) for name in NAMES]
    edited = [*plain]
    edited[3] = replace(plain[3], text=plain[3].text + " And the laces!")
    found = then(read(plain), read(edited))
    assert dict(found.again)["3"] == 3
    assert (found.new, found.missed) == ((), ())


def test_another_version_of_the_reader_finds_the_same_posts() -> None:
    plain = [post(name, post_id=None) for name in NAMES]
    newer = [replace(one, text=f"{one.text} Reply") for one in plain]
    found = then(read(plain), read(newer, reader="2"))
    assert dict(found.again) == {str(at): at for at in range(8)}
    assert (found.new, found.missed) == ((), ())


def test_a_post_that_was_missed_is_not_missed_anew_and_can_come_back() -> None:
    known = known_from(read(NAMES))
    gone = [replace(one, missing=one.id == "3") for one in known.posts]
    known = replace(known, posts=gone)
    assert additions(URL, known, read(without("d")), judged=True).missed == ()
    assert dict(additions(URL, known, read(NAMES), judged=True).again)["3"] == 3


def test_an_answer_goes_with_what_it_answers() -> None:
    posts: list[ReadPost | str] = [*NAMES[:3], post("d", parent="c-c"), *NAMES[4:]]
    left = [name for name in NAMES if name not in ("c", "d")]
    found = dict(then(read(posts), read(left)).missed)
    assert found["3"] is Sighting.PARENT_GONE
    assert found["2"] is Sighting.ABSENT
