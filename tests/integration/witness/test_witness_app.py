"""The witness over HTTP, in this process: statuses, memory, reports."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.witness_app import create_witness_app
from archiver.domain.errors import SettingsError
from archiver.evidence import checkpoint, cosignature
from archiver.evidence.checkpoint import LogKey
from archiver.services import witness_desk, witness_reports
from archiver.services.witness_desk import WitnessDesk
from archiver.services.witness_key import open_witness_key
from tests.integration.client import TestClient
from tests.unit.evidence.tree import LOG, Tree

STRANGER = LogKey(b"\x07" * 32, "other.example/log")
IMPOSTOR = LogKey(b"\x08" * 32, LOG.origin)
START = datetime(2026, 11, 21, 20, 15, tzinfo=UTC)


class Newsroom:
    """A witness whose clock stands still; `again()` is what a restart finds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = START
        key = open_witness_key(folder / "witness.key", "newsroom.example/w1", lambda n: b"\x11" * n)
        self.desk = WitnessDesk(folder, key, [LOG.public], lambda: self.now)
        self.client = TestClient(create_witness_app(self.desk))

    def post(self, body: bytes) -> tuple[int, str]:
        answer = self.client.post("/add-checkpoint", content=body)
        return answer.status_code, answer.text

    def again(self) -> "Newsroom":
        return Newsroom(self.folder)

    def reports(self) -> list[dict[str, str]]:
        found = sorted((self.folder / "reports").glob("*/*.json"))
        return [json.loads(path.read_text()) for path in found]


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path)


def test_a_growing_log_is_cosigned(newsroom: Newsroom) -> None:
    for old, tree in ((0, Tree(3)), (3, Tree(300)), (300, Tree(301))):
        status, line = newsroom.post(tree.request(old))
        assert status == 200
        parsed = checkpoint.parse(tree.note() + line)
        [seen] = cosignature.verify(parsed, [newsroom.desk.public_key])
        assert (seen.name, seen.at) == ("newsroom.example/w1", START)
    assert "leaves  301" in newsroom.client.get("/").text
    assert newsroom.reports() == []


# what is sent after Tree(7) was cosigned, and the answer: status and body
REFUSED: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "no request": (lambda: b"hello", 400, "old SIZE"),
    "an old size above the tree's": (
        lambda: Tree(12).request(7).replace(b"old 7", b"old 13"),
        400,
        "larger",
    ),
    "signed by somebody else": (lambda: Tree(12).request(7, IMPOSTOR), 403, "log keys"),
    "a log that nobody watches": (lambda: Tree(12).request(7, STRANGER), 404, "not watched"),
    "an old size that is not known": (lambda: Tree(12).request(5), 409, "7\n"),
    "asking for the size": (lambda: Tree(12).request(0), 409, "7\n"),
    "a smaller tree": (lambda: Tree(5).request(5), 409, "7\n"),
    "the same size, another root": (lambda: Tree(7, rewritten=2).request(7), 409, "7\n"),
    "a fork that grew": (lambda: Tree(12, rewritten=2).request(7), 422, "root"),
    "more than a request has": (lambda: b"old 0\n" + b"A" * 200_000, 413, "bytes"),
}


