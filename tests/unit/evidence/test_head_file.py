"""The log never goes back, and never signs two histories."""

from pathlib import Path

import pytest

from archiver.domain.errors import LogRewound, ProofInvalid
from archiver.evidence import checkpoint, tiles
from archiver.evidence.checkpoint import LogKey
from archiver.evidence.head_file import HeadFile
from archiver.evidence.merkle import leaf_hash

KEY = LogKey(b"\x07" * 32, "log.example/rature")


class Tree:
    """The first `size` leaves of a log, or of its fork."""

    def __init__(self, size: int, fork: bytes = b"") -> None:
        leaves = [leaf_hash(b"%d" % number + fork) for number in range(size)]
        self.size, self.root, self.kept = tiles.append(0, leaves, self.read)
        self.note = checkpoint.sign_checkpoint(KEY, self.size, self.root)

    def read(self, level: int, index: int, width: int) -> bytes:
        return self.kept[level, index][: width * 32]

    def proof_from(self, old: int) -> list[bytes]:
        return tiles.consistency_proof(old, self.size, self.read)


@pytest.fixture
def head(tmp_path: Path) -> HeadFile:
    """A head that has signed five leaves."""
    head = HeadFile(tmp_path / "head", [KEY.public])
    head.advance(Tree(5).note, [], expected_size=0)
    return head


def size_of(head: HeadFile) -> int:
    kept = head.read()
    return kept.size if kept else 0


def test_before_the_first_checkpoint_there_is_none(tmp_path: Path) -> None:
    assert HeadFile(tmp_path / "head", [KEY.public]).read() is None


def test_it_moves_on_with_a_consistency_proof(head: HeadFile) -> None:
    tree = Tree(9)
    head.advance(tree.note, tree.proof_from(5), expected_size=5)
    assert size_of(head) == 9


def test_the_same_tree_may_be_signed_again(head: HeadFile) -> None:
    head.advance(Tree(5).note, [], expected_size=5)
    assert size_of(head) == 5


@pytest.mark.parametrize(
    ("tree", "proof", "expected", "told"),
    [
        (Tree(4), [], 5, "Was an old backup restored"),  # a smaller tree
        (Tree(5, b"fork"), [], 5, "does not append"),  # the same size, another history
        (Tree(9, b"fork"), Tree(9, b"fork").proof_from(5), 5, "does not append"),  # a fork
        (Tree(9), [], 5, "does not append"),  # no proof
        (Tree(9), Tree(9).proof_from(5), 4, "4 was expected"),  # somebody signed meanwhile
        (Tree(9), [], 0, "0 was expected"),  # a database that begins again
    ],
)
def test_it_refuses_to_go_back_or_to_fork(
    head: HeadFile, tree: Tree, proof: list[bytes], expected: int, told: str
) -> None:
    with pytest.raises(LogRewound, match=told):
        head.advance(tree.note, proof, expected_size=expected)
    assert size_of(head) == 5


def test_a_note_by_another_key_is_not_kept(head: HeadFile) -> None:
    other = LogKey(b"\x08" * 32, "log.example/rature")
    tree = Tree(9)
    note = checkpoint.sign_checkpoint(other, tree.size, tree.root)
    with pytest.raises(ProofInvalid, match="none of the known"):
        head.advance(note, tree.proof_from(5), expected_size=5)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", Tree(5).note.replace("\n5\n", "\n1\n").encode()]
)
def test_a_broken_head_stops_the_signing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "head").write_bytes(content)
    with pytest.raises(LogRewound, match="head"):
        HeadFile(tmp_path / "head", [KEY.public]).advance(Tree(9).note, [], expected_size=0)
