"""A wall, a service and a contributor's browser, and what people do with them."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from PIL import Image
from playwright.sync_api import Page

from archiver.domain.instant import parse
from tests.e2e.extension.launch import Browser, launch
from tests.servers.service import RatureService
from tests.servers.waiting import wait_for
from tests.walls.epicyon import Status
from tests.walls.isso import Comment as IssoComment
from tests.walls.misago import ForumPost
from tests.walls.wordpress import Action, Comment, WordPress

Json = dict[str, Any]
POLL = 0.2
PATIENCE = 120.0
T = TypeVar("T")
"""Seconds; the machine may be busy with other things."""


Step = tuple[str, str | None]
"""State and level of a verdict."""


@dataclass(frozen=True)
class Spans:
    """Within how many seconds a removal is established, instead of an hour and a day."""

    likely: float
    confirmed: float

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a service that works with them."""
        return {
            "RATURE_POLICY__LIKELY_SPAN": str(self.likely),
            "RATURE_POLICY__CONFIRM_AFTER": str(self.confirmed),
        }

    def level(self, missed: Sequence[datetime]) -> str:
        """Say how firm an absence is that was seen at these moments."""
        span = (missed[-1] - missed[0]).total_seconds()
        if len(missed) < 3 or span < self.likely:
            return "suspected"
        return "confirmed" if span >= self.confirmed else "likely"

    def steps(self, looks: Sequence[Json]) -> list[Step]:
        """Say what follows from each look, whatever the speed of the machine that took them."""
        steps: list[Step] = []
        missed: list[datetime] = []
        usual = "visible"
        for look in looks:
            if look["sighting"] == "absent":
                missed.append(parse(look["at"]))
                steps.append(("removed", self.level(missed)))
                continue
            if missed and self.level(missed) != "suspected":
                usual = "restored"
            missed = []
            steps.append((usual if look["sighting"] == "present" else look["sighting"], None))
        return steps


def until(get: Callable[[], T | None], what: str) -> T:
    """Ask again and again, with the patience of a story, until the answer is true."""
    return wait_for(get, what, PATIENCE, pause=POLL)


@dataclass(frozen=True)
class Act:
    """What a moderator did, at a moment between `begun` and `done`."""

    begun: datetime
    done: datetime


def act(wall: WordPress, comment: Comment, action: Action, text: str | None = None) -> Act:
    """Let the moderator act on a comment."""
    begun = datetime.now(UTC)
    wall.moderate(comment.id, action, text)
    return Act(begun, datetime.now(UTC))


@dataclass(frozen=True)
class Watched:
    """A comment that is watched. `row`: what the extension keeps of its capture, if it made it."""

    comment: Comment | IssoComment | ForumPost | Status
    watch_id: str
    row: Json

    @property
    def capture_id(self) -> str:
        return str(self.row["answer"]["id"])


