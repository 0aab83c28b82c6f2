"""Signing in to the pages: single-use links, then a session cookie."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from archiver.domain.errors import Forbidden, Unauthenticated
from archiver.domain.ids import RandomBytes, make_id
from archiver.domain.instant import Clock
from archiver.services.secret_codes import fingerprint, make_secret
from archiver.store.database import Database
from archiver.store.repository import access as rows
from archiver.store.tables import SignInLink, WebSession

LINK_LIFE = timedelta(minutes=15)
SESSION_LIFE = timedelta(days=30)


@dataclass(frozen=True)
class SignedIn:
    """A signed-in browser. `csrf_token` goes into every form that changes something."""

    session_id: str
    workspace_id: str
    csrf_token: str
    expires_at: datetime

    def check_csrf(self, sent: str | None) -> None:
        """Does nothing when the sent token is this session's.

        Raises:
            Forbidden: it is missing or another one.
        """
        if sent is None or not hmac.compare_digest(sent.encode(), self.csrf_token.encode()):
            raise Forbidden("this form is not from a page of your session: reload the page")


def csrf_token_for(secret: str) -> str:
    """Derived from the cookie's secret, so the database holds nothing that would let one act."""
    return hmac.new(secret.encode(), b"rature csrf token", hashlib.sha256).hexdigest()


class Sessions:
    """Makes links, exchanges each for one session, finds and ends sessions."""

    def __init__(self, database: Database, *, clock: Clock, random: RandomBytes) -> None:
        self._database = database
        self._clock = clock
        self._random = random

    def make_link_code(self, workspace_id: str) -> str:
        """The code of a new sign-in link: single use, good for 15 minutes."""
        code = make_secret(self._random)
        now = self._clock()
        link = SignInLink(
            id=make_id("sil", self._random),
            code_hash=fingerprint(code),
            workspace_id=workspace_id,
            created_at=now,
            expires_at=now + LINK_LIFE,
        )
        with self._database.transaction() as session:
            session.add(link)
        return code

    def sign_in(self, code: str) -> tuple[str, SignedIn]:
        """Uses a link up; gives the cookie's value and the session.

        Raises:
            Unauthenticated: the link is unknown, was used before, or is too old.
        """
        now = self._clock()
        secret = make_secret(self._random)
        with self._database.transaction() as session:
            workspace_id = rows.use_link(session, fingerprint(code), now)
            if workspace_id is None:
                raise Unauthenticated(
                    "this sign-in link was used before or is too old:"
                    " `rature signin` prints a fresh one"
                )
            row = WebSession(
                id=make_id("ses", self._random),
                session_hash=fingerprint(secret),
                workspace_id=workspace_id,
                created_at=now,
                expires_at=now + SESSION_LIFE,
            )
            session.add(row)
        return secret, self._signed_in(row, secret)

    def authenticate(self, secret: str) -> SignedIn:
        """Whose cookie this is.

        Raises:
            Unauthenticated: the session is unknown, over, or was ended.
        """
        with self._database.reading() as session:
            row = rows.web_session_by_hash(session, fingerprint(secret))
        if row is None or row.ended_at is not None or row.expires_at <= self._clock():
            raise Unauthenticated("you are not signed in: `rature signin` prints a link")
        return self._signed_in(row, secret)

    def sign_out(self, signed_in: SignedIn) -> None:
        """Ends the session for good, whoever still has its cookie."""
        with self._database.transaction() as session:
            rows.end_web_session(session, signed_in.session_id, self._clock())

    @staticmethod
    def _signed_in(row: WebSession, secret: str) -> SignedIn:
        return SignedIn(row.id, row.workspace_id, csrf_token_for(secret), row.expires_at)
