"""A real Epicyon (a social network that speaks ActivityPub and Mastodon's API) as a brand's wall.

The brand and its public act by the forms and links of Epicyon's own pages, answers travel from
one account to the other by ActivityPub, and the moderator uses the instance's moderation page.
"""

import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from selectolax.lexbor import LexborHTMLParser

from tests.servers.closing import Closing
from tests.servers.process import Process, accepts, free_port
from tests.servers.waiting import wait_for
from tests.walls.programs import ensure_program

FILES = Path(__file__).parent / "epicyon"
DOMAIN = "127.0.0.1"
MODERATOR, BRAND, PASSWORD = "gardien", "aroma", "a-password-of-the-tests"
TAG = "aroma300"
STILL = ("theme", "translations", "img", "emoji", "fonts")
"""What comes with the program, and no account changes."""
UNMETERED = ("--domainmax", "0", "--accountmax", "0")
"""By itself it takes in six posts a minute from one place."""
PATIENCE_S = 60.0
BUSY = 429


@dataclass(frozen=True)
class Status:
    """One post: `id` is its element's, `text` what a page shows, `permalink` without origin."""

    id: str
    author: str
    text: str
    at: datetime
    permalink: str


class EpicyonError(RuntimeError):
    """Epicyon refused a request or a command; the text is its own."""


