"""Tokens of authorities that we did not write: certomancer's and OpenSSL's."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from certomancer.services import TimeStamper
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from archiver.domain.errors import TimestampInvalid
from archiver.evidence.timestamp import make_request, verify_response
from tests.unit.evidence.makers import (
    DATA,
    DAY,
    KEY,
    NOW,
    ROOT_KEY,
    UNDER_MIDDLE,
    Maker,
    certificate,
    middle,
    signer,
)

ROOT = Maker().root
UNTIL = datetime(2100, 1, 1, tzinfo=UTC)
LASTING_ROOT = certificate("root", ROOT_KEY, ("root", ROOT_KEY), ca=True, until=UNTIL)
PKCS8 = KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def foreign(item: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(item.public_bytes(Encoding.DER))


def certomancer(
    stamper: x509.Certificate,
    *others: x509.Certificate,
    policy: str = "1.3.6.1.4.1.4146.2.3",
    at: datetime = NOW,
    request: bytes | None = None,
) -> bytes:
    authority = TimeStamper(
        foreign(stamper),
        keys.PrivateKeyInfo.load(PKCS8),
        certs_to_embed=[foreign(other) for other in others],
        fixed_dt=at,
        policy=tsp.ObjectIdentifier(policy),
    )
    asked = request or make_request(DATA, bytes)[0]
    answer = authority.request_tsa_response(tsp.TimeStampReq.load(asked))
    dumped: bytes = answer.dump()
    return dumped


def test_certomancers_token_is_accepted() -> None:
    """It names its certificate in the older form, by SHA-1, and states no accuracy."""
    request, nonce = make_request(DATA, lambda count: b"\x01" * count)
    response = certomancer(signer(), request=request)
    stamp = verify_response(response, DATA, [ROOT], nonce=nonce)
    assert (stamp.gen_time, stamp.accuracy) == (NOW, None)
    assert stamp.policy == "1.3.6.1.4.1.4146.2.3"
    chained = certomancer(UNDER_MIDDLE, middle())
    assert verify_response(chained, DATA, [ROOT]).authority == "CN=stamper"


def test_certomancers_token_is_refused_when_something_is_wrong() -> None:
    request, nonce = make_request(DATA, lambda count: b"\x01" * count)
    cases = {
        "nonce": (certomancer(signer(), request=request), nonce + 1),
        "expired": (certomancer(signer(), at=NOW + 2 * DAY), None),
        "chain": (certomancer(UNDER_MIDDLE), None),
    }
    for response, expected in cases.values():
        with pytest.raises(TimestampInvalid):
            verify_response(response, DATA, [ROOT], nonce=expected)
    with pytest.raises(TimestampInvalid, match="Mismatch between messages"):
        verify_response(certomancer(signer()), DATA + b"x", [ROOT])


CONFIG = """
[tsa]
default_tsa = t
[t]
serial = serial
signer_digest = {digest}
default_policy = 1.2.3.4.5
digests = sha256, sha512
accuracy = secs:{seconds}, millisecs:250, microsecs:100
clock_precision_digits = {digits}
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = {named}
"""


def openssl(folder: Path, **settings: object) -> bytes:
    """The answer of `openssl ts -reply` to our request."""
    wanted = {"digest": "sha256", "seconds": 1, "digits": 6, "named": "sha256", **settings}
    request, _ = make_request(DATA, lambda count: b"\x01" * count)
    files = {
        "c.cnf": CONFIG.format(**wanted).encode(),
        "q.tsq": request,
        "key.pem": KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        "cert.pem": signer(until=UNTIL).public_bytes(Encoding.PEM),
        "serial": b"01\n",
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    command = "openssl ts -reply -queryfile q.tsq -config c.cnf -out r"
    command += " -signer cert.pem -inkey key.pem"
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    return (folder / "r").read_bytes()


@pytest.mark.parametrize("named", ["sha256", "sha1", "sha512"])
def test_openssls_token_is_accepted(tmp_path: Path, named: str) -> None:
    before = datetime.now(UTC)
    stamp = verify_response(openssl(tmp_path, named=named), DATA, [LASTING_ROOT])
    assert stamp.accuracy == timedelta(seconds=1, milliseconds=250, microseconds=100)
    assert timedelta(0) <= stamp.gen_time - before < timedelta(minutes=1)
    assert stamp.resolution <= timedelta(milliseconds=1)
    assert stamp.policy == "1.2.3.4.5"


def test_openssls_token_signed_over_sha1_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TimestampInvalid, match="rests on a hash"):
        verify_response(openssl(tmp_path, digest="sha1"), DATA, [LASTING_ROOT])
