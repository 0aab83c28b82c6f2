"""Which files belong to which record. Their bytes are blobs."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from archiver.store.tables import Capture, NoticeRow, ObservationRow, StoredFile, Watch
from archiver.store.tables_evidence import VisitRow

NEW_BLOBS = "rature_new_blobs"


def new_blobs(session: Session) -> set[str]:
    """The blobs of the files that this transaction has noted so far."""
    return set(session.info.get(NEW_BLOBS, ()))


def add_file(
    session: Session,
    owner_id: str,
    *,
    role: str,
    name: str,
    media_type: str,
    size: int,
    sha256: str,
) -> None:
    """Notes one file of a record; `size` in bytes, `sha256` the key of its blob."""
    session.info.setdefault(NEW_BLOBS, set()).add(sha256)
    session.add(
        StoredFile(
            owner_id=owner_id,
            role=role,
            name=name,
            media_type=media_type,
            size=size,
            sha256=sha256,
        )
    )


def files_of(session: Session, owner_id: str) -> list[StoredFile]:
    """A record's files in the order in which they were added."""
    return files_of_all(session, [owner_id])


def files_of_all(session: Session, owner_ids: Sequence[str]) -> list[StoredFile]:
    """The files of several records, in the order in which they were added."""
    return list(
        session.exec(
            select(StoredFile)
            .where(col(StoredFile.owner_id).in_(owner_ids))
            .order_by(col(StoredFile.id))
        )
    )


def file_named(session: Session, owner_id: str, name: str) -> StoredFile | None:
    """One file of a record by its name."""
    return session.exec(
        select(StoredFile).where(StoredFile.owner_id == owner_id, StoredFile.name == name)
    ).one_or_none()


def belongs(session: Session, workspace_id: str, owner_id: str) -> bool:
    """Whether a capture, a look, a notice or a visit is of this workspace."""
    if owner_id.startswith("not_"):
        owner = session.exec(
            select(Watch.workspace_id)
            .join(NoticeRow, NoticeRow.watch_id == Watch.id)  # type: ignore[arg-type]
            .where(NoticeRow.id == owner_id)
        ).one_or_none()
    elif owner_id.startswith("obs_"):
        owner = session.exec(
            select(Watch.workspace_id)
            .join(ObservationRow, ObservationRow.watch_id == Watch.id)  # type: ignore[arg-type]
            .where(ObservationRow.id == owner_id)
        ).one_or_none()
    elif owner_id.startswith("vis_"):
        owner = session.exec(
            select(VisitRow.workspace_id).where(VisitRow.id == owner_id)
        ).one_or_none()
    else:
        owner = session.exec(
            select(Capture.workspace_id).where(Capture.id == owner_id)
        ).one_or_none()
    return owner == workspace_id
