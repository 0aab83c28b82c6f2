"""Tokens whose signature verifies and that are refused all the same; and times to the fraction."""

import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

from archiver.domain.errors import TimestampInvalid
from archiver.evidence import tsp
from archiver.evidence.timestamp import verify_response
from archiver.evidence.token_facts import read_facts
from archiver.evidence.token_rules import Demands
from tests.unit.evidence.makers import (
    DATA,
    DAY,
    KEY,
    NOW,
    ROOT_KEY,
    SERVER,
    SHA1,
    SHA1_WITH_ECDSA,
    STAMPING,
    UNDER_MIDDLE,
    Maker,
    Oid,
    certificate,
    middle,
    signer,
)  # fmt: skip

LATER = datetime(2100, 1, 1, tzinfo=NOW.tzinfo)
OTHER = Oid("1.2.840.113549.1.7.1")


@pytest.mark.parametrize(
    ("maker", "told"),
    [
        # the signed attributes name another certificate: one that was swapped in afterwards
        (Maker(named=bytes(32)), "names another certificate"),
        # SHA-1 beneath the signature
        (Maker(digest=SHA1, signed_with=SHA1_WITH_ECDSA, hash=hashes.SHA1()), "rests on a hash"),
        (Maker(signed_with=SHA1_WITH_ECDSA), "rests on a hash"),
        # signed data that calls itself something else
        (Maker(attribute_type=OTHER), "not those of a time stamp"),
        (Maker(content_type=OTHER), "not a time-stamp response"),
        # a form of the future
        (Maker(version=2), "version"),
        # signed twice: which one counts?
        (Maker(signers=2), "one SignerInfo"),
        # a key that does other things too, or that is not for signing
        (Maker(signer=signer(purposes=(STAMPING, SERVER))), "verify pkcs7"),
        (Maker(signer=signer(purposes=(ExtendedKeyUsageOID.CODE_SIGNING,))), "verify pkcs7"),
        (Maker(signer=signer(signs=False)), "verify pkcs7"),
        # expired at the stamp's own time: signer, root, and what lies between
        (Maker(signer=signer(until=NOW - DAY)), "verify pkcs7"),
        (Maker(root=certificate("root", ROOT_KEY, ("root", ROOT_KEY), ca=True,
                                until=NOW - DAY)), "verify pkcs7"),
        (Maker(signer=UNDER_MIDDLE, others=(middle(until=NOW - DAY),)), "verify pkcs7"),
        # what lies between is no certification authority
        (Maker(signer=UNDER_MIDDLE, others=(middle(ca=False),)), "verify pkcs7"),
    ],
    ids=[
        "another certificate named", "SHA-1", "ECDSA with SHA-1", "attribute of another type",
        "content of another type", "version 2", "two signers", "two purposes", "code signing",
        "not for signing", "expired signer", "expired root", "expired intermediate",
        "intermediate is no authority",
    ],
)  # fmt: skip
def test_a_token_that_breaks_a_rule_is_refused(maker: Maker, told: str) -> None:
    with pytest.raises(TimestampInvalid, match=told):
        verify_response(maker.stamp(), DATA, [maker.root])


@pytest.mark.parametrize(
    "maker", [Maker(), Maker(signer=UNDER_MIDDLE, others=(middle(),))], ids=["direct", "chain"]
)
def test_the_same_tokens_without_the_fault_are_accepted(maker: Maker) -> None:
    assert verify_response(maker.stamp(), DATA, [maker.root]).policy == "1.2.3.4"


@pytest.mark.parametrize(
    ("moment", "resolution"),
    [
        (NOW, timedelta(seconds=1)),
        (NOW.replace(microsecond=500_000), timedelta(milliseconds=100)),
        (NOW.replace(microsecond=123_000), timedelta(milliseconds=1)),
        (NOW.replace(microsecond=123_456), timedelta(microseconds=1)),
    ],
)
def test_fractions_of_a_second_are_read(moment: datetime, resolution: timedelta) -> None:
    stamp = verify_response(Maker(gen_time=moment).stamp(), DATA, [Maker().root])
    assert (stamp.gen_time, stamp.resolution) == (moment, resolution)


@pytest.mark.parametrize(
    ("accuracy", "expected"),
    [
        (None, None),
        (tsp.Accuracy(seconds=1), timedelta(seconds=1)),
        (tsp.Accuracy(millis=20), timedelta(milliseconds=20)),
        (tsp.Accuracy(seconds=2, millis=500), timedelta(seconds=2.5)),
    ],
)
def test_the_accuracy_is_read(accuracy: tsp.Accuracy | None, expected: timedelta | None) -> None:
    stamp = verify_response(Maker(accuracy=accuracy).stamp(), DATA, [Maker().root])
    assert stamp.accuracy == expected


@pytest.mark.parametrize(
    ("demands", "accuracy", "told"),
    [
        (Demands(), tsp.Accuracy(seconds=60), None),
        (Demands(policies=frozenset({"1.2.3.4"})), None, None),
        (Demands(policies=frozenset({"1.2.3.5"})), None, "policy 1.2.3.4"),
        # what is not stated is accepted, and shown as not stated
        (Demands(max_accuracy=timedelta(seconds=1)), None, None),
        (Demands(max_accuracy=timedelta(seconds=1)), tsp.Accuracy(seconds=1), None),
        (Demands(max_accuracy=timedelta(seconds=1)), tsp.Accuracy(seconds=1, millis=1), "1.001 s"),
    ],
)
def test_an_operators_demands_are_checked(
    demands: Demands, accuracy: tsp.Accuracy | None, told: str | None
) -> None:
    stamp = verify_response(Maker(accuracy=accuracy).stamp(), DATA, [Maker().root])
    if told is None:
        demands.check(stamp)
        return
    with pytest.raises(TimestampInvalid, match=told):
        demands.check(stamp)


@pytest.mark.parametrize("cut", [b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x1f\x00", b"\x30"])
def test_what_is_no_der_is_told(cut: bytes) -> None:
    with pytest.raises(TimestampInvalid, match="cannot be read"):
        read_facts(cut)


def test_a_certificate_signed_over_sha1_is_refused(tmp_path: Path) -> None:
    """Made by openssl: the library that makes ours refuses to."""
    public = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    root = certificate("root", ROOT_KEY, ("root", ROOT_KEY), ca=True, until=LATER)
    files = {
        "root.key": ROOT_KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        "root.pem": root.public_bytes(Encoding.PEM),
        "stamper.pub": public,
        "extensions": b"extendedKeyUsage=critical,timeStamping",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    command = (
        "openssl x509 -new -subj /CN=stamper -force_pubkey stamper.pub -CA root.pem"
        " -CAkey root.key -CAcreateserial -extfile extensions -sha1 -days 1 -out weak.pem"
    )
    subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=True)
    weak = x509.load_pem_x509_certificate((tmp_path / "weak.pem").read_bytes())
    assert isinstance(weak.signature_hash_algorithm, hashes.SHA1)
    response = Maker(signer=weak, gen_time=weak.not_valid_before_utc).stamp()
    with pytest.raises(TimestampInvalid, match="MD5 or SHA-1 do not count"):
        verify_response(response, DATA, [root])
