"""Recognises postings of the same complaint: copies, and copies with a few words changed."""

import unicodedata
from collections.abc import Sequence

from rapidfuzz import fuzz

SAME = 85.0
"""Similarity of two texts, in percent of matching characters, from which they are repeats."""
SHORT = 40
"""Characters under which only equal texts are repeats: short ones resemble each other by chance."""


def normalised(text: str) -> str:
    """The text without differences that a reader does not see."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    visible = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    return " ".join(visible.split())


def is_repeat(one: str, other: str) -> bool:
    """Whether two texts are postings of the same complaint."""
    first, second = normalised(one), normalised(other)
    if first == second:
        return True
    if min(len(first), len(second)) < SHORT:
        return False
    return fuzz.ratio(first, second, score_cutoff=SAME) > 0


def group_repeats(texts: Sequence[str]) -> list[list[int]]:
    """Groups of indexes, in the order of the texts.

    Each text is compared with the first of every group, so that small changes cannot lead step by
    step from one complaint to another.
    """
    groups: list[list[int]] = []
    for index, text in enumerate(texts):
        same = (group for group in groups if is_repeat(texts[group[0]], text))
        found = next(same, None)
        if found is None:
            groups.append([index])
        else:
            found.append(index)
    return groups