class Desk:
    """What the owner of a watch does through the interface."""

    def __init__(self, service: RatureService) -> None:
        self.service = service

    def get(self, path: str) -> Any:
        """Read one address below /api/v1."""
        answer = self.service.client.get(f"/api/v1{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, **content: Any) -> Any:
        """Send to one address below /api/v1; a refusal is an AssertionError."""
        answer = self.service.client.post(f"/api/v1{path}", **content)
        assert answer.is_success, answer.text
        return answer.json()

    def watch(self, comment: Comment, url: str, post_id: bool = True) -> Watched:
        """Watch a comment without a capture of it."""
        target = {"url": url, "text": comment.text, "author": comment.author}
        if post_id:
            target["post_id"] = f"comment-{comment.id}"
        return Watched(comment, self.post("/watches", json=target)["id"], {})

    def facts(self, post: Watched) -> Json:
        """Give the watch as the service shows it."""
        return dict(self.get(f"/watches/{post.watch_id}"))

    def verdict(self, post: Watched) -> Json:
        """Give the verdict without what is planned next."""
        verdict = self.facts(post)["verdict"]
        return {k: v for k, v in verdict.items() if not k.startswith("next_check")}

    def recorded(self, post: Watched, verdict_id: str) -> Json:
        """Give the verdict that was recorded under this id, and nothing but the verdict."""
        found = self.get(f"/watches/{post.watch_id}/verdicts")
        verdict = next(one for one in found if one["id"] == verdict_id)
        return {k: v for k, v in verdict.items() if k not in {"id", "at", "leaf_index"}}

    def looks(self, post: Watched) -> list[Json]:
        """Give every public look, oldest first; the capture itself is one of its author's."""
        found = self.get(f"/watches/{post.watch_id}/observations?limit=500")
        assert found["total"] == len(found["items"])
        public = [look for look in found["items"] if look["vantage"]["class"] == "public"]
        return sorted(public, key=lambda look: look["leaf_index"])

    def course(self, post: Watched) -> list[Step]:
        """Give the states and levels that the verdict went through, each change once.

        The capture, a look of the author's, may come before the first public one: nothing follows
        from it alone.
        """
        verdicts = self.get(f"/watches/{post.watch_id}/verdicts")
        steps = changes([(verdict["state"], verdict["level"]) for verdict in verdicts])
        return steps[1:] if steps[:1] == [("indeterminate", None)] else steps

    def look(self, *posts: Watched) -> list[Json]:
        """Ask for a look at each of these posts, and give those looks once all were taken.

        A visit of the schedule that was under way when it was asked for counts too.
        """
        marks = [self._newest(post) for post in posts]
        for post in posts[1:]:
            self.post(f"/watches/{post.watch_id}/checks")
        self.post(f"/watches/{posts[0].watch_id}/checks", params={"wait": 50})
        return [self._after(post, mark) for post, mark in zip(posts, marks, strict=True)]

    def fresh_look(self, *posts: Watched) -> list[Json]:
        """Give looks that began after the call: visits to one wall follow each other."""
        self.look(*posts)
        return self.look(*posts)

    def wait_for(self, post: Watched, state: str, level: str | None = None) -> Json:
        """Wait for what the schedule's own looks conclude."""

        def reached() -> Json | None:
            verdict = self.verdict(post)
            return verdict if (verdict["state"], verdict["level"]) == (state, level) else None

        return dict(until(reached, f"{state} {level} of {post.comment.author}"))

    def witness(self, *posts: Watched) -> None:
        """Wait until the checker has looked at each post for the first time."""
        for post in posts:
            until(lambda post=post: self.looks(post), f"a look at {post.comment.author}'s post")  # type: ignore[misc]  # a lambda's default

    def bundle(self, post: Watched, folder: Path) -> Path:
        """Download the proof of a watched post."""

        def ready() -> bytes | None:
            answer = self.service.client.get(f"/api/v1/watches/{post.watch_id}/bundle")
            assert answer.status_code in (200, 202), answer.text
            return answer.content if answer.status_code == 200 else None

        path = folder / f"{post.watch_id}.zip"
        path.write_bytes(until(ready, "the bundle"))
        return path

    def stop(self, *posts: Watched) -> None:
        """Watch these posts no longer."""
        for post in posts:
            answer = self.service.client.delete(f"/api/v1/watches/{post.watch_id}")
            assert answer.status_code == 200, answer.text

    def _newest(self, post: Watched) -> int:
        return max((look["leaf_index"] for look in self.looks(post)), default=-1)

    def _after(self, post: Watched, mark: int) -> Json:
        def first() -> Json | None:
            return next((x for x in self.looks(post) if x["leaf_index"] > mark), None)

        return dict(until(first, f"a look at {post.comment.author}'s post"))


class Contributor:
    """A person with the extension, paired through its own pages."""

    def __init__(self, browser: Browser, service: RatureService) -> None:
        self.browser = browser
        said = service.command("signin").stdout
        self.page: Page = browser.open(next(word for word in said.split() if "/signin?" in word))
        browser.pair(service.url, approve=lambda page: page.click("button[value=approve]"))

    def capture(
        self,
        comment: Comment | IssoComment | ForumPost | Status,
        address: str,
        post: str = "#comment-{id} .wp-block-comment-content p",
    ) -> Watched:
        """Capture a comment on the page at `address` by clicks; its receipt is stored.

        `post` selects its words on the page.
        """
        page = self.browser.open(address)
        capture = self.browser.capture(page, post.format(id=comment.id))
        row = self.browser.wait_until(capture, "sealed", patience=PATIENCE)
        page.close()
        return Watched(comment, row["answer"]["watch_id"], row)


@contextmanager
def contributor(
    folder: Path, service: RatureService, language: str = "fr"
) -> Iterator[Contributor]:
    """A browser with the extension in it, for as long as the block."""
    with launch(folder, services=[service.url], language=language) as browser:
        yield Contributor(browser, service)


def changes(steps: Sequence[Step]) -> list[Step]:
    """Give each step that differs from the one before it."""
    return [step for step, before in zip(steps, [None, *steps], strict=False) if step != before]


def named(wall: WordPress, *authors: str) -> list[Comment]:
    """Give the first comment of each author, who complain by name."""
    comments = wall.comments()
    return [next(one for one in comments if one.author == author) for author in authors]


def assert_window(verdict: Mapping[str, Any], looks: Sequence[Json], what: Act) -> None:
    """The window is the gap between two looks in a row, and the act fell into it."""
    valid = sorted((look for look in looks if look["validity"] == "valid"), key=lambda x: x["at"])
    missed = next(i for i, look in enumerate(valid) if look["sighting"] == "absent")
    assert verdict["last_seen"] == valid[missed - 1]["at"]
    assert verdict["first_missing"] == valid[missed]["at"]
    assert valid[missed - 1]["sighting"] == "present"
    assert parse(verdict["last_seen"]) < what.begun
    assert what.done <= parse(verdict["first_missing"])


def removal_picture(service: RatureService, wall: WordPress, folder: Path, out: Path) -> None:
    """Let a complaint vanish and write a picture of the watch's page as its owner sees it."""
    desk = Desk(service)
    with launch(folder, services=[service.url], language="en", size=(1295, 900)) as browser:
        person = Contributor(browser, service)
        (complaint,) = named(wall, "Tom Hendricks")
        post = person.capture(complaint, wall.post_url)
        desk.witness(post)
        act(wall, complaint, "trash")
        for _ in range(3):
            desk.look(post)
        desk.wait_for(post, "removed", "confirmed")
        shown = shoot(person.page, f"{service.url}/watches/{post.watch_id}")
    picture = Image.open(io.BytesIO(shown)).convert("RGB").quantize(128, dither=Image.Dither.NONE)
    picture.save(out, optimize=True)


def shoot(page: Page, address: str) -> bytes:
    """Give a picture of a watch's page down to its pictures, the wall's at its comments."""
    page.goto(address)
    for image in page.locator(".pair img").all():
        image.scroll_into_view_if_needed()
        image.evaluate("image => image.decode()")
    page.locator(".pair a").last.hover()
    page.mouse.wheel(0, 620)
    until(lambda: page.locator(".pair a").last.evaluate("box => box.scrollTop") > 600, "scrolled")
    page.evaluate("scrollTo(0, 0)")
    end = page.locator(".pair").bounding_box()
    assert end is not None
    width = page.evaluate("document.documentElement.clientWidth")
    clip = {"x": 0, "y": 0, "width": width, "height": end["y"] + end["height"] + 24}
    return page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]  # a FloatRect
