"""Looks at a real Misago: a forum of the Discourse kind, and what its moderators and members do.

Misago deletes for good and says nothing of it; what it hides leaves a placeholder that names the
author still. A thread that guests may not see is answered like one that never was.
"""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio

from archiver.checker.commands import read
from archiver.checker.look import open_checker
from archiver.domain.observation import Actor, Sighting
from archiver.domain.post import Target
from archiver.domain.verdict import State
from tests.integration.checker.conftest import checker_options
from tests.walls.lookers import Watchers
from tests.walls.misago import ForumPost, Misago
from tests.walls.story import Looker, SetClock

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.matrix]

GONE, HIDDEN, OWN, OWN_HIDDEN, EDITED, BANNED, LAST = 5, 13, 16, 10, 20, 25, 42
"""The numbers of posts on the first, second and third page, by what will happen to them."""


def watching(looker: Looker, wall: Misago, numbers: Sequence[int]) -> Watchers[int]:
    posts = {post.id: post for post in wall.posts()}
    targets = {number: target(wall, posts[number]) for number in numbers}
    return Watchers(looker, wall.thread_url, targets)


def target(wall: Misago, post: ForumPost) -> Target:
    return Target(
        url=wall.thread_url,
        text=post.text,
        author=post.author,
        post_id=f"post-{post.id}",
        permalink=wall.url + post.permalink,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def looker(chromium: Path) -> AsyncIterator[Looker]:
    clock = SetClock()
    options = replace(checker_options(chromium), clock=clock, record_bytes=0)
    async with open_checker(options) as checker:
        yield Looker(checker, clock)


async def test_what_moderators_and_members_do_to_posts(
    looker: Looker, fresh_misago: Misago
) -> None:
    wall = fresh_misago
    watch = watching(looker, wall, [GONE, HIDDEN, OWN, OWN_HIDDEN, EDITED, BANNED, LAST])
    assert set((await watch.says()).values()) == {Sighting.PRESENT}

    members = {post.id: post.author for post in wall.posts()}
    wall.delete(GONE)
    wall.hide(HIDDEN)
    wall.delete(OWN, by=members[OWN])
    wall.hide(OWN_HIDDEN, by=members[OWN_HIDDEN])
    wall.edit(EDITED, "Pour le bac : le joint se vend à part, référence A300-J.")
    wall.ban(members[BANNED])
    expected = {
        GONE: Sighting.ABSENT,
        HIDDEN: Sighting.TOMBSTONE,
        OWN: Sighting.ABSENT,
        OWN_HIDDEN: Sighting.TOMBSTONE,
        EDITED: Sighting.EDITED,
        BANNED: Sighting.PRESENT,
        LAST: Sighting.PRESENT,
    }
    assert [await watch.says() for _ in range(2)] == [expected] * 2
    states = {number: watch.verdict(number).state for number in expected}
    assert states == {
        GONE: State.REMOVED,
        HIDDEN: State.TOMBSTONED,
        OWN: State.REMOVED,
        OWN_HIDDEN: State.TOMBSTONED,
        EDITED: State.EDITED,
        BANNED: State.VISIBLE,
        LAST: State.VISIBLE,
    }
    # nothing on the page says who deleted; a placeholder names a person, and nobody is taken for
    # another: an author is never a moderator, nor the other way round
    assert {watch.verdict(number).actor for number in (GONE, OWN)} == {Actor.UNKNOWN}
    assert watch.verdict(HIDDEN).actor in {Actor.UNKNOWN, Actor.MODERATOR}
    assert watch.verdict(OWN_HIDDEN).actor in {Actor.UNKNOWN, Actor.AUTHOR}
    assert not watch.verdict(HIDDEN).silent

    wall.restore()
    assert set((await watch.says()).values()) == {Sighting.PRESENT}
    visible = {State.VISIBLE, State.RESTORED}
    assert {watch.verdict(number).state for number in expected} <= visible


async def test_what_befalls_the_thread_accuses_nobody(looker: Looker, fresh_misago: Misago) -> None:
    wall = fresh_misago
    watch = watching(looker, wall, [GONE, LAST])
    assert set((await watch.says()).values()) == {Sighting.PRESENT}
    told: dict[str, set[str | None]] = {}

    async def note(what: str) -> None:
        told[what] = set((await watch.says()).values())
        for number in watch.targets:
            assert watch.verdict(number).state is not State.REMOVED, what

    wall.members_only()
    await note("members only")
    wall.members_only(closed=False)
    wall.stop()
    await note("down")
    wall.start()
    wall.stop_database()
    await note("without its database")
    wall.start_database()
    wall.hide_thread()
    await note("thread hidden")
    wall.hide_thread(hidden=False)
    wall.close_thread()
    wall.move_thread()
    await note("closed and moved")
    wall.rename_thread("Cafetière Aroma 300 : le fil des avis")
    await note("renamed")
    wall.delete_thread()
    await note("thread deleted")
    # guests are told the same of a thread that is closed to them and of one that is no more
    gone = {Sighting.WALL_GONE}
    assert [told[what] for what in ("members only", "thread hidden", "thread deleted")] == [
        gone
    ] * 3
    assert told["down"] == {"!network_error"}
    assert told["without its database"] == {"!server_error"}
    assert told["closed and moved"] == {Sighting.PRESENT}
    assert Sighting.MOVED in told["renamed"]
    assert told["renamed"] <= {Sighting.MOVED, "!incomplete"}


async def test_posts_that_go_with_others(looker: Looker, fresh_misago: Misago) -> None:
    """Split off into a thread of their own, or deleted together with their author's account."""
    wall = fresh_misago
    watch = watching(looker, wall, [GONE, HIDDEN, LAST])
    assert set((await watch.says()).values()) == {Sighting.PRESENT}
    members = {post.id: post.author for post in wall.posts()}
    wall.split(GONE)
    wall.delete_member(members[HIDDEN], with_content=True)
    told = await watch.says()
    assert told == {
        GONE: Sighting.COLLAPSED,  # its old address is not found; its author's page has the new one
        HIDDEN: Sighting.AUTHOR_GONE,
        LAST: Sighting.PRESENT,
    }


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_a_placeholder_in_another_language(
    looker: Looker, fresh_misago: Misago, language: Literal["en", "fr"]
) -> None:
    fresh_misago.speak(language)
    watch = watching(looker, fresh_misago, [GONE])
    assert set((await watch.says()).values()) == {Sighting.PRESENT}
    fresh_misago.hide(GONE)
    assert await watch.says() == {GONE: Sighting.TOMBSTONE}
    assert watch.verdict(GONE).state is State.TOMBSTONED
    fresh_misago.show(GONE)
    assert await watch.says() == {GONE: Sighting.PRESENT}


async def test_the_thread_is_read_as_its_members_wrote_it(
    fresh_misago: Misago, chromium: Path
) -> None:
    wall = fresh_misago
    options = checker_options(chromium)
    pages = [await read(f"{wall.thread_url}{page}", options=options) for page in ("", "2/", "3/")]
    assert [page["page"]["validity"] for page in pages] == ["valid"] * 3
    assert pages[0]["page"]["more"] == [f"{wall.thread_url}2/"]
    # a page begins with the last post of the one before it
    found = {post["id"]: post for page in pages for post in page["posts"]}
    assert [len(page["posts"]) for page in pages] == [18, 18, 10]
    written = wall.posts()
    assert list(found) == [f"post-{post.id}" for post in written]
    for post, known in zip(found.values(), written, strict=True):
        assert post["author"] == known.author
        assert post["permalink"] == wall.url + known.permalink
        assert f"{known.at:%B} {known.at.day}, {known.at.year}" in post["time"]
        assert f"{known.at:%I:%M %p}".lstrip("0") in post["time"]
        assert (post["visible"], post["tombstone"]) == (True, None)
        assert _plain(post["text"]) == _plain(known.text)


def _plain(text: str) -> str:
    """The words without their marks: a list's hyphens, and the head that a quotation is given."""
    quoted = re.sub(r'\[quote="(.+?)"\](.*?)\[/quote\]', r"\1 has written: \2", text, flags=re.S)
    return " ".join(quoted.replace("\n- ", "\n").split())
