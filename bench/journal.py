"""Stories that were played, kept in a file, so that a long run that was stopped can go on.

One JSON object a line: the story's name, and of each watcher the moments.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from bench.scores import Moment

Moments = Mapping[str, Sequence[Moment]]


class Journal:
    """What was played before; without a file it forgets."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self.played = frozenset(name for name, _ in self.stories())

    def stories(self) -> Iterator[tuple[str, Moments]]:
        """Every story in it. A last line that was cut short is left out."""
        if self._file is None or not self._file.exists():
            return
        for line in self._file.read_text("utf-8").splitlines(keepends=True):
            if line.endswith("\n"):
                kept = json.loads(line)
                told = {who: [Moment(**one) for one in m] for who, m in kept["moments"].items()}
                yield kept["story"], told

    def add(self, story: str, moments: Moments) -> None:
        """Keeps a story."""
        if self._file is not None:
            told = {who: [asdict(moment) for moment in said] for who, said in moments.items()}
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"story": story, "moments": told}) + "\n")
