"""A deliberate fault, as one change of text in one module of the checker."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Fault:
    """`old` becomes `new` in `archiver/checker/MODULE.py`."""

    name: str
    module: str
    old: str
    new: str

    def path(self, root: Path) -> Path:
        """The module's file below a tree's root."""
        return root / "archiver" / "checker" / f"{self.module}.py"

    def apply(self, root: Path) -> None:
        """Puts the fault into a tree.

        Raises:
            ValueError: its text does not occur there exactly once.
        """
        path = self.path(root)
        text = path.read_text("utf-8")
        if text.count(self.old) != 1:
            raise ValueError(f"{self.name}: {self.old!r} occurs {text.count(self.old)} times")
        path.unlink()  # it may be a hard link to the true one
        path.write_text(text.replace(self.old, self.new), "utf-8")
