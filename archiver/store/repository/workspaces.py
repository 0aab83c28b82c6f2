"""Queries on workspaces."""

from sqlmodel import Session

from archiver.store.tables import Workspace


def find(session: Session, workspace_id: str) -> Workspace | None:
    """The workspace of this id, if there is one."""
    return session.get(Workspace, workspace_id)
