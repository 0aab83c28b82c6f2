"""How long posts lived before they vanished. Pure statistics on intervals.

A lifetime is never known exactly: the post vanished somewhere in its window. Both bounds are
carried through, so that no figure looks more exact than the looks behind it.
"""

from collections.abc import Sequence
from datetime import datetime
from statistics import median
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Lifetime(BaseModel):
    """Seconds from posting until the post was gone: more than `at_least`, at most `at_most`."""

    model_config = ConfigDict(frozen=True)

    at_least: float = Field(ge=0)
    at_most: float = Field(ge=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.at_most < self.at_least:
            raise ValueError("at_most is less than at_least")
        return self


def lifetime(
    posted_at: datetime, last_seen: datetime | None, first_missing: datetime
) -> Lifetime | None:
    """The lifetime of a post with this window; None when it was gone before it was posted.

    Without a last sighting it may have vanished right after it was posted.
    """
    if first_missing < posted_at:
        return None  # one of the dates is wrong: better no figure than a false one
    seen_until = max(posted_at, last_seen or posted_at)
    return Lifetime(
        at_least=(seen_until - posted_at).total_seconds(),
        at_most=(first_missing - posted_at).total_seconds(),
    )


def median_lifetime(lifetimes: Sequence[Lifetime]) -> Lifetime | None:
    """Bounds of the median; None without lifetimes.

    The median grows with each of its values, so the true one lies between the median of the lower
    and that of the upper bounds. Posts that still live are not part of it.
    """
    if not lifetimes:
        return None
    return Lifetime(
        at_least=median(each.at_least for each in lifetimes),
        at_most=median(each.at_most for each in lifetimes),
    )
