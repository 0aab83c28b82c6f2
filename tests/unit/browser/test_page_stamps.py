"""Time stamps, signatures and inclusion proofs as the page checks them: the same answer as the
service's own check, on tokens of several makers."""

import hashlib
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from archiver.domain.errors import TimestampInvalid
from archiver.evidence import tiles
from archiver.evidence.merkle import EMPTY_ROOT, leaf_hash
from archiver.evidence.timestamp import verify_response
from tests.unit.browser.page_verifier import ask_parts
from tests.unit.evidence.authorities import DAY, NOW, SERVER, chained, identity, stamp

DATA = b"data"
CONFIG = """
[tsa]
default_tsa = own
[own]
dir = .
serial = $dir/serial
signer_cert = $dir/stamper.pem
signer_key = $dir/stamper.key
certs = $dir/middle.pem
signer_digest = {digest}
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = {ess}
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[stamper]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
"""
Asked = dict[str, Any]
Key = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def asked(
    response: bytes,
    roots: Sequence[x509.Certificate],
    others: Sequence[x509.Certificate] = (),
    data: bytes = DATA,
) -> Asked:
    der = {"roots": roots, "others": others}
    listed = {
        name: [item.public_bytes(Encoding.DER) for item in each] for name, each in der.items()
    }
    return {"ask": "stamp", "response": response, "data": data, **listed}


def accepted_by_the_service(one: Asked) -> bool:
    roots, others = (
        [x509.load_der_x509_certificate(item) for item in one[name]] for name in ("roots", "others")
    )
    try:
        verify_response(one["response"], one["data"], roots, intermediates=others)
    except TimestampInvalid:
        return False
    return True


def flipped(data: bytes, at: int, bit: int = 0) -> bytes:
    return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]


def stamps() -> Mapping[str, Asked]:
    sound, forger = identity(), identity(root_name="forged root")
    (under, middle), (forged, forged_middle) = chained(), chained()
    expired, future = identity(valid_until=NOW - DAY / 2), stamp(identity(), NOW - 2 * DAY)
    good = stamp(sound)
    return {
        "sound": asked(good, [sound.root]),
        "after its certificate's end": asked(stamp(sound, NOW + 2 * DAY), [sound.root]),
        "for other data": asked(good, [sound.root], data=b"other"),
        "no purpose": asked(stamp(bare := identity(None)), [bare.root]),
        "another purpose": asked(stamp(server := identity(SERVER)), [server.root]),
        "a purpose not critical": asked(stamp(lax := identity(critical=False)), [lax.root]),
        "expired": asked(stamp(expired), [expired.root]),
        "before its certificate": asked(future, [sound.root]),
        "a root of the same name": asked(good, [identity().root]),
        "no root": asked(good, []),
        "a missing intermediate": asked(stamp(under), [under.root]),
        "with its intermediate": asked(stamp(under), [under.root], [middle]),
        "a forger's root between": asked(stamp(forger), [sound.root], [forger.root]),
        "a forger's chain between": asked(
            stamp(forged), [sound.root], [forged_middle, forged.root, forged.certificate]
        ),
        "the stamper as a root": asked(good, [sound.certificate]),
        "cut short": asked(good[:-1], [sound.root]),
        "with more behind": asked(good + b"\0", [sound.root]),
        "not a stamp": asked(b"no", [sound.root]),
        "nothing": asked(b"", [sound.root]),
        "a refusal": asked(bytes.fromhex("30093007020102030205a0")[:11], [sound.root]),
        **{
            f"a flipped bit at {at}.{bit}": asked(flipped(good, at, bit), [sound.root])
            for at in range(len(good))
            for bit in range(8)
        },
    }


def test_the_page_accepts_the_stamps_that_the_service_accepts() -> None:
    cases = stamps()
    service = {name: accepted_by_the_service(one) for name, one in cases.items()}
    answers = dict(zip(cases, ask_parts(list(cases.values())), strict=True))
    page = {name: answer is True for name, answer in answers.items()}
    # where the signature does not reach, either may be stricter about what it does not use
    assert {name for name in cases if page[name] and not service[name]} == set()
    other = {name for name in cases if page[name] != service[name]}
    assert {name for name in other if "flipped" not in name} == set()
    accepted = {name for name, held in page.items() if held and "flipped" not in name}
    assert accepted == {"sound", "with its intermediate"}


