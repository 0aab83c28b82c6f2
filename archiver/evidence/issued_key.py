"""A signing key with a certificate of its own, in one file made at first use.

A root signs one certificate and its key is thrown away, so nothing can be signed under it later.
The file holds key, certificate and root as PEM, mode 0600, and is never made anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Generic, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from archiver.evidence.once import open_once

MARGIN = timedelta(days=1)
"""Certificates start this much before their making: clocks are set back now and then."""
Key = TypeVar("Key", EllipticCurvePrivateKey, RSAPrivateKey)
Extension = tuple[x509.ExtensionType, bool]
"""An extension, and whether it is critical."""


@dataclass(frozen=True)
class IssuedKey(Generic[Key]):
    """The signing key, its certificate, and the root that issued it."""

    key: Key
    certificate: x509.Certificate
    root: x509.Certificate

    @property
    def key_pem(self) -> bytes:
        """The private key, PKCS 8, unencrypted."""
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def chain_pem(self) -> bytes:
        """The certificate, then the root."""
        return b"".join(item.public_bytes(Encoding.PEM) for item in (self.certificate, self.root))


@dataclass(frozen=True)
class Profile(Generic[Key]):
    """What a new key and its certificates are like. `commits`: its signatures say that the content
    is meant (non-repudiation), beside that they are its own."""

    make_key: Callable[[], Key]
    name: x509.Name
    root_name: x509.Name
    lifetime: timedelta
    extensions: tuple[Extension, ...] = ()
    commits: bool = True


def open_issued_key(
    path: Path,
    what: str,
    kind: type[Key],
    profile: Profile[Key],
    now: datetime,
    *,
    remedy: str = "put its backup in place",
) -> IssuedKey[Key]:
    """Reads the file, or makes it. `what` names it in an error.

    Raises:
        SettingsError: it is there and broken, or it cannot be written.
    """

    def make() -> bytes:
        made = _issue(profile, now)
        return made.key_pem + made.chain_pem

    return open_once(path, what, make, lambda data: _read(data, kind), remedy=remedy)


def _read(data: bytes, kind: type[Key]) -> IssuedKey[Key]:
    key = load_pem_private_key(data, password=None)
    certificate, root = x509.load_pem_x509_certificates(data)
    try:
        certificate.verify_directly_issued_by(root)
    except InvalidSignature:
        raise ValueError("its root did not issue its certificate") from None
    if not isinstance(key, kind) or key.public_key() != certificate.public_key():
        raise ValueError("its key is not that of its certificate")
    return IssuedKey(key, certificate, root)


def _issue(profile: Profile[Key], now: datetime) -> IssuedKey[Key]:
    root_key, key = profile.make_key(), profile.make_key()
    root = (
        _builder(profile, profile.root_name, root_key, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True, commits=False), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    builder = (
        _builder(profile, profile.name, key, now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False, commits=profile.commits), critical=True)
        .add_extension(issuer, critical=False)
    )
    for extension, critical in profile.extensions:
        builder = builder.add_extension(extension, critical=critical)
    return IssuedKey(key, builder.sign(root_key, hashes.SHA256()), root)


def _builder(
    profile: Profile[Key], subject: x509.Name, key: Key, now: datetime
) -> x509.CertificateBuilder:
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(profile.root_name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - MARGIN)
        .not_valid_after(now + profile.lifetime)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, signs_certificates: bool, commits: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=commits,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
