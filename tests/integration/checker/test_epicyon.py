"""Looks at a real Epicyon: a network of the Mastodon kind, and what its people do to posts.

A moderator removes an author's copy of a post, and with it what stands under a hashtag; the copy
that a brand was sent stays under the brand's post. There the brand alone decides: it can show an
answer without its words, or show nothing by somebody for a day. None of it is told to a stranger.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from archiver.checker.commands import read
from archiver.checker.look import open_checker
from archiver.checker.rules import judge
from archiver.domain.observation import Actor, Notice, NoticeKind, Sighting
from archiver.domain.post import Target
from archiver.domain.verdict import Level, State
from tests.integration.checker.conftest import checker_options
from tests.walls.epicyon import BRAND, Epicyon, Status
from tests.walls.lookers import Watchers
from tests.walls.story import Looker, SetClock

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.matrix]

PRESENT, ABSENT = Sighting.PRESENT, Sighting.ABSENT
DOWN = "!network_error"


def watching(looker: Looker, wall: Epicyon, url: str, posts: Mapping[str, Status]) -> Watchers[str]:
    targets = {
        name: Target(
            url=url,
            text=post.text,
            author=post.author,
            post_id=post.id,
            permalink=wall.url + post.permalink,
        )
        for name, post in posts.items()
    }
    return Watchers(looker, url, targets)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def looker(chromium: Path) -> AsyncIterator[Looker]:
    clock = SetClock()
    options = replace(checker_options(chromium), clock=clock, record_bytes=0)
    async with open_checker(options) as checker:
        yield Looker(checker, clock)


async def test_what_a_moderator_removes_under_a_hashtag(
    looker: Looker, fresh_epicyon: Epicyon
) -> None:
    wall, posts = fresh_epicyon, fresh_epicyon.tagged
    named = {"near": posts[7], "far": posts[2], "own": posts[12], "other": posts[17]}
    watch = watching(looker, wall, wall.tag_url, named)
    assert set((await watch.says()).values()) == {PRESENT}
    wall.write("nadia_cherif", "Un numéro gratuit pour la #aroma300, enfin.")
    assert set((await watch.says()).values()) == {PRESENT}
    wall.stop()
    assert set((await watch.says()).values()) == {DOWN}
    wall.start()
    assert set((await watch.says()).values()) == {PRESENT}
    seen_at = looker.clock.now

    wall.remove(posts[7])
    wall.remove(posts[2])
    wall.delete_own(posts[12])
    missed = [await watch.look() for _ in range(3)]
    gone = {"near": ABSENT, "far": ABSENT, "own": ABSENT, "other": PRESENT}
    assert [{name: one.sighting for name, one in look.items()} for look in missed] == [gone] * 3
    levels = {name: watch.verdict(name).level for name in gone}
    assert levels == {"near": Level.LIKELY, "far": Level.LIKELY, "own": Level.LIKELY, "other": None}
    looker.clock.now += timedelta(hours=22)
    wall.suspend("nadia_cherif")
    assert await watch.says() == gone
    for name in ("near", "far", "own"):
        verdict = watch.verdict(name)
        assert (verdict.state, verdict.level) == (State.REMOVED, Level.CONFIRMED)
        # nothing tells a moderator's removal from an author's own
        assert (verdict.actor, verdict.silent) == (Actor.UNKNOWN, True)
        assert (verdict.last_seen, verdict.first_missing) == (seen_at, missed[0][name].at)
    # one who may sign in no more has lost no post
    assert watch.verdict("other").state is State.VISIBLE

    wall.restore()
    assert set((await watch.says()).values()) == {PRESENT}
    assert {watch.verdict(name).state for name in ("near", "far", "own")} == {State.RESTORED}


async def test_a_hashtag_that_is_blocked_and_an_account_that_is_removed(
    looker: Looker, fresh_epicyon: Epicyon
) -> None:
    wall, posts = fresh_epicyon, fresh_epicyon.tagged
    # what its author has and the brand was sent stands there twice, under one id
    twice = wall.answer(
        "karim_b", "Le bac de ma #aroma300 fuit, et personne ne répond depuis mars."
    )
    named = {"gone": posts[14], "other": posts[11], "twice": twice}
    watch = watching(looker, wall, wall.tag_url, named)
    there = dict.fromkeys(named, PRESENT)
    first = await watch.look()
    assert {name: one.sighting for name, one in first.items()} == there
    # the name of whom it answers, which its head shows, is none of its words
    assert {one.similarity for one in first.values()} == {1.0}
    wall.remove(twice)
    assert await watch.says() == there
    wall.block_tag()
    assert set((await watch.says()).values()) == {"!not_rendered"}
    assert {watch.verdict(name).state for name in watch.targets} == {State.VISIBLE}
    wall.block_tag(blocked=False)
    assert await watch.says() == there
    wall.remove_account(posts[14].author)
    assert await watch.says() == {**there, "gone": Sighting.AUTHOR_GONE}
    assert watch.verdict("gone").state is State.AUTHOR_GONE
    assert not watch.verdict("gone").silent


async def test_what_a_brand_does_to_answers(looker: Looker, fresh_epicyon: Epicyon) -> None:
    wall, posts = fresh_epicyon, fresh_epicyon.replies
    named = {"muted": posts[3], "snoozed": posts[4], "removed": posts[1], "own": posts[12]}
    watch = watching(looker, wall, wall.thread_url, named)
    as_written = dict.fromkeys(named, PRESENT)
    assert await watch.says() == as_written
    wall.answer("nadia_cherif", "Encore une chose : le service client a un numéro gratuit.")
    assert await watch.says() == as_written

    wall.mute(posts[3])
    wall.snooze(posts[4].author)
    # with one alone in its list, Epicyon cannot take anybody off it again
    wall.snooze("aurelie_dupuis")
    hidden = {**as_written, "muted": Sighting.TOMBSTONE, "snoozed": Sighting.COLLAPSED}
    assert [await watch.says() for _ in range(3)] == [hidden] * 3
    # an answer without its words is one that was withheld, by whom the page does not say
    muted = watch.verdict("muted")
    assert (muted.state, muted.actor, muted.silent) == (State.TOMBSTONED, Actor.UNKNOWN, False)
    # what its author's page still shows was not removed
    assert watch.verdict("snoozed").state is State.COLLAPSED
    wall.mute(posts[3], muted=False)
    wall.snooze(posts[4].author, snoozed=False)
    assert await watch.says() == as_written

    # the brand was sent copies of its own, which no moderator and no author takes back
    wall.remove(posts[1])
    wall.delete_own(posts[12])
    wall.suspend(posts[3].author)
    wall.remove_account(posts[4].author)
    assert await watch.says() == as_written
    wall.stop()
    assert set((await watch.says()).values()) == {DOWN}
    wall.start()
    # its front page is a log-in: the answers' own pages tell the site alive
    wall.delete_own_post()
    assert set((await watch.says()).values()) <= {Sighting.WALL_GONE, Sighting.PARENT_GONE}
    assert State.REMOVED not in {watch.verdict(name).state for name in named}


async def test_an_answer_that_its_author_takes_back(looker: Looker, fresh_epicyon: Epicyon) -> None:
    """The deletion travels to the brand's copy, as between two instances."""
    wall, posts = fresh_epicyon, fresh_epicyon.replies
    watch = watching(looker, wall, wall.thread_url, {"back": posts[1], "other": posts[4]})
    assert await watch.says() == {"back": PRESENT, "other": PRESENT}
    wall.take_back(posts[1])
    for hours in (1, 1, 23):
        looker.clock.now += timedelta(hours=hours)
        assert await watch.says() == {"back": ABSENT, "other": PRESENT}
    verdict = watch.verdict("back")
    assert (verdict.state, verdict.level) == (State.REMOVED, Level.CONFIRMED)
    assert verdict.actor is Actor.UNKNOWN
    said = Notice(at=looker.clock.now, notice=NoticeKind.WITHDRAWN)
    told = judge([*watch.histories["back"], said])
    assert (told.state, told.silent) == (State.WITHDRAWN, False)


