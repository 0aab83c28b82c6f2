"""`rature witness` as a newsroom starts it."""

import stat
from pathlib import Path

import httpx
import pytest

from archiver.cli import main
from archiver.evidence import checkpoint, cosignature
from archiver.evidence.cosignature import CosigningKey
from tests.servers.witness import RatureWitness
from tests.unit.evidence.tree import LOG, Tree

VKEY = LOG.public.vkey


def test_it_says_who_it_is_cosigns_and_remembers_after_a_power_cut(tmp_path: Path) -> None:
    with RatureWitness(tmp_path, VKEY) as witness:
        assert f"Watches       {LOG.origin}" in witness.said
        assert stat.S_IMODE((witness.data / "witness.key").stat().st_mode) == 0o600
        first = httpx.post(f"{witness.url}/add-checkpoint", content=Tree(7).request(0))
        assert first.status_code == 200
        parsed = checkpoint.parse(Tree(7).note() + first.text)
        assert len(cosignature.verify(parsed, [witness.key])) == 1
        key = witness.key
        witness.kill9()
        witness.start()
        assert witness.key == key
        fork = Tree(12, rewritten=3)
        assert (
            httpx.post(f"{witness.url}/add-checkpoint", content=fork.request(7)).status_code == 422
        )
        assert "UNPROVEN" in witness.overview()
        assert "checkpoint_refused" in witness.said


# arguments, and the plain sentence that is said
WRONG = {
    "no log": ([], "name a log to watch"),
    "no key": (["--log", "rubbish"], "no log's verifier key"),
    "a witness's key": (
        ["--log", CosigningKey(b"\x11" * 32, "w.example").public.vkey],
        "no log's verifier key",
    ),
    "a file that is not there": (["--logs", "nowhere.txt"], "cannot be read"),
    "a file without keys": (["--logs", "empty.txt"], "name a log to watch"),
    "no port": (["--log", VKEY, "--port", "70000"], "no port"),
    "a name with a space": (["--log", VKEY, "--name", "two words"], "no name for a witness"),
    "a folder that is a file": (["--log", VKEY, "--data", "empty.txt"], "--data"),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG.keys())
def test_wrong_arguments_are_explained(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.txt").write_text("# nothing yet\n\n")
    assert status_of("witness", *arguments) in {1, 2}
    assert said in capsys.readouterr().err


def test_help_says_where_a_log_key_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("witness", "--help") == 0
    assert "/log/vkey" in capsys.readouterr().out


def status_of(*arguments: str) -> int:
    """The exit status of `rature` with these arguments."""
    try:
        return main(arguments)
    except SystemExit as ended:  # argparse's own way out
        return int(ended.code or 0)
