"""Words in a post's stead that say nothing of a removal or an edit."""

from collections.abc import Sequence

import pytest

from archiver.checker.instead import ALIKE, is_cut, names_a_removal
from archiver.checker.reading import Post
from archiver.checker.sighting import say
from archiver.checker.wall import Wall, WallPost
from archiver.domain.observation import Actor, Observation, Reason, Sighting
from archiver.domain.post import Target
from tests.unit.checker.builders import post, seen_among, words

NAMES = ["a", "b", "c", "T", "d", "e", "f", "g", "h"]
HISTORY = [seen_among(NAMES, "T")]
TARGET = Target(url="https://brand.example/wall", text=words("T"), author="T", post_id="c-T")


def shows(text: str, *others: str, named: bool = False) -> Wall:
    """The wall with these words where the target was, and where `others` were."""
    posts = [
        _with(name, text, named=named) if name in ("T", *others) else post(name) for name in NAMES
    ]
    return Wall(tuple(WallPost(one, 0) for one in posts), starts=True, ends=True)


def _with(name: str, text: str, *, named: bool) -> Post:
    return post(name, text) if named else post(name, text, author=None)


def said(now: Wall, history: Sequence[Observation] = HISTORY) -> str:
    one = say(TARGET, history, now, None)
    if one.sighting is None:
        return f"!{one.reason}"
    return f"{one.sighting}:{one.actor}" if one.actor else str(one.sighting)


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Log in to read this comment.", Reason.LOGIN_WALL),
        ("Connectez-vous pour lire la suite", Reason.LOGIN_WALL),
        ("ログインして表示", Reason.LOGIN_WALL),
        ("Loading…", Reason.NOT_RENDERED),
        ("Veuillez patienter…", Reason.NOT_RENDERED),
        ("Something went wrong. Try again", Reason.NOT_RENDERED),
    ],
)
def test_a_request_to_log_in_and_a_failure_to_load_are_obstacles(
    text: str, reason: Reason, named: bool
) -> None:
    assert said(shows(text, named=named)) == f"!{reason}"


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("text", ["This comment is unavailable.", "Ez dago ezer hemen", ""])
def test_the_same_words_at_other_places_are_the_pages(text: str, named: bool) -> None:
    assert said(shows(text, "a", "f", named=named)) == f"!{Reason.INCOMPLETE}"
    assert ALIKE == 2
    assert said(shows(text, "f", named=named)) != f"!{Reason.INCOMPLETE}"


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("This comment was removed by a moderator.", Actor.MODERATOR),
        ("Ce commentaire a été supprimé", Actor.UNKNOWN),
        ("This comment was removed by a moderator. Log in to reply.", Actor.MODERATOR),
    ],
)
def test_a_removal_that_is_named_is_believed_however_often(text: str, actor: Actor) -> None:
    assert names_a_removal(text)
    assert said(shows(text)) == said(shows(text, "a", "f", "h")) == f"tombstone:{actor}"


def test_one_that_is_not_available_is_a_placeholder_still() -> None:
    assert not names_a_removal("This comment is unavailable.")
    assert said(shows("This comment is unavailable.")) == f"tombstone:{Actor.UNKNOWN}"


def test_words_that_stood_there_before_are_somebodys() -> None:
    known = [
        s.model_copy(update={"text": "+1"}) if s.author in ("a", "b", "f") else s
        for s in HISTORY[0].siblings
    ]
    history = [HISTORY[0].model_copy(update={"siblings": known})]
    assert said(shows("+1", "a", "b", "f", named=True), history) == Sighting.EDITED


def test_a_complaint_of_waiting_that_its_author_edits_is_edited() -> None:
    target = TARGET.model_copy(update={"text": "They say please wait, and nobody answers."})
    now = shows("They say please wait, and nobody ever answers.", named=True)
    one = say(target, [], now, None)
    assert (one.sighting, one.reason) == (Sighting.EDITED, None)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("This is what T has to…", True),
        ("This is what T has to...", True),
        ("This is what T has to", False),  # it does not say that it is cut
        ("This is nothing of…", False),
        ("This…", False),  # nothing left
        ("…", False),
    ],
)
def test_a_beginning_is_no_edit(text: str, cut: bool) -> None:
    known = [entry.post.key for entry in shows(words("T"), named=True).posts]
    assert is_cut(text, known) is cut
    assert (said(shows(text, named=True)) == f"!{Reason.INCOMPLETE}") is cut
