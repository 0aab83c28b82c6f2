"""The ASN.1 structures of the Time-Stamp Protocol (RFC 3161) and of the CMS around it (RFC 5652,
RFC 5035), as far as a request and a granted response need them. Encoded by `cryptography`.
"""

from typing import Annotated

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.x509 import ObjectIdentifier as Oid

SHA256 = Oid("2.16.840.1.101.3.4.2.1")
SHA384 = Oid("2.16.840.1.101.3.4.2.2")
SHA512 = Oid("2.16.840.1.101.3.4.2.3")
ECDSA_WITH_SHA256 = Oid("1.2.840.10045.4.3.2")
SIGNED_DATA = Oid("1.2.840.113549.1.7.2")
TST_INFO = Oid("1.2.840.113549.1.9.16.1.4")
CONTENT_TYPE = Oid("1.2.840.113549.1.9.3")
MESSAGE_DIGEST = Oid("1.2.840.113549.1.9.4")
SIGNING_CERTIFICATE_V2 = Oid("1.2.840.113549.1.9.16.2.47")


@asn1.sequence
class AlgorithmIdentifier:
    """Algorithm without parameters, or with NULL."""

    algorithm: Oid
    parameters: asn1.Null | None = None


@asn1.sequence
class MessageImprint:
    """What is stamped: the hash of the data."""

    hash_algorithm: AlgorithmIdentifier
    hashed_message: bytes


@asn1.sequence
class Extension:
    """An extension of a request. None is known to us."""

    extn_id: Oid
    critical: Annotated[bool, asn1.Default(False)]
    extn_value: bytes


@asn1.sequence
class TimeStampReq:
    """RFC 3161, 2.4.1."""

    version: int
    message_imprint: MessageImprint
    req_policy: Oid | None = None
    nonce: int | None = None
    cert_req: Annotated[bool, asn1.Default(False)]
    extensions: Annotated[list[Extension] | None, asn1.Implicit(0)] = None


@asn1.sequence
class Accuracy:
    """How far the clock may be off; seconds, then thousandths."""

    seconds: int | None = None
    millis: Annotated[int | None, asn1.Implicit(0)] = None


@asn1.sequence
class TstInfo:
    """RFC 3161, 2.4.2: what the authority signs."""

    version: int
    policy: Oid
    message_imprint: MessageImprint
    serial_number: int
    gen_time: asn1.GeneralizedTime
    accuracy: Accuracy | None = None
    nonce: int | None = None


@asn1.sequence
class EssCertIdV2:
    """The signer's certificate by its SHA-256 (the default algorithm, so not named)."""

    cert_hash: bytes


@asn1.sequence
class SigningCertificateV2:
    """RFC 5035, section 3."""

    certs: list[EssCertIdV2]


@asn1.sequence
class OidAttribute:
    """A signed attribute whose value is an identifier."""

    type: Oid
    values: asn1.SetOf[Oid]


@asn1.sequence
class BytesAttribute:
    """A signed attribute whose value is an octet string."""

    type: Oid
    values: asn1.SetOf[bytes]


@asn1.sequence
class CertificateAttribute:
    """The signed attribute that names the signer's certificate."""

    type: Oid
    values: asn1.SetOf[SigningCertificateV2]


@asn1.set
class SignedAttributes:
    """What the signature covers. CMS wants a SET OF in DER, sorted by the encodings: these three
    have fixed lengths that grow in this order, which sorts them."""

    content_type: OidAttribute
    message_digest: BytesAttribute
    signing_certificate: CertificateAttribute


@asn1.sequence
class IssuerAndSerialNumber:
    """Names the signer's certificate."""

    issuer: asn1.TLV
    serial_number: int


@asn1.sequence
class SignerInfo:
    """RFC 5652, 5.3."""

    version: int
    sid: IssuerAndSerialNumber
    digest_algorithm: AlgorithmIdentifier
    signed_attributes: Annotated[SignedAttributes, asn1.Implicit(0)]
    signature_algorithm: AlgorithmIdentifier
    signature: bytes


@asn1.sequence
class EncapsulatedContent:
    """The TSTInfo inside the signed data."""

    content_type: Oid
    content: Annotated[bytes, asn1.Explicit(0)]


@asn1.sequence
class SignedData:
    """RFC 5652, 5.1, with the certificates that were asked for."""

    version: int
    digest_algorithms: asn1.SetOf[AlgorithmIdentifier]
    content: EncapsulatedContent
    certificates: Annotated[asn1.SetOf[x509.Certificate] | None, asn1.Implicit(0)] = None
    signer_infos: asn1.SetOf[SignerInfo]


@asn1.sequence
class TimeStampToken:
    """A CMS ContentInfo with signed data."""

    content_type: Oid
    content: Annotated[SignedData, asn1.Explicit(0)]


@asn1.sequence
class PkiStatusInfo:
    """RFC 3161, 2.4.2: 0 is granted, 2 a rejection with its reasons as bits."""

    status: int
    fail_info: asn1.BitString | None = None


@asn1.sequence
class TimeStampResp:
    """RFC 3161, 2.4.2."""

    status: PkiStatusInfo
    token: TimeStampToken | None = None
