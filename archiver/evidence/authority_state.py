"""The embedded authority's key and certificates, in one file made at first start."""

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from archiver.evidence.issued_key import IssuedKey, Profile, open_issued_key

FILE_NAME = "authority.pem"
LIFETIME = timedelta(days=30 * 365)
Identity = IssuedKey[ec.EllipticCurvePrivateKey]


def open_identity(directory: Path, now: datetime) -> Identity:
    """Reads `authority.pem`, or makes it (mode 0600, fsynced) when there is none.

    Raises:
        SettingsError: it is there and broken, or it cannot be written.
    """
    stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    profile = Profile(
        make_key=lambda: ec.generate_private_key(ec.SECP256R1()),
        name=_name("Rature embedded time authority"),
        root_name=_name("Rature embedded time authority, root"),
        lifetime=LIFETIME,
        extensions=((stamping, True),),
    )
    path = directory / FILE_NAME
    return open_issued_key(
        path, "the time authority's file", ec.EllipticCurvePrivateKey, profile, now
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "proves order, not time"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
