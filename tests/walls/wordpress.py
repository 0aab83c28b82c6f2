"""A real WordPress as the wall of a brand, with a moderator who can be told what to do."""

import json
import os
import shutil
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from tests.servers.closing import Closing
from tests.servers.debian import ensure_packages
from tests.servers.process import Process, accepts, free_port
from tests.walls.mariadb import MariaDB

FILES = Path(__file__).parent / "wordpress"
DEBIAN_WORDPRESS = Path("/usr/share/wordpress")
PACKAGES = [
    "micro-httpd",  # satisfies the dependency on a web server without bringing Apache up
    "wordpress",
    "wordpress-theme-twentytwentythree",
    "php-cli",
    "php-mysql",
    "php-gd",
    "php-curl",
    "php-xml",
    "php-mbstring",
    "mariadb-server",
    "mariadb-client",
]
PHP = [
    "php",
    *("-d", "display_errors=0"),
    *("-d", "log_errors=1"),
    *("-d", "opcache.enable_cli=1"),
    *("-d", "sendmail_path=/bin/true"),
]

Action = Literal["approve", "hold", "spam", "trash", "untrash", "delete", "edit"]


class WordPressError(RuntimeError):
    """WordPress refused a command, or could not carry it out; the text is its own."""


@dataclass(frozen=True)
class Comment:
    """One comment, whatever its state. `status`: approved, unapproved, spam or trash."""

    id: int
    parent: int
    author: str
    text: str
    status: str
    at: datetime


