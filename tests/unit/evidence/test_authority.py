"""Time stamps: asked for, made by the embedded authority, checked by two independent verifiers."""

import hashlib
import os
import stat
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat import asn1
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from archiver.domain.errors import SettingsError, TimestampInvalid
from archiver.evidence import tsp
from archiver.evidence.authority import LOCAL_POLICY, LocalAuthority
from archiver.evidence.timestamp import RemoteAuthority, make_request, verify_response

DATA = b"0123  meta.json\n"
NOW = datetime(2026, 3, 1, 12, 0, 0, 437_900, tzinfo=UTC)


@pytest.fixture
def authority(tmp_path: Path) -> LocalAuthority:
    return LocalAuthority.open(tmp_path / "authority", lambda: NOW, os.urandom)


def openssl_verify(directory: Path, response: bytes, data: bytes, root: bytes) -> int:
    for name, content in {"r.tsr": response, "data": data, "root.pem": root}.items():
        (directory / name).write_bytes(content)
    command = "openssl ts -verify -in r.tsr -data data -CAfile root.pem"
    return subprocess.run(
        command.split(), cwd=directory, capture_output=True, check=False
    ).returncode


def test_both_verifiers_accept_its_stamp(authority: LocalAuthority, tmp_path: Path) -> None:
    request, nonce = make_request(DATA, os.urandom)
    response = authority.stamp(request)
    stamp = verify_response(response, DATA, [authority.root], nonce=nonce)
    assert stamp.gen_time == NOW.replace(microsecond=437_000)
    assert stamp.resolution == timedelta(milliseconds=1)
    assert stamp.accuracy == timedelta(seconds=1)
    assert not stamp.says_qualified
    assert stamp.policy == LOCAL_POLICY.dotted_string
    assert "proves order" in stamp.authority
    assert openssl_verify(tmp_path, response, DATA, authority.root_pem) == 0


def test_both_verifiers_refuse_it_over_other_data(
    authority: LocalAuthority, tmp_path: Path
) -> None:
    response = authority.stamp(make_request(DATA, os.urandom)[0])
    with pytest.raises(TimestampInvalid, match="Mismatch between messages"):
        verify_response(response, DATA + b"x", [authority.root])
    assert openssl_verify(tmp_path, response, DATA + b"x", authority.root_pem) != 0


def test_requests_of_openssl_are_answered(authority: LocalAuthority, tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(DATA)
    command = "openssl ts -query -data data -sha512 -cert -out q.tsq"
    subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "r.tsr").write_bytes(authority.stamp((tmp_path / "q.tsq").read_bytes()))
    (tmp_path / "root.pem").write_bytes(authority.root_pem)
    verify = "openssl ts -verify -in r.tsr -queryfile q.tsq -CAfile root.pem"
    assert (
        subprocess.run(verify.split(), cwd=tmp_path, capture_output=True, check=False).returncode
        == 0
    )


def test_requests_of_rfc3161_client_are_answered(authority: LocalAuthority) -> None:
    builder = TimestampRequestBuilder().data(DATA).hash_algorithm(HashAlgorithm.SHA256)
    request = builder.build()
    response = authority.stamp(request.as_bytes())
    assert verify_response(response, DATA, [authority.root], nonce=request.nonce).serial > 0


def test_our_request_is_read_by_openssl(tmp_path: Path) -> None:
    request, nonce = make_request(DATA, os.urandom)
    (tmp_path / "q.tsq").write_bytes(request)
    command = "openssl ts -query -in q.tsq -text"
    shown = subprocess.run(
        command.split(), cwd=tmp_path, capture_output=True, text=True, check=False
    ).stdout
    assert "Hash Algorithm: sha256" in shown
    assert f"Nonce: 0x{nonce:016X}" in shown.replace("Nonce: 0x00", "Nonce: 0x")
    assert "Certificate required: yes" in shown


def test_milliseconds_and_accuracy_are_told(authority: LocalAuthority, tmp_path: Path) -> None:
    (tmp_path / "r.tsr").write_bytes(authority.stamp(make_request(DATA, os.urandom)[0]))
    command = "openssl ts -reply -in r.tsr -text"
    shown = subprocess.run(
        command.split(), cwd=tmp_path, capture_output=True, text=True, check=False
    ).stdout
    assert "Time stamp: Mar  1 12:00:00.437 2026 GMT" in shown
    assert "Accuracy: 0x01 seconds" in shown