@pytest.mark.parametrize(
    ("key", "digest", "ess"),
    [
        ("rsa:2048", "sha256", "sha256"),
        ("rsa:2048", "sha512", "sha1"),  # the older attribute names the certificate by SHA-1
        ("ec -pkeyopt ec_paramgen_curve:P-384", "sha384", "sha384"),
        ("ec -pkeyopt ec_paramgen_curve:P-521", "sha512", "sha512"),
    ],
)
def test_stamps_made_by_openssl(tmp_path: Path, key: str, digest: str, ess: str) -> None:
    (tmp_path / "c.cnf").write_text(CONFIG.format(digest=digest, ess=ess))
    (tmp_path / "serial").write_text("01\n")
    (tmp_path / "data").write_bytes(DATA)
    new = f"openssl req -x509 -newkey {key} -{digest} -nodes -days 30 -config c.cnf"
    for command in (
        f"{new} -extensions root -subj /CN=root -keyout root.key -out root.pem",
        f"{new} -extensions root -subj /CN=middle -CA root.pem -CAkey root.key"
        " -keyout middle.key -out middle.pem",
        f"{new} -extensions stamper -subj /CN=stamper -CA middle.pem -CAkey middle.key"
        " -keyout stamper.key -out stamper.pem",
        f"openssl ts -query -data data -{digest} -cert -out q.tsq",
        "openssl ts -reply -config c.cnf -section own -queryfile q.tsq -out r.tsr",
    ):
        subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)
    root = x509.load_pem_x509_certificate((tmp_path / "root.pem").read_bytes())
    response = (tmp_path / "r.tsr").read_bytes()
    good = asked(response, [root])
    altered = asked(flipped(response, len(response) - 5), [root])
    assert ask_parts([good, altered])[0] is True
    assert ask_parts([altered]) != [True]


def signatures() -> list[Asked]:
    """Kinds that no authority at hand makes."""
    edwards, big = ed25519.Ed25519PrivateKey.generate(), rsa.generate_private_key(65537, 2048)
    curve = ec.generate_private_key(ec.SECP521R1())
    sha384 = hashes.SHA384()
    pss = padding.PSS(padding.MGF1(sha384), 48)
    named = "300d06096086480165030402020500"  # SHA-384
    fields = f"a00f{named}a11c301a06092a864886f70d010108{named}a203020130"
    head = "06092a864886f70d01010a30"
    body = bytes.fromhex(f"{head}{len(fields) // 2:02x}{fields}")
    made: list[tuple[Key, bytes, bytes]] = [
        (edwards, bytes.fromhex("300506032b6570"), edwards.sign(DATA)),
        (big, b"\x30" + bytes([len(body)]) + body, big.sign(DATA, pss, sha384)),
        (
            curve,
            bytes.fromhex("300a06082a8648ce3d040304"),
            curve.sign(DATA, ec.ECDSA(hashes.SHA512())),
        ),
    ]
    return [
        {
            "ask": "signature",
            "key": key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
            "algorithm": algorithm,
            "signature": signature,
            "data": DATA,
        }
        for key, algorithm, signature in made
    ]


def test_signatures_of_other_kinds() -> None:
    sound = signatures()
    altered = [{**one, "data": b"date"} for one in sound]
    broken = [{**one, "signature": flipped(one["signature"], 20)} for one in sound]
    old = {**sound[1], "algorithm": bytes.fromhex("300d06092a864886f70d0101050500")}  # SHA-1
    answers = ask_parts([*sound, *altered, *broken, old])
    assert answers[: len(sound)] == [True] * len(sound)
    assert answers[len(sound) : -1] == [False] * (2 * len(sound))
    assert "is not known here" in str(answers[-1])


def test_inclusion_proofs_of_many_sizes() -> None:
    """Every leaf of every tree up to 20 leaves; then each with one thing wrong."""
    good: list[Asked] = []
    kept: tiles.Tiles = {}
    size, root = 0, EMPTY_ROOT
    leaves = [leaf_hash(b"%d" % number) for number in range(20)]

    def read(level: int, index: int, width: int) -> bytes:
        return kept[level, index][: width * 32]

    for leaf in leaves:
        size, root, changed = tiles.append(size, [leaf], read, root=root)
        kept |= changed
        for index in range(size):
            path = list(tiles.inclusion_proof(index, size, read))
            good.append({"ask": "inclusion", "index": index, "size": size, "leaf": leaves[index],
                         "root": root, "path": path})  # fmt: skip
    assert ask_parts(good) == [True] * len(good)
    other = hashlib.sha256(b"other").digest()
    wrong = [{**one, **change} for one in good for change in (
        {"leaf": other}, {"root": other}, {"index": one["index"] + 1},
        {"path": [*one["path"], other]}, *([{"path": one["path"][1:]}] if one["path"] else []),
    )]  # fmt: skip
    assert True not in ask_parts(wrong)
