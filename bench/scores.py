"""What a watcher said in a situation, against what is right there. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

GONE = frozenset({"removed", "tombstoned", "hidden"})
"""Somebody took the post from the public: to say so is right."""
THERE = frozenset({"visible", "edited", "collapsed", "restored", "pending"})
"""The post is there, or was never public: to call it removed is a false accusation."""
OTHER = frozenset({"parent_gone", "wall_gone", "author_gone", "withdrawn"})
"""It is gone for another cause than being removed."""


@dataclass(frozen=True)
class Moment:
    """One look: minutes after the capture, the right verdict in the short form, what was said.

    `said` is a verdict in the same form, or for a watcher without verdicts `removed` or `visible`;
    None: it had nothing to say. `due`: an answer was due.
    """

    at: int
    right: str
    said: str | None
    due: bool = True


@dataclass
class Score:
    """Sums over all stories. `windows` are minutes between last seen and first missed."""

    stories: int = 0
    removals: int = 0
    false_accusations: int = 0
    missed: int = 0
    wrong_causes: int = 0
    due: int = 0
    silent: int = 0
    windows: list[float] = field(default_factory=list)

    def add(self, moments: Sequence[Moment]) -> None:
        """One story from its beginning to its end."""
        self.stories += 1
        self.false_accusations += any(_state(m.right) in THERE and _accuses(m) for m in moments)
        asked = [moment for moment in moments if moment.due]
        self.due += len(asked)
        self.silent += sum(m.said is None or _state(m.said) == "indeterminate" for m in asked)
        last = moments[-1]
        if _state(last.right) in GONE:
            self.removals += 1
            self.missed += not _accuses(last)
            if _accuses(last):
                self.windows.append(_window(moments))
        self.wrong_causes += _wrong_cause(last)

    @property
    def indeterminate(self) -> float:
        """Share of the due answers that were not given, 0 to 1."""
        return self.silent / self.due if self.due else 0.0

    @property
    def window(self) -> float:
        """The median window in minutes; 0 when no removal was found."""
        return median(self.windows) if self.windows else 0.0


def _state(words: str | None) -> str:
    return (words or "").split(" ")[0].split("/")[0]


def _accuses(moment: Moment) -> bool:
    return _state(moment.said) in GONE


def _wrong_cause(moment: Moment) -> bool:
    """Whether what is said of a vanished post is not why it vanished."""
    right, said = _state(moment.right), _state(moment.said)
    if right in OTHER:
        return said in GONE | OTHER and said != right
    if right in GONE and " " in (moment.said or ""):
        return said in GONE | OTHER and _cause(moment.said) != _cause(moment.right)
    return False


def _cause(words: str | None) -> str:
    """State, silence and actor, without level and window."""
    head = (words or "").split("(")[0].split(" ")
    return " ".join([head[0].split("/")[0], *head[1:]]).strip()


def _window(moments: Sequence[Moment]) -> float:
    """From the last look at which it was taken to be there to the first of the accusation."""
    first = len(moments)
    while first > 0 and _accuses(moments[first - 1]):
        first -= 1
    before = [m.at for m in moments[:first] if _state(m.said) in THERE]
    return float(moments[first].at - before[-1]) if before else float(moments[first].at)
