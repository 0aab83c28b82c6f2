"""Who may do what: the owner's workspace and bearer tokens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from archiver.domain.errors import Forbidden, InvalidInput, NotFound, Unauthenticated
from archiver.domain.ids import RandomBytes, make_id
from archiver.domain.instant import Clock
from archiver.services.secret_codes import fingerprint, make_secret
from archiver.store.database import Database
from archiver.store.repository import access as rows
from archiver.store.repository import workspaces
from archiver.store.tables import Token, Workspace

OWNER = "ws_0000000000000000"
"""The owner's workspace has a fixed id, so that two processes starting together make it once."""
TOKEN_PREFIX = "rat_"  # noqa: S105 - a secret begins with it
TOKEN_DAYS = 365
TOUCH_EVERY = timedelta(minutes=5)
"""`last_used_at` is this coarse: a write for every call would cost each capture a second fsync."""


class Scope(StrEnum):
    """What a token may do; admin implies the others."""

    CAPTURE = "capture"
    READ = "read"
    ADMIN = "admin"


@dataclass(frozen=True)
class Principal:
    """A caller. `public_key` (base64, Ed25519) binds a paired browser's captures to its key."""

    workspace_id: str
    token_id: str
    scopes: frozenset[Scope]
    public_key: str | None = None

    def must_have(self, scope: Scope) -> None:
        """Does nothing when the scope is there.

        Raises:
            Forbidden: it is not.
        """
        if scope not in self.scopes and Scope.ADMIN not in self.scopes:
            raise Forbidden(f"this token lacks the scope {scope.value!r}")


@dataclass(frozen=True)
class IssuedToken:
    """A new token; `secret` is shown once and kept nowhere."""

    secret: str
    token: Token


def parse_scopes(text: str) -> frozenset[Scope]:
    """Reads scopes divided by spaces or commas.

    Raises:
        InvalidInput: one that does not exist, or none at all.
    """
    names = text.replace(",", " ").split()
    unknown = [name for name in names if name not in set(Scope)]
    if unknown or not names:
        known = ", ".join(Scope)
        raise InvalidInput(f"scopes are {known}; not {' '.join(unknown) or 'none'}", field="scopes")
    return frozenset(Scope(name) for name in names)


class Access:
    """Makes, checks, lists and revokes tokens."""

    def __init__(self, database: Database, *, clock: Clock, random: RandomBytes) -> None:
        self._database = database
        self._clock = clock
        self._random = random

    def make_owner(self) -> str:
        """Makes the owner's workspace unless it is there; gives its id."""
        with self._database.reading() as session:
            if workspaces.find(session, OWNER) is not None:
                return OWNER
        try:
            with self._database.transaction() as session:
                session.add(Workspace(id=OWNER, name="owner", created_at=self._clock()))
        except IntegrityError:
            # Another process made it in this very moment.
            return OWNER
        return OWNER

    def issue(
        self,
        workspace_id: str,
        *,
        name: str,
        scopes: Iterable[Scope] = tuple(Scope),
        days: float = TOKEN_DAYS,
        public_key: str | None = None,
    ) -> IssuedToken:
        """Makes a token in a transaction of its own; see `add_token`."""
        with self._database.transaction() as session:
            return self.add_token(
                session, workspace_id, name=name, scopes=scopes, days=days, public_key=public_key
            )

    def add_token(
        self,
        session: Session,
        workspace_id: str,
        *,
        name: str,
        scopes: Iterable[Scope],
        days: float = TOKEN_DAYS,
        public_key: str | None = None,
    ) -> IssuedToken:
        """Makes a token within the caller's transaction.

        Raises:
            InvalidInput: no name, or a life that is not between a moment and ten years.
        """
        if not name.strip() or len(name) > 200:  # noqa: PLR2004 - a name, not a text
            raise InvalidInput("a token needs a name of 1 to 200 characters", field="name")
        if not 0 < days <= 3650:  # noqa: PLR2004 - ten years
            raise InvalidInput("a token lives from a moment to 3650 days", field="days")
        secret = TOKEN_PREFIX + make_secret(self._random)
        now = self._clock()
        token = Token(
            id=make_id("tok", self._random),
            workspace_id=workspace_id,
            name=name.strip(),
            token_hash=fingerprint(secret),
            scopes=" ".join(sorted(scopes)),
            public_key=public_key,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        session.add(token)
        return IssuedToken(secret, token)

    def authenticate(self, secret: str) -> Principal:
        """Who holds this token.

        Raises:
            Unauthenticated: it is unknown, expired or revoked.
        """
        now = self._clock()
        with self._database.reading() as session:
            token = rows.token_by_hash(session, fingerprint(secret))
        if token is None:
            raise Unauthenticated("this token is not known here")
        if token.revoked_at is not None:
            raise Unauthenticated("this token was revoked")
        if token.expires_at <= now:
            raise Unauthenticated("this token has expired: make or pair a new one")
        self._touch(token, now)
        return Principal(
            workspace_id=token.workspace_id,
            token_id=token.id,
            scopes=parse_scopes(token.scopes),
            public_key=token.public_key,
        )

    def tokens(self, workspace_id: str) -> list[Token]:
        """All tokens of a workspace, oldest first, without their secrets."""
        with self._database.reading() as session:
            return list(rows.tokens_of(session, workspace_id))

    def revoke(self, workspace_id: str, token_id: str) -> Token:
        """Revokes at once; again changes nothing.

        Raises:
            NotFound: no such token in this workspace.
        """
        with self._database.transaction() as session:
            token = rows.token(session, workspace_id, token_id)
            if token is None:
                raise NotFound(f"there is no token {token_id}")
            token.revoked_at = token.revoked_at or self._clock()
            return token

    def _touch(self, token: Token, now: datetime) -> None:
        if token.last_used_at is None or now - token.last_used_at >= TOUCH_EVERY:
            with self._database.transaction() as session:
                rows.touch_token(session, token.id, now)
