"""The key and certificates that Content Credentials are signed with, made at first use.

No trust list knows them: a viewer says that the signer is not known, and that is true.
"""

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from archiver.evidence.issued_key import IssuedKey, Profile, open_issued_key

FILE_NAME = "c2pa.pem"
LIFETIME = timedelta(days=20 * 365)
PURPOSE = ExtendedKeyUsageOID.EMAIL_PROTECTION
"""A purpose of a signer's certificate that every version of C2PA accepts."""
SigningIdentity = IssuedKey[ec.EllipticCurvePrivateKey]


def open_signing_identity(directory: Path, now: datetime) -> SigningIdentity:
    """Reads `c2pa.pem`, or makes it (mode 0600, fsynced) when there is none.

    Raises:
        SettingsError: it is there and broken, or it cannot be written.
    """
    profile = Profile(
        make_key=lambda: ec.generate_private_key(ec.SECP256R1()),
        name=_name("Rature content credentials"),
        root_name=_name("Rature content credentials, root"),
        lifetime=LIFETIME,
        extensions=((x509.ExtendedKeyUsage([PURPOSE]), False),),
        commits=False,
    )
    path = directory / FILE_NAME
    return open_issued_key(
        path, "the key of Content Credentials", ec.EllipticCurvePrivateKey, profile, now
    )


def _name(common_name: str) -> x509.Name:
    """An organization is required; this one says what it is worth."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "a Rature service, not a known signer"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
