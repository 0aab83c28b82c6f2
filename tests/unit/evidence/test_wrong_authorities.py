"""Time stamps that are signed well by a certificate that may not sign them."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from archiver.domain.errors import TimestampInvalid
from archiver.evidence.authority import LocalAuthority
from archiver.evidence.authority_state import Identity
from archiver.evidence.timestamp import make_request, verify_response

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
STAMPING = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
SERVER = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])


def identity(
    purpose: x509.ExtendedKeyUsage | None = STAMPING,
    *,
    critical: bool = True,
    valid_until: datetime = NOW + DAY,
) -> Identity:
    """A root and a certificate under it that differs in one thing from a sound one."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("root", "stamper")
    ]
    made = []
    for name, key, ca in zip(names, keys, (True, False), strict=True):
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(names[0])
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - DAY)
            .not_valid_after(NOW + 400 * DAY if ca else valid_until)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if purpose is not None and not ca:
            builder = builder.add_extension(purpose, critical=critical)
        made.append(builder.sign(keys[0], hashes.SHA256()))
    return Identity(keys[1], made[1], made[0])


def stamp(made: Identity, at: datetime = NOW) -> bytes:
    authority = LocalAuthority(made, lambda: at, os.urandom)
    return authority.stamp(make_request(b"data", os.urandom)[0])


def test_the_sound_one_is_accepted() -> None:
    made = identity()
    assert verify_response(stamp(made), b"data", [made.root]).authority == "CN=stamper"


@pytest.mark.parametrize(
    ("made", "at"),
    [
        (identity(None), NOW),  # not for time stamping at all
        (identity(SERVER), NOW),  # for another purpose
        (identity(critical=False), NOW),  # RFC 3161, 2.3: the purpose must be critical
        (identity(valid_until=NOW - DAY / 2), NOW),  # expired when it stamped
        (identity(), NOW - 2 * DAY),  # not yet valid when it stamped
    ],
)
def test_a_certificate_that_may_not_stamp_is_refused(made: Identity, at: datetime) -> None:
    with pytest.raises(TimestampInvalid):
        verify_response(stamp(made, at), b"data", [made.root])


def test_a_stamp_outlives_its_certificate() -> None:
    """Validity counts at the moment of the stamp, not at that of the verification."""
    made = identity(valid_until=NOW)
    before = NOW - DAY / 2
    assert verify_response(stamp(made, before), b"data", [made.root]).gen_time == before


def test_a_root_of_the_same_name_does_not_help() -> None:
    made, other = identity(), identity()
    with pytest.raises(TimestampInvalid):
        verify_response(stamp(made), b"data", [other.root])
