"""A real Misago (a forum like Discourse: Django, and React in the page) as the wall of a brand.

Its moderators and members act as in a browser: signed in, by the addresses that the forum's own
buttons ask. Only what its owner would do in the admin's pages is done by a console.
"""

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
import psycopg
from psycopg import sql

from tests.servers.closing import Closing
from tests.servers.postgres import Postgres
from tests.servers.process import Process, accepts, free_port
from tests.walls.programs import ensure_program

FILES = Path(__file__).parent / "misago"
TITLE = "Cafetière Aroma 300 : vos avis ?"
MODERATOR, PASSWORD = "EquipeAroma", "a-password-of-the-tests"


class MisagoError(RuntimeError):
    """Misago refused a request, or its console failed; the text is its own."""


@dataclass(frozen=True)
class ForumPost:
    """One post as Misago keeps it. `text` is what its author typed, `permalink` without origin."""

    id: int
    author: str
    text: str
    at: datetime
    permalink: str
    hidden: bool


class Misago(Closing):
    """One Misago with its PostgreSQL, on ports of their own; all ends with the block.

    The thread `thread_url` carries 44 posts in French and English by 12 members, on three pages.
    Raises CannotInstallError when Misago or PostgreSQL cannot be had.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.language = "en"
        self.folder = Path(tempfile.mkdtemp(prefix="rature-misago-"))
        self.thread_id = self.aside_id = 0
        self.thread_url = ""
        self._python = Path()
        self._database = Postgres()
        self._address = ""
        self._server: Process | None = None
        self._people: dict[str, httpx.Client] = {}

    def _begin(self) -> None:
        self._install()

    def close(self) -> None:
        """Stop everything and remove the data."""
        self._sign_everybody_out()
        self.stop()
        self._database.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- what moderators and members do; `by` is a member's name

    def hide(self, post: int, by: str = MODERATOR) -> None:
        """Hide a post: its place stays and says who hid it."""
        self._set_hidden(post, by, hidden=True)

    def show(self, post: int, by: str = MODERATOR) -> None:
        """Show a hidden post again."""
        self._set_hidden(post, by, hidden=False)

    def delete(self, post: int, by: str = MODERATOR) -> None:
        """Delete a post for good: nothing of it stays."""
        self._ask(by, "DELETE", f"threads/{self.thread_id}/posts/{post}/")

    def edit(self, post: int, text: str, by: str = MODERATOR) -> None:
        """Write other words into a post; the page says how often that was done."""
        self._ask(by, "PUT", f"threads/{self.thread_id}/posts/{post}/", {"post": text})

    def split(self, *posts: int, title: str = "Hors sujet / Off topic") -> None:
        """Move posts into a new thread of the same category."""
        body = {"posts": list(posts), "title": title, "category": self._category("entraide")}
        self._ask(MODERATOR, "POST", f"threads/{self.thread_id}/posts/split/", body)

    def move_thread(self) -> None:
        """Move the thread to the other category; its address stays."""
        self._change_thread("category", self._category("archives"))

    def rename_thread(self, title: str) -> None:
        """Give the thread another title, and with it another address."""
        self._change_thread("title", title)

    def close_thread(self) -> None:
        """Let nobody answer any more."""
        self._change_thread("is-closed", value=True)

    def hide_thread(self, *, hidden: bool = True) -> None:
        """Hide the thread from everybody but its moderators, or show it again."""
        self._change_thread("is-hidden", hidden)

    def delete_thread(self) -> None:
        """Delete the thread for good."""
        self._ask(MODERATOR, "DELETE", f"threads/{self.thread_id}/")

    def delete_member(self, name: str, *, with_content: bool) -> None:
        """Delete a member with all posts; or the member alone: the posts are hidden then."""
        number = self._ask(name, "GET", "auth/")["id"]
        body = {"with_content": with_content}
        self._ask(MODERATOR, "POST", f"users/{number}/delete/", body)

    # -- what the owner does

    def ban(self, name: str) -> None:
        """Ban a member for good."""
        self._console(do="ban", name=name)

    def members_only(self, *, closed: bool = True) -> None:
        """Show the thread's category to members alone, or to everybody again."""
        self._console(do="members_only", closed=closed)

    def speak(self, language: Literal["en", "fr"]) -> None:
        """Show the forum in another language from now on."""
        if language != self.language:
            self.language = language
            self.stop()
            self.start()

    # -- what is there

    def posts(self) -> list[ForumPost]:
        """Give every post of the thread, oldest first, hidden ones included."""
        found = self._console(do="posts", thread=self.thread_id)
        return [ForumPost(**{**one, "at": datetime.fromisoformat(one["at"])}) for one in found]

    def restore(self) -> None:
        """Bring database, servers and settings back to the state after installation."""
        self._sign_everybody_out()
        self.start_database()
        live, kept = (sql.Identifier(name) for name in (self._name, f"{self._name}_kept"))
        self._database_command(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(live))
        self._database_command(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(live, kept))
        shutil.rmtree(self.folder / "cache", ignore_errors=True)
        self.speak("en")
        self.start()

    # -- what can break

    def stop(self) -> None:
        """Stop the forum: connections are refused."""
        if self._server is not None:
            self._server.stop()

    def stop_database(self) -> None:
        """Stop PostgreSQL: the forum answers every page with an error."""
        self._database.stop()

    def start(self) -> None:
        """Start the forum on the same port, if it does not run."""
        if self._server is not None and self._server.running:
            return
        serve = ["-m", "django", "runserver", "--insecure", "--noreload", f"127.0.0.1:{self.port}"]
        self._server = Process(
            [self._python, *serve],
            log=self.folder / "misago.log",
            env=self._environment(),
            cwd=self.folder,
        )
        self._server.wait_until(lambda: accepts(self.port), what="Misago answers", seconds=90)

    def start_database(self) -> None:
        """Start PostgreSQL again on the same data, if it does not run."""
        if not accepts(self._database.port):
            self._database.start()

    # -- inside

    def _install(self) -> None:
        self._python = ensure_program("misago")
        self._database.__enter__()
        self._address = self._database.database().replace("+psycopg", "", 1)
        written = json.loads((FILES / "posts.json").read_text(encoding="utf-8"))
        made = self._console(
            do="install", title=TITLE, posts=written, moderator=MODERATOR, password=PASSWORD
        )
        self.thread_id, self.aside_id = made["thread"], made["aside"]
        self.thread_url = self.url + made["path"]
        live, kept = (sql.Identifier(name) for name in (self._name, f"{self._name}_kept"))
        self._database_command(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(kept, live))
        self.start()

    @property
    def _name(self) -> str:
        return urlsplit(self._address).path.removeprefix("/")

    def _database_command(self, command: sql.Composed) -> None:
        beside = self._address.removesuffix(self._name) + "postgres"
        with psycopg.connect(beside, autocommit=True) as connection:
            connection.execute(command)

    def _environment(self) -> dict[str, str]:
        database = urlsplit(self._address)
        return {
            **os.environ,
            "PYTHONPATH": str(FILES),
            "PYTHONDONTWRITEBYTECODE": "1",
            "DJANGO_SETTINGS_MODULE": "settings",
            "WALL_FOLDER": str(self.folder),
            "WALL_LANGUAGE": self.language,
            "WALL_DATABASE": self._name,
            "WALL_DATABASE_PORT": str(database.port),
            "WALL_DATABASE_USER": str(database.username),
            "WALL_DATABASE_PASSWORD": str(database.password),
        }

    def _console(self, **command: Any) -> Any:
        done = subprocess.run(
            [self._python, FILES / "console.py"],
            input=json.dumps(command),
            env=self._environment(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise MisagoError(f"{command['do']}: {done.stderr[-3000:]}")
        return json.loads(done.stdout)

    def _ask(self, who: str, method: str, path: str, body: Any = None) -> Any:
        client = self._signed_in(who)
        token = {"X-CSRFToken": client.cookies["csrftoken"], "Referer": self.url}
        answer = client.request(method, f"/api/{path}", json=body, headers=token)
        if answer.is_error:
            raise MisagoError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json()

    def _signed_in(self, who: str) -> httpx.Client:
        if who not in self._people:
            client = httpx.Client(base_url=self.url, timeout=60)
            client.get("/").raise_for_status()
            token = {"X-CSRFToken": client.cookies["csrftoken"], "Referer": self.url}
            names = {"username": who, "password": PASSWORD}
            answer = client.post("/api/auth/", json=names, headers=token)
            if answer.is_error:
                raise MisagoError(f"{who} cannot sign in: {answer.text[:500]}")
            self._people[who] = client
        return self._people[who]

    def _sign_everybody_out(self) -> None:
        for client in self._people.values():
            client.close()
        self._people = {}

    def _set_hidden(self, post: int, by: str, *, hidden: bool) -> None:
        change = [{"op": "replace", "path": "is-hidden", "value": hidden}]
        self._ask(by, "PATCH", f"threads/{self.thread_id}/posts/{post}/", change)

    def _change_thread(self, what: str, value: Any) -> None:
        change = [{"op": "replace", "path": what, "value": value}]
        self._ask(MODERATOR, "PATCH", f"threads/{self.thread_id}/", change)

    def _category(self, slug: str) -> int:
        page = self._signed_in(MODERATOR).get("/").text
        found = page.split(f"/c/{slug}/", 1)[1]
        return int(found.split("/", 1)[0])
