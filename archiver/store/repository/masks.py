"""What the owners of watched posts disclose of them: the only queries on masks."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from archiver.store.tables_evidence import MaskRow


def mask(session: Session, watch_id: str) -> MaskRow | None:
    """What was saved for this watch."""
    return session.get(MaskRow, watch_id)


def save(session: Session, watch_id: str, body: dict[str, Any], at: datetime) -> MaskRow:
    """Keeps it in place of whatever was saved before."""
    row = session.get(MaskRow, watch_id) or MaskRow(watch_id=watch_id, body=body, updated_at=at)
    row.body, row.updated_at = body, at
    session.add(row)
    return row


def clear(session: Session, watch_id: str) -> None:
    """Forgets it; nothing happens when there is none."""
    row = session.get(MaskRow, watch_id)
    if row is not None:
        session.delete(row)
