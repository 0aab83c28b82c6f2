"""The tables. Evidence rows are append-only; only schedules, leases and access change in place."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from archiver.store.columns import bytes_column, json_column, maybe_moment, moment


class Workspace(SQLModel, table=True):
    """One isolated owner; every other row belongs to exactly one."""

    id: str = Field(primary_key=True)
    name: str
    created_at: datetime = moment()


class Token(SQLModel, table=True):
    """A bearer token, hashed. `public_key` (base64) binds it to a paired browser."""

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    name: str
    token_hash: str = Field(unique=True, index=True)
    scopes: str
    public_key: str | None = None
    created_at: datetime = moment()
    expires_at: datetime = moment()
    revoked_at: datetime | None = maybe_moment()
    last_used_at: datetime | None = maybe_moment()


class DeviceGrant(SQLModel, table=True):
    """One pairing under way (RFC 8628). Codes are single use and short-lived."""

    id: str = Field(primary_key=True)
    device_code_hash: str = Field(unique=True, index=True)
    user_code_hash: str = Field(unique=True, index=True)
    client_name: str
    public_key: str
    interval: int
    created_at: datetime = moment()
    expires_at: datetime = moment()
    last_polled_at: datetime | None = maybe_moment()
    approved_at: datetime | None = maybe_moment()
    denied_at: datetime | None = maybe_moment()
    used_at: datetime | None = maybe_moment()
    workspace_id: str | None = Field(default=None, foreign_key="workspace.id")


class SignInLink(SQLModel, table=True):
    """A single-use link that signs the owner in to the pages."""

    id: str = Field(primary_key=True)
    code_hash: str = Field(unique=True, index=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    created_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = maybe_moment()


class WebSession(SQLModel, table=True):
    """A signed-in browser; the cookie's value is kept hashed."""

    id: str = Field(primary_key=True)
    session_hash: str = Field(unique=True, index=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    created_at: datetime = moment()
    expires_at: datetime = moment()
    ended_at: datetime | None = maybe_moment()


class Wall(SQLModel, table=True):
    """A page visited for all of its watches at once. `visits_per_day`: its owner's own bound."""

    __table_args__ = (UniqueConstraint("workspace_id", "url"),)

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    url: str
    host: str = Field(index=True)
    created_at: datetime = moment()
    last_visit_at: datetime | None = maybe_moment()
    visits_per_day: int | None = None


class Host(SQLModel, table=True):
    """One visit at a time and a pause after it, across all workers. The lease says who is visiting
    one of the host's walls now; `not_before` and `reason` say why nobody should."""

    host: str = Field(primary_key=True)
    last_visit_at: datetime | None = maybe_moment()
    not_before: datetime | None = maybe_moment()
    reason: str | None = None
    lease_owner: str | None = None
    lease_until: datetime | None = maybe_moment()


class Case(SQLModel, table=True):
    """One complaint with its postings and events."""

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    title: str
    brand: str | None = None
    created_at: datetime = moment()


class CaseEventRow(SQLModel, table=True):
    """One event of a case, as `archiver.domain.case.CaseEvent` in `body`."""

    __tablename__ = "case_event"

    id: str = Field(primary_key=True)
    case_id: str = Field(foreign_key="case.id", index=True)
    at: datetime = moment()
    body: dict[str, Any] = json_column()
    created_at: datetime = moment()
    leaf_index: int = Field(index=True)


class Watch(SQLModel, table=True):
    """A post being watched. `next_check_at` is the truth of the schedule; `planned_looks` are those
    that were taken by its regular plan."""

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    wall_id: str = Field(foreign_key="wall.id", index=True)
    case_id: str | None = Field(default=None, foreign_key="case.id", index=True)
    url: str
    text: str
    author: str | None = None
    post_id: str | None = None
    permalink: str | None = None
    parent: str | None = None
    own: bool = False
    created_at: datetime = moment()
    posted_at: datetime | None = maybe_moment()
    closed_at: datetime | None = maybe_moment()
    next_check_at: datetime | None = maybe_moment(index=True)
    next_check_reason: str = ""
    planned_looks: int = 0
    last_check_at: datetime | None = maybe_moment()
    verdict: dict[str, Any] = json_column()


class Capture(SQLModel, table=True):
    """One acknowledged capture. Its salts are with its leaf, in `log_entry`."""

    __table_args__ = (UniqueConstraint("workspace_id", "idempotency_key"),)

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    watch_id: str = Field(foreign_key="watch.id", index=True)
    token_id: str | None = None
    idempotency_key: str
    request_sha256: str
    manifest_sha256: str
    manifest: bytes = bytes_column()
    signature: dict[str, Any] = json_column()
    envelope: dict[str, Any] = json_column()
    grade: str
    completeness: str
    created_at: datetime = moment(index=True)
    leaf_index: int = Field(unique=True)


class ObservationRow(SQLModel, table=True):
    """One look, as `archiver.domain.observation.Observation` in `body`. The page that it saw is
    shared by all looks of one visit: it belongs to `visit_id`."""

    __tablename__ = "observation"

    id: str = Field(primary_key=True)
    watch_id: str = Field(foreign_key="watch.id", index=True)
    at: datetime = moment()
    body: dict[str, Any] = json_column()
    created_at: datetime = moment()
    visit_id: str | None = Field(default=None, index=True)
    leaf_index: int = Field(unique=True)


class NoticeRow(SQLModel, table=True):
    """One notice, as `archiver.domain.observation.Notice` in `body`."""

    __tablename__ = "notice"

    id: str = Field(primary_key=True)
    watch_id: str = Field(foreign_key="watch.id", index=True)
    at: datetime = moment()
    body: dict[str, Any] = json_column()
    created_at: datetime = moment()
    leaf_index: int = Field(unique=True)


class VerdictRow(SQLModel, table=True):
    """Each verdict that differed from the one before it."""

    __tablename__ = "verdict"

    id: str = Field(primary_key=True)
    watch_id: str = Field(foreign_key="watch.id", index=True)
    at: datetime = moment()
    body: dict[str, Any] = json_column()
    leaf_index: int = Field(unique=True)


class StoredFile(SQLModel, table=True):
    """A file that belongs to a record; its bytes are the blob `sha256`."""

    __tablename__ = "stored_file"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    owner_id: str = Field(index=True)
    role: str
    name: str
    media_type: str
    size: int
    sha256: str = Field(index=True)


class Custody(SQLModel, table=True):
    """The chronological record of what happened to a piece of evidence, and by whom."""

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    subject_id: str = Field(index=True)
    at: datetime = moment()
    event: str
    actor: str
    detail: str = ""
    leaf_index: int = Field(unique=True)


class LogHead(SQLModel, table=True):
    """One row: the next free leaf index. Locked by the transaction that takes one, and by the one
    that deletes blobs, which notes when it did. `scrubbed_at`: when the database's file was last
    freed of what had been deleted."""

    __tablename__ = "log_head"

    id: int = Field(primary_key=True)
    next_index: int
    sealed_size: int
    blobs_deleted_at: datetime | None = maybe_moment()
    scrubbed_at: datetime | None = maybe_moment()


class LogEntry(SQLModel, table=True):
    """One leaf of the log. `subject_id` is the record that the statement commits to.

    `record` is the canonical JSON that, with the `salts` and the blobs, makes the statement's files
    again. Erasure empties both; the statement and its hash stay.
    """

    __tablename__ = "log_entry"

    leaf_index: int = Field(sa_column=Column(BigInteger(), primary_key=True, autoincrement=False))
    kind: str
    subject_id: str = Field(index=True)
    statement: bytes = bytes_column()
    leaf_hash: bytes = bytes_column()
    record: bytes | None = bytes_column(nullable=True)
    salts: dict[str, Any] = json_column()
    created_at: datetime = moment()


class LogTile(SQLModel, table=True):
    """A C2SP tile: up to 256 hashes of 32 bytes at a level of the tree."""

    __tablename__ = "log_tile"

    level: int = Field(primary_key=True)
    tile_index: int = Field(primary_key=True)
    data: bytes = bytes_column()


class CheckpointRow(SQLModel, table=True):
    """A signed checkpoint; one at most for each size."""

    __tablename__ = "checkpoint"

    size: int = Field(primary_key=True)
    note: str
    created_at: datetime = moment()


class Stamp(SQLModel, table=True):
    """An RFC 3161 response, or the wish for one. `subject` is a leaf index or a tree size.
    `held`: an answer that is kept though its root is not known here; it counts once it is."""

    __table_args__ = (UniqueConstraint("subject_kind", "subject", "authority"),)

    id: int | None = Field(default=None, primary_key=True)
    subject_kind: str
    subject: int = Field(index=True)
    authority: str
    response: bytes | None = bytes_column(nullable=True)
    held: bytes | None = bytes_column(nullable=True)
    gen_time: datetime | None = maybe_moment()
    attempts: int = 0
    next_try_at: datetime | None = maybe_moment(index=True)
    error: str | None = None