def test_a_clock_of_another_zone_is_converted(tmp_path: Path) -> None:
    paris = NOW.astimezone(timezone(timedelta(hours=2)))
    authority = LocalAuthority.open(tmp_path, lambda: paris, os.urandom)
    response = authority.stamp(make_request(DATA, os.urandom)[0])
    stamp = verify_response(response, DATA, [authority.root])
    assert stamp.gen_time == NOW.replace(microsecond=437_000)


def test_certificates_are_left_out_when_not_asked_for(authority: LocalAuthority) -> None:
    request = asn1.decode_der(tsp.TimeStampReq, make_request(DATA, os.urandom)[0])
    request.cert_req = False
    response = asn1.decode_der(tsp.TimeStampResp, authority.stamp(asn1.encode_der(request)))
    assert response.token is not None
    assert response.token.content.certificates is None


def changed_request(change: Callable[[Any], None]) -> bytes:
    request = asn1.decode_der(tsp.TimeStampReq, make_request(DATA, os.urandom)[0])
    change(request)
    return asn1.encode_der(request)


def set_algorithm(request: Any) -> None:
    request.message_imprint.hash_algorithm.algorithm = x509.ObjectIdentifier("1.3.14.3.2.26")


def set_policy(request: Any) -> None:
    request.req_policy = x509.ObjectIdentifier("1.2.3")


def set_short(request: Any) -> None:
    request.message_imprint.hashed_message = b"short"


def set_extension(request: Any) -> None:
    identifier = x509.ObjectIdentifier("1.2.3")
    request.extensions = [tsp.Extension(extn_id=identifier, critical=True, extn_value=b"")]


@pytest.mark.parametrize(
    ("request_der", "told"),
    [
        (b"", "wrong format"),  # nothing
        (b"no DER", "wrong format"),
        (b"\x30" * 20_000, "wrong format"),  # too long to be a request
        (changed_request(set_algorithm), "unrecognized or unsupported algorithm"),  # SHA-1
        (changed_request(set_short), "wrong format"),  # a hash of another length
        (changed_request(set_policy), "policy is not supported"),
        (changed_request(set_extension), "extension is not supported"),
    ],
    ids=["nothing", "no DER", "too long", "SHA-1", "short hash", "policy", "extension"],
)
def test_what_cannot_be_granted_is_rejected_with_its_reason(
    authority: LocalAuthority, tmp_path: Path, request_der: bytes, told: str
) -> None:
    response = authority.stamp(request_der)
    (tmp_path / "r.tsr").write_bytes(response)
    command = "openssl ts -reply -in r.tsr -text"
    shown = subprocess.run(
        command.split(), cwd=tmp_path, capture_output=True, text=True, check=False
    ).stdout
    assert "Status: Rejected" in shown
    assert told in shown
    with pytest.raises(TimestampInvalid, match="refused"):
        verify_response(response, DATA, [authority.root])


@pytest.mark.parametrize(
    "marker",
    [
        b"20260301120000",  # the time
        hashlib.sha256(DATA).digest(),  # what is stamped
        b"\x02\x01\x01\x06",  # the version and policy
        b"proves order",  # the signer's certificate
        b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04",  # the signed digest of all that
        b"",  # the end: the signature
    ],
)
def test_a_flipped_bit_in_what_is_signed_is_found(
    authority: LocalAuthority, tmp_path: Path, marker: bytes
) -> None:
    response = bytearray(authority.stamp(make_request(DATA, os.urandom)[0]))
    place = response.index(marker) + len(marker) - 1 if marker else -1
    response[place] ^= 1
    with pytest.raises(TimestampInvalid):
        verify_response(bytes(response), DATA, [authority.root])
    assert openssl_verify(tmp_path, bytes(response), DATA, authority.root_pem) != 0


