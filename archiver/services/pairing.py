"""Pairing a browser by the OAuth 2.0 device authorization grant (RFC 8628)."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from archiver.domain.errors import Conflict, InvalidInput, NotFound
from archiver.domain.ids import RandomBytes, make_id
from archiver.domain.instant import Clock
from archiver.services.access import Access, IssuedToken, Scope
from archiver.services.secret_codes import (
    fingerprint,
    fold_user_code,
    make_secret,
    make_user_code,
)
from archiver.store.database import Database
from archiver.store.repository import access as rows
from archiver.store.tables import DeviceGrant

GRANT_LIFE = timedelta(minutes=10)
INTERVAL = 5
"""Seconds between two polls; also what `slow_down` adds (RFC 8628 section 3.5)."""
DEVICE_SCOPES = (Scope.CAPTURE, Scope.READ)
KEY_BYTES = 32
MAX_NAME = 100


class Refusal(StrEnum):
    """Why a poll gives no token yet, or never will (RFC 8628 section 3.5)."""

    PENDING = "authorization_pending"
    SLOW_DOWN = "slow_down"
    DENIED = "access_denied"
    EXPIRED = "expired_token"


@dataclass(frozen=True)
class StartedGrant:
    """What the device gets: its own code, and the one that it shows. `expires_in`: seconds."""

    device_code: str
    user_code: str
    expires_in: int
    interval: int


@dataclass(frozen=True)
class PendingGrant:
    """What the person who decides is shown."""

    id: str
    client_name: str
    created_at: datetime
    expires_at: datetime


def check_public_key(text: str) -> str:
    """Gives back the base64 text of a raw Ed25519 public key.

    Raises:
        InvalidInput: it is something else.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput("public_key is not base64", field="public_key") from error
    if len(raw) != KEY_BYTES:
        raise InvalidInput("public_key is not a raw Ed25519 key of 32 bytes", field="public_key")
    return base64.b64encode(raw).decode("ascii")


def check_name(text: str) -> str:
    """A device's name as it may be shown: one line, nothing that turns the writing round.

    Raises:
        InvalidInput: nothing is left of it.
    """
    name = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MAX_NAME]
    if not name:
        raise InvalidInput("client_name is empty", field="client_name")
    return name


class Pairing:
    """A device asks, a person decides, the device fetches its token: each step once."""

    def __init__(
        self, database: Database, access: Access, *, clock: Clock, random: RandomBytes
    ) -> None:
        self._database = database
        self._access = access
        self._clock = clock
        self._random = random

    def start(self, client_name: str, public_key: str) -> StartedGrant:
        """A device asks to be paired; its token will be bound to the key.

        Raises:
            InvalidInput: no name, or something that is no Ed25519 key.
        """
        device_code, user_code = make_secret(self._random), make_user_code(self._random)
        now = self._clock()
        grant = DeviceGrant(
            id=make_id("dev", self._random),
            device_code_hash=fingerprint(device_code),
            user_code_hash=fingerprint(user_code),
            client_name=check_name(client_name),
            public_key=check_public_key(public_key),
            interval=INTERVAL,
            created_at=now,
            expires_at=now + GRANT_LIFE,
        )
        with self._database.transaction() as session:
            session.add(grant)
        return StartedGrant(device_code, user_code, int(GRANT_LIFE.total_seconds()), INTERVAL)

    def grant_by_user_code(self, user_code: str) -> PendingGrant:
        """The pairing that shows this code, for the person to compare.

        Raises:
            NotFound: no such code waits for a decision (unknown, decided, or too old).
        """
        with self._database.reading() as session:
            row = rows.grant_by_user_code(session, fingerprint(fold_user_code(user_code)))
        if row is None or not self._waits(row):
            raise NotFound("no browser waits with this code: start the pairing again")
        return PendingGrant(row.id, row.client_name, row.created_at, row.expires_at)

    def approve(self, grant: PendingGrant, workspace_id: str) -> None:
        """The signed-in person says yes.

        Raises:
            Conflict: it was decided in the meantime, or is too old.
        """
        self._decide(grant, workspace_id)

    def deny(self, grant: PendingGrant) -> None:
        """The signed-in person says no.

        Raises:
            Conflict: it was decided in the meantime, or is too old.
        """
        self._decide(grant, None)

    def poll(self, device_code: str) -> IssuedToken | Refusal:
        """The device asks for its token: once given, the code is used up."""
        now = self._clock()
        with self._database.transaction() as session:
            row = rows.grant_by_device_code(session, fingerprint(device_code))
            if row is None or row.used_at is not None or row.expires_at <= now:
                return Refusal.EXPIRED
            if row.denied_at is not None:
                return Refusal.DENIED
            too_soon = _too_soon(row, now)
            row.last_polled_at = now
            if too_soon:
                row.interval += INTERVAL
                return Refusal.SLOW_DOWN
            if row.approved_at is None or row.workspace_id is None:
                return Refusal.PENDING
            if not rows.use_grant(session, row.id, now):
                return Refusal.EXPIRED
            return self._access.add_token(
                session,
                row.workspace_id,
                name=row.client_name,
                scopes=DEVICE_SCOPES,
                public_key=row.public_key,
            )

    def _waits(self, row: DeviceGrant) -> bool:
        return row.approved_at is None and row.denied_at is None and row.expires_at > self._clock()

    def _decide(self, grant: PendingGrant, workspace_id: str | None) -> None:
        with self._database.transaction() as session:
            if not rows.decide_grant(session, grant.id, self._clock(), workspace_id):
                raise Conflict("this pairing was decided before or is too old: start it again")


def _too_soon(row: DeviceGrant, now: datetime) -> bool:
    return row.last_polled_at is not None and (
        now - row.last_polled_at < timedelta(seconds=row.interval)
    )
