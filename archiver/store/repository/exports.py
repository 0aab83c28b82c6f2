"""Bundles that were handed out: the only queries on them."""

from datetime import datetime

from sqlmodel import Session

from archiver.store.tables_evidence import ExportRow


def add(
    session: Session,
    export_id: str,
    *,
    workspace_id: str,
    watch_id: str,
    at: datetime,
    leaf_index: int,
) -> None:
    """Stores an export that has its leaf."""
    session.add(
        ExportRow(
            id=export_id, workspace_id=workspace_id, watch_id=watch_id, at=at, leaf_index=leaf_index
        )
    )
