"""Time stamps that are signed well by a certificate that may not sign them."""

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from archiver.domain.errors import ProofInvalid, TimestampInvalid
from archiver.evidence.authority import LocalAuthority
from archiver.evidence.authority_state import Identity
from archiver.evidence.bundle import write_bundle
from archiver.evidence.timestamp import verify_response
from tests.unit.evidence.authorities import DAY, NOW, SERVER, chained, identity, stamp
from tests.unit.evidence.house import full_story, open_house
from tests.unit.evidence.verifiers import ours, stock


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
