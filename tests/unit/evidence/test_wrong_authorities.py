"""Time stamps that are signed well by a certificate that may not sign them."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from archiver.domain.errors import ProofInvalid, TimestampInvalid
from archiver.evidence.authority import LocalAuthority
from archiver.evidence.authority_state import Identity
from archiver.evidence.bundle import write_bundle
from archiver.evidence.timestamp import make_request, verify_response
from tests.unit.evidence.house import full_story, open_house
from tests.unit.evidence.verifiers import ours, stock

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
STAMPING = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
SERVER = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])


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
) -> Identity:
    """A root and a certificate under it that differs in one thing from a sound one."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
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


def test_an_intermediate_that_comes_along_completes_the_chain() -> None:
    made, middle = chained()
    response = stamp(made)
    with pytest.raises(TimestampInvalid):
        verify_response(response, b"data", [made.root])
    assert verify_response(response, b"data", [made.root], intermediates=[middle]).serial > 0


def test_a_forgers_root_among_the_intermediates_is_not_trusted() -> None:
    """The library by itself would trust it."""
    true, forger = identity(), identity(root_name="forged root")
    with pytest.raises(TimestampInvalid):
        verify_response(stamp(forger), b"data", [true.root], intermediates=[forger.root])


def test_a_forgers_whole_chain_among_the_intermediates_is_not_trusted() -> None:
    true = identity()
    forger, middle = chained()
    several = [middle, forger.root, forger.certificate]
    with pytest.raises(TimestampInvalid):
        verify_response(stamp(forger), b"data", [true.root], intermediates=several)


def test_a_bundle_carries_intermediates_and_both_verifiers_take_them(tmp_path: Path) -> None:
    made, middle = chained()
    house = open_house(tmp_path / "authority", others=2)
    house.authority = LocalAuthority(made, lambda: NOW, os.urandom)
    story = full_story(house)
    path = tmp_path / "b.zip"
    with pytest.raises(ProofInvalid):
        write_bundle(path, story)
    write_bundle(path, replace(story, intermediates=[middle.public_bytes(Encoding.PEM)]))
    (tmp_path / "roots.pem").write_bytes(made.root.public_bytes(Encoding.PEM))
    assert stock(path, [tmp_path / "roots.pem"]) is None
    other = identity(root_name="other").root.public_bytes(Encoding.PEM)
    (tmp_path / "other.pem").write_bytes(other)
    assert "trusted roots" in (ours(path, roots=other) or "")
    assert "roots that you trust" in (stock(path, [tmp_path / "other.pem"]) or "")
