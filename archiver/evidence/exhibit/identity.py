"""The key and certificates that exhibits are signed with, in one file made at first use.

As with the embedded time authority, a root signs one certificate and its key is thrown away. The
certificate says which service signed, by that service's own word; nobody else vouches for it, and
there is no list of revoked certificates. What makes it worth something is the time stamps.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from archiver.domain.errors import SettingsError
from archiver.evidence.once import create_once

FILE_NAME = "exhibit.key"
KEY_BITS = 3072
"""RSA: a signature on an elliptic curve would make the file PDF 2.0, which few readers check."""
LIFETIME = timedelta(days=30 * 365)
MARGIN = timedelta(days=1)
MAX_NAME = 64
"""Characters in a common name (RFC 5280, appendix A); the whole address is an alternative name."""


@dataclass(frozen=True)
class ExhibitIdentity:
    """The signing key, its certificate, and the root that issued it."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate
    root: x509.Certificate


def open_identity(folder: Path, public_url: str, now: datetime) -> ExhibitIdentity:
    """Reads `exhibit.key`, or makes it (mode 0600, fsynced) when there is none.

    Raises:
        SettingsError: it is there and broken, or it cannot be written.
    """
    path = folder / FILE_NAME
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            create_once(path, _render(_make(public_url, now)))
        return _read(path, path.read_bytes())
    except OSError as error:
        raise SettingsError(f"the exhibit's key {path} cannot be used: {error}") from error


def _read(path: Path, data: bytes) -> ExhibitIdentity:
    try:
        key = load_pem_private_key(data, password=None)
        certificate, root = x509.load_pem_x509_certificates(data)
        certificate.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature) as error:
        raise SettingsError(
            f"the exhibit's key {path} is broken ({error}): put its backup in place, or remove it"
            " to have a new one made"
        ) from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.public_key() != certificate.public_key():
        raise SettingsError(f"{path} holds a key that is not that of its certificate")
    return ExhibitIdentity(key, certificate, root)


def _render(identity: ExhibitIdentity) -> bytes:
    key = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    certificates = (identity.certificate, identity.root)
    return key + b"".join(item.public_bytes(Encoding.PEM) for item in certificates)


def _make(public_url: str, now: datetime) -> ExhibitIdentity:
    root_key = rsa.generate_private_key(65537, KEY_BITS)
    root_name = _name("Rature exhibits, root")
    root = (
        _builder(root_name, root_name, root_key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    key = rsa.generate_private_key(65537, KEY_BITS)
    name = _name(f"Rature exhibit, {public_url}")
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    service = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(public_url)])
    certificate = (
        _builder(name, root_name, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(service, critical=False)
        .add_extension(issuer, critical=False)
        .sign(root_key, hashes.SHA256())
    )
    return ExhibitIdentity(key, certificate, root)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, now: datetime
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
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:MAX_NAME])])


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
