"""A Firefox that does not come up leaves no process behind; another program stands in for it."""

import os
import sys
from pathlib import Path

import pytest

from tests.e2e.firefox import browser
from tests.servers.waiting import wait_for

# Each starts a child, as Firefox does, and says who both are.
FAMILY = """#!{python}
import json, os, subprocess, sys, time
from websockets.sync.server import serve
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
with open({pids!r}, "w") as pids:
    pids.write(f"{{os.getpid()}} {{child.pid}}\\n")
port = int(sys.argv[sys.argv.index("--remote-debugging-port") + 1])
"""
NEVER_LISTENS = "time.sleep(600)"
ENDS_AT_ONCE = "sys.exit(3)"
REFUSES = """
def answer(socket):
    for message in socket:
        asked = json.loads(message)
        said = {{"type": "success", "result": {{"contexts": [{{"context": "window"}}]}}}}
        if asked["method"] not in {known!r}:
            said = {{"type": "error", "error": "no", "message": "no"}}
        socket.send(json.dumps(said | {{"id": asked["id"]}}))
serve(answer, "127.0.0.1", port).serve_forever()
"""


def lives(pid: int) -> bool:
    """Whether a process runs; one that ended and was not waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}


@pytest.mark.parametrize(
    ("program", "says"),
    [
        (NEVER_LISTENS, "not within"),
        (ENDS_AT_ONCE, "ended with 3"),
        (REFUSES.format(known=()), "session.new"),
        (REFUSES.format(known=("session.new",)), "browsingContext.getTree"),
        (REFUSES.format(known=("session.new", "browsingContext.getTree")), "webExtension.install"),
    ],
)
def test_what_was_started_is_ended_when_the_start_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, says: str
) -> None:
    pids = tmp_path / "pids"
    stand_in = tmp_path / "firefox"
    stand_in.write_text(FAMILY.format(python=sys.executable, pids=str(pids)) + program)
    stand_in.chmod(0o755)
    monkeypatch.setattr(browser, "find_firefox", lambda: stand_in)

    def ran() -> bool:
        return pids.exists() and pids.read_text().endswith("\n")

    if program == NEVER_LISTENS:
        monkeypatch.setattr(browser, "START_S", 0)
        monkeypatch.setattr(browser, "accepts", lambda _: not wait_for(ran, "the program runs"))
    with pytest.raises(Exception, match=says), browser.launch(tmp_path, package=tmp_path / "none"):
        pytest.fail("it came up")  # pragma: no cover
    family = [int(pid) for pid in pids.read_text().split()]
    assert len(family) == 2
    assert os.getpid() not in family
    assert not [pid for pid in family if lives(pid)]
