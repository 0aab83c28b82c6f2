"""Arriving at a page of a wall: past caches, past a consent banner, and when its list is there."""

import asyncio
from dataclasses import dataclass, field, replace

from archiver.checker import consent
from archiver.checker.freshness import is_old, too_old, unknown_to_caches, without_parameter
from archiver.checker.goal import Goal
from archiver.checker.options import CheckerOptions
from archiver.checker.page_state import Finding, Response, blocked, has_list, is_gone
from archiver.checker.pages import PageRead, arrange
from archiver.checker.reading import Reading
from archiver.checker.tab import Tab
from archiver.checker.wall import Wall
from archiver.domain.observation import Reason

LATE_SECONDS = 1.0
"""A list that is drawn by timers is asked for as often."""


@dataclass
class Arrival:
    """A page as it is shown: its answer, its reading, what stands in the way, what was done."""

    url: str
    response: Response
    reading: Reading
    obstacle: Finding | None = None
    steps: list[str] = field(default_factory=list)


def alone(reading: Reading, *, opened: bool = False) -> Wall:
    """A page for itself: what is on it is certain, what is not on it is not."""
    read = PageRead(None, frozenset(), reading, opened=opened)
    return replace(arrange([read]), starts=False, ends=False, alone=True)


async def arrive(tab: Tab, url: str, goal: Goal, options: CheckerOptions) -> Arrival:
    """Opens an address. Nothing is done that is not needed to find what is looked for.

    Raises:
        ReaderFault, PlaywrightError: as a tab does.
    """
    here = await _fresh(tab, url, goal, options)
    if is_gone(here.response) and here.obstacle is None:
        return here
    await _past_consent(tab, here, goal)
    if here.obstacle is None and not goal.enough(alone(here.reading)):
        here.reading = await _patient(tab, here.reading, options)
        here.obstacle = blocked(url, await tab.response(), here.reading)
        if here.obstacle is not None and not here.steps:
            await _past_consent(tab, here, goal)  # it came as late as the list
    return here


async def _fresh(tab: Tab, url: str, goal: Goal, options: CheckerOptions) -> Arrival:
    """The page, asked for again where a cache answers with an old copy of it."""
    response = await tab.open(url)
    reading = await tab.read()
    steps = []
    if is_old(response, reading, goal.newest):
        steps.append(f"A cache answered (Age {response.age}); it was asked for the original.")
        await tab.pass_caches()
        response = await tab.open(url)
        reading = await tab.read()
    if is_old(response, reading, goal.newest):
        steps.append("The address was asked for with a parameter that no cache knows.")
        response = await tab.open(unknown_to_caches(url, options.clock()))
        response = replace(response, url=without_parameter(response.url, url))
        reading = await tab.read()
    obstacle = blocked(url, response, reading) or too_old(response, reading, goal.newest)
    return Arrival(url, response, reading, obstacle, steps)


async def _past_consent(tab: Tab, here: Arrival, goal: Goal) -> None:
    """Refuses consent where it stands in the way of what is looked for."""
    if here.obstacle is not None:
        wanted = here.obstacle.reason is Reason.CONSENT_WALL
    else:
        asked = consent.asked(here.reading) and not goal.enough(alone(here.reading))
        wanted = asked or consent.covered(here.reading)
    if not wanted:
        return
    done = await consent.refuse(tab)
    if done is None:
        return
    here.steps.append(done)
    here.reading = await tab.read()
    here.response = await answered(tab, here.url)
    here.obstacle = blocked(here.url, here.response, here.reading)


async def answered(tab: Tab, url: str) -> Response:
    """How the page that is shown now was answered, under the address that a person would know."""
    response = await tab.response()
    return replace(response, url=without_parameter(response.url, url))


async def _patient(tab: Tab, reading: Reading, options: CheckerOptions) -> Reading:
    """Gives a page of scripts without a list the time to show one: until the list has settled, not
    until something, a spinner perhaps, has moved."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + options.patience
    while reading.page.scripts and not has_list(reading) and (left := deadline - loop.time()) > 0:
        await tab.settle(more_than=reading.page.elements, most=min(left, LATE_SECONDS))
        reading = await tab.read()
    return reading
