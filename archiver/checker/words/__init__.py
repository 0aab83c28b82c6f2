"""Wordings by language that help where structure alone does not tell; data, easy to extend.

`folds.json`: `folded` names what a number counts ("12 replies"), `open` offers to unfold without a
number, `never` names what is never clicked. `consent.json`: `managers` are selectors of the
refusal in well-known consent managers, `refuse` its wordings, `not_plain` parts of labels that make
a refusal more than one. All in lower case, punctuation as spaces.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

Words = Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=4)
def load(name: str) -> Words:
    """The lists of one file, by their names."""
    raw = json.loads(files("archiver.checker.words").joinpath(f"{name}.json").read_text("utf-8"))
    return {part: tuple(words) for part, words in raw.items()}
