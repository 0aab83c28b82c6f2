import json
import re
import stat
from pathlib import Path

import pytest

from archiver.cli import main
from archiver.config import load_settings
from archiver.services.access import OWNER, Scope
from archiver.wiring import build_house

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RATURE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def run(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    said = capsys.readouterr()
    return status, said.out, said.err


def test_token_alone_prints_one_token_with_every_scope_and_nothing_else(capsys: Capture) -> None:
    status, out, err = run(capsys, "token")
    assert status == 0
    assert re.fullmatch(r"rat_[A-Za-z0-9_-]{43}\n", out)
    assert "shown only now" in err
    with build_house(load_settings()) as house:
        assert house.access.authenticate(out.strip()).scopes == set(Scope)


def test_tokens_are_made_with_scopes_listed_and_revoked(capsys: Capture) -> None:
    made = run(capsys, "token", "make", "--name", "bench", "--scope", "read", "--days", "2")
    with build_house(load_settings()) as house:
        token = house.access.tokens(OWNER)[0]
        assert (token.name, token.scopes) == ("bench", "read")
    status, listed, _ = run(capsys, "token", "list")
    assert status == 0
    assert token.id in listed
    assert "until" in listed
    assert made[1].strip() not in listed
    assert run(capsys, "token", "revoke", token.id)[0] == 0
    assert "revoked" in run(capsys, "token", "list")[1]


def test_signin_prints_a_link_that_works_once(capsys: Capture) -> None:
    status, out, _ = run(capsys, "signin")
    assert status == 0
    code = re.fullmatch(r"http://127\.0\.0\.1:8787/signin\?code=(\S+)\n", out)
    assert code
    with build_house(load_settings()) as house:
        assert house.sessions.sign_in(code[1])[1].workspace_id == OWNER


def test_nothing_is_made_anew_the_second_time(data: Path, capsys: Capture) -> None:
    def files() -> dict[str, bytes]:
        found = [path for path in data.rglob("*") if path.is_file()]
        return {
            str(path): path.read_bytes() for path in found if not path.name.startswith("rature.db")
        }

    assert run(capsys, "migrate")[0] == 0
    first = files()
    assert first, "keys were made"
    assert run(capsys, "migrate")[0] == 0
    assert files() == first


def test_the_data_folder_is_for_its_owner_only(data: Path, capsys: Capture) -> None:
    run(capsys, "migrate")
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


LOOKS = [
    {"at": "2010-07-03T12:00:00Z", "validity": "valid", "sighting": "present"},
    {"at": "2010-07-03T12:05:00Z", "validity": "valid", "sighting": "absent"},
]


def test_judge_draws_the_verdict_offline(tmp_path: Path, data: Path, capsys: Capture) -> None:
    file = tmp_path / "looks.jsonl"
    file.write_text("".join(json.dumps(look) + "\n" for look in LOOKS))
    status, out, err = run(capsys, "judge", str(file), "--json")
    assert (status, err) == (0, "")
    assert len(out.splitlines()) == 1
    verdict = json.loads(out)
    assert (verdict["state"], verdict["level"]) == ("removed", "suspected")
    assert verdict["last_seen"] == "2010-07-03T12:00:00Z"
    assert verdict["first_missing"] == "2010-07-03T12:05:00Z"
    assert json.loads(run(capsys, "judge", str(file))[1]) == verdict
    assert not data.exists(), "it needs no service and leaves nothing behind"


def test_read_reads_a_saved_page(tmp_path: Path, capsys: Capture, chromium: Path) -> None:
    page = tmp_path / "wall.html"
    items = "".join(
        f'<li class="comment" id="comment-{n}"><b class="author">Ann {n}</b>'
        f"<p>The sole number {n} of my shoes has a hole</p></li>"
        for n in range(6)
    )
    page.write_text(f"<!doctype html><title>w</title><ol class=comments>{items}</ol>")
    status, out, _ = run(capsys, "read", str(page), "--json")
    assert status == 0
    texts = [post["text"] for post in json.loads(out)["posts"]]
    assert [n for n in range(6) if any(f"number {n} of" in text for text in texts)] == [*range(6)]


WRONG = [
    # what is wrong, the arguments, the status, a word of the message
    ("no command", [], 2, "COMMAND"),
    ("an unknown command", ["fly"], 2, "invalid choice"),
    ("no text", ["check", "http://example.com/"], 2, "--text"),
    ("a text of one character", ["check", "http://example.com/", "--text", "x"], 2, "character"),
    ("an empty text", ["check", "http://example.com/", "--text", " "], 2, "empty"),
    ("a file: address", ["check", "file:///etc/passwd", "--text", "root"], 2, "http"),
    ("a script", ["check", "javascript:alert(1)", "--text", "root"], 2, "http"),
    ("this machine", ["check", "http://127.0.0.1/", "--text", "root"], 2, "127.0.0.1"),
    ("a cloud's metadata", ["check", "http://169.254.169.254/", "--text", "ab"], 2, "169.254"),
    ("no such file to judge", ["judge", "nowhere.jsonl"], 2, "nowhere.jsonl"),
    ("no such bundle", ["verify", "nowhere.zip"], 2, "nowhere.zip"),
    ("an unknown scope", ["token", "make", "--scope", "all"], 2, "invalid choice"),
    ("a life of no length", ["token", "make", "--days", "0"], 2, "3650"),
    ("an unknown token", ["token", "revoke", "tok_0"], 1, "tok_0"),
    ("a port that is none", ["serve", "--port", "99999"], 2, "99999"),
    ("an address of elsewhere", ["serve", "--host", "192.0.2.1", "--port", "0"], 1, "192.0.2.1"),
]


@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize(
    ("arguments", "status", "word"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_what_is_wrong_is_told_in_one_sentence(
    arguments: list[str], status: int, word: str, capsys: Capture
) -> None:
    try:
        found = main(arguments)
    except SystemExit as ended:  # argparse
        found = int(str(ended.code))
    said = capsys.readouterr()
    assert found == status
    assert said.out == ""
    assert word in said.err
    assert "Traceback" not in said.err


def test_a_file_that_is_no_bundle_and_a_text_that_is_none(tmp_path: Path, capsys: Capture) -> None:
    junk = tmp_path / "junk"
    junk.write_bytes(b"\xff\xfe junk")
    assert run(capsys, "verify", str(junk))[0] == 2
    status, _, err = run(capsys, "judge", str(junk))
    assert (status, err) == (2, f"rature: {junk} is no UTF-8 text\n")


SETTINGS = [
    ("RATURE_POLICY__MISSES", "0"),
    ("RATURE_POLICY__MISSES", "many"),
    ("RATURE_POLICY__LIKELY_SPAN", "-1"),
    ("RATURE_POLICY__CONFIRM_AFTER", "nan"),
    ("RATURE_POLICY__UNKNOWN", "1"),
    ("RATURE_POLICY", "{not json"),
    ("RATURE_LIMITS__REQUEST_BYTES", "0"),
    ("RATURE_TSA_URLS", "ftp://tsa.example"),
    ("RATURE_PROXY_URLS", "nonsense"),
    ("RATURE_PUBLIC_URL", "rature.example"),
    ("RATURE_PUBLIC_URL", "https://rature.example/below"),
    ("RATURE_DATABASE_URL", "mysql://localhost/rature"),
    ("RATURE_BLOBS_URL", "ftp://host/blobs"),
    ("RATURE_CHROMIUM", "/nowhere/chromium"),
    ("RATURE_NO_SANDBOX", "perhaps"),
    ("RATURE_CONCURRENT_VISITS", "0"),
]


@pytest.mark.parametrize(("name", "value"), SETTINGS)
def test_a_setting_that_cannot_work_is_named_before_anything_starts(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv(name, value)
    status, out, err = run(capsys, "serve", "--port", "0")
    assert status == 1
    assert out == ""
    # A nested setting that is no JSON is named as the field that it fills.
    assert name in err or f'"{name.removeprefix("RATURE_").lower()}"' in err
    assert len(err.splitlines()) == 1


def test_a_settings_file_that_is_no_toml_is_named(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "rature.toml").write_text("data = [")
    status, _, err = run(capsys, "token")
    assert status == 1
    assert "rature.toml" in err


@pytest.mark.parametrize(
    "command",
    ["serve", "worker", "token", "signin", "migrate", "check", "read", "judge", "verify"],
)
def test_every_command_explains_itself(command: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"rature {command}" in capsys.readouterr().out
