"""Checks signed data: a PDF's signature and its time stamps. The signature must be right, and made
with the certificate that it names; whether to trust that certificate is asked elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ObjectIdentifier as Oid
from cryptography.x509.oid import ExtendedKeyUsageOID

from archiver.domain.instant import to_utc
from archiver.evidence import tsp
from archiver.evidence.exhibit import cms_forms as forms

DATA = Oid("1.2.840.113549.1.7.1")
SIGNING_CERTIFICATE = Oid("1.2.840.113549.1.9.16.2.12")
SIGNATURE_TIME_STAMP = Oid("1.2.840.113549.1.9.16.2.14")
HASHES: Mapping[Oid, hashes.HashAlgorithm] = {
    tsp.SHA256: hashes.SHA256(),
    tsp.SHA384: hashes.SHA384(),
    tsp.SHA512: hashes.SHA512(),
}
SIGNS_WITH: Mapping[Oid, Oid] = {
    Oid("1.2.840.113549.1.1.11"): tsp.SHA256,
    Oid("1.2.840.113549.1.1.12"): tsp.SHA384,
    Oid("1.2.840.113549.1.1.13"): tsp.SHA512,
    tsp.ECDSA_WITH_SHA256: tsp.SHA256,
    Oid("1.2.840.10045.4.3.3"): tsp.SHA384,
    Oid("1.2.840.10045.4.3.4"): tsp.SHA512,
}
"""The digest that the name of a signature algorithm says (RSA PKCS #1 v1.5 and ECDSA)."""
BARE = frozenset({Oid("1.2.840.113549.1.1.1"), Oid("1.2.840.10045.2.1")})
"""Names of a key where a signature algorithm should stand; the digest is then the signer's."""


@dataclass(frozen=True)
class Checked:
    """Signed data whose one signature is right. Made by `check` alone.

    `content` is what it carries (b"" where that stands elsewhere), `time_stamp` the token over
    `signature`, if there is one (DER).
    """

    signer: x509.Certificate
    certificates: tuple[x509.Certificate, ...]
    content: bytes
    signature: bytes
    time_stamp: bytes | None


@dataclass(frozen=True)
class CheckedStamp:
    """A time stamp that is over the given data and rightly signed. Made by `check_token` alone."""

    at: datetime
    policy: str
    signer: x509.Certificate
    certificates: tuple[x509.Certificate, ...]


def check(der: bytes, content_type: Oid, detached: bytes | None = None) -> Checked:
    """Checks the signature over the content, or over `detached`.

    Raises:
        ValueError: malformed, of another form, or it does not verify.
    """
    info = asn1.decode_der(forms.ContentInfo, der)
    data = info.content
    if asn1.encode_der(info) != der:
        raise ValueError("it is not in its one DER form")
    if info.content_type != tsp.SIGNED_DATA or data.content.content_type != content_type:
        raise ValueError("it holds another kind of content")
    signers = data.signer_infos.as_list()
    algorithms = data.digest_algorithms.as_list()
    if len(signers) != 1 or (data.content.content is None) == (detached is None):
        raise ValueError("it has not one signer and one content")
    # nothing signs these three, and others' readers go by them
    if (data.version, signers[0].version) != (1 if content_type == DATA else 3, 1):
        raise ValueError("its version is another one")
    if [item.algorithm for item in algorithms] != [signers[0].digest_algorithm.algorithm]:
        raise ValueError("its digests are not its signer's")
    content = (data.content.content if detached is None else detached) or b""
    certificates = tuple(data.certificates.as_list() if data.certificates else ())
    signer = _signer(signers[0], certificates)
    _check_attributes(signers[0], content_type, content, signer)
    _check_signature(signers[0], signer)
    return Checked(
        signer=signer,
        certificates=certificates,
        content=content if detached is None else b"",
        signature=signers[0].signature,
        time_stamp=_unsigned(signers[0], SIGNATURE_TIME_STAMP),
    )


def check_token(der: bytes, data: bytes) -> CheckedStamp:
    """Checks a time-stamp token (RFC 3161) over the data.

    Raises:
        ValueError: malformed, over other data, or it does not verify.
    """
    token = check(der, tsp.TST_INFO)
    parts = forms.children(token.content)  # version, policy, imprint, serial, time, and more
    if len(parts) < 5:  # noqa: PLR2004 - these
        raise ValueError("the time stamp says too little")
    policy = asn1.decode_der(Oid, parts[1])
    imprint = asn1.decode_der(tsp.MessageImprint, parts[2])
    at = to_utc(asn1.decode_der(asn1.GeneralizedTime, parts[4]).as_datetime())
    algorithm = HASHES.get(imprint.hash_algorithm.algorithm)
    if algorithm is None or _digest(algorithm, data) != imprint.hashed_message:
        raise ValueError("the time stamp is over other data")
    try:
        usage = token.signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound as error:
        raise ValueError("its signer is no time authority") from error
    if ExtendedKeyUsageOID.TIME_STAMPING not in usage:
        raise ValueError("its signer is no time authority")
    check_validity(token.signer, at)
    return CheckedStamp(at, policy.dotted_string, token.signer, token.certificates)


def check_validity(certificate: x509.Certificate, at: datetime) -> None:
    """Raises ValueError unless the certificate was valid at that moment."""
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise ValueError("its signer's certificate was not valid at that time")


def _signer(info: forms.SignerInfo, certificates: Sequence[x509.Certificate]) -> x509.Certificate:
    wanted = (asn1.encode_der(info.sid.issuer), info.sid.serial_number)
    for certificate in certificates:
        if (certificate.issuer.public_bytes(), certificate.serial_number) == wanted:
            return certificate
    raise ValueError("the signer's certificate is not there")


def _check_attributes(
    info: forms.SignerInfo, content_type: Oid, content: bytes, signer: x509.Certificate
) -> None:
    """Content type and digest (RFC 5652, 11), and the signer's certificate (RFC 5035, 3)."""
    algorithm = HASHES.get(info.digest_algorithm.algorithm)
    if algorithm is None:
        raise ValueError("its digest is not one that is known")
    found = _by_type(info.signed_attributes)
    if found.get(tsp.CONTENT_TYPE) != asn1.encode_der(content_type):
        raise ValueError("the kind of its content is not the signed one")
    if found.get(tsp.MESSAGE_DIGEST) != asn1.encode_der(_digest(algorithm, content)):
        raise ValueError("the digest is that of other content")
    newer, older = found.get(tsp.SIGNING_CERTIFICATE_V2), found.get(SIGNING_CERTIFICATE)
    if not (newer and _names(newer, signer, hashes.SHA256())) and not (
        older and _names(older, signer, hashes.SHA1())  # noqa: S303 - the older form has no other
    ):
        raise ValueError("it does not name its signer's certificate")


def _check_signature(info: forms.SignerInfo, signer: x509.Certificate) -> None:
    named = info.signature_algorithm.algorithm
    digest = info.digest_algorithm.algorithm
    if named not in BARE and SIGNS_WITH.get(named) != digest:
        raise ValueError("its signature algorithm is not one that is known, or not of its digest")
    # a SET (0x31) with the same content; the wrapper's own head is cut off
    wrapped = asn1.encode_der(forms.Attributes(attributes=info.signed_attributes))
    signed = wrapped[wrapped.index(b"\x31", 2) :] if wrapped[1] & 0x80 else wrapped[2:]
    key = signer.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(info.signature, signed, padding.PKCS1v15(), HASHES[digest])
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(info.signature, signed, ec.ECDSA(HASHES[digest]))
        else:
            raise ValueError("its signer's key is of a kind that is not known")
    except InvalidSignature as error:
        raise ValueError("the signature is not that of its signer") from error


def _names(attribute: bytes, signer: x509.Certificate, default: hashes.HashAlgorithm) -> bool:
    """Whether the first certificate that the attribute names (by its hash; RFC 2634, 5.4 and
    RFC 5035, 3) is the signer's."""
    listed = forms.children(forms.children(attribute)[0])
    parts = forms.children(listed[0]) if listed else []
    algorithm: hashes.HashAlgorithm | None = default
    if parts and parts[0].startswith(b"\x30"):
        named = asn1.decode_der(tsp.AlgorithmIdentifier, parts.pop(0))
        algorithm = HASHES.get(named.algorithm)
    if not parts or algorithm is None:
        return False
    return parts[0] == asn1.encode_der(signer.fingerprint(algorithm))


def _by_type(attributes: asn1.SetOf[forms.Attribute]) -> dict[Oid, bytes]:
    """The one value (DER) of each attribute.

    Raises:
        ValueError: one is there twice, or has not one value.
    """
    found: dict[Oid, bytes] = {}
    for item in attributes.as_list():
        values = item.values.as_list()
        if item.type in found or len(values) != 1:
            raise ValueError("an attribute is there twice")
        found[item.type] = asn1.encode_der(values[0])
    return found


def _unsigned(info: forms.SignerInfo, kind: Oid) -> bytes | None:
    attributes = info.unsigned_attributes
    return None if attributes is None else _by_type(attributes).get(kind)


def _digest(algorithm: hashes.HashAlgorithm, data: bytes) -> bytes:
    digest = hashes.Hash(algorithm)
    digest.update(data)
    return digest.finalize()
