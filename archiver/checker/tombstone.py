"""Recognising the placeholder that some sites leave where a post was. Pure but for its data file.

Two kinds of signs. By wording: `tombstones.json` holds known phrases by language and actor; add a
line there for another. By structure: an item without an author where nearly all others have one,
which its own mark-up, unlike theirs, calls deleted (`struck`).

A wording alone proves nothing, anybody can write it: an item that names an author and is made like
the others is that author's post, whatever it says.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from archiver.checker.anchoring import normalise
from archiver.checker.reading import Post
from archiver.domain.observation import Actor

MOST_WORDS = 160
"""Characters of a placeholder at the most; longer texts are somebody's words."""
MOST_BEFORE = 40
"""Characters that may stand before the wording (a name, an icon's label, a date)."""
MOST_AROUND = 60
"""Characters that may stand around the wording in all (also a link to the rules)."""
MOST_ITEMS = 0.7
"""Share of a list's items that must have a thing before its lack says anything."""

_ACTORS = (Actor.AUTHOR, Actor.MODERATOR, Actor.PLATFORM, Actor.UNKNOWN)
_SPEECH = re.compile("[?？؟]|[\"“”„«»「」『』]|(?<!\\w)'[^']+'(?!\\w)|(?<!\\w)‘[^’]+’(?!\\w)")
"""Questions and quotations: somebody speaks about a removal."""


@lru_cache(maxsize=1)
def wordings() -> Mapping[Actor, tuple[str, ...]]:
    """The known wordings of all languages, normalised and folded, by actor; `unknown` last."""
    raw = json.loads(files("archiver.checker").joinpath("tombstones.json").read_text("utf-8"))
    return {
        actor: tuple(_fold(text) for language in raw.values() for text in language.get(actor, ()))
        for actor in _ACTORS
    }


@lru_cache(maxsize=1)
def _no_removals() -> Mapping[str, tuple[str, ...]]:
    raw = json.loads(files("archiver.checker").joinpath("withheld.json").read_text("utf-8"))
    return {kind: tuple(_fold(text) for text in texts) for kind, texts in raw.items()}


def is_withheld(text: str) -> bool:
    """Whether the words say that a post is not shown in this country (it may be in others)."""
    return _speaks_of("country", text)


def asks_to_log_in(text: str) -> bool:
    """Whether the words say hardly more than that members are shown the post."""
    return _says_only("log_in", text)


def is_not_loaded(text: str) -> bool:
    """Whether the words say hardly more than that the post is on its way, or was not had."""
    return _says_only("not_loaded", text)


def says_only_unavailable(text: str) -> bool:
    """Whether the words do not say that anybody removed a post, but that there is none to show."""
    return _speaks_of("not_available", text)


def _speaks_of(kind: str, text: str) -> bool:
    folded = _fold(text)
    return len(folded) <= MOST_WORDS and any(wording in folded for wording in _no_removals()[kind])


def _says_only(kind: str, text: str) -> bool:
    folded = _fold(text).rstrip("…. ")
    return any(_says(folded, wording) for wording in _no_removals()[kind])


def _fold(text: str) -> str:
    # small letters first: of "К" and "к" only the capital has a Latin look-alike
    return normalise(text.casefold()).casefold().strip(" .!。*_")


def actor_of(text: str) -> Actor | None:
    """Who removed a post, by its placeholder's words; None for any other text."""
    folded = _fold(text)
    if not folded or len(folded) > MOST_WORDS:
        return None
    lines = text.strip().split("\n")
    first = _fold(lines[0]) if len(lines) > 1 else ""
    for actor, known in wordings().items():
        if any(_says(folded, wording) or _opens(first, wording) for wording in known):
            return actor
    return None


def _opens(first: str, wording: str) -> bool:
    """Whether the first of several lines is the wording or begins with it as a sentence: below
    stand a name, a date, a reason."""
    return " " in wording and not _SPEECH.search(first) and f"{first}.".startswith(f"{wording}.")


def _says(folded: str, wording: str) -> bool:
    if folded in (wording, f"[{wording}]", f"({wording})"):
        return True
    at = folded.find(wording)
    one_word = " " not in wording and wording.isascii()
    if at < 0 or one_word or _SPEECH.search(folded):
        return False
    return at <= MOST_BEFORE and len(folded) - len(wording) <= MOST_AROUND


def stones(posts: Sequence[Post]) -> list[Actor | None]:
    """For each item of a list: who removed the post there, or None where a post stands."""
    named = sum(is_named(post) for post in posts) >= len(posts) * MOST_ITEMS
    return [_stone(post, names_are_usual=named) for post in posts]


def is_named(post: Post) -> bool:
    """Whether an item names an author, who is not himself called deleted."""
    return post.author is not None and actor_of(post.author) is None


def _stone(post: Post, *, names_are_usual: bool) -> Actor | None:
    nameless = names_are_usual and not is_named(post)
    if not nameless and not post.struck:
        return None
    actor = actor_of(post.text)
    if actor is None and nameless and post.struck and len(post.text) <= MOST_WORDS:
        return Actor.UNKNOWN  # in a language that the data does not know, or without words
    return actor
