"""What the statement of a visit, observation, verdict, notice or custody event is made of.

`record.json` is the record itself with its salt, in the very form that goes, line by line, into
`observations.jsonl`. What may hold other people's words or addresses stands under `fields/`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archiver.domain.errors import InvalidInput
from archiver.domain.evidence_file import EvidenceFile
from archiver.evidence.parts import (
    PICTURE_TYPES,
    WACZ_TYPE,
    Part,
    field_part,
    json_part,
    other_part,
    page_part,
    picture_part,
    wacz_part,
)
from archiver.evidence.picture import MAX_PIXELS

RECORD = "record.json"
KIND = re.compile(r"[a-z][a-z_]{0,39}")
WITHHOLDABLE: Mapping[str, frozenset[str]] = {
    "observation": frozenset({"seen", "siblings", "skeleton", "detail", "final_url"}),
    "notice": frozenset({"text"}),
    "case_event": frozenset({"text"}),
    "visit": frozenset({"url", "final_url"}),
}
"""Keys that become fields of their own, by kind. The rules use none of them."""


@dataclass(frozen=True)
class RecordSource:
    """A record as JSON data, with the look's files. `kind`: observation, verdict, notice, custody.

    `withholdable` replaces the keys that are split off; nothing in the record may be a plain hash
    of something that can be withheld.
    """

    kind: str
    record: Mapping[str, Any]
    files: Sequence[EvidenceFile] = ()
    withholdable: frozenset[str] | None = None
    max_pixels: int = MAX_PIXELS

    def parts(self) -> Iterator[Part]:
        """record.json, the fields split off, then the files.

        Raises:
            InvalidInput: the record says it is of another kind.
        """
        if not KIND.fullmatch(self.kind) or self.record.get("kind", self.kind) != self.kind:
            raise InvalidInput(f"not a record of kind {self.kind}", field="kind")
        split = self.withholdable
        if split is None:
            split = WITHHOLDABLE.get(self.kind, frozenset())
        kept = {name: value for name, value in self.record.items() if name not in split}
        yield json_part(RECORD, {**kept, "kind": self.kind})
        for name in sorted(split & self.record.keys()):
            if self.record[name] not in (None, "", [], {}):
                yield field_part(name, self.record[name])
        for file in self.files:
            yield self._file_part(file)

    def _file_part(self, file: EvidenceFile) -> Part:
        stem = file.name.partition(".")[0]
        media_type = file.media_type.partition(";")[0].strip().lower()
        if media_type in PICTURE_TYPES:
            return picture_part(stem, file.data, self.max_pixels)
        if media_type == "text/html":
            return page_part(f"{stem}.html", file.data)
        if media_type == WACZ_TYPE:
            return wacz_part(f"{stem}.wacz", file.data)
        return other_part("attachments", file, self.max_pixels)
