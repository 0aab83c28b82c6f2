"""A real isso (a comment server whose own script draws the comments) as the wall of a brand.

Its moderator acts by the signed addresses that isso puts into the mails to him, its authors by the
cookies that isso gave them.
"""

import json
import shutil
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import httpx
from itsdangerous import URLSafeTimedSerializer

from tests.servers.debian import CannotInstallError
from tests.servers.process import Process, accepts, free_port
from tests.walls.isso_pages import ARTICLE, ArticleSite

COMMENTS = Path(__file__).parent / "isso" / "comments.json"
SETTINGS = """[general]
dbpath = {database}
host = {site}
max-age = 1h
[moderation]
enabled = {moderated}
[server]
listen = http://127.0.0.1:{port}
[guard]
enabled = false
[markup]
renderer = mistune
"""
MODES = {1: "accepted", 2: "queued", 4: "deleted"}


@dataclass(frozen=True)
class Comment:
    """One comment as isso keeps it. `status`: accepted, queued or deleted (answers remain)."""

    id: int
    parent: int | None
    author: str
    text: str
    status: str


class Isso:
    """One isso and the site that embeds it, on ports of their own; all ends with the block.

    The article `post_url` carries 34 comments in French and English, six of them answers. Raises
    CannotInstallError when isso is not among the installed packages.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.site = ArticleSite(free_port(), self.url)
        self.post_url = self.site.url + ARTICLE
        self.folder = Path(tempfile.mkdtemp(prefix="rature-isso-"))
        self._database = self.folder / "comments.db"
        self._kept = self.folder / "kept.db"
        self._server: Process | None = None
        self._moderated = False
        self._cookies: dict[int, str] = {}

    def __enter__(self) -> Self:
        try:
            version("isso")
        except PackageNotFoundError:
            raise CannotInstallError(
                "isso (a wall of the tests) is absent: make setup-dev"
            ) from None
        self.site.__enter__()
        try:
            self.start()
            self._fill()
            _copy(self._database, self._kept)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop everything and remove the data."""
        self.stop()
        self.site.__exit__(None, None, None)
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- what a moderator does

    def moderate(
        self,
        comment_id: int,
        action: Literal["activate", "delete", "edit"],
        text: str | None = None,
    ) -> None:
        """Act by the address that isso mails to its moderator; `text` is that of an `edit`."""
        if (action == "edit") != (text is not None):
            raise ValueError("an edit needs a text, and nothing else takes one")
        path = f"/id/{comment_id}/{action}/{self._signer().dumps(comment_id)}"
        body = {"text": text} if text is not None else None
        httpx.post(self.url + path, json=body, timeout=30).raise_for_status()

    def hold_new_comments(self) -> None:
        """From now on new comments wait for the moderator."""
        self._moderated = True
        self.stop()
        self.start()

    # -- what authors do

    def add_comment(self, author: str, text: str, parent: int | None = None) -> int:
        """Write a comment as of now and give its number."""
        body = {"author": author, "text": text, "parent": parent, "title": "Une bouilloire"}
        answer = httpx.post(f"{self.url}/new", params={"uri": ARTICLE}, json=body, timeout=30)
        answer.raise_for_status()
        number = int(answer.json()["id"])
        self._cookies[number] = answer.cookies[str(number)]
        return number

    def edit_own(self, comment_id: int, text: str) -> None:
        """The author changes the words, by the cookie that he got."""
        self._as_author("PUT", comment_id, {"text": text})

    def delete_own(self, comment_id: int) -> None:
        """The author deletes the comment, by the cookie that he got."""
        self._as_author("DELETE", comment_id, None)

    # -- what is there

    def comments(self) -> list[Comment]:
        """Give every comment of the article, oldest first, queued and deleted ones included."""
        asked = "SELECT id, parent, author, text, mode FROM comments ORDER BY id"
        with closing(sqlite3.connect(self._database)) as database:
            rows = database.execute(asked).fetchall()
        return [Comment(i, parent, who, text, MODES[mode]) for i, parent, who, text, mode in rows]

    def named(self, author: str) -> Comment:
        """Give the author's first comment."""
        return next(comment for comment in self.comments() if comment.author == author)

    def permalink(self, comment_id: int) -> str:
        """Give the comment's own address: a mark on the article's page."""
        return f"{self.post_url}#isso-{comment_id}"

    def restore(self) -> None:
        """Bring comments, servers and settings back to the state after installation."""
        _copy(self._kept, self._database)
        self.site.attributes, self.site.published = {}, True
        if self._moderated:
            self._moderated = False
            self.stop()
        self.start()

    def bring_back_comments(self) -> None:
        """The operator puts the comments' backup in place again."""
        _copy(self._kept, self._database)

    # -- what can break

    def stop(self) -> None:
        """Stop isso: the article is served, its comments are not."""
        if self._server is not None:
            self._server.stop()

    def break_database(self) -> None:
        """Take the comments' table away: isso's settings are served, its comments are an error."""
        with closing(sqlite3.connect(self._database)) as database, database:
            database.execute("ALTER TABLE comments RENAME TO lost")

    def start(self) -> None:
        """Start isso on the same port, if it does not run."""
        if self._server is not None and self._server.running:
            return
        settings = self.folder / "isso.cfg"
        facts = {"database": self._database, "site": self.site.url, "port": self.port}
        moderated = str(self._moderated).lower()
        settings.write_text(SETTINGS.format(**facts, moderated=moderated), encoding="utf-8")
        run = [sys.executable, "-c", "import isso; isso.main()", "-c", settings, "run"]
        self._server = Process(run, log=self.folder / "isso.log", cwd=self.folder)
        self._server.wait_until(lambda: accepts(self.port), what="isso answers", seconds=90)

    # -- inside

    def _fill(self) -> None:
        written = json.loads(COMMENTS.read_text(encoding="utf-8"))
        numbers: list[int] = []
        for one in written:
            parent = numbers[one["reply_to"]] if "reply_to" in one else None
            numbers.append(self.add_comment(one["author"], one["text"], parent))
        now = time.time()
        with closing(sqlite3.connect(self._database)) as database, database:
            database.executemany(
                "UPDATE comments SET created = ? WHERE id = ?",
                [
                    (now - one["hours_ago"] * 3600, number)
                    for one, number in zip(written, numbers, strict=True)
                ],
            )

    def _as_author(self, method: str, comment_id: int, body: dict[str, str] | None) -> None:
        cookies = {str(comment_id): self._cookies[comment_id]}
        with httpx.Client(base_url=self.url, cookies=cookies, timeout=30) as client:
            answer = client.request(method, f"/id/{comment_id}", json=body).raise_for_status()
        # the cookie holds a hash of the words, so an edit brings a new one
        self._cookies[comment_id] = answer.cookies.get(str(comment_id)) or ""

    def _signer(self) -> URLSafeTimedSerializer:
        with closing(sqlite3.connect(self._database)) as database:
            asked = "SELECT value FROM preferences WHERE key = 'session-key'"
            (key,) = database.execute(asked).fetchone()
        return URLSafeTimedSerializer(key)


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)
