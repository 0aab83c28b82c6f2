"""What the records of a bundle say, for its exhibit: read from the very files that the bundle
shows, so that an exhibit can never tell more than its bundle.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archiver.domain.instant import parse
from archiver.evidence import layout
from archiver.evidence.statement_text import parse_statement
from archiver.services.export_entries import FIELDS, Entries
from archiver.store.tables import LogEntry


@dataclass(frozen=True)
class Said:
    """One record. `fields` are those that are shown, `withheld` the names of those that are not."""

    entry: LogEntry
    content: dict[str, Any]
    fields: dict[str, Any]
    withheld: frozenset[str]

    @property
    def leaf(self) -> int:
        """Its place in the log."""
        return self.entry.leaf_index

    @property
    def at(self) -> datetime:
        """When it says that it was; when it was logged, if it does not say."""
        at = self.content.get("at") or self.content.get("received_at")
        return parse(at) if isinstance(at, str) else self.entry.created_at

    def text(self, name: str) -> str | None:
        """A field as text: None when it is withheld, empty when there is none."""
        if name in self.withheld:
            return None
        value = self.fields.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def address(self) -> str | None:
        """The page's address as far as it is known and shown."""
        if self.entry.kind == "capture":
            return self.text("url")
        return self.text("final_url") or self.text("url")


def read_all(entries: Entries, rows: Iterable[LogEntry]) -> list[Said]:
    """What these records say. Raises as `Entries.said`."""
    return [read(entries, row) for row in rows]


def read(entries: Entries, row: LogEntry) -> Said:
    """What one record says."""
    files = entries.said(row).files
    content = json.loads(files[layout.content_file(row.kind)])
    shown = {_name(path): json.loads(data)["value"] for path, data in files.items()
             if path.startswith(FIELDS)}  # fmt: skip
    listed = {_name(path) for path in parse_statement(row.statement) if path.startswith(FIELDS)}
    return Said(row, content, shown, frozenset(listed - shown.keys()))


def _name(path: str) -> str:
    return path.removeprefix(FIELDS).removesuffix(".json")