class WordPress(Closing):
    """One WordPress on a port of its own; used as a context manager, everything ends with it.

    The article `post_url` carries 43 comments in French and English, 38 of them at the top level,
    ten of those a page. Raises CannotInstallError when the Debian packages cannot be had.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        # Not below pytest's own folder: the account mysql may not enter that one.
        self.folder = Path(tempfile.mkdtemp(prefix="rature-wp-"))
        self.folder.chmod(0o755)
        self._www = self.folder / "www"
        self._database = MariaDB(self.folder)
        self._server: Process | None = None
        self._console: subprocess.Popen[str] | None = None
        self._one_at_a_time = threading.Lock()
        self.article_id = 0

    def _begin(self) -> None:
        self._install()

    def close(self) -> None:
        """Stop everything and remove the data."""
        self._close_console()
        self.stop()
        self._database.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- what a moderator does

    def moderate(self, comment_id: int, action: Action, text: str | None = None) -> None:
        """Act on one comment; `text` is the new text of an `edit`."""
        if (action == "edit") != (text is not None):
            raise ValueError("an edit needs a text, and nothing else takes one")
        self._ask(do=action, id=comment_id, text=text)

    def add_comment(self, author: str, text: str, parent: int | None = None) -> int:
        """Publish a comment as of now and give its number."""
        return int(
            self._ask(do="add", post=self.article_id, author=author, text=text, parent=parent)
        )

    def comments(self) -> list[Comment]:
        """Give every comment of the article, oldest number first, binned and spam included."""
        found = self._ask(do="comments", post=self.article_id)
        return [Comment(**{**one, "at": _utc(one["at"])}) for one in found]

    def article_status(self, status: Literal["publish", "draft", "trash"]) -> None:
        """Unpublish or bin the article itself, or publish it again."""
        self._ask(do="article_status", post=self.article_id, status=status)

    # -- where things are

    @property
    def post_url(self) -> str:
        """The article's address under the present permalink structure."""
        return str(self._ask(do="article", post=self.article_id))

    def permalink(self, comment_id: int) -> str:
        """Give the comment's own address, with the page on which it now stands."""
        return str(self._ask(do="permalink", id=comment_id))

    def author_cookies(self, comment_id: int) -> dict[str, str]:
        """Give the cookies by which WordPress knows the comment's author (who sees it on hold)."""
        return {str(k): str(v) for k, v in self._ask(do="cookies", id=comment_id).items()}

    # -- how the wall is set

    def set_option(self, name: str, value: str | int) -> None:
        """Set one WordPress option, such as comments_per_page or permalink_structure."""
        self._ask(do="option", name=name, value=value)

    def set_order(self, order: Literal["oldest_first", "newest_last", "newest_first"]) -> None:
        """Choose which comments the article's own address shows, and in which order.

        oldest_first: first page first; newest_last: ascending, but opened on the last page;
        newest_first: descending, opened on the newest page.
        """
        self.set_option("comment_order", "desc" if order == "newest_first" else "asc")
        self.set_option("default_comments_page", "oldest" if order == "oldest_first" else "newest")

    def restore(self) -> None:
        """Bring servers, comments and options back to the state after installation."""
        self.start_database()
        self.start()
        self._ask(do="restore")

    # -- what can break

    def stop(self) -> None:
        """Stop the web server: connections are refused."""
        if self._server is not None:
            self._server.stop()

    def start(self) -> None:
        """Start the web server on the same port, if it does not run."""
        if self._server is not None and self._server.running:
            return
        # The built-in server of PHP serves one request at a time unless told to fork.
        self._server = Process(
            [*PHP, "-S", f"127.0.0.1:{self.port}", "-t", self._www],
            log=self.folder / "php.log",
            env={**self._environment(), "PHP_CLI_SERVER_WORKERS": "4"},
        )
        self._server.wait_until(lambda: accepts(self.port), what="WordPress answers")

    def stop_database(self) -> None:
        """Stop MariaDB: WordPress answers every page with status 500."""
        self._close_console()
        self._database.stop()

    def start_database(self) -> None:
        """Start MariaDB again on the same data, if it does not run."""
        self._database.start()

    # -- inside

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "RATURE_WALL_SOCKET": str(self._database.socket),
            "RATURE_WALL_URL": self.url,
        }

    def _install(self) -> None:
        ensure_packages(PACKAGES, needed_for="WordPress (a wall of the tests)")
        self._database.create("wp")
        # WordPress finds itself by the real path of its files, so they are copied, not linked.
        shutil.copytree(DEBIAN_WORDPRESS, self._www, ignore=shutil.ignore_patterns(".htaccess"))
        shutil.copyfile(FILES / "wp-config.php", self._www / "wp-config.php")
        script: list[str | Path] = [*PHP, FILES / "install.php", self._www, FILES / "comments.json"]
        done = subprocess.run(
            script, env=self._environment(), capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise WordPressError(f"installation failed:\n{done.stdout}\n{done.stderr}")
        self.article_id = int(done.stdout)
        self.start()

    def _ask(self, **command: Any) -> Any:
        with self._one_at_a_time:
            console = self._open_console()
            assert console.stdin is not None
            assert console.stdout is not None
            console.stdin.write(json.dumps(command) + "\n")
            console.stdin.flush()
            line = console.stdout.readline()
        if not line:
            raise WordPressError(f"the console ended: {self._log('console.log')}")
        said = json.loads(line)
        if "error" in said:
            raise WordPressError(f"{command['do']}: {said['error']}")
        return said["ok"]

    def _open_console(self) -> subprocess.Popen[str]:
        if self._console is None or self._console.poll() is not None:
            with (self.folder / "console.log").open("ab") as log:
                self._console = subprocess.Popen(
                    [*PHP, str(FILES / "console.php"), str(self._www)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    env=self._environment(),
                    text=True,
                    start_new_session=True,
                )
        return self._console

    def _close_console(self) -> None:
        console, self._console = self._console, None
        if console is not None:
            console.communicate()  # the end of its input ends it

    def _log(self, name: str) -> str:
        path = self.folder / name
        return path.read_text(encoding="utf-8", errors="replace")[-2000:] if path.exists() else ""


def _utc(stored: str) -> datetime:
    return datetime.strptime(stored, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
