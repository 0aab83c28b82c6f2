"""Whom a verification believes: the verifier's own keys and roots, or those in the bundle."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cryptography import x509

from archiver.domain.errors import ProofInvalid, TimestampInvalid
from archiver.evidence import cosignature, layout
from archiver.evidence.authority import LOCAL_POLICY
from archiver.evidence.checkpoint import ParsedCheckpoint, VerifierKey
from archiver.evidence.cosignature import WitnessKey
from archiver.evidence.report import Cosigned, Stamp, TimeGrade
from archiver.evidence.timestamp import VerifiedTimestamp, verify_response


@dataclass(frozen=True)
class Trust:
    """`own_roots` are what the verifier brought, `bundle_roots` what came along."""

    log_keys: tuple[VerifierKey, ...]
    bundle_roots: tuple[x509.Certificate, ...]
    own_roots: tuple[x509.Certificate, ...] | None = None
    intermediates: tuple[x509.Certificate, ...] = ()
    own_log_keys: bool = field(default=False)
    witnesses: tuple[WitnessKey, ...] = ()
    own_witnesses: tuple[WitnessKey, ...] | None = None

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
            accuracy=None if stamp.accuracy is None else stamp.accuracy.total_seconds(),
            authority=stamp.authority,
            policy=stamp.policy,
            serial=f"{stamp.serial:x}",
            grade=_grade(stamp, own=own),
            trusted=own,
        )

    def check_cosignatures(self, subject: str, checkpoint: ParsedCheckpoint) -> list[Cosigned]:
        """Verifies the lines of the known witnesses; those of others are passed over.

        Raises:
            ProofInvalid: the line of a known witness does not verify.
        """
        own = self.own_witnesses or ()
        others = [key for key in self.witnesses if key not in own]
        try:
            found = [(item, True) for item in cosignature.verify(checkpoint, own)]
            found += [(item, False) for item in cosignature.verify(checkpoint, others)]
        except ProofInvalid as error:
            raise ProofInvalid(subject, error.reason) from error
        return [
            Cosigned(subject=subject, witness=item.name, at=item.at, trusted=trusted)
            for item, trusted in found
        ]

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
    witness_keys: Sequence[WitnessKey] | None = None,
) -> Trust:
    """The verifier's keys and roots together with the bundle's.

    Raises:
        ProofInvalid: the bundle's keys are malformed, or its two forms of the log key differ.
    """
    vkey = _log_key(read)
    if read(layout.DATA + layout.LOG_PEM) != vkey.pem:
        raise ProofInvalid(layout.LOG_PEM, f"another key than that of {layout.LOG_VKEY}")
    witnesses = _witnesses(read) if layout.DATA + layout.WITNESSES in names else ()
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
        witnesses=tuple(dict.fromkeys((*(witness_keys or ()), *witnesses))),
        own_witnesses=None if witness_keys is None else tuple(witness_keys),
    )


def _log_key(read: Callable[[str], bytes]) -> VerifierKey:
    try:
        return VerifierKey.from_vkey(_text(read, layout.LOG_VKEY))
    except ProofInvalid as error:
        raise ProofInvalid(layout.LOG_VKEY, error.reason) from error


def _witnesses(read: Callable[[str], bytes]) -> tuple[WitnessKey, ...]:
    """The keys that came along, one a line."""
    lines = _text(read, layout.WITNESSES).split("\n")
    if lines.pop():
        raise ProofInvalid(layout.WITNESSES, "its last line does not end")
    try:
        keys = tuple(WitnessKey.from_vkey(line) for line in lines)
    except ProofInvalid as error:
        raise ProofInvalid(layout.WITNESSES, error.reason) from error
    if [key.vkey for key in keys] != lines:
        raise ProofInvalid(layout.WITNESSES, "a key is not in its one form")
    return keys


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
