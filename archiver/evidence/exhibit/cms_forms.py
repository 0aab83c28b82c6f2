"""The ASN.1 of signed data (RFC 5652), in the forms that signers in use write."""

from typing import Annotated

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.x509 import ObjectIdentifier as Oid

from archiver.evidence import tsp

MAX_LENGTH_OCTETS = 4


@asn1.sequence
class Attribute:
    """RFC 5652, 5.3."""

    type: Oid
    values: asn1.SetOf[asn1.TLV]


@asn1.sequence
class Attributes:
    """The signed attributes as what is signed: a SET, not the [0] that they stand under."""

    attributes: asn1.SetOf[Attribute]


@asn1.sequence
class SignerInfo:
    """RFC 5652, 5.3, with attributes of any kind."""

    version: int
    sid: tsp.IssuerAndSerialNumber
    digest_algorithm: tsp.AlgorithmIdentifier
    signed_attributes: Annotated[asn1.SetOf[Attribute], asn1.Implicit(0)]
    signature_algorithm: tsp.AlgorithmIdentifier
    signature: bytes
    unsigned_attributes: Annotated[asn1.SetOf[Attribute] | None, asn1.Implicit(1)] = None


@asn1.sequence
class EncapsulatedContent:
    """The signed content, or nothing where it stands elsewhere."""

    content_type: Oid
    content: Annotated[bytes | None, asn1.Explicit(0)] = None


@asn1.sequence
class SignedData:
    """RFC 5652, 5.1."""

    version: int
    digest_algorithms: asn1.SetOf[tsp.AlgorithmIdentifier]
    content: EncapsulatedContent
    certificates: Annotated[asn1.SetOf[x509.Certificate] | None, asn1.Implicit(0)] = None
    crls: Annotated[asn1.SetOf[asn1.TLV] | None, asn1.Implicit(1)] = None
    signer_infos: asn1.SetOf[SignerInfo]


@asn1.sequence
class ContentInfo:
    """RFC 5652, 3."""

    content_type: Oid
    content: Annotated[SignedData, asn1.Explicit(0)]


def children(der: bytes) -> list[bytes]:
    """The elements of a SEQUENCE (DER), for forms whose end may hold anything.

    Raises:
        ValueError: it is none, or a length is wrong.
    """
    if not der.startswith(b"\x30"):
        raise ValueError("a sequence is missing")
    start, end = _content(der, 0)
    found: list[bytes] = []
    while start < end:
        _, after = _content(der, start)
        found.append(der[start:after])
        start = after
    if start != end or end != len(der):
        raise ValueError("a length is wrong")
    return found


def _content(der: bytes, at: int) -> tuple[int, int]:
    """Where the content of the element at `at` starts and ends (tags of one byte)."""
    first = der[at + 1] if at + 1 < len(der) else 0x80
    octets = first & 0x7F if first & 0x80 else 0
    if first == 0x80 or octets > MAX_LENGTH_OCTETS:  # noqa: PLR2004 - the indefinite form
        raise ValueError("a length is wrong")
    start = at + 2 + octets
    length = int.from_bytes(der[at + 2 : start], "big") if octets else first
    if start + length > len(der):
        raise ValueError("a length is wrong")
    return start, start + length
