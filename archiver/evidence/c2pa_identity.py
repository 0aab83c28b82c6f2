"""The key and certificates that Content Credentials are signed with, made at first use.

No trust list knows them: a viewer says that the signer is not known, and that is true. The root
signs one certificate and its key is thrown away.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from archiver.domain.errors import SettingsError
from archiver.evidence.once import create_once

FILE_NAME = "c2pa.pem"
LIFETIME = timedelta(days=20 * 365)
MARGIN = timedelta(days=1)
PURPOSE = ExtendedKeyUsageOID.EMAIL_PROTECTION
"""A purpose of a signer's certificate that every version of C2PA accepts."""


@dataclass(frozen=True)
class SigningIdentity:
    """PEM: the key (PKCS 8), and the certificate with its root."""

    key: bytes
    chain: bytes


def open_signing_identity(directory: Path, now: datetime) -> SigningIdentity:
    """Reads `c2pa.pem`, or makes it (mode 0600, fsynced) when there is none.

    Raises:
        SettingsError: it is there and broken, or it cannot be written.
    """
    path = directory / FILE_NAME
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            create_once(path, _make(now))
        data = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{path} cannot be used: {error}") from error
    try:
        key = load_pem_private_key(data, password=None)
        certificates = x509.load_pem_x509_certificates(data)
    except (ValueError, TypeError) as error:
        raise SettingsError(f"{path} is broken ({error}): put its backup in place") from error
    return SigningIdentity(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates),
    )


def _make(now: datetime) -> bytes:
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = _name("Rature content credentials, root")
    root_id = x509.SubjectKeyIdentifier.from_public_key(root_key.public_key())
    root = (
        _builder(root_name, root_name, root_key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    issuer = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(root_id)
    certificate = (
        _builder(_name("Rature content credentials"), root_name, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([PURPOSE]), critical=False)
        .add_extension(issuer, critical=False)
        .sign(root_key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + b"".join(item.public_bytes(Encoding.PEM) for item in (certificate, root))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - MARGIN)
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(common_name: str) -> x509.Name:
    """An organization is required; this one says what it is worth."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "a Rature service, not a known signer"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
