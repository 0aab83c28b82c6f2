"""Each bound of identity and validity, from both of its sides: a bound that moves is noticed."""

import pytest

from archiver.checker.anchoring import Candidate, Wanted, find, normalise, same_author, similarity
from archiver.checker.page_state import FEW_WORDS, Response, blocked
from archiver.checker.tombstone import MOST_AROUND, actor_of, wordings
from archiver.domain.observation import Actor, Reason
from tests.unit.checker.builders import post, reading

WALL = "https://brand.example/wall"
TEXT = "the soles of my new shoes have holes after eight months and nobody at the brand answers me"
FRESH, OLD = {"age": "300"}, {"age": "301"}


def like(share: float) -> str:
    """A text of the same length whose likeness to TEXT is that share, within a hundredth."""
    length = len(TEXT)
    kept = round(length * share)
    made = TEXT[:kept] + "#" * (length - kept)
    assert abs(similarity(TEXT, made) - share) < 0.01
    return made


def found(text: str, *, author: str | None, known: str | None = "Ann", before: bool = True) -> bool:
    wanted = Wanted(texts=(normalise(TEXT),), author=known, known_before=before)
    return find(wanted, [Candidate(normalise(text), author)]) is not None


@pytest.mark.parametrize(
    ("share", "author", "is_it"),
    [
        # by its author: from 60 % on it is the post, edited
        (0.62, "Ann", True),
        (0.57, "Ann", False),
        (0.45, "Ann", False),
        # nobody's name could be read: from 90 % on
        (0.92, None, True),
        (0.87, None, False),
        (0.62, None, False),
        # by somebody else: never
        (0.98, "Bob", False),
    ],
)
def test_how_alike_a_text_must_be(share: float, author: str | None, is_it: bool) -> None:
    assert found(like(share), author=author) is is_it


@pytest.mark.parametrize("length", [39, 40])
def test_short_texts_must_agree_wholly(length: int) -> None:
    text = TEXT[:length]
    wanted = Wanted(texts=(text,), author="Ann", known_before=True)
    changed = [Candidate(text[:-1] + "!", "Ann")]
    assert (find(wanted, changed) is not None) is (length >= 40)


@pytest.mark.parametrize("name", ["Annabel", "An", "Ann B", "Anna"])
def test_names_that_begin_alike_are_others(name: str) -> None:
    assert not same_author("Ann", name)
    assert not found(TEXT, author=name)


def test_a_quotation_is_only_taken_at_the_first_look() -> None:
    longer = f"{TEXT}, and that is all that there is to say about it, word for word, my friends"
    longer += ", whatever others may tell you of their own soles and of how the brand answered them"
    assert found(longer, author="Ann", before=False)
    assert not found(longer, author="Ann", before=True)


@pytest.mark.parametrize(
    ("status", "reason"),
    [(400, Reason.SERVER_ERROR), (499, Reason.SERVER_ERROR), (500, Reason.SERVER_ERROR)],
)
def test_what_a_refusing_status_says(status: int, reason: Reason) -> None:
    finding = blocked(WALL, Response(status, WALL), reading(post("a"), post("b")))
    assert finding is not None
    assert finding.reason is reason


def test_a_failing_server_tells_when_to_come_back() -> None:
    """Only a failure of the server is asked when to come back; a refused request is not."""
    said = {"retry-after": "120"}
    failing = blocked(WALL, Response(500, WALL, headers=said), reading(post("a"), post("b")))
    refused = blocked(WALL, Response(418, WALL, headers=said), reading(post("a"), post("b")))
    assert failing is not None
    assert failing.retry_after == "120"
    assert refused is not None
    assert refused.retry_after is None


@pytest.mark.parametrize("guard", ["cloudflare", "turnstile", "perimeterx", "datadome", "sucuri"])
def test_a_guard_that_stands_before_the_page_is_a_challenge_with_any_status(guard: str) -> None:
    """Also where it wants a password beside, which would otherwise make it a log-in page."""
    page = reading(challenges=(guard,), passwords=1)
    finding = blocked(WALL, Response(200, WALL), page)
    assert finding is not None
    assert finding.reason is Reason.CHALLENGE


def test_an_article_of_many_words_with_a_guard_in_its_form_is_none() -> None:
    page = reading(challenges=("turnstile",), words=FEW_WORDS)
    assert blocked(WALL, Response(200, WALL), page) is None


@pytest.mark.parametrize(("headers", "stale"), [({}, False), (FRESH, False), (OLD, True)])
def test_when_a_copy_is_too_old(headers: dict[str, str], stale: bool) -> None:
    assert Response(200, WALL, headers=headers).stale is stale


@pytest.mark.parametrize(("around", "actor"), [(60, Actor.MODERATOR), (61, None)])
def test_how_much_may_stand_around_a_placeholders_words(around: int, actor: Actor | None) -> None:
    assert MOST_AROUND == 60
    wording = max((text for text in wordings()[Actor.MODERATOR] if text.isascii()), key=len)
    assert actor_of(f"{wording} {'x' * (around - 1)}") is actor
