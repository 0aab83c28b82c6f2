"""Reading a list that comes piece by piece on one page: endless scroll, a button, rolling lists."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urldefrag

from archiver.checker.arrival import alone
from archiver.checker.goal import Goal
from archiver.checker.options import CheckerOptions
from archiver.checker.pages import PageRead, arrange
from archiver.checker.paging import numbered_links
from archiver.checker.passing import by_place, weave
from archiver.checker.reading import Post, Reading
from archiver.checker.tab import Tab
from archiver.checker.unfolding import Opened, open_folds
from archiver.checker.wall import Wall

MAX_ROUNDS = 40
"""Times that a list may grow on one page."""
MAX_STEPS = 250
"""Windows of a rolling list."""
STEP = 0.7
"""Share of the window by which a rolling list is scrolled on, so that readings overlap."""
NEAR = 600
"""Pixels below the list within which a button may belong to it."""
CERTAIN_MS = 700
"""How long nothing may come before the end of a list is believed: loading is often held back."""
MOST_SECONDS = 60.0
SOME = 2
"""Posts that must be gone before a list is taken for a rolling one."""


@dataclass
class Grown:
    """The page with all that came. `whole`: the end of its list is proven. `rolls`: it only holds
    what is in the window. `folds`: what was opened while it rolled by. `held`: a click asked for
    what may not be sent, so that nobody knows what it would have brought."""

    reading: Reading
    whole: bool = True
    rolls: bool = False
    folds: Opened = field(default_factory=lambda: Opened(Reading()))
    clicked: list[str] = field(default_factory=list)
    held: bool = False

    def told(self) -> str | None:
        """A sentence about what was clicked; None when nothing was."""
        if not self.clicked:
            return None
        held = " What it wanted to send was held back." if self.held else ""
        return f'More was asked for {len(self.clicked)} times ("{self.clicked[0]}").{held}'


async def grow(tab: Tab, reading: Reading, goal: Goal, options: CheckerOptions) -> Grown:
    """Scrolls and asks for more on the same page until `goal` has enough or nothing more comes."""
    grown = Grown(reading)
    if not reading.page.scripts:
        return grown
    growing = _Growing(tab, grown, goal, asyncio.get_running_loop().time() + MOST_SECONDS)
    await growing.run()
    late = not grown.whole or grown.held or tab.failed_calls or _is_one_of_many(reading)
    # nothing is known of the target yet: a list may still be on its way
    if (
        not late
        and not goal.enough(_as_whole(grown.reading))
        and await growing.waited(options.patience)
    ):
        await growing.run()
    grown.whole = grown.whole and not grown.held
    return grown


async def grow_on(tab: Tab, reading: Reading, goal: Goal, seconds: float, *, sure: bool) -> Grown:
    """The same for so many seconds at the most, once more than is needed is asked for. Not `sure`:
    the end of the list is not waited for, and not proven."""
    grown = Grown(reading)
    if reading.page.scripts:
        deadline = asyncio.get_running_loop().time() + seconds
        await _Growing(tab, grown, goal, deadline, sure=sure).run()
        grown.whole = grown.whole and not grown.held
    return grown


async def roll_by(tab: Tab, goal: Goal) -> Grown:
    """Lets a rolling list pass by once more, and opens what is folded in each window."""
    grown = Grown(Reading(), rolls=True)
    deadline = asyncio.get_running_loop().time() + MOST_SECONDS
    await _Growing(tab, grown, goal, deadline, opening=True).roll()
    grown.whole = grown.whole and not grown.held
    return grown


def _is_one_of_many(reading: Reading) -> bool:
    return bool(numbered_links(reading.page.url, reading.page.links))


def _as_whole(reading: Reading) -> Wall:
    return arrange([PageRead(None, frozenset(), reading, opened=True)])


@dataclass
class _Growing:
    tab: Tab
    grown: Grown
    goal: Goal
    deadline: float
    opening: bool = False
    sure: bool = True
    _latest: Reading = field(default_factory=Reading)

    async def run(self) -> None:
        """One way to more after the other, until none brings anything."""
        for _ in range(MAX_ROUNDS):
            if self.goal.enough(alone(self.grown.reading)) or self._late():
                self.grown.whole = False
                return
            address = self.tab.url
            before = self.grown.reading
            moved = await self._scrolled() or await self._clicked() or await self._surely()
            if self.tab.failed_calls or urldefrag(self.tab.url).url != urldefrag(address).url:
                self.grown.whole = False
                return
            if not moved:
                return
            if _rolls(before.posts, self._latest.posts):
                await self.roll()
                return
        self.grown.whole = False

    def _late(self) -> bool:
        return asyncio.get_running_loop().time() > self.deadline

    async def waited(self, patience: float) -> bool:
        """Whether more came within so many seconds."""
        await self.tab.settle(more_than=self.grown.reading.page.elements, most=patience)
        return await self._more()

    async def _scrolled(self) -> bool:
        await self.tab.ask("scrollToEnd")
        return await self._more()

    async def _clicked(self) -> bool:
        buttons = await self.tab.ask("moreButtons")
        if not buttons or buttons[0]["distance"] > NEAR:
            return False
        async with self.tab.harmless(asking=True) as held:
            if not await self.tab.ask("clickMore"):
                return False
            self.grown.clicked.append(str(buttons[0]["text"]))
            more = await self._more()
        self.grown.held = self.grown.held or bool(held)
        return more

    async def _surely(self) -> bool:
        """Looks twice before an end is believed: up, down again, and a longer silence."""
        if not self.sure:
            self.grown.whole = False
            return False
        await self.tab.ask("scrollOn", -STEP)
        await self.tab.ask("scrollToEnd")
        await self.tab.settle(most=5.0, quiet=CERTAIN_MS)
        if await self.tab.ask("isBusy"):
            await self.tab.settle(more_than=self.grown.reading.page.elements, most=5.0)
            self.grown.whole = not await self.tab.ask("isBusy")
        return await self._more()

    async def _more(self) -> bool:
        """Reads again; whether the list has posts that it had not."""
        await self.tab.settle(most=5.0)
        self._latest = await self.tab.read()
        woven = weave(self.grown.reading.posts, self._latest.posts)
        if woven.fresh:
            self.grown.reading = replace(self._latest, posts=woven.posts)
        return woven.fresh

    async def roll(self) -> None:
        """Passes a rolling list by from its beginning, window by window, each overlapping the last.

        What stood there before it was found out that it rolls is read again in its place.
        """
        self.grown.rolls = True
        await self.tab.ask("scrollOn", None)
        self.grown.reading = await self._settled()
        idle = 0
        for _ in range(MAX_STEPS):
            if self.goal.enough(alone(self.grown.reading)) or self._late():
                self.grown.whole = False
                return
            fresh, end = await self._rolled_on()
            if self.tab.failed_calls:
                self.grown.whole = False
                return
            if fresh or not end:
                idle = 0
                continue
            if idle:
                return  # twice at the end, the second time after a longer silence
            idle = 1
            if not await self._clicked():
                await self.tab.settle(most=5.0, quiet=CERTAIN_MS)
            self.grown.whole = not await self.tab.ask("isBusy")
        self.grown.whole = False

    async def _rolled_on(self) -> tuple[bool, bool]:
        """One window further: whether posts came, and whether nothing is below."""
        end = bool((await self.tab.ask("scrollOn", STEP))["end"])
        now = await self._settled()
        woven = weave(self.grown.reading.posts, now.posts)
        if not woven.joined:  # too far: back by half, so that what lies between is seen
            await self.tab.ask("scrollOn", -STEP / 2)
            between = weave(self.grown.reading.posts, (await self._settled()).posts)
            self._keep(now, between.posts)
            end = bool((await self.tab.ask("scrollOn", STEP / 2))["end"])
            now = await self._settled()
            woven = weave(self.grown.reading.posts, now.posts)
        self._keep(now, woven.posts)
        return woven.fresh, end

    def _keep(self, now: Reading, posts: tuple[Post, ...]) -> None:
        """Takes a new reading, with the posts and the closed folds that passed by before."""
        closed = tuple(dict.fromkeys((*self.grown.reading.page.closed, *now.page.closed)))
        self.grown.reading = replace(now, posts=posts, page=replace(now.page, closed=closed))

    async def _settled(self) -> Reading:
        await self.tab.settle(most=5.0)
        reading = by_place(await self.tab.read())
        if not self.opening or not reading.page.closed:
            return reading
        result = await open_folds(self.tab, reading, "posts")
        self.grown.folds.labels += result.labels
        self.grown.folds.opened += result.opened
        return by_place(result.reading)


def _rolls(before: Sequence[Post], now: Sequence[Post]) -> bool:
    """Whether posts went away as others came: the list keeps only what is in the window."""
    known = {(post.post_id, post.author, post.key) for post in now}
    gone = [post for post in before if (post.post_id, post.author, post.key) not in known]
    return len(gone) >= SOME
