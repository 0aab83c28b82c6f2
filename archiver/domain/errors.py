"""The one error tree. HTTP statuses live only in `api/errors.py`.

RatureError
├── InvalidInput            what was sent is not acceptable; `field` says which part
│   ├── InvalidManifest     the manifest does not fit its schema
│   ├── HashMismatch        a file's SHA-256 or size is not what the manifest says
│   ├── InvalidPicture      not a picture, or one that is too large to decode
│   ├── InvalidSignature    the contributor's signature does not verify
│   └── RefusedAddress      an address that Rature never opens
├── TooLarge                an upload above its limit
├── NotFound                no such thing in this workspace
│   └── Erased              there was one: it was erased, and the log says so
├── Conflict                the request contradicts what is stored
│   └── IdempotencyConflict the same Idempotency-Key with other content
├── AccessError
│   ├── Unauthenticated     no token, or one that is unknown, expired or revoked
│   └── Forbidden           the token lacks the scope
├── RateLimited             too many requests; `retry_after` in seconds
├── NotYet                  the answer exists later (a receipt before sealing)
├── Unavailable             a part that is needed does not answer (store, authority, browser)
├── SettingsError           settings that cannot work, told before anything starts
└── EvidenceError
    ├── NotABundle          the file is no Rature bundle
    ├── ProofInvalid        a file or proof does not verify; `subject` names it
    ├── TimestampInvalid    an RFC 3161 response does not verify
    ├── WaczInvalid         a recording of pages does not hold together
    └── LogRewound          a larger tree was signed before: signing is refused
"""


class RatureError(Exception):
    """Root of all errors that Rature raises on purpose."""


class InvalidInput(RatureError):
    """What was sent is not acceptable."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class InvalidManifest(InvalidInput):
    """The manifest does not fit its schema."""


class HashMismatch(InvalidInput):
    """A file is not the one that the manifest names."""


class InvalidPicture(InvalidInput):
    """Not a picture, or one that is too large to decode."""


class InvalidSignature(InvalidInput):
    """The contributor's signature does not verify."""


class RefusedAddress(InvalidInput):
    """An address that Rature never opens."""


class TooLarge(RatureError):
    """An upload above its limit."""


class NotFound(RatureError):
    """No such thing in this workspace."""


class Erased(NotFound):
    """It was here and was erased; the log keeps the fact, not the content."""


class Conflict(RatureError):
    """The request contradicts what is stored."""


class IdempotencyConflict(Conflict):
    """The same Idempotency-Key came with other content."""


class AccessError(RatureError):
    """Not allowed."""


class Unauthenticated(AccessError):
    """No token, or one that is unknown, expired or revoked."""


class Forbidden(AccessError):
    """The token lacks the scope."""


class RateLimited(RatureError):
    """Too many requests."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotYet(RatureError):
    """The answer exists later."""


class Unavailable(RatureError):
    """A part that is needed does not answer."""


class ReaderFault(Unavailable):
    """The page-reading scripts threw, or answered in another form than agreed."""


class SettingsError(RatureError):
    """Settings that cannot work."""


class EvidenceError(RatureError):
    """Evidence that does not hold."""


class NotABundle(EvidenceError):
    """The file is no Rature bundle."""


class ProofInvalid(EvidenceError):
    """A file or proof does not verify; `subject` names the first one, `reason` says why."""

    def __init__(self, subject: str, message: str) -> None:
        super().__init__(f"{subject}: {message}")
        self.subject = subject
        self.reason = message


class TimestampInvalid(EvidenceError):
    """An RFC 3161 response does not verify."""


class WaczInvalid(EvidenceError):
    """A recording of pages does not hold together, or lacks a page."""


class LogRewound(EvidenceError):
    """A larger tree was signed before."""
