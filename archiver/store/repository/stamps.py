"""RFC 3161 responses, and the wishes for those that are still missing.

A wish is written in the transaction of the thing to be stamped, so none is ever forgotten.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, bindparam, or_, tuple_, update
from sqlmodel import Session, col, select

from archiver.store.tables import Stamp

SubjectKind = Literal["leaf", "checkpoint"]
"""A leaf's statement (subject: its index) or a checkpoint's note (subject: its tree size)."""


_KEEP = (
    update(Stamp)
    .where(col(Stamp.id) == bindparam("wish"), col(Stamp.response).is_(None))
    .values(
        response=bindparam("answer"),
        gen_time=bindparam("at"),
        held=None,
        error=None,
        next_try_at=None,
        attempts=col(Stamp.attempts) + 1,
    )
)


def wish(
    session: Session,
    kind: SubjectKind,
    subject: int,
    authorities: Iterable[str],
    at: datetime,
) -> None:
    """Asks for a stamp by each authority, from `at` on."""
    for authority in authorities:
        session.add(Stamp(subject_kind=kind, subject=subject, authority=authority, next_try_at=at))


def due(session: Session, now: datetime, authorities: Sequence[str], limit: int) -> list[Stamp]:
    """Missing stamps by these authorities whose next try has come, the longest waiting first."""
    return list(
        session.exec(
            select(Stamp)
            .where(*_missing(authorities), col(Stamp.next_try_at) <= now)
            .order_by(col(Stamp.next_try_at), col(Stamp.id))
            .limit(limit)
        )
    )


def next_due_at(session: Session, authorities: Sequence[str]) -> datetime | None:
    """When the next missing stamp by these authorities is to be tried; None when none is."""
    return session.exec(
        select(Stamp.next_try_at)
        .where(*_missing(authorities))
        .order_by(col(Stamp.next_try_at))
        .limit(1)
    ).one_or_none()


def pause_authority(session: Session, authority: str, until: datetime) -> None:
    """Leaves an authority that does not answer alone; what waits for it waits until then (but not
    what is held: that needs no answer)."""
    session.exec(
        update(Stamp)
        .where(*_missing([authority]), col(Stamp.next_try_at) < until, col(Stamp.held).is_(None))
        .values(next_try_at=until)
    )


def _missing(authorities: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Stamp.response).is_(None),
        col(Stamp.next_try_at).is_not(None),
        col(Stamp.authority).in_(authorities),
    )


def adopt(session: Session, authorities: Sequence[str], at: datetime) -> int:
    """Asks these authorities for whatever nobody has stamped and none of them was asked for: an
    authority that was replaced in the settings would be waited for in vain. Gives how many."""
    answered = select(Stamp.subject_kind, Stamp.subject).where(
        or_(col(Stamp.response).is_not(None), col(Stamp.authority).in_(authorities))
    )
    waiting = session.exec(
        select(Stamp.subject_kind, Stamp.subject)
        .where(tuple_(col(Stamp.subject_kind), col(Stamp.subject)).not_in(answered))
        .distinct()
    ).all()
    for kind, subject in waiting:
        for authority in authorities:
            session.add(
                Stamp(subject_kind=kind, subject=subject, authority=authority, next_try_at=at)
            )
    return len(waiting)


def fall_back(session: Session, row: Stamp, authority: str, at: datetime) -> None:
    """Asks one more authority for what this row is about, unless it was asked for it before."""
    kind, subject = row.subject_kind, row.subject
    asked = session.exec(
        select(Stamp.id).where(
            Stamp.subject_kind == kind,
            Stamp.subject == subject,
            Stamp.authority == authority,
        )
    ).one_or_none()
    if asked is None:
        session.add(Stamp(subject_kind=kind, subject=subject, authority=authority, next_try_at=at))


def recheck_held(session: Session, at: datetime) -> None:
    """Lets every answer that is held be looked at again: the roots of the settings may be others
    since."""
    session.exec(
        update(Stamp)
        .where(col(Stamp.held).is_not(None), col(Stamp.response).is_(None))
        .values(next_try_at=at)
    )


def stamps_of(session: Session, kind: SubjectKind, subjects: Sequence[int]) -> list[Stamp]:
    """All stamps of these subjects, missing ones included, in the order of their wishes."""
    return list(
        session.exec(
            select(Stamp)
            .where(Stamp.subject_kind == kind, col(Stamp.subject).in_(subjects))
            .order_by(col(Stamp.id))
        )
    )


def store(session: Session, answers: Iterable[tuple[int, bytes, datetime]]) -> None:
    """Keeps verified responses, whole: (the wish's id, response, its time). What another process
    kept first stays."""
    rows = [
        {"wish": wish_id, "answer": response, "at": gen_time}
        for wish_id, response, gen_time in answers
    ]
    if rows:
        session.connection().execute(_KEEP, rows)


def put_off(
    session: Session,
    stamp_id: int,
    error: str,
    next_try_at: datetime,
    *,
    held: bytes | None = None,
) -> None:
    """Notes a failed try and when the next one is due. `held`: an answer that is kept all the same,
    None when there is none (any more)."""
    row = session.get(Stamp, stamp_id)
    if row is not None and row.response is None:
        row.attempts, row.error, row.next_try_at = row.attempts + 1, error[:500], next_try_at
        row.held = held
