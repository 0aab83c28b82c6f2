"""Signed notes, checkpoints and receipts."""

import base64

import pytest

from archiver.domain.errors import ProofInvalid
from archiver.evidence import checkpoint, tlog_proof
from archiver.evidence.checkpoint import LogKey, VerifierKey
from archiver.evidence.merkle import leaf_hash, node_hash

KEY = LogKey(b"\x07" * 32, "log.example/rature")
OTHER = LogKey(b"\x08" * 32, "log.example/rature")
LEFT, RIGHT = leaf_hash(b"one"), leaf_hash(b"two")
ROOT = node_hash(LEFT, RIGHT)
NOTE = checkpoint.sign_checkpoint(KEY, 2, ROOT)
RECEIPT = tlog_proof.write(1, [LEFT], NOTE)
KEYS = [KEY.public]

# verifier keys that others published
PUBLISHED = [
    "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
]


@pytest.mark.parametrize("vkey", PUBLISHED)
def test_published_verifier_keys_are_read_and_written(vkey: str) -> None:
    assert VerifierKey.from_vkey(f"{vkey}\n").vkey == vkey


@pytest.mark.parametrize(
    "vkey",
    [
        "",  # nothing
        "PeterNeumann",  # a name alone
        PUBLISHED[1].replace("c74f20a3", "c74f20a4"),  # another key id
        PUBLISHED[1].replace("ARpc", "Ahpc"),  # another algorithm
        PUBLISHED[1][:-4],  # cut short
        "two words+c74f20a3+" + PUBLISHED[1].rpartition("+")[2],  # white space in the name
    ],
)
def test_malformed_verifier_keys_are_refused(vkey: str) -> None:
    with pytest.raises(ProofInvalid, match="log key"):
        VerifierKey.from_vkey(vkey)


def test_a_checkpoint_verifies_under_its_key() -> None:
    verified = checkpoint.verify(checkpoint.parse(NOTE), KEYS)
    assert (verified.origin, verified.size, verified.root) == ("log.example/rature", 2, ROOT)
    assert NOTE.startswith(verified.text + "\n— log.example/rature ")


def test_signatures_of_witnesses_are_passed_over() -> None:
    witness = LogKey(b"\x09" * 32, "witness.example")
    cosigned = NOTE + witness.sign(checkpoint.parse(NOTE).text)
    assert checkpoint.verify(checkpoint.parse(cosigned), KEYS).size == 2


@pytest.mark.parametrize(
    "note",
    [
        NOTE.replace("\n2\n", "\n3\n"),  # another size
        NOTE.replace("\n2\n", "\n02\n"),  # a leading zero
        NOTE.replace("\n2\n", "\n-2\n"),  # no size
        NOTE.replace("log.example/rature\n2", "other.example\n2"),  # another log
        NOTE.replace("\n2\n", "\n2\n\n"),  # an empty line in the text
        NOTE.replace("\n\n", "\n"),  # no separation
        NOTE.rstrip("\n"),  # the last line does not end
        NOTE.partition("\n\n")[0] + "\n\n",  # no signature
        NOTE.replace("— ", "- "),  # not an em dash
        NOTE.replace("\n2\n", "\n2\r\n"),  # a control character
        NOTE + "— log.example/rature !!!\n",  # a signature that is no base64
        NOTE.replace(base64.b64encode(ROOT).decode(), "AAAA"),  # a short root
        checkpoint.sign_checkpoint(OTHER, 2, ROOT),  # a key that only has the same name
        "",
    ],
)
def test_altered_checkpoints_are_refused(note: str) -> None:
    with pytest.raises(ProofInvalid, match="checkpoint"):
        checkpoint.verify(checkpoint.parse(note), KEYS)


def test_a_wrong_signature_of_a_known_key_beside_a_right_one_is_refused() -> None:
    wrong = KEY.sign("something else\n")
    with pytest.raises(ProofInvalid, match="does not verify"):
        checkpoint.verify(checkpoint.parse(NOTE + wrong), KEYS)


def test_a_key_cannot_sign_for_another_log() -> None:
    text = f"other.example\n2\n{base64.b64encode(ROOT).decode()}\n"
    with pytest.raises(ProofInvalid, match="another log"):
        checkpoint.verify(checkpoint.parse(f"{text}\n{KEY.sign(text)}"), KEYS)


@pytest.mark.parametrize("origin", ["", "two words", "a+b"])
def test_an_origin_that_no_note_can_carry_is_refused(origin: str) -> None:
    with pytest.raises(ValueError, match="origin"):
        LogKey(b"\x07" * 32, origin)


def test_a_receipt_verifies_offline() -> None:
    included = tlog_proof.verify(tlog_proof.parse(RECEIPT), RIGHT, KEYS)
    assert (included.index, included.checkpoint.size) == (1, 2)


def test_extra_data_in_a_receipt_is_passed_over() -> None:
    with_extra = RECEIPT.replace("\nindex", "\nextra AAAA\nindex")
    assert tlog_proof.verify(tlog_proof.parse(with_extra), RIGHT, KEYS).index == 1


PATH_LINE = base64.b64encode(LEFT).decode()


@pytest.mark.parametrize(
    "receipt",
    [
        RECEIPT.replace("@v1", "@v2"),  # another version
        RECEIPT.replace("index 1", "index 0"),  # another place
        RECEIPT.replace("index 1", "index 2"),  # a place outside
        RECEIPT.replace("index 1", "index 01"),  # a leading zero
        RECEIPT.replace("index 1\n", ""),  # no place
        RECEIPT.replace(PATH_LINE, PATH_LINE[:-4]),  # a short hash
        RECEIPT.replace(PATH_LINE, "====" * 11),  # no base64
        RECEIPT.replace(PATH_LINE, base64.b64encode(RIGHT).decode()),  # another hash
        RECEIPT.replace(PATH_LINE + "\n", ""),  # no path
        RECEIPT.replace(PATH_LINE, "\n".join([PATH_LINE] * 70)),  # a path without end
        RECEIPT.partition("\n\n")[0],  # no checkpoint
    ],
)
def test_altered_receipts_are_refused(receipt: str) -> None:
    with pytest.raises(ProofInvalid):
        tlog_proof.verify(tlog_proof.parse(receipt), RIGHT, KEYS)


def test_a_receipt_is_for_one_leaf() -> None:
    with pytest.raises(ProofInvalid, match="another root"):
        tlog_proof.verify(tlog_proof.parse(RECEIPT), leaf_hash(b"three"), KEYS)
