"""An authority for tests that can be told to do one thing wrong, and certificates for it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from archiver.evidence import tsp

DATA = b"data"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
Oid = x509.ObjectIdentifier
KEY, ROOT_KEY, MIDDLE_KEY = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
SHA1_WITH_ECDSA = Oid("1.2.840.10045.4.1")
SHA1 = Oid("1.3.14.3.2.26")
STAMPING, SERVER = ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.SERVER_AUTH


def certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: tuple[str, ec.EllipticCurvePrivateKey],
    *,
    ca: bool = False,
    until: datetime = NOW + DAY,
    purposes: tuple[Oid, ...] = (STAMPING,),
    signs: bool = True,
    algorithm: Any = None,
) -> x509.Certificate:
    subject, by = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in (name, issuer[0])
    )
    usage = x509.KeyUsage(
        digital_signature=signs and not ca, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=not signs, key_cert_sign=ca, crl_sign=ca,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 9 * DAY)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    if not ca:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=True)
    return builder.sign(issuer[1], algorithm or hashes.SHA256())


@dataclass
class Maker:
    """An authority that can be told to do one thing wrong. `others` come along in the token."""

    root: x509.Certificate = field(
        default_factory=lambda: certificate("root", ROOT_KEY, ("root", ROOT_KEY), ca=True)
    )
    signer: x509.Certificate = field(
        default_factory=lambda: certificate("stamper", KEY, ("root", ROOT_KEY))
    )
    named: bytes | None = None
    content_type: Oid = tsp.TST_INFO
    attribute_type: Oid = tsp.TST_INFO
    gen_time: datetime = NOW
    accuracy: tsp.Accuracy | None = None
    version: int = 1
    digest: Oid = tsp.SHA256
    signed_with: Oid = tsp.ECDSA_WITH_SHA256
    hash: Any = field(default_factory=hashes.SHA256)
    attributes: Callable[[list[Any]], list[Any]] = list
    others: tuple[x509.Certificate, ...] = ()
    signers: int = 1

    def stamp(self, data: bytes = DATA, nonce: int | None = None) -> bytes:
        imprint = tsp.MessageImprint(
            hash_algorithm=tsp.AlgorithmIdentifier(algorithm=tsp.SHA256),
            hashed_message=hashlib.sha256(data).digest(),
        )
        content = asn1.encode_der(
            tsp.TstInfo(
                version=self.version,
                policy=Oid("1.2.3.4"),
                message_imprint=imprint,
                serial_number=7,
                gen_time=asn1.GeneralizedTime(self.gen_time),
                accuracy=self.accuracy,
                nonce=nonce,
            )
        )
        return asn1.encode_der(
            tsp.TimeStampResp(status=tsp.PkiStatusInfo(status=0), token=self._signed(content))
        )

    def _signed(self, content: bytes) -> tsp.TimeStampToken:
        digest = hashes.Hash(self.hash)
        digest.update(content)
        named = self.named or self.signer.fingerprint(hashes.SHA256())
        names = tsp.SigningCertificateV2(certs=[tsp.EssCertIdV2(cert_hash=named)])
        attributes = tsp.SignedAttributes(
            content_type=tsp.OidAttribute(
                type=tsp.CONTENT_TYPE, values=asn1.SetOf([self.attribute_type])
            ),
            message_digest=tsp.BytesAttribute(
                type=tsp.MESSAGE_DIGEST, values=asn1.SetOf([digest.finalize()])
            ),
            signing_certificate=tsp.CertificateAttribute(
                type=tsp.SIGNING_CERTIFICATE_V2, values=asn1.SetOf([names])
            ),
        )
        algorithm = tsp.AlgorithmIdentifier(algorithm=self.digest)
        signer = tsp.SignerInfo(
            version=1,
            sid=tsp.IssuerAndSerialNumber(
                issuer=asn1.decode_der(asn1.TLV, self.signer.issuer.public_bytes()),
                serial_number=self.signer.serial_number,
            ),
            digest_algorithm=algorithm,
            signed_attributes=attributes,
            signature_algorithm=tsp.AlgorithmIdentifier(algorithm=self.signed_with),
            signature=KEY.sign(asn1.encode_der(attributes), ec.ECDSA(self.hash)),
        )
        signed = tsp.SignedData(
            version=3,
            digest_algorithms=asn1.SetOf([algorithm]),
            content=tsp.EncapsulatedContent(content_type=self.content_type, content=content),
            certificates=asn1.SetOf([self.signer, *self.others]),
            signer_infos=asn1.SetOf([signer] * self.signers),
        )
        return tsp.TimeStampToken(content_type=tsp.SIGNED_DATA, content=signed)


def signer(**changes: Any) -> x509.Certificate:
    return certificate("stamper", KEY, ("root", ROOT_KEY), **changes)


def middle(**changes: Any) -> x509.Certificate:
    return certificate("middle", MIDDLE_KEY, ("root", ROOT_KEY), **{"ca": True, **changes})


UNDER_MIDDLE = certificate("stamper", KEY, ("middle", MIDDLE_KEY))
