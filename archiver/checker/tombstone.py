"""Recognising the placeholder that some sites leave where a post was.

The wordings are data (`tombstones.json`, by actor): add a line there for another language. A
wording alone proves nothing, anybody can write it; it counts only for an item that stands for the
wanted post (same id, or its place between its neighbours, without the author's name).
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from archiver.checker.anchoring import normalise
from archiver.domain.observation import Actor

MOST_WORDS = 160
"""Characters of a placeholder at the most; longer texts are somebody's words."""
MOST_AROUND = 60
"""Characters that may stand around the wording (a name, a date, a link to the rules)."""


@lru_cache(maxsize=1)
def wordings() -> Mapping[Actor, tuple[str, ...]]:
    """The known wordings, normalised and folded, by actor; certain actors before `unknown`."""
    raw = json.loads(files("archiver.checker").joinpath("tombstones.json").read_text("utf-8"))
    return {Actor(actor): tuple(_fold(text) for text in texts) for actor, texts in raw.items()}


@lru_cache(maxsize=1)
def _withheld() -> tuple[str, ...]:
    raw = json.loads(files("archiver.checker").joinpath("withheld.json").read_text("utf-8"))
    return tuple(_fold(text) for text in raw["country"])


def is_withheld(text: str) -> bool:
    """Whether the words say that a post is not shown in this country (it may be in others)."""
    folded = _fold(text)
    return len(folded) <= MOST_WORDS and any(wording in folded for wording in _withheld())


def _fold(text: str) -> str:
    return normalise(text).casefold().strip(" .!*_")


def actor_of(text: str) -> Actor | None:
    """Who removed a post, by its placeholder's words; None for any other text."""
    folded = _fold(text)
    if not folded or len(folded) > MOST_WORDS:
        return None
    for actor, known in wordings().items():
        if any(_says(folded, wording) for wording in known):
            return actor
    return None


def _says(folded: str, wording: str) -> bool:
    if folded in (wording, f"[{wording}]", f"({wording})"):
        return True
    one_word = " " not in wording and wording.isascii()
    return not one_word and wording in folded and len(folded) - len(wording) <= MOST_AROUND
