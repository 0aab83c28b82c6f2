"""Looks at a real WordPress: its moderation, its pages of comments, its error pages."""

import pytest

from archiver.checker.look import Checker
from archiver.domain.observation import Observation, Reason, Sighting
from archiver.domain.post import Target
from tests.walls.front import Front
from tests.walls.wordpress import Comment, WordPress

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Watcher:
    """Looks at one comment again and again."""

    def __init__(
        self, checker: Checker, wall: WordPress, comment: Comment, origin: str | None = None
    ) -> None:
        self.checker = checker
        url = wall.post_url.replace(wall.url, origin or wall.url)
        self.target = Target(url=url, text=comment.text, author=comment.author)
        self.history: list[Observation] = []

    async def look(self) -> tuple[str | None, str | None]:
        looks = await self.checker.visit(self.target.url, [self.target], [self.history])
        self.history.append(looks[0].observation)
        return looks[0].observation.sighting, looks[0].observation.reason


def first_level(wall: WordPress) -> list[Comment]:
    return [c for c in wall.comments() if c.status == "approved" and not c.parent]


@pytest.mark.parametrize(
    "order",
    [
        pytest.param("oldest_first", marks=pytest.mark.matrix),
        pytest.param("newest_last", marks=pytest.mark.matrix),
        "newest_first",
    ],
)
async def test_moderation_is_seen_in_every_order(
    checker: Checker, fresh_wordpress: WordPress, order
) -> None:
    fresh_wordpress.set_order(order)
    comments = first_level(fresh_wordpress)
    comment = comments[len(comments) // 2]
    watcher = Watcher(checker, fresh_wordpress, comment)
    assert await watcher.look() == (Sighting.PRESENT, None)
    first = watcher.history[0]
    assert first.facts[-1] == "site.wordpress"  # its adapter read the page, on the real program
    assert first.seen is not None
    assert first.seen.post_id == f"comment-{comment.id}"
    assert first.seen.author == comment.author
    assert (first.seen.permalink or "").endswith(f"#comment-{comment.id}")
    fresh_wordpress.moderate(comment.id, "spam")
    assert await watcher.look() == (Sighting.ABSENT, None)
    fresh_wordpress.moderate(comment.id, "approve")
    assert await watcher.look() == (Sighting.PRESENT, None)


async def test_edit_outage_and_return(checker: Checker, fresh_wordpress: WordPress) -> None:
    comment = first_level(fresh_wordpress)[3]
    watcher = Watcher(checker, fresh_wordpress, comment)
    assert await watcher.look() == (Sighting.PRESENT, None)
    fresh_wordpress.stop_database()
    assert await watcher.look() == (None, Reason.SERVER_ERROR)
    fresh_wordpress.start_database()
    fresh_wordpress.stop()
    assert await watcher.look() == (None, Reason.NETWORK_ERROR)
    fresh_wordpress.start()
    fresh_wordpress.moderate(comment.id, "edit", comment.text + " Thank you!")
    assert await watcher.look() == (Sighting.EDITED, None)
    fresh_wordpress.article_status("trash")
    assert await watcher.look() == (Sighting.PARENT_GONE, None)


MODES = {
    "login_redirect": Reason.LOGIN_WALL,
    "login_in_place": Reason.LOGIN_WALL,
    "captcha": Reason.CHALLENGE,
    "captcha_hold": Reason.CHALLENGE,
    "rate_limited": Reason.RATE_LIMITED,
    "geo": Reason.GEO_BLOCKED,
    "server_error": Reason.SERVER_ERROR,
    "consent": Reason.CONSENT_WALL,
    "drop": Reason.NETWORK_ERROR,
    "stale": Reason.STALE_CACHE,
}


async def test_obstacles_before_a_real_wall(
    checker: Checker, front: Front, fresh_wordpress: WordPress
) -> None:
    comment = first_level(fresh_wordpress)[3]
    watcher = Watcher(checker, fresh_wordpress, comment, front.url)
    assert await watcher.look() == (Sighting.PRESENT, None)
    fresh_wordpress.moderate(comment.id, "trash")
    told = {}
    for mode in MODES:
        front.mode = mode  # type: ignore[assignment]
        told[mode] = await watcher.look()
    assert told == {mode: (None, reason) for mode, reason in MODES.items()}
    front.mode = "stale_passable"
    assert await watcher.look() == (Sighting.ABSENT, None)
    front.mode = "short"
    assert (await watcher.look())[0] is None