def test_a_stamp_by_somebody_else_is_refused(authority: LocalAuthority, tmp_path: Path) -> None:
    other = LocalAuthority.open(tmp_path / "other", lambda: NOW, os.urandom)
    response = other.stamp(make_request(DATA, os.urandom)[0])
    with pytest.raises(TimestampInvalid):
        verify_response(response, DATA, [authority.root])
    with pytest.raises(TimestampInvalid, match="no trusted root"):
        verify_response(response, DATA, [])
    assert verify_response(response, DATA, [authority.root, other.root]).root == other.root


def test_roots_of_one_check_do_not_leak_into_the_next(
    authority: LocalAuthority, tmp_path: Path
) -> None:
    other = LocalAuthority.open(tmp_path / "other", lambda: NOW, os.urandom)
    response = authority.stamp(make_request(DATA, os.urandom)[0])
    verify_response(response, DATA, [other.root, authority.root])
    with pytest.raises(TimestampInvalid):
        verify_response(response, DATA, [other.root])


def test_an_answer_to_another_question_is_refused(authority: LocalAuthority) -> None:
    _, nonce = make_request(DATA, os.urandom)
    replayed = authority.stamp(make_request(DATA, os.urandom)[0])
    with pytest.raises(TimestampInvalid, match="Nonce"):
        verify_response(replayed, DATA, [authority.root], nonce=nonce)


@pytest.mark.parametrize("response", [b"", b"<html>", b"\x30\x00", b"\x30\x03\x02\x01\x00"])
def test_what_is_no_response_is_told(authority: LocalAuthority, response: bytes) -> None:
    with pytest.raises(TimestampInvalid):
        verify_response(response, DATA, [authority.root])


def test_bytes_behind_the_response_are_refused(authority: LocalAuthority) -> None:
    response = authority.stamp(make_request(DATA, os.urandom)[0])
    with pytest.raises(TimestampInvalid):
        verify_response(response + b"\x00", DATA, [authority.root])


def test_the_identity_is_made_once(tmp_path: Path) -> None:
    first = LocalAuthority.open(tmp_path, lambda: NOW, os.urandom)
    path = tmp_path / "authority.pem"
    before = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert LocalAuthority.open(tmp_path, lambda: NOW, os.urandom).root == first.root
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == ["authority.pem"]


def test_starts_at_the_same_moment_end_with_one_identity(tmp_path: Path) -> None:
    def start(_: int) -> x509.Certificate:
        return LocalAuthority.open(tmp_path, lambda: NOW, os.urandom).root

    with ThreadPoolExecutor(8) as pool:
        roots = list(pool.map(start, range(8)))
    assert len({root.serial_number for root in roots}) == 1


@pytest.mark.parametrize("content", [b"", b"-----BEGIN", b"\x00\xff"])
def test_a_broken_identity_is_told_and_never_made_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "authority.pem"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"authority\.pem"):
        LocalAuthority.open(tmp_path, lambda: NOW, os.urandom)
    assert path.read_bytes() == content


def test_a_key_of_another_certificate_is_told(tmp_path: Path) -> None:
    for name in ("a", "b"):
        LocalAuthority.open(tmp_path / name, lambda: NOW, os.urandom)
    mine, other = ((tmp_path / name / "authority.pem").read_bytes() for name in ("a", "b"))
    mark = b"-----BEGIN CERTIFICATE-----"
    (tmp_path / "a/authority.pem").write_bytes(
        mine.partition(mark)[0] + mark + other.partition(mark)[2]
    )
    with pytest.raises(SettingsError, match="not that of its certificate"):
        LocalAuthority.open(tmp_path / "a", lambda: NOW, os.urandom)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SettingsError, match="cannot be used"):
        LocalAuthority.open(tmp_path / "file", lambda: NOW, os.urandom)


def test_a_remote_authority_is_asked_by_the_function_given() -> None:
    asked = []

    def post(url: str, body: bytes, headers: dict[str, str]) -> bytes:
        asked.append((url, body, headers))
        return b"answer"

    assert RemoteAuthority("https://tsa.example", post).stamp(b"question") == b"answer"
    expected = {"Content-Type": "application/timestamp-query"}
    assert asked == [("https://tsa.example", b"question", expected)]
