"""Looks at a real isso: a wall that its own script draws, and what its moderator and authors do.

isso deletes for good: what is deleted is out of the list, or, when it has answers, leaves a
placeholder that names nobody. Its queue shows a new comment to nobody but its author, once.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from archiver.checker.look import open_checker
from archiver.checker.rules import judge
from archiver.domain.observation import (
    Actor,
    Notice,
    NoticeKind,
    Observation,
    Reason,
    Sighting,
)
from archiver.domain.post import Target
from archiver.domain.verdict import Level, State, Verdict
from tests.integration.checker.conftest import checker_options
from tests.walls.isso import Comment, Isso
from tests.walls.isso_author import author_look, browser_page, write
from tests.walls.story import Looker, SetClock

pytestmark = pytest.mark.asyncio(loop_scope="module")

AUTHOR, WORDS = (
    "Zoé Martel",
    "Une semaine d'attente, et le suivi du colis ne bouge plus depuis lundi.",
)


class Watcher:
    """Looks at one comment an hour after the last look, with its history."""

    def __init__(self, looker: Looker, wall: Isso, author: str, text: str) -> None:
        self.looker = looker
        self.target = Target(url=wall.post_url, text=text, author=author)
        self.history: list[Observation] = []

    async def look(self) -> Observation:
        """One more look; it joins the history."""
        self.looker.clock.now += timedelta(hours=1)
        checker, url = self.looker.checker, self.target.url
        observation = (await checker.visit(url, [self.target], [self.history]))[0].observation
        self.history.append(observation)
        return observation

    async def told(self) -> tuple[Sighting | None, Reason | None]:
        """What one more look says."""
        observation = await self.look()
        return observation.sighting, observation.reason

    @property
    def now(self) -> datetime:
        return self.looker.clock.now

    @property
    def verdict(self) -> Verdict:
        return judge(self.history)


PRESENT, ABSENT = (Sighting.PRESENT, None), (Sighting.ABSENT, None)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def looker(chromium: Path) -> AsyncIterator[Looker]:
    clock = SetClock()
    options = replace(checker_options(chromium), clock=clock, record_bytes=0)
    async with open_checker(options) as checker:
        yield Looker(checker, clock)


def watch(looker: Looker, wall: Isso, author: str) -> tuple[Watcher, Comment]:
    comment = wall.named(author)
    return Watcher(looker, wall, comment.author, comment.text), comment


async def test_a_deletion_by_the_moderator_is_found_and_nothing_else_is(
    looker: Looker, fresh_isso: Isso
) -> None:
    watcher, comment = watch(looker, fresh_isso, "Tom Hendricks")
    assert await watcher.told() == PRESENT
    fresh_isso.moderate(fresh_isso.named("Nadia Cherif").id, "delete")
    assert await watcher.told() == PRESENT
    assert (watcher.verdict.state, watcher.verdict.windows) == (State.VISIBLE, [])

    seen_at = watcher.now
    fresh_isso.moderate(comment.id, "delete")
    fresh_isso.add_comment("Une passante", f"Tom Hendricks wrote: {comment.text} Where is it now?")
    missed = [await watcher.look() for _ in range(3)]
    assert {one.sighting for one in missed} == {Sighting.ABSENT}
    assert {one.controls.found >= 5 for one in missed} == {True}
    assert not [gate for one in missed for gate in one.facts if gate.startswith("!")]
    verdict = watcher.verdict
    assert (verdict.state, verdict.level, verdict.silent) == (State.REMOVED, Level.LIKELY, True)
    assert verdict.actor == Actor.UNKNOWN
    assert (verdict.last_seen, verdict.first_missing) == (seen_at, missed[0].at)

    fresh_isso.bring_back_comments()
    assert await watcher.told() == PRESENT
    assert watcher.verdict.state is State.RESTORED


@pytest.mark.matrix
@pytest.mark.parametrize("language", ["en", "fr"])
async def test_a_deleted_comment_with_answers_leaves_a_tombstone_of_nobody(
    looker: Looker, fresh_isso: Isso, language: str
) -> None:
    fresh_isso.site.attributes = {"lang": language}
    watcher, comment = watch(looker, fresh_isso, "Jean-Luc Perrin")
    answer, answering = watch(looker, fresh_isso, "Claire D.")
    assert await watcher.told() == PRESENT
    assert await answer.told() == PRESENT
    fresh_isso.moderate(comment.id, "delete")
    assert await watcher.told() == (Sighting.TOMBSTONE, None)
    verdict = watcher.verdict
    assert (verdict.state, verdict.actor) == (State.TOMBSTONED, Actor.UNKNOWN)
    assert verdict.silent is False
    # an answer stays there for as long as itself is not deleted
    assert await answer.told() == PRESENT
    fresh_isso.moderate(answering.id, "delete")
    assert await answer.told() == ABSENT
    assert (answer.verdict.state, answer.verdict.level) == (State.REMOVED, Level.SUSPECTED)


@pytest.mark.matrix
async def test_edits_are_edits_whoever_makes_them(looker: Looker, fresh_isso: Isso) -> None:
    watcher, comment = watch(looker, fresh_isso, "Luc Marchand")
    assert await watcher.told() == PRESENT
    fresh_isso.moderate(comment.id, "edit", comment.text.replace("140", "145"))
    small = await watcher.look()
    assert small.sighting is Sighting.EDITED
    assert 0.95 < (small.similarity or 0) < 1
    fresh_isso.moderate(comment.id, "edit", "Très bonne bouilloire, rien à redire.")
    gutted = await watcher.look()
    assert gutted.sighting is Sighting.EDITED
    assert (gutted.similarity or 0) < 0.6
    assert watcher.verdict.state is State.EDITED


@pytest.mark.matrix
@pytest.mark.parametrize(
    "words", ["This comment was removed by a moderator.", "Commentaire supprimé par la modération."]
)
async def test_an_author_who_writes_of_a_removal_accuses_nobody(
    looker: Looker, fresh_isso: Isso, words: str
) -> None:
    number = fresh_isso.add_comment(AUTHOR, WORDS)
    watcher = Watcher(looker, fresh_isso, AUTHOR, WORDS)
    assert await watcher.told() == PRESENT
    fresh_isso.edit_own(number, words)
    assert (await watcher.look()).actor == Actor.UNKNOWN
    assert (watcher.verdict.state, watcher.verdict.silent) == (State.TOMBSTONED, False)
    assert watcher.verdict.actor == Actor.UNKNOWN


@pytest.mark.matrix
async def test_an_authors_own_deletion(looker: Looker, fresh_isso: Isso) -> None:
    number = fresh_isso.add_comment(AUTHOR, WORDS)
    watcher = Watcher(looker, fresh_isso, AUTHOR, WORDS)
    assert await watcher.told() == PRESENT
    fresh_isso.delete_own(number)
    assert await watcher.told() == ABSENT
    said = Notice(at=watcher.now, notice=NoticeKind.WITHDRAWN)
    verdict = judge([*watcher.history, said])
    assert (verdict.state, verdict.silent) == (State.WITHDRAWN, False)

    answered = fresh_isso.add_comment(AUTHOR, WORDS)
    fresh_isso.add_comment("Un ami", "Courage !", answered)
    second = Watcher(looker, fresh_isso, AUTHOR, WORDS)
    assert await second.told() == PRESENT
    fresh_isso.delete_own(answered)
    assert (await second.look()).actor == Actor.UNKNOWN
    assert second.verdict.state is State.TOMBSTONED


@pytest.mark.matrix
async def test_what_waits_for_the_moderator_is_pending(
    looker: Looker, fresh_isso: Isso, chromium: Path
) -> None:
    fresh_isso.hold_new_comments()
    watcher = Watcher(looker, fresh_isso, AUTHOR, WORDS)
    async with browser_page(chromium) as page:
        assert "moderation" in await write(page, fresh_isso, AUTHOR, WORDS)
        watcher.history.append(await author_look(page, AUTHOR, WORDS, watcher.now, chromium))
    (held,) = [one for one in fresh_isso.comments() if one.status == "queued"]

    for _ in range(3):
        assert await watcher.told() == ABSENT
    verdict = watcher.verdict
    assert (verdict.state, verdict.silent, verdict.windows) == (State.PENDING, False, [])
    # another one that waits changes nothing for those that are there
    other, _ = watch(looker, fresh_isso, "Simon Dufour")
    assert await other.told() == PRESENT

    fresh_isso.moderate(held.id, "activate")
    assert await watcher.told() == PRESENT
    assert watcher.verdict.state is State.VISIBLE


@pytest.mark.matrix
@pytest.mark.parametrize("order", ["oldest", "newest"])
@pytest.mark.parametrize("author", ["Karim B.", "Daniel Murphy"])
async def test_comments_behind_a_number_of_hidden_ones(
    looker: Looker, fresh_isso: Isso, order: str, author: str
) -> None:
    fresh_isso.site.attributes = {"max-comments-top": "8", "sorting": order}
    watcher, comment = watch(looker, fresh_isso, author)
    for _ in range(2):
        assert await watcher.told() == PRESENT
    fresh_isso.moderate(comment.id, "delete")
    assert await watcher.told() == ABSENT
    assert "Hidden" in (watcher.history[-1].detail or "")
    assert (watcher.verdict.state, watcher.verdict.level) == (State.REMOVED, Level.SUSPECTED)


@pytest.mark.matrix
@pytest.mark.parametrize("language", ["en", "fr"])
async def test_answers_that_are_folded_away_are_collapsed(
    looker: Looker, fresh_isso: Isso, language: str
) -> None:
    fresh_isso.site.attributes = {"max-comments-nested": "0", "lang": language}
    watcher, comment = watch(looker, fresh_isso, "Claire D.")
    assert await watcher.told() == (Sighting.COLLAPSED, None)
    fresh_isso.moderate(comment.id, "delete")
    assert await watcher.told() == ABSENT


@pytest.mark.matrix
async def test_hidden_comments_that_do_not_come_are_not_missed(
    looker: Looker, fresh_isso: Isso
) -> None:
    """isso answers 400 to this number, and its client takes the way to the rest off the page."""
    fresh_isso.site.attributes = {"max-comments-top": "8"}
    watcher, _ = watch(looker, fresh_isso, "Daniel Murphy")
    early, _ = watch(looker, fresh_isso, "Karim B.")
    assert await watcher.told() == PRESENT
    assert await early.told() == PRESENT
    fresh_isso.site.attributes["reveal-on-click"] = "some"
    assert (await watcher.look()).sighting is None
    assert await early.told() == PRESENT
    assert watcher.verdict.state is State.VISIBLE


@pytest.mark.matrix
async def test_without_its_comment_server_the_article_tells_nothing(
    looker: Looker, fresh_isso: Isso
) -> None:
    watcher, _ = watch(looker, fresh_isso, "Luc Marchand")
    assert await watcher.told() == PRESENT
    fresh_isso.stop()
    down = [await watcher.look() for _ in range(3)]
    fresh_isso.start()
    fresh_isso.break_database()
    down.append(await watcher.look())
    assert [one.sighting for one in down] == [None] * 4
    assert {one.reason for one in down} <= {Reason.NOT_RENDERED, Reason.SERVER_ERROR}
    assert (watcher.verdict.state, watcher.verdict.unresolved) == (State.VISIBLE, 4)

    fresh_isso.restore()
    fresh_isso.site.published = False
    assert await watcher.told() == (Sighting.PARENT_GONE, None)
    assert watcher.verdict.state is State.PARENT_GONE
    fresh_isso.site.published = True
    assert await watcher.told() == PRESENT


@pytest.mark.matrix
async def test_a_thread_emptied_to_the_last_comment_proves_nothing(
    looker: Looker, fresh_isso: Isso
) -> None:
    watcher, _ = watch(looker, fresh_isso, "Luc Marchand")
    assert await watcher.told() == PRESENT
    for comment in reversed(fresh_isso.comments()):
        fresh_isso.moderate(comment.id, "delete")
    emptied = await watcher.look()
    assert emptied.sighting is None
    # its form is nothing that could bring more: "Preview" is not asked
    assert "More was asked for" not in (emptied.detail or "")
    assert watcher.verdict.state is State.VISIBLE
