"""Queries on tokens, sign-in links, web sessions and device grants.

Whatever is single use is used up by one UPDATE that also asks whether it still was unused, so two
callers at the same moment can never both succeed, on either database.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select, update

from archiver.store.tables import DeviceGrant, SignInLink, Token, WebSession


def token_by_hash(session: Session, token_hash: str) -> Token | None:
    """The token whose secret hashes to this."""
    return session.exec(select(Token).where(Token.token_hash == token_hash)).one_or_none()


def tokens_of(session: Session, workspace_id: str) -> Sequence[Token]:
    """All tokens of a workspace, oldest first, revoked ones included."""
    wanted = select(Token).where(Token.workspace_id == workspace_id)
    return session.exec(wanted.order_by(col(Token.created_at), Token.id)).all()


def token(session: Session, workspace_id: str, token_id: str) -> Token | None:
    """One token of a workspace."""
    wanted = select(Token).where(Token.workspace_id == workspace_id, Token.id == token_id)
    return session.exec(wanted).one_or_none()


def touch_token(session: Session, token_id: str, at: datetime) -> None:
    """Notes that a token was used."""
    session.exec(update(Token).where(col(Token.id) == token_id).values(last_used_at=at))


def use_link(session: Session, code_hash: str, now: datetime) -> str | None:
    """Uses a sign-in link up; gives its workspace, or None when it is unknown, used or too old."""
    used = (
        update(SignInLink)
        .where(
            col(SignInLink.code_hash) == code_hash,
            col(SignInLink.used_at).is_(None),
            col(SignInLink.expires_at) > now,
        )
        .values(used_at=now)
        .returning(col(SignInLink.workspace_id))
    )
    return session.exec(used).scalar_one_or_none()


def web_session_by_hash(session: Session, session_hash: str) -> WebSession | None:
    """The web session whose cookie hashes to this."""
    wanted = select(WebSession).where(WebSession.session_hash == session_hash)
    return session.exec(wanted).one_or_none()


def end_web_session(session: Session, session_id: str, now: datetime) -> None:
    """Ends a web session; ending it again changes nothing."""
    session.exec(
        update(WebSession)
        .where(col(WebSession.id) == session_id, col(WebSession.ended_at).is_(None))
        .values(ended_at=now)
    )


def grant_by_device_code(session: Session, code_hash: str) -> DeviceGrant | None:
    """The grant that a device polls for; its row is locked where the database can."""
    wanted = select(DeviceGrant).where(DeviceGrant.device_code_hash == code_hash)
    return session.exec(wanted.with_for_update()).one_or_none()


def grant_by_user_code(session: Session, code_hash: str) -> DeviceGrant | None:
    """The grant that a person approves or denies."""
    wanted = select(DeviceGrant).where(DeviceGrant.user_code_hash == code_hash)
    return session.exec(wanted).one_or_none()


def decide_grant(session: Session, grant_id: str, now: datetime, workspace_id: str | None) -> bool:
    """Approves for a workspace, or denies (None). False when decided before, or too old."""
    decision = (
        {"approved_at": now, "workspace_id": workspace_id}
        if workspace_id is not None
        else {"denied_at": now}
    )
    decided = session.exec(
        update(DeviceGrant)
        .where(
            col(DeviceGrant.id) == grant_id,
            col(DeviceGrant.approved_at).is_(None),
            col(DeviceGrant.denied_at).is_(None),
            col(DeviceGrant.expires_at) > now,
        )
        .values(**decision)
    )
    return decided.rowcount == 1


def use_grant(session: Session, grant_id: str, now: datetime) -> bool:
    """Uses an approved grant up. False when it was used before."""
    used = session.exec(
        update(DeviceGrant)
        .where(col(DeviceGrant.id) == grant_id, col(DeviceGrant.used_at).is_(None))
        .values(used_at=now)
    )
    return used.rowcount == 1
