"""The embedded authority's key and certificates, in one file made at first start.

The root signs one certificate and its key is thrown away, so nothing can be signed under it later.
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

FILE_NAME = "authority.pem"
LIFETIME = timedelta(days=30 * 365)
MARGIN = timedelta(days=1)
"""Certificates start this much before their making: clocks are set back now and then."""


@dataclass(frozen=True)
class Identity:
    """The signing key, its certificate, and the root."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    root: x509.Certificate


def open_identity(directory: Path, now: datetime) -> Identity:
    """Reads `authority.pem`, or makes it (mode 0600, fsynced) when there is none.

    Raises:
        SettingsError: it is there and broken, or it cannot be written.
    """
    path = directory / FILE_NAME
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            create_once(path, _render(_make(now)))
        data = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"the time authority's file {path} cannot be used: {error}") from error
    return _read(path, data)


def _read(path: Path, data: bytes) -> Identity:
    try:
        key = load_pem_private_key(data, password=None)
        certificate, root = x509.load_pem_x509_certificates(data)
        certificate.verify_directly_issued_by(root)
        belongs = key.public_key() == certificate.public_key()
    except (ValueError, TypeError) as error:
        raise SettingsError(
            f"the time authority's file {path} is broken ({error}): put its backup in place"
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not belongs:
        raise SettingsError(f"{path} holds a key that is not that of its certificate")
    return Identity(key, certificate, root)


def _render(identity: Identity) -> bytes:
    key = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    certificates = (identity.certificate, identity.root)
    return key + b"".join(item.public_bytes(Encoding.PEM) for item in certificates)


def _make(now: datetime) -> Identity:
    root_key = ec.generate_private_key(ec.SECP256R1())
    root_name = _name("Rature embedded time authority, root")
    root = (
        _builder(root_name, root_name, root_key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    key = ec.generate_private_key(ec.SECP256R1())
    stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    certificate = (
        _builder(_name("Rature embedded time authority"), root_name, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(stamping, critical=True)
        .add_extension(issuer, critical=False)
        .sign(root_key, hashes.SHA256())
    )
    return Identity(key, certificate, root)


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
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "proves order, not time"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
