"""Tables around the proofs: witnesses, visits, masks, exports, erasures, checks of what is kept."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from archiver.store.columns import bytes_column, json_column, maybe_moment, moment


class Cosignature(SQLModel, table=True):
    """A witness's signature line under the checkpoint of that size (c2sp.org/tlog-cosignature)."""

    size: int = Field(primary_key=True)
    witness: str = Field(primary_key=True)
    line: str
    at: datetime = moment()


class WitnessState(SQLModel, table=True):
    """What is known of a witness: the size that it cosigned last, and when to ask again. `fault`
    stays until a person looked: the witness knows another history than ours."""

    __tablename__ = "witness_state"

    witness: str = Field(primary_key=True)
    size: int = 0
    attempts: int = 0
    next_try_at: datetime | None = maybe_moment(index=True)
    error: str | None = None
    fault: str | None = None


class VisitRow(SQLModel, table=True):
    """One visit of the checker to a wall: its page's files belong to it, its looks name it."""

    __tablename__ = "visit"

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    wall_id: str = Field(foreign_key="wall.id", index=True)
    at: datetime = moment()
    leaf_index: int = Field(unique=True)


class MaskRow(SQLModel, table=True):
    """What the owner of a watched post discloses of it, and what is covered in its pictures."""

    __tablename__ = "mask"

    watch_id: str = Field(primary_key=True, foreign_key="watch.id")
    body: dict[str, Any] = json_column()
    updated_at: datetime = moment()


class ExportRow(SQLModel, table=True):
    """A bundle that was handed out; its leaf commits to the exhibit in it."""

    __tablename__ = "export"

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    watch_id: str = Field(index=True)
    at: datetime = moment()
    leaf_index: int = Field(unique=True)


class ErasureRow(SQLModel, table=True):
    """An erasure: which leaves were emptied. It outlives what it erased."""

    __tablename__ = "erasure"

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    watch_id: str = Field(index=True)
    at: datetime = moment()
    body: dict[str, Any] = json_column()
    leaf_index: int = Field(unique=True)


class ErasureWatch(SQLModel, table=True):
    """A watched post that an erasure took leaves from: its bundle carries the erasure's record."""

    __tablename__ = "erasure_watch"

    erasure_id: str = Field(primary_key=True, foreign_key="erasure.id")
    watch_id: str = Field(primary_key=True, index=True)


class ErasedSubject(SQLModel, table=True):
    """What is gone, so that asking for it is answered with when and why. `subject_id`: the id of a
    record, or the hashed Idempotency-Key of a capture, which a late retry must not bring back."""

    __tablename__ = "erased_subject"

    subject_id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    erasure_id: str = Field(foreign_key="erasure.id", index=True)


class DoomedBlob(SQLModel, table=True):
    """A blob to be deleted, noted in the erasure's own transaction; the row goes with the blob."""

    __tablename__ = "doomed_blob"

    sha256: str = Field(primary_key=True)


class CalendarStamp(SQLModel, table=True):
    """An OpenTimestamps proof over a leaf's statement. `complete`: it leads to a Bitcoin block."""

    __tablename__ = "calendar_stamp"

    leaf_index: int = Field(primary_key=True)
    proof: bytes | None = bytes_column(nullable=True)
    complete: bool = False
    attempts: int = 0
    next_try_at: datetime | None = maybe_moment(index=True)
    error: str | None = None


class ClockNote(SQLModel, table=True):
    """The service's clock was off an authority's time by `seconds` (ours minus theirs)."""

    __tablename__ = "clock_note"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = moment()
    authority: str
    seconds: float


class FsckRun(SQLModel, table=True):
    """One check of everything that is kept; `position` is where it goes on after a stop."""

    __tablename__ = "fsck_run"

    id: str = Field(primary_key=True)
    started_at: datetime = moment(index=True)
    finished_at: datetime | None = maybe_moment()
    position: dict[str, Any] = json_column()
    faults: dict[str, Any] = json_column()
