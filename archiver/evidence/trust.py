"""Whom a verification believes: the verifier's own keys and roots, or those in the bundle."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cryptography import x509

from archiver.domain.errors import ProofInvalid, TimestampInvalid
from archiver.evidence import layout
from archiver.evidence.authority import LOCAL_POLICY
from archiver.evidence.checkpoint import VerifierKey
from archiver.evidence.report import Stamp, TimeGrade
from archiver.evidence.timestamp import VerifiedTimestamp, verify_response


@dataclass(frozen=True)
class Trust:
    """`own_roots` are what the verifier brought, `bundle_roots` what came along."""

    log_keys: tuple[VerifierKey, ...]
    bundle_roots: tuple[x509.Certificate, ...]
    own_roots: tuple[x509.Certificate, ...] | None = None
    intermediates: tuple[x509.Certificate, ...] = ()
    own_log_keys: bool = field(default=False)

    def check_stamp(self, subject: str, response: bytes, data: bytes) -> Stamp:
        """Verifies one response over the data and grades it.

        Raises:
            ProofInvalid: it leads neither to the verifier's roots nor to the bundle's.
        """
        try:
            stamp, own = self._verify(response, data)
        except TimestampInvalid as error:
            raise ProofInvalid(subject, str(error)) from error
        return Stamp(
            subject=subject,
            at=stamp.gen_time,
            authority=stamp.authority,
            policy=stamp.policy,
            serial=f"{stamp.serial:x}",
            grade=_grade(stamp, own=own),
            trusted=own,
        )

    def _verify(self, response: bytes, data: bytes) -> tuple[VerifiedTimestamp, bool]:
        if self.own_roots:
            try:
                own = verify_response(
                    response, data, self.own_roots, intermediates=self.intermediates
                )
            except TimestampInvalid:
                pass  # it may still be sound, by an authority that the verifier does not know
            else:
                return own, True
        stamp = verify_response(response, data, self.bundle_roots, intermediates=self.intermediates)
        return stamp, False


def gather_trust(
    names: Sequence[str] | set[str],
    read: Callable[[str], bytes],
    trust_roots: Sequence[bytes] | None,
    log_keys: Sequence[VerifierKey] | None,
) -> Trust:
    """The verifier's keys and roots together with the bundle's.

    Raises:
        ProofInvalid: the bundle's keys are malformed, or its two forms of the log key differ.
    """
    vkey = VerifierKey.from_vkey(_text(read, layout.LOG_VKEY))
    if read(layout.DATA + layout.LOG_PEM) != vkey.pem:
        raise ProofInvalid(layout.LOG_PEM, f"another key than that of {layout.LOG_VKEY}")
    intermediates = layout.DATA + layout.INTERMEDIATES
    return Trust(
        log_keys=(vkey,) if log_keys is None else tuple(log_keys),
        bundle_roots=_certificates(layout.ROOTS, read(layout.DATA + layout.ROOTS)),
        own_roots=None
        if trust_roots is None
        else tuple(item for pem in trust_roots for item in _certificates("trust root", pem)),
        intermediates=_certificates(layout.INTERMEDIATES, read(intermediates))
        if intermediates in names
        else (),
        own_log_keys=log_keys is not None,
    )


def _grade(stamp: VerifiedTimestamp, *, own: bool) -> TimeGrade:
    if stamp.policy == LOCAL_POLICY.dotted_string:
        return TimeGrade.LOCAL
    return TimeGrade.INDEPENDENT if own else TimeGrade.UNCONFIRMED


def _certificates(subject: str, pem: bytes) -> tuple[x509.Certificate, ...]:
    try:
        return tuple(x509.load_pem_x509_certificates(pem))
    except ValueError as error:
        raise ProofInvalid(subject, f"no certificates: {error}") from error


def _text(read: Callable[[str], bytes], name: str) -> str:
    try:
        return read(layout.DATA + name).decode("utf-8")
    except UnicodeDecodeError:
        raise ProofInvalid(name, "not text") from None