@pytest.mark.parametrize(("body", "status", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_refusals_have_the_statuses_of_the_specification(
    newsroom: Newsroom, body: Callable[[], bytes], status: int, said: str
) -> None:
    newsroom.post(Tree(7).request(0))
    answer = newsroom.client.post("/add-checkpoint", content=body())
    assert (answer.status_code, said in answer.text) == (status, True), answer.text
    assert "—" not in answer.text
    if status == 409:
        assert answer.headers["content-type"].startswith("text/x.tlog.size")
        assert answer.text == said
    # nothing moved: the honest log goes on
    assert newsroom.post(Tree(12).request(7))[0] == 200


@pytest.mark.parametrize("path", ["/add-checkpoint", "/elsewhere"])
def test_other_addresses_and_methods_are_not_there(newsroom: Newsroom, path: str) -> None:
    assert newsroom.client.get(path).status_code in {404, 405}


def test_memory_survives_a_restart(newsroom: Newsroom) -> None:
    newsroom.post(Tree(7).request(0))
    again = newsroom.again()
    assert again.desk.public_key == newsroom.desk.public_key
    assert again.post(Tree(5).request(0)) == (409, "7\n")
    assert again.post(Tree(12).request(7))[0] == 200


def test_a_fork_is_reported_with_both_signed_notes(newsroom: Newsroom) -> None:
    newsroom.post(Tree(7).request(0))
    lie = Tree(7, rewritten=2)
    for _ in range(3):
        newsroom.post(lie.request(7))  # told once, however often it is sent
    [report] = newsroom.reports()
    assert (report["kind"], report["origin"]) == ("fork", LOG.origin)
    known, submitted = (checkpoint.parse(report[name]) for name in ("known", "submitted"))
    for note, root in ((known, Tree(7).root), (submitted, lie.root)):
        assert checkpoint.verify(note, [LOG.public]).root == root
    assert cosignature.verify(known, [newsroom.desk.public_key])
    page = newsroom.again().client.get("/")
    assert page.headers["content-type"].startswith("text/plain")
    assert "FORK" in page.text
    for line in (report["known"] + report["submitted"]).splitlines():
        assert line in page.text


def test_each_kind_of_refusal_is_named(newsroom: Newsroom) -> None:
    newsroom.post(Tree(7).request(0))
    newsroom.post(Tree(5).request(5))
    newsroom.now += timedelta(hours=1)
    newsroom.post(Tree(12, rewritten=2).request(7))
    assert {report["kind"] for report in newsroom.reports()} == {"rewind", "unproven"}
    page = newsroom.client.get("/").text
    assert page.index("UNPROVEN") < page.index("SMALLER")  # the newest first
    assert "FORK" not in page


def test_what_no_log_signed_is_not_reported(newsroom: Newsroom) -> None:
    newsroom.post(Tree(7).request(0))
    newsroom.post(Tree(7, rewritten=2).request(7, IMPOSTOR))
    newsroom.post(Tree(7, rewritten=2).request(7, STRANGER))
    assert newsroom.reports() == []


def test_old_checkpoints_sent_again_do_not_fill_the_disk(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness_reports, "MAX_OF_A_KIND", 3)
    newsroom.post(Tree(20).request(0))
    for size in range(1, 8):
        assert newsroom.post(Tree(size).request(size))[0] == 409
    assert len(newsroom.reports()) == 3
    newsroom.post(Tree(20, rewritten=2).request(20))  # a fork has its own room
    assert len(newsroom.reports()) == 4
    monkeypatch.setattr(witness_desk, "SHOWN", 3)
    assert "and 1 older ones in" in newsroom.client.get("/").text


def test_of_two_histories_sent_at_once_one_is_cosigned(newsroom: Newsroom) -> None:
    newsroom.post(Tree(4).request(0))
    bodies = [
        Tree(9).request(4),
        Tree(10, rewritten=6).request(4),
        Tree(11, rewritten=5).request(4),
    ]
    answers: list[int] = []
    barrier = threading.Barrier(6)

    def send(body: bytes) -> None:
        barrier.wait()
        answers.append(newsroom.desk.add_checkpoint(body).decision.ruling == "cosign")

    threads = [threading.Thread(target=send, args=(body,)) for body in bodies * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # the winner's own second request says an old size that has passed
    assert sum(answers) == 1


def test_nothing_is_answered_that_is_not_on_the_disk(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("archiver.evidence.head_file.os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        newsroom.post(Tree(7).request(0))
    monkeypatch.undo()
    assert newsroom.post(Tree(7).request(0))[0] == 200


def test_a_broken_memory_is_said_and_nothing_is_cosigned(newsroom: Newsroom) -> None:
    newsroom.post(Tree(7).request(0))
    [kept] = (newsroom.folder / "logs").glob("*.note")
    kept.write_text("rubbish")
    status, said = newsroom.post(Tree(12).request(7))
    assert (status, "no checkpoint of this log" in said) == (500, True)


def test_the_key_is_readable_by_its_owner_alone_and_keeps_its_name(tmp_path: Path) -> None:
    path = tmp_path / "witness.key"
    made = open_witness_key(path, None, lambda n: b"\x21" * n)
    assert path.stat().st_mode & 0o777 == 0o600
    assert made.name == "witness/2121212121212121"
    assert open_witness_key(path, made.name, bytes).public == made.public
    with pytest.raises(SettingsError, match="a name stays with its key"):
        open_witness_key(path, "another.example", bytes)


@pytest.mark.parametrize("name", ["two words", "a+b"])
def test_a_name_that_no_note_can_carry_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="no name for a witness"):
        open_witness_key(tmp_path / "witness.key", name, lambda n: b"\x21" * n)
    assert not (tmp_path / "witness.key").exists()


@pytest.mark.parametrize("content", ["", "rubbish", LOG.public.vkey, "PRIVATE+KEY+a+00000000+BAAA"])
def test_a_broken_key_is_never_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "witness.key"
    path.write_text(content)
    with pytest.raises(SettingsError, match="put its backup in place"):
        open_witness_key(path, None, bytes)
    assert path.read_text() == content
