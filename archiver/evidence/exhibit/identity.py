"""The key and certificates that exhibits are signed with, in one file made at first use.

The certificate says which service signed, by that service's own word; nobody else vouches for it,
and there is no list of revoked certificates. What makes it worth something is the time stamps.
"""

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from archiver.evidence.issued_key import IssuedKey, Profile, open_issued_key

FILE_NAME = "exhibit.key"
KEY_BITS = 3072
"""RSA: a signature on an elliptic curve would make the file PDF 2.0, which few readers check."""
LIFETIME = timedelta(days=30 * 365)
MAX_NAME = 64
"""Characters in a common name (RFC 5280, appendix A); the whole address is an alternative name."""
ExhibitIdentity = IssuedKey[rsa.RSAPrivateKey]


def open_identity(folder: Path, public_url: str, now: datetime) -> ExhibitIdentity:
    """Reads `exhibit.key`, or makes it (mode 0600, fsynced) when there is none.

    Raises:
        SettingsError: it is there and broken, or it cannot be written.
    """
    service = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(public_url)])
    profile = Profile(
        make_key=lambda: rsa.generate_private_key(65537, KEY_BITS),
        name=_name(f"Rature exhibit, {public_url}"),
        root_name=_name("Rature exhibits, root"),
        lifetime=LIFETIME,
        extensions=((service, False),),
    )
    return open_issued_key(
        folder / FILE_NAME,
        "the exhibit's key",
        rsa.RSAPrivateKey,
        profile,
        now,
        remedy="put its backup in place, or remove it to have a new one made",
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:MAX_NAME])])
