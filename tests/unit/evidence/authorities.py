"""Time authorities with keys at hand: sound ones, and ones that may not stamp."""

import os
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from archiver.evidence.authority import LocalAuthority
from archiver.evidence.authority_state import Identity
from archiver.evidence.timestamp import make_request

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
STAMPING = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
SERVER = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: tuple[str, ec.EllipticCurvePrivateKey],
    *,
    ca: bool,
    until: datetime = NOW + 400 * DAY,
    purpose: x509.ExtendedKeyUsage | None = None,
    critical: bool = True,
) -> x509.Certificate:
    subject, by = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in (name, issuer[0])
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - DAY)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if purpose is not None:
        builder = builder.add_extension(purpose, critical=critical)
    return builder.sign(issuer[1], hashes.SHA256())


def identity(
    purpose: x509.ExtendedKeyUsage | None = STAMPING,
    *,
    critical: bool = True,
    valid_until: datetime = NOW + DAY,
    root_name: str = "root",
    root_key: ec.EllipticCurvePrivateKey | None = None,
) -> Identity:
    """A root and a certificate under it that differs in one thing from a sound one."""
    root_key, key = root_key or new_key(), new_key()
    root = certificate(root_name, root_key, (root_name, root_key), ca=True)
    made = certificate(
        "stamper",
        key,
        (root_name, root_key),
        ca=False,
        until=valid_until,
        purpose=purpose,
        critical=critical,
    )
    return Identity(key, made, root)


def chained() -> tuple[Identity, x509.Certificate]:
    """A stamper under an intermediate under a root; its tokens carry the stamper's alone."""
    root_key, middle_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    root = certificate("root", root_key, ("root", root_key), ca=True)
    middle = certificate("middle", middle_key, ("root", root_key), ca=True)
    made = certificate("stamper", key, ("middle", middle_key), ca=False, purpose=STAMPING)
    return Identity(key, made, root), middle


def stamp(made: Identity, at: datetime = NOW, data: bytes = b"data") -> bytes:
    authority = LocalAuthority(made, lambda: at, os.urandom)
    return authority.stamp(make_request(data, os.urandom)[0])
