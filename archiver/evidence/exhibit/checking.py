"""Checks the signature and time stamps of an exhibit, without the library that made them.

It accepts the one form that `signing.sign` writes and nothing else: the exit status of a common
reader says nothing (`pdfsig` gives 0 for a document that was changed), and most readers accept
what was appended after the signature.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

from archiver.domain.errors import ProofInvalid, TimestampInvalid
from archiver.evidence.exhibit import cms
from archiver.evidence.exhibit.revisions import Revisions, SignatureField, read_revisions
from archiver.evidence.timestamp import verify_response

SUBJECT = "report.pdf"
_GRANTED = bytes.fromhex("3003020100")
_LONG = 0x80
_PROBLEMS = (
    ValueError,
    TypeError,
    OverflowError,
    TimestampInvalid,
    InvalidSignature,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.ExtensionNotFound,
    x509.UnsupportedGeneralNameType,
)
"""What reading broken structures raises."""


@dataclass(frozen=True)
class SignatureReport:
    """A signed and stamped exhibit whose every proof verified. Made by `check_signature` alone.

    `signer` and the authorities are subjects (RFC 4514); `certificate_sha256` is the fingerprint
    of the signer's certificate. `signed_at` and `stamped_at` are the times of the two stamps.
    """

    signer: str
    certificate_sha256: str
    signed_at: datetime
    signed_authority: str
    stamped_at: datetime
    stamped_authority: str


def check_signature(pdf: bytes, roots: Sequence[x509.Certificate] = ()) -> SignatureReport:
    """Checks an exhibit: signature, its time stamp, certificates, document time stamp, and that
    nothing else was added after it was signed.

    With `roots`, both time stamps must lead to one of them. Without, who stamped is only named:
    anybody can sign a document of their own, so compare `certificate_sha256`, or check the
    exhibit's hash in the record of the export, which is in the log.

    Raises:
        ProofInvalid: subject `report.pdf`; any of it is missing or does not verify.
    """
    try:
        return _check(pdf, roots)
    except _PROBLEMS as error:
        raise ProofInvalid(SUBJECT, str(error) or "it does not verify") from error


def _check(pdf: bytes, roots: Sequence[x509.Certificate]) -> SignatureReport:
    found = read_revisions(pdf)
    signed = _signed_bytes(pdf, found.signature, found.signed_end)
    stamped = _signed_bytes(pdf, found.timestamp, len(pdf))
    if (found.signature.sub_filter, found.signature.type) != ("ETSI.CAdES.detached", "Sig"):
        raise ValueError("the signature is of another kind")
    if (found.timestamp.sub_filter, found.timestamp.type) != ("ETSI.RFC3161", "DocTimeStamp"):
        raise ValueError("the document time stamp is of another kind")
    signature = cms.check(_contents(found.signature), cms.DATA, signed)
    if signature.time_stamp is None:
        raise ValueError("the signature has no time stamp")
    first = _token(signature.time_stamp, signature.signature, found, roots)
    second = _token(_contents(found.timestamp), stamped, found, roots)
    if second.at < first.at:
        raise ValueError("the document time stamp is older than the signature's")
    _check_signer(signature.signer, found, first.at)
    return SignatureReport(
        signer=signature.signer.subject.rfc4514_string(),
        certificate_sha256=signature.signer.fingerprint(hashes.SHA256()).hex(),
        signed_at=first.at,
        signed_authority=first.signer.subject.rfc4514_string(),
        stamped_at=second.at,
        stamped_authority=second.signer.subject.rfc4514_string(),
    )


def _signed_bytes(pdf: bytes, field: SignatureField, end: int) -> bytes:
    """All bytes up to `end` but the signature itself: it must cover no less."""
    start, first, resume, second = field.byte_range
    expected = (0, field.contents.start, field.contents.end, end - field.contents.end)
    if (start, first, resume, second) != expected:
        raise ValueError("a signature does not cover the whole document")
    return pdf[:first] + pdf[resume:end]


def _contents(field: SignatureField) -> bytes:
    """The signature (DER) without the zeros that fill its place; written as ours are."""
    data = bytes.fromhex(field.contents.digits.decode())
    if data.hex().upper().encode() != field.contents.digits:
        raise ValueError("a signature is not written as ours are")
    length = data[1] & ~_LONG if len(data) > 1 and data[1] & _LONG else -1
    end = 2 + length + int.from_bytes(data[2 : 2 + length], "big") if length > 0 else 0
    if any(data[end:]):
        raise ValueError("there is something behind a signature")
    return data[:end]


def _token(
    der: bytes, data: bytes, found: Revisions, roots: Sequence[x509.Certificate]
) -> cms.CheckedStamp:
    stamp = cms.check_token(der, data)
    if roots:
        known = [x509.load_der_x509_certificate(item) for item in found.certificates]
        body = _GRANTED + der
        verify_response(
            _head(body) + body, data, roots, intermediates=[*stamp.certificates, *known]
        )
    return stamp


def _head(body: bytes) -> bytes:
    """A SEQUENCE's tag and length (DER)."""
    size = (len(body).bit_length() + 7) // 8
    return b"\x30" + bytes([_LONG | size]) + len(body).to_bytes(size, "big")


def _check_signer(signer: x509.Certificate, found: Revisions, at: datetime) -> None:
    """The signer's certificate was valid, may sign, and was issued by one that is embedded."""
    cms.check_validity(signer, at)
    known = [x509.load_der_x509_certificate(item) for item in found.certificates]
    issuers = [item for item in known if item.subject == signer.issuer and item != signer]
    if signer not in known or not issuers:
        raise ValueError("the certificates to check the signature with are not embedded")
    signer.verify_directly_issued_by(issuers[0])
    usage = signer.extensions.get_extension_for_class(x509.KeyUsage).value
    if not usage.digital_signature or not usage.content_commitment:
        raise ValueError("the signer's certificate is not for signing")
