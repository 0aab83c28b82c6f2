"""Who signs exhibits: the service's own certificate, and the time authorities."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from rfc3161_client import decode_timestamp_response

from archiver.domain.errors import RatureError, TimestampInvalid, Unavailable
from archiver.domain.instant import Clock
from archiver.evidence.exhibit.identity import ExhibitIdentity, open_identity
from archiver.evidence.timestamp import Authority

Stamp = Callable[[bytes], bytes]
"""TimeStampReq (DER) -> TimeStampResp (DER), RFC 3161."""
PAUSE = timedelta(minutes=1)
"""How long an authority that did not answer is passed over: a document needs three stamps."""


class ExhibitSigner:
    """Signs with the identity in `exhibit.key`; see `open`."""

    def __init__(
        self,
        identity: ExhibitIdentity,
        clock: Clock,
        random: Callable[[int], bytes],
        stamp: Stamp,
        roots: Sequence[x509.Certificate] = (),
    ) -> None:
        self._identity = identity
        self.clock = clock
        self.random = random
        self._stamp = stamp
        self._roots = tuple(roots)

    @classmethod
    def open(  # noqa: PLR0917 - as the other keys are opened
        cls,
        folder: Path,
        public_url: str,
        clock: Clock,
        random: Callable[[int], bytes],
        stamp: Stamp,
        roots: Sequence[x509.Certificate] = (),
    ) -> "ExhibitSigner":
        """Reads the key, or makes it. `stamp` asks a time authority (see `FirstAnswering`); `roots`
        are embedded with the other certificates, for whoever has to check in thirty years.

        Raises:
            SettingsError: the key's file is broken, or cannot be written.
        """
        return cls(open_identity(folder, public_url, clock()), clock, random, stamp, roots)

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate that exhibits are signed with."""
        return self._identity.certificate

    def sign(self, pdf: bytes) -> bytes:
        """The PDF as PAdES B-LTA. Must not be called where an event loop runs.

        Raises:
            Unavailable: no time authority gave a stamp.
        """
        from archiver.evidence.exhibit.signing import sign  # noqa: PLC0415 - it loads for a second

        return sign(pdf, self._identity, self._stamp, self.clock(), self._roots)


class FirstAnswering:
    """Asks authorities in turn until one grants a stamp: remote ones first, the embedded last."""

    def __init__(self, authorities: Sequence[Authority], clock: Clock) -> None:
        self._authorities = tuple(authorities)
        self._clock = clock
        self._failed_at = dict.fromkeys(range(len(self._authorities)), clock() - 2 * PAUSE)

    def __call__(self, request: bytes) -> bytes:
        """The first granted response.

        Raises:
            Unavailable: none answered; the message is that of the last.
        """
        problem: Exception | None = None
        for number, authority in enumerate(self._authorities):
            last = number == len(self._authorities) - 1
            if not last and self._clock() - self._failed_at[number] < PAUSE:
                continue
            try:
                return _granted(authority.stamp(request))
            except (RatureError, OSError, ValueError) as error:
                self._failed_at[number] = self._clock()
                problem = error
        raise Unavailable(f"no time authority answered: {problem}")


def _granted(response: bytes) -> bytes:
    decoded = decode_timestamp_response(response)
    if decoded.status not in (0, 1):
        raise TimestampInvalid(f"the authority refused (status {decoded.status})")
    return response