class Epicyon(Closing):
    """One instance with its accounts, on a port of its own; all ends with the block.

    The brand's post `thread_url` has 13 replies by eight people, in French and English. The same
    people wrote 18 posts with the hashtag of `tag_url`, newest first and 13 to a page. Raises
    CannotInstallError when Epicyon cannot be had.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://{DOMAIN}:{self.port}"
        self.tag_url = f"{self.url}/tags/{TAG}"
        self.thread_url = ""
        self.replies: list[Status] = []
        """What the public answered, oldest first."""
        self.tagged: list[Status] = []
        """What the public wrote under the hashtag, oldest first."""
        self._folder = Path(tempfile.mkdtemp(prefix="rature-epicyon-"))
        self._data = self._folder / "data"
        self._kept = self._folder / "kept"
        self._python = Path()
        self._server: Process | None = None
        self._cookie = ""

    def _begin(self) -> None:
        self._install()

    def close(self) -> None:
        """Stop everything and remove the data."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    # -- what the instance's moderator does

    def remove(self, post: Status) -> None:
        """Remove a post: its author's copy, and what stands under its hashtags."""
        self._moderate("Remove", self.url + post.permalink)

    def remove_account(self, name: str) -> None:
        """Remove somebody's account with all that is in it."""
        self._moderate("Remove", name)

    def suspend(self, name: str) -> None:
        """Let somebody sign in no more."""
        self._moderate("Suspend", name)

    def block_tag(self, *, blocked: bool = True) -> None:
        """Show nobody what stands under the hashtag, or show it again."""
        self._moderate("Block" if blocked else "Unblock", f"#{TAG}")

    # -- what the brand does about those who answer

    def mute(self, post: Status, *, muted: bool = True) -> None:
        """Show an answer without its words, or with them again."""
        act = "mute" if muted else "unmute"
        path = f"/users/{BRAND}?{act}={self.url}{post.permalink}?page=1?tl=inbox?bm={post.id}"
        browser = {"Cookie": self._cookie, "Accept": "text/html"}
        self._send(lambda client: client.get(path, headers=browser))

    def snooze(self, name: str, *, snoozed: bool = True) -> None:
        """Show nothing by somebody for a day, or show it again."""
        button = "submitSnooze" if snoozed else "submitUnSnooze"
        actor = {"pageNumber": 1, "actor": f"{self.url}/users/{name}", "avatarUrl": "none"}
        self._fill_in(BRAND, "personoptions", {**actor, button: "yes"})

    def delete_own_post(self) -> None:
        """Delete the post that was answered to; Epicyon drops the answers with it."""
        self._delete(BRAND, self.thread_url)

    # -- what the public does

    def delete_own(self, post: Status) -> None:
        """Let its author delete a post."""
        self._delete(post.author, self.url + post.permalink)

    def take_back(self, post: Status) -> None:
        """Let its author delete an answer and tell the brand's account, as Mastodon's people do."""
        actor, link = f"{self.url}/users/{post.author}", self.url + post.permalink
        brand = f"{self.url}/users/{BRAND}"
        delete = {
            "@context": "https://www.w3.org/ns/activitystreams",
            "type": "Delete",
            "actor": actor,
            "object": link,
            "to": ["https://www.w3.org/ns/activitystreams#Public", brand],
            "cc": [f"{actor}/followers"],
        }
        outbox, signed = f"/users/{post.author}/outbox", (post.author, PASSWORD)
        self._send(lambda client: client.post(outbox, json=delete, auth=signed))
        copies = [self._copy(post.author, "outbox", link), self._copy(BRAND, "inbox", link)]
        gone = f"{post.author} takes an answer back"
        wait_for(lambda: not any(copy.exists() for copy in copies), gone, PATIENCE_S)

    def answer(self, name: str, text: str) -> Status:
        """Answer the brand's post."""
        return self._write(name, text, to=self.thread_url)

    def write(self, name: str, text: str) -> Status:
        """Write a public post."""
        return self._write(name, text)

    # -- what can break

    def stop(self) -> None:
        """Stop the instance: connections are refused."""
        if self._server is not None:
            self._server.stop()

    def start(self) -> None:
        """Start the instance on the same port, if it does not run."""
        if self._server is not None and self._server.running:
            return
        self._server = Process(
            [self._python, "-u", FILES / "serve.py", *self._options(), "--proxy", str(self.port)],
            log=self._folder / "epicyon.log",
            cwd=self._data,
        )
        self._server.wait_until(lambda: accepts(self.port), what="Epicyon answers", seconds=90)

    def restore(self) -> None:
        """Bring all accounts and posts back to the state after installation, as from a backup."""
        self.stop()
        shutil.rmtree(self._data, ignore_errors=True)
        shutil.copytree(self._kept, self._data, symlinks=True)
        self.start()

    # -- inside

    def _install(self) -> None:
        self._python = ensure_program("epicyon", resolved=False)
        program = next(self._python.parents[1].glob("lib/python3*/site-packages"))
        self._data.mkdir()
        for name in STILL:
            (self._data / name).symlink_to(program / name)
        for file in [*program.glob("*.css"), *program.glob("default_*.txt")]:
            shutil.copy(file, self._data)
        written = json.loads((FILES / "posts.json").read_text(encoding="utf-8"))
        public = {one["author"] for one in [*written["replies"], *written["tagged"]]}
        # The first account is the moderator's.
        for name in [MODERATOR, BRAND, *sorted(public)]:
            self._add(name)
        self.start()
        self._sign_in()
        self.thread_url = self.url + self.write(BRAND, written["said"]).permalink
        self.replies = [self.answer(one["author"], one["text"]) for one in written["replies"]]
        self.tagged = [self.write(one["author"], one["text"]) for one in written["tagged"]]
        self.stop()
        shutil.copytree(self._data, self._kept, symlinks=True)
        self.start()

    def _options(self) -> list[str]:
        said = {"path": self._data, "domain": DOMAIN, "port": self.port, "language": "en"}
        valued = [str(word) for name, value in said.items() for word in (f"--{name}", value)]
        return [*valued, "--http", "--allowLocalNetworkAccess", "--noapproval", *UNMETERED]

    def _add(self, name: str) -> None:
        account = ["--addaccount", f"{name}@{DOMAIN}", "--password", PASSWORD]
        done = subprocess.run(
            [self._python, "-m", "epicyon", *self._options(), *account],
            cwd=self._data,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if "Account created" not in done.stdout:
            raise EpicyonError(f"no account {name}: {done.stdout[-1000:]}{done.stderr[-2000:]}")

    def _sign_in(self) -> None:
        names = urlencode({"username": BRAND, "password": PASSWORD, "submit": "Login"})
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self._send(lambda client: client.post("/login", content=names, headers=form))
        self._cookie = answer.headers["set-cookie"].split(";", 1)[0]

    def _write(self, name: str, text: str, *, to: str = "") -> Status:
        before = set(self._outbox(name))
        fields = {
            "message": text,
            "mentions": f"@{BRAND}@{DOMAIN}:{self.port}" if to else "",
            "replyTo": to,
            "commentsEnabled": "on",
            "submitPost": "Submit",
        }
        self._send(
            lambda client: client.post(
                f"/users/{name}/newpost?newpost?page=1",
                files={field: (None, value) for field, value in fields.items()},
                auth=(name, PASSWORD),
            )
        )
        (file,) = wait_for(lambda: set(self._outbox(name)) - before, f"{name} posts", PATIENCE_S)
        if to:
            there = self._box(BRAND, "inbox") / file.name
            wait_for(there.exists, f"the answer of {name} arrives", PATIENCE_S)
        return self._status(name, json.loads(file.read_text(encoding="utf-8"))["object"])

    def _status(self, name: str, written: dict[str, Any]) -> Status:
        link = str(written["id"])
        return Status(
            id=re.sub("://|/", "-", link),
            author=name,
            text=LexborHTMLParser(written["content"]).text(),
            at=datetime.fromisoformat(written["published"]),
            permalink=link.removeprefix(self.url),
        )

    def _box(self, name: str, box: str) -> Path:
        return self._data / "accounts" / f"{name}@{DOMAIN}" / box

    def _copy(self, name: str, box: str, link: str) -> Path:
        return self._box(name, box) / f"{link.replace('/', '#')}.json"

    def _outbox(self, name: str) -> list[Path]:
        return list(self._box(name, "outbox").glob("*.json"))

    def _moderate(self, what: str, whom: str) -> None:
        form = {"moderationAction": whom, f"submit{what}": what}
        self._fill_in(MODERATOR, "moderationaction", form)

    def _delete(self, name: str, link: str) -> None:
        form = {"pageNumber": 1, "messageId": link, "submitYes": "yes"}
        self._fill_in(name, "rmpost", form)
        kept = self._copy(name, "outbox", link)
        wait_for(lambda: not kept.exists(), f"{name} deletes {link}", PATIENCE_S)

    def _fill_in(self, name: str, form: str, fields: dict[str, Any]) -> None:
        self._send(
            lambda client: client.post(f"/users/{name}/{form}", data=fields, auth=(name, PASSWORD))
        )

    def _send(self, ask: Any) -> httpx.Response:
        """Ask once more when Epicyon is busy with another request in the same second."""

        def answered() -> httpx.Response | None:
            with httpx.Client(base_url=self.url, timeout=60) as client:
                answer: httpx.Response = ask(client)
            return None if answer.status_code == BUSY else answer

        answer = wait_for(answered, "Epicyon has time", PATIENCE_S, pause=0.5)
        if answer.is_error:
            raise EpicyonError(f"{answer.request.url}: {answer.status_code} {answer.text[:500]}")
        return answer