async def test_pages_are_read_as_people_wrote_them(fresh_epicyon: Epicyon, chromium: Path) -> None:
    wall, options = fresh_epicyon, checker_options(chromium)
    thread = await read(wall.thread_url, options=options)
    # Mastodon's adapter knows Mastodon's own pages, and steps aside
    assert (thread["page"]["site"], thread["page"]["adapter"]) == (None, None)
    _assert_read(wall, thread["posts"][1:], wall.replies)
    assert thread["posts"][0]["author"] == BRAND
    pages = [await read(f"{wall.tag_url}{page}", options=options) for page in ("", "?page=2")]
    assert [len(page["posts"]) for page in pages] == [13, 6]
    assert pages[0]["page"]["more"] == [f"{wall.tag_url}?page=2"]
    # a page begins with the last post of the one before it
    assert pages[1]["posts"][0] == pages[0]["posts"][-1]
    newest_first = [*pages[0]["posts"], *pages[1]["posts"][1:]]
    _assert_read(wall, newest_first[::-1], wall.tagged)
    people = [f"{wall.url}/users/{post.author}" for post in wall.tagged]
    assert [post["author_id"] for post in newest_first[::-1]] == people


def _assert_read(wall: Epicyon, read_posts: list[dict[str, object]], known: list[Status]) -> None:
    told = [(one["id"], one["author"], one["text"], one["permalink"]) for one in read_posts]
    assert told == [(one.id, one.author, one.text, wall.url + one.permalink) for one in known]
    for one, post in zip(read_posts, known, strict=True):
        assert one["time"] == f"{post.at:%a %b %d, %H:%M}"
        assert (one["visible"], one["tombstone"]) == (True, None)
