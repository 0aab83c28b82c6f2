"""One visit to a wall for all of its targets: an observation with its evidence for each.

Validity comes before sighting, and nothing that a page does is an exception here: it is an invalid
look with its reason. Our own failures are `checker_fault`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from playwright.async_api import Error as PlaywrightError

from archiver.checker import author_page, trio
from archiver.checker.browser import BrowserHouse, agent_of
from archiver.checker.container import say_gone, site_lives
from archiver.checker.controls import last_seen
from archiver.checker.evidence import cropper
from archiver.checker.options import CheckerOptions
from archiver.checker.page_state import Finding, excuse, is_gone, page_facts, same_page
from archiver.checker.plain_look import PlainLooker
from archiver.checker.reading import Box
from archiver.checker.recording import Recorder
from archiver.checker.retry_after import wanted_pause
from archiver.checker.sighting import Said, say, wanted_of
from archiver.checker.source import Form, forms_of
from archiver.checker.tab import Tab, reader_version
from archiver.checker.walk import PageSeen, Walked, walk
from archiver.checker.wall import Wall
from archiver.domain.errors import ReaderFault, RefusedAddress
from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.look import DIRECTLY, Look, Visited, Way
from archiver.domain.observation import (
    Answer,
    Observation,
    Reason,
    Sibling,
    Sighting,
    Trio,
    Validity,
    Vantage,
)
from archiver.domain.post import Target

History = Sequence[Observation]
SEEN = frozenset({Sighting.PRESENT, Sighting.EDITED, Sighting.MOVED, Sighting.COLLAPSED})
SHOWN = frozenset({Sighting.PRESENT, Sighting.EDITED, Sighting.MOVED, Sighting.TOMBSTONE})


class Checker:
    """Looks at walls. Several tasks may use one at the same time."""

    def __init__(self, house: BrowserHouse, options: CheckerOptions) -> None:
        self._house = house
        self._options = options
        self._plain = PlainLooker(options)

    @property
    def sandboxed(self) -> bool:
        """Whether Chromium's own sandbox is on; when not, people are to be told."""
        return self._house.sandboxed

    async def start(self) -> None:
        """Starts the browser now instead of at the first visit.

        Raises:
            SettingsError: the configured executable is none.
            Unavailable: no Chromium is found, or it does not start.
        """
        await self._house.start()

    async def visit(
        self,
        url: str,
        targets: Sequence[Target],
        histories: Sequence[History],
        way: Way = DIRECTLY,
    ) -> list[Look]:
        """One visit for all targets of a wall: one look each, in the same order.

        `histories[i]` holds the earlier observations of `targets[i]`, oldest first.

        Raises:
            InvalidInput: `way` names a vantage that is not configured.
            SettingsError, Unavailable: the browser cannot be started (nothing was looked at).
        """
        options = self._options.by(way.vantage)
        at = options.clock()
        recorder = Recorder(options, at, self._house.version)
        if way.plain and self._house.version is not None:
            agent = agent_of(options, self._house.version)
            plain = await self._plain.looks(url, histories, agent)
            if plain is not None:
                return plain
        task = _Visit(url, targets, histories, at, options, recorder)
        try:
            options.policy.check_url(url)
        except RefusedAddress as refusal:
            finding = Finding(Reason.NETWORK_ERROR, f"Refused address: {refusal}")
            return task.invalid(finding, opened=False)
        await self._house.start()
        try:
            async with asyncio.timeout(options.visit_seconds):
                return await self._look(task)
        except TimeoutError:
            return task.invalid(Finding(Reason.NETWORK_ERROR, "The visit took too long."))
        except ReaderFault as fault:
            return task.invalid(Finding(Reason.CHECKER_FAULT, f"The reader failed: {fault}"))
        except PlaywrightError as fault:
            first = str(fault).splitlines()[0]
            return task.invalid(Finding(Reason.CHECKER_FAULT, f"The browser failed: {first}"))

    async def _look(self, task: "_Visit") -> list[Look]:
        async with self._house.context(options=task.options) as (context, visit):
            task.recorder.listen(context)
            tab = await Tab.open_in(context, visit, task.options, recorder=task.recorder)
            try:
                return await task.look(tab)
            finally:
                task.recorder.close()


@asynccontextmanager
async def open_checker(options: CheckerOptions) -> AsyncIterator[Checker]:
    """A checker whose browser ends with the block. The browser starts when it is first needed."""
    async with BrowserHouse(options) as house:
        yield Checker(house, options)


