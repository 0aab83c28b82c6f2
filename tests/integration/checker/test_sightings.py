"""What a valid look says: each situation after a first look at the live wall."""

import pytest

from archiver.checker.look import Checker
from archiver.domain.observation import Observation, Sighting, Validity
from tests.integration.checker.conftest import Watcher
from tests.walls.sim_posts import START, SimPost
from tests.walls.simulated import SimulatedWall

pytestmark = pytest.mark.asyncio(loop_scope="module")
TARGET = 107


def said(observation: Observation) -> tuple[str | None, str | None]:
    return observation.sighting, observation.reason


async def test_live_post_is_present_with_its_neighbours(
    checker: Checker, wall: SimulatedWall
) -> None:
    watcher = Watcher(checker, wall, TARGET)
    first = await watcher.look()
    assert said(first) == (Sighting.PRESENT, None)
    assert first.matched_by == "author+text"
    assert first.similarity == 1.0
    assert first.status == 200
    assert first.seen is not None
    assert first.seen.author == wall.post(TARGET).author
    assert {sibling.author for sibling in first.siblings} > {"Alice Ancel", "Jonas Jung"}
    look = watcher.looks[0]
    assert look.visit is not None
    assert [file.name for file in look.files] == ["post.png"]
    assert [file.name for file in look.visit.files] == ["page.png", "page.html"]


async def test_deleted_post_is_absent_between_its_neighbours(
    checker: Checker, wall: SimulatedWall
) -> None:
    watcher = Watcher(checker, wall, TARGET)
    await watcher.look()
    wall.remove(TARGET)
    gone = await watcher.look()
    assert said(gone) == (Sighting.ABSENT, None)
    assert gone.controls.known == gone.controls.found >= 7
    assert gone.controls.before == 4
    assert gone.controls.after >= 3  # the blog's first page ends there


async def test_first_and_last_post_are_missed_too(checker: Checker, wall: SimulatedWall) -> None:
    first, last = Watcher(checker, wall, 101), Watcher(checker, wall, 124)
    await first.look()
    await last.look()
    wall.remove(101)
    wall.remove(124)
    assert said(await first.look()) == (Sighting.ABSENT, None)
    assert said(await last.look()) == (Sighting.ABSENT, None)


async def test_newest_first_wall_is_read_the_same_way(
    checker: Checker, wall: SimulatedWall
) -> None:
    wall.newest_first = True
    watcher = Watcher(checker, wall, TARGET)
    assert said(await watcher.look()) == (Sighting.PRESENT, None)
    wall.remove(TARGET)
    assert said(await watcher.look()) == (Sighting.ABSENT, None)


async def test_turned_order_does_not_hide_or_remove(checker: Checker, wall: SimulatedWall) -> None:
    watcher = Watcher(checker, wall, TARGET)
    await watcher.look()
    wall.newest_first = True
    assert said(await watcher.look()) == (Sighting.PRESENT, None)
    wall.remove(TARGET)
    assert said(await watcher.look()) == (Sighting.ABSENT, None)


async def test_new_posts_push_it_to_another_page(checker: Checker, wall: SimulatedWall) -> None:
    wall.newest_first = True
    watcher = Watcher(checker, wall, 124)
    await watcher.look()
    wall.posts += [
        SimPost(200 + n, f"New {n}", f"Number {n}: my bag came apart at once.", START)
        for n in range(25)
    ]
    assert said(await watcher.look()) == (Sighting.PRESENT, None)
    wall.remove(124)
    assert said(await watcher.look()) == (Sighting.ABSENT, None)


async def test_restored_post_is_present_again(checker: Checker, wall: SimulatedWall) -> None:
    watcher = Watcher(checker, wall, TARGET)
    everything = list(wall.posts)
    await watcher.look()
    wall.remove(TARGET)
    assert said(await watcher.look()) == (Sighting.ABSENT, None)
    wall.posts = everything
    assert said(await watcher.look()) == (Sighting.PRESENT, None)


@pytest.mark.parametrize(
    ("change", "least", "most"),
    [
        (lambda text: text.replace("9 days", "8 days"), 0.97, 0.9999),  # one character
        (lambda text: text.replace("nobody answers me", "all is well now"), 0.6, 0.9),
    ],
)
async def test_edited_text_is_told_with_its_likeness(
    checker: Checker, wall: SimulatedWall, change, least: float, most: float
) -> None:
    watcher = Watcher(checker, wall, TARGET)
    await watcher.look()
    post = wall.post(TARGET)
    post.text = change(post.text)
    edited = await watcher.look()
    assert said(edited) == (Sighting.EDITED, None)
    assert edited.similarity is not None
    assert least <= edited.similarity <= most


async def test_invisible_and_lookalike_characters_are_no_edit(
    checker: Checker, wall: SimulatedWall
) -> None:
    watcher = Watcher(checker, wall, TARGET)
    await watcher.look()
    post = wall.post(TARGET)
    post.text = post.text.replace("a", "а").replace(" ", "\u200b ")
    assert said(await watcher.look()) == (Sighting.PRESENT, None)


async def test_quotation_by_somebody_else_is_not_the_post(
    checker: Checker, wall: SimulatedWall
) -> None:
    watcher = Watcher(checker, wall, TARGET)
    await watcher.look()
    text = wall.post(TARGET).text
    wall.remove(TARGET)
    wall.posts += [
        SimPost(301, "Zoe Zander", f"Somebody wrote: {text} Where is it now?", START),
        SimPost(302, "Yann Yver", text, START),  # the same words by another author
    ]
    assert said(await watcher.look()) == (Sighting.ABSENT, None)


WAYS = ("display", "visibility", "opacity", "off_page", "clip", "zero", "colour")


async def test_post_hidden_by_css_is_concealed(checker: Checker, wall: SimulatedWall) -> None:
    watcher = Watcher(checker, wall, TARGET)
    await watcher.look()
    told = {}
    for way in WAYS:
        wall.post(TARGET).hidden = way
        told[way] = said(await watcher.look())
    assert told == dict.fromkeys(WAYS, (Sighting.CONCEALED, None))


STONES = {
    "This comment was removed by a moderator.": "moderator",
    "Ce commentaire a été supprimé par un modérateur.": "moderator",
    "Diese Nachricht wurde vom Autor gelöscht.": "author",
    "[deleted]": "unknown",
}


async def test_placeholder_in_its_place_is_a_tombstone(
    checker: Checker, wall: SimulatedWall
) -> None:
    watcher = Watcher(checker, wall, TARGET)
    await watcher.look()
    told = {}
    for stone in STONES:
        wall.post(TARGET).stone = stone
        look = await watcher.look()
        told[stone] = (look.sighting, look.actor)
    assert told == {stone: (Sighting.TOMBSTONE, actor) for stone, actor in STONES.items()}


async def test_visitor_who_writes_about_removal_leaves_no_tombstone(
    checker: Checker, wall: SimulatedWall
) -> None:
    watcher = Watcher(checker, wall, TARGET)
    await watcher.look()
    wall.post(TARGET + 1).text = "This comment was removed by a moderator."
    assert said(await watcher.look()) == (Sighting.PRESENT, None)


async def test_wall_that_is_gone_while_the_site_lives(
    checker: Checker, wall: SimulatedWall
) -> None:
    watcher = Watcher(checker, wall, TARGET)
    await watcher.look()
    wall.situation = "gone"
    gone = await watcher.look()
    assert said(gone) == (Sighting.WALL_GONE, None)
    assert gone.validity is Validity.VALID
