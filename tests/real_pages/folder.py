"""Where the saved pages are, and what their index says of them."""

import csv
import os
from dataclasses import dataclass
from pathlib import Path

LISTS = frozenset({"wall", "post", "forum", "comments", "reviews"})
REASONS = {
    "challenge": {"challenge"},
    "login_wall": {"login_wall", "not_rendered"},  # one is a bare shell
    "consent": {"consent_wall"},
    "soft404": {"not_rendered"},
    "js_shell": {"not_rendered"},
}
"""The reasons that are right for a page that shows no list, by its kind."""


@dataclass(frozen=True)
class SavedPage:
    """One line of the index. `items` is the number of posts that somebody counted."""

    path: str
    kind: str
    items: int
    file: Path

    @property
    def is_list(self) -> bool:
        """Whether posts are to be read there; a shell of such a page has none."""
        return self.kind in LISTS and self.items > 0


def folder() -> Path | None:
    """The folder of saved pages; None when it is not there."""
    beside = Path(__file__).parents[3] / "shared"
    found = Path(os.environ.get("RATURE_SHARED", beside)) / "pages"
    return found if (found / "INDEX.tsv").is_file() else None


def saved_pages() -> list[SavedPage]:
    """All pages of the index; none when the folder is not there."""
    where = folder()
    if where is None:
        return []
    with (where / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            SavedPage(row["path"], row["kind"], int(row["n_items"]), where / row["path"])
            for row in rows
        ]