@dataclass
class _Visit:
    """One visit's work: from the walk to a look for each target.

    A look has one moment, and it must not narrow the window: a sighting is dated by the visit's
    beginning (`at`), a post that is missed by the end of the reading (`read_at`).
    """

    url: str
    targets: Sequence[Target]
    histories: Sequence[History]
    at: datetime
    options: CheckerOptions
    recorder: Recorder
    read_at: datetime | None = None

    async def look(self, tab: Tab) -> list[Look]:
        walked = await walk(tab, self.url, self._enough, self.options)
        self.read_at = self.options.clock()
        if walked.obstacle is not None:
            await self.recorder.settle()
            return self.invalid(walked.obstacle, walked.first)
        if is_gone(walked.first.response):
            lives = await site_lives(tab, self.url)
            status = walked.first.response.status or 0
            said = [
                say_gone(target, history, lives=lives, status=status)
                for target, history in zip(self.targets, self.histories, strict=True)
            ]
            trios: list[Trio | None] = [None] * len(said)
        else:
            walked.wall = _read_now(walked.wall)
            reason = walked.cut_short or excuse(walked.first.read.reading)
            said = [
                self._moved(say(target, history, walked.wall, reason), walked, history)
                for target, history in zip(self.targets, self.histories, strict=True)
            ]
            asked = [await self._ask_further(tab, walked, at, one) for at, one in enumerate(said)]
            said, trios = [one for one, _ in asked], [answers for _, answers in asked]
        evidence = _Evidence(walked)
        await self.recorder.settle()
        forms = self._forms(walked, said)
        found = [
            self._result(one, answers, walked, evidence, form)
            for one, answers, form in zip(said, trios, forms, strict=True)
        ]
        visit = self._visited(walked.first, evidence.pages())
        return [replace(look, visit=visit) for look in found]

    def _forms(self, walked: Walked, said: Sequence[Said]) -> list[Form | None]:
        """The form of each post in the server's own HTML of the first page, where it is there."""
        there = [one if one.sighting is Sighting.PRESENT else None for one in said]
        seen = [_seen(one, walked.wall) if one else None for one in there]
        around = [_siblings(one, walked.wall) if one else [] for one in there]
        return forms_of(self.recorder.document(walked.first.response.url), seen, around)

    def _visited(self, page: PageSeen | None, files: tuple[EvidenceFile, ...] = ()) -> Visited:
        return Visited(
            url=self.url,
            at=self.at,
            final_url=_address(page) if page else None,
            status=page.response.status if page else None,
            files=files,
            recording=self.recorder.recording(),
            vantage=self.options.vantage_id,
        )

    def _enough(self, wall: Wall) -> bool:
        """Whether every target is found among others, or the place where it was has been read."""
        for target, history in zip(self.targets, self.histories, strict=True):
            said = say(target, history, _read_now(wall), None)
            if said.reason is not None:
                return False
            if said.place is not None and not wall.has_company(said.place):
                return False
        return True

    def _moved(self, said: Said, walked: Walked, history: History) -> Said:
        """Present at another address than before is `moved`."""
        if said.sighting is not Sighting.PRESENT:
            return said
        seen = last_seen(history)
        before = (seen.skeleton or {}).get("landing") if seen else None
        now = walked.first.response.url
        if not before or same_page(str(before), now) or same_page(self.url, now):
            return said
        return replace(said, sighting=Sighting.MOVED, detail="The post is there at a new address.")

    async def _ask_further(
        self, tab: Tab, walked: Walked, at: int, said: Said
    ) -> tuple[Said, Trio | None]:
        """What other pages of the site add to an absence: the post's own, and its author's."""
        if said.sighting is not Sighting.ABSENT:
            return said, None
        answers, withheld = await self._ask(tab, walked, at)
        if withheld:
            detail = "Not on the wall, and its own page is withheld in this country (status 451)."
            return Said(detail, reason=Reason.GEO_BLOCKED, controls=said.controls), answers
        if answers and answers.target is Answer.SERVED:
            detail = "The post is reachable by its own address, but no longer on the wall."
            return replace(said, sighting=Sighting.COLLAPSED, detail=detail), answers
        people = author_page.to_ask(self.histories[at], walked.wall)
        if people and await author_page.is_author_gone(tab, *people):
            detail = "The author's own page is gone, and no post of theirs is left on the wall."
            said = replace(said, sighting=Sighting.AUTHOR_GONE, detail=detail)
        return said, answers

    async def _ask(self, tab: Tab, walked: Walked, at: int) -> tuple[Trio | None, bool]:
        target, history = self.targets[at], self.histories[at]
        wanted = wanted_of(target, history, walked.wall)
        walls = [self.url, *(page.response.url for page in walked.pages)]
        own = (trio.own_page(link, walls) for link in wanted.permalinks)
        permalink = next((link for link in own if link), None)
        sibling = _live_sibling(walked.wall, walls)
        if permalink is None or sibling is None:
            return None, False
        return await trio.ask(tab, permalink, wanted.texts, sibling, self.url)

    def invalid(
        self, finding: Finding, page: PageSeen | None = None, *, opened: bool = True
    ) -> list[Look]:
        """The same invalid look for every target."""
        observation = Observation(
            at=self.at,
            vantage=Vantage(id=self.options.vantage_id),
            validity=Validity.INVALID,
            reason=finding.reason,
            detail=finding.detail,
            facts=page_facts(finding),
            final_url=_address(page) if page else None,
            status=page.response.status if page else None,
            page="page" if page else None,
        )
        visit = self._visited(page, _files_of([page] if page else [])) if opened else None
        pause = wanted_pause(finding.retry_after, self.read_at or self.at)
        return [Look(observation, (), pause, visit) for _ in self.targets]

    def _result(
        self,
        said: Said,
        answers: Trio | None,
        walked: Walked,
        evidence: "_Evidence",
        form: Form | None,
    ) -> Look:
        valid = said.sighting is not None
        missed = valid and said.sighting not in SEEN
        observation = Observation(
            at=self.read_at if missed and self.read_at else self.at,
            vantage=Vantage(id=self.options.vantage_id),
            validity=Validity.VALID if valid else Validity.INVALID,
            reason=said.reason,
            sighting=said.sighting,
            actor=said.actor,
            controls=said.controls,
            trio=answers,
            matched_by=said.match.by if said.match else None,
            similarity=round(said.match.similarity, 4) if said.match else None,
            final_url=_address(walked.first),
            status=walked.first.response.status,
            detail=said.detail,
            page=evidence.page(said),
            seen=_seen(said, walked.wall),
            siblings=_siblings(said, walked.wall) if valid else [],
            skeleton=_skeleton(walked) if valid else None,
            reader=reader_version(),
            source=asdict(form) if form else None,
            facts=[*page_facts(), *said.facts],
        )
        asked = walked.cut_short.retry_after if walked.cut_short else None
        pause = wanted_pause(asked, self.read_at or self.at)
        return Look(observation, evidence.own(said), pause)


