"""The list of erasures that is kept apart from the backups: a restored one must erase again."""

from collections.abc import Sequence

from pydantic import BaseModel, ValidationError

from archiver.domain.digest import canonical_json
from archiver.domain.errors import InvalidInput
from archiver.domain.instant import Instant
from archiver.services.erasure import Erasure, ErasureReason
from archiver.store.tables_evidence import ErasureRow


class ListedErasure(BaseModel):
    """One erasure. `subject` is the watch or the capture that was erased."""

    id: str
    at: Instant
    workspace_id: str
    subject: str
    reason: ErasureReason


def as_line(row: ErasureRow) -> str:
    """One erasure as a line of JSON."""
    made = ListedErasure(
        id=row.id,
        at=row.at,
        workspace_id=row.workspace_id,
        subject=row.body["subject"],
        reason=row.body["reason"],
    )
    return canonical_json(made.model_dump(mode="json")).decode()


def read_list(text: str) -> list[ListedErasure]:
    """Reads the lines.

    Raises:
        InvalidInput: a line is none of these; the message says which.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(ListedErasure.model_validate_json(line))
        except ValidationError as error:
            raise InvalidInput(f"line {number} of the list is no erasure: {line[:80]!r}") from error
    return found


def erase_again(erasure: Erasure, listed: Sequence[ListedErasure]) -> int:
    """Erases what is listed and still there; gives how much that was."""
    return sum(erasure.again(each.workspace_id, each.subject, each.reason) for each in listed)