def _read_now(wall: Wall) -> Wall:
    """The wall with the version of the scripts that read it."""
    return replace(wall, reader=reader_version())


def _address(page: PageSeen) -> str | None:
    """Where the visit ended; None where the browser shows a page of its own instead."""
    url = page.response.url
    return url if url.startswith(("http:", "https:", "file:")) else None


def _seen(said: Said, wall: Wall) -> Sibling | None:
    if said.place is None:
        return None
    return wall.posts[said.place].sibling(said.place)


def _siblings(said: Said, wall: Wall) -> list[Sibling]:
    without = frozenset() if said.place is None else frozenset({said.place})
    return wall.neighbours(said.place, without=without)


def _skeleton(walked: Walked) -> dict[str, Any]:
    page = walked.first.read.reading.page
    return {**page.skeleton, "count": len(walked.wall.posts), "landing": walked.first.response.url}


def _live_sibling(wall: Wall, walls: Sequence[str]) -> Sibling | None:
    for place, entry in enumerate(wall.posts):
        own = trio.own_page(entry.post.permalink, walls)
        if own and entry.post.visible and len(entry.post.key) >= 12:  # noqa: PLR2004
            return entry.sibling(place)
    return None


def _files_of(pages: Sequence[PageSeen]) -> tuple[EvidenceFile, ...]:
    """Pictures and documents of pages, numbered from the second on."""
    return tuple(
        replace(file, name=file.name.replace("page", _stem(at), 1))
        for at, page in enumerate(pages)
        for file in (page.picture, page.html)
    )


def _stem(at: int) -> str:
    return f"page{at + 1}" if at else "page"


class _Evidence:
    """Hands out each look's files, and the pages that any look rests on; pictures are decoded once
    for all targets of a page."""

    def __init__(self, walked: Walked) -> None:
        self._walked = walked
        self._used: list[PageSeen] = [walked.first]
        self._cutters: dict[int, Callable[[Box], EvidenceFile | None]] = {}

    def own(self, said: Said) -> tuple[EvidenceFile, ...]:
        """The post cut out of the page that shows it."""
        crop = self._crop(said, self._page_of(said))
        return (crop,) if crop else ()

    def page(self, said: Said) -> str:
        """The stem of the page that shows the post, or that was read last."""
        page = self._page_of(said)
        if not any(page is used for used in self._used):
            self._used.append(page)
        return next(_stem(at) for at, used in enumerate(self._used) if used is page)

    def pages(self) -> tuple[EvidenceFile, ...]:
        """The first page, and those that `page` named."""
        return _files_of(self._used)

    def _page_of(self, said: Said) -> PageSeen:
        if said.place is not None:
            post = self._walked.wall.posts[said.place].post
            for page in self._walked.pages:
                if any(post is other for other in page.read.reading.posts):
                    return page
        return self._walked.first if said.reason else self._walked.pages[-1]

    def _crop(self, said: Said, page: PageSeen) -> EvidenceFile | None:
        if said.place is None or said.sighting not in SHOWN:
            return None
        box = self._walked.wall.posts[said.place].post.box
        if box is None:
            return None
        key = id(page)
        if key not in self._cutters:
            self._cutters[key] = cropper(page.picture)
        return self._cutters[key](box)
