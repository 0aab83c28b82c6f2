"""The work of one visit: from a walk over the wall to an observation of each target.

Nothing that a page does is an exception here: it is an invalid look with its reason.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from archiver.checker.added import Added
from archiver.checker.asking import Asking
from archiver.checker.container import say_gone
from archiver.checker.controls import last_seen
from archiver.checker.further import FurtherPages
from archiver.checker.goal import goal_of
from archiver.checker.isolated_world import reader_version
from archiver.checker.kept import seen_in, siblings_in, skeleton_in
from archiver.checker.options import CheckerOptions
from archiver.checker.own_page import Lost, own_address, say_lost, site_lives
from archiver.checker.page_evidence import SEEN, PageEvidence, files_of
from archiver.checker.page_state import Finding, excuse, is_gone, page_facts, same_page
from archiver.checker.read_far import is_due
from archiver.checker.recording import Recorder
from archiver.checker.retry_after import wanted_pause
from archiver.checker.sighting import wanted_of
from archiver.checker.site_facts import aside, site_facts
from archiver.checker.source import Form, forms_of
from archiver.checker.tab import Tab
from archiver.checker.telling import Orders, Told, tell, with_steps
from archiver.checker.walk import PageSeen, Walked, walk
from archiver.checker.wall import Wall
from archiver.checker.wall_reads import read_of
from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.look import Look, Visited
from archiver.domain.observation import (
    Observation,
    Reason,
    Sighting,
    Validity,
    Vantage,
)
from archiver.domain.post import Target
from archiver.domain.wall_read import WallRead

History = Sequence[Observation]
_MAYBE_LOST = frozenset({Reason.INCOMPLETE, Reason.NOT_RENDERED})
"""Reasons of a look that may come from a page which says in other words that it is gone."""


@dataclass
class VisitWork:
    """One visit's work: from the walk to a look for each target.

    A look has one moment, and it must not narrow the window: a sighting is dated by the visit's
    beginning (`at`), a post that is missed by the end of the reading (`read_at`). `began` is that
    beginning on the event loop's clock. `own_page_lost`: the page was a post's own, and what is
    shown there now is no wall.
    """

    url: str
    targets: Sequence[Target]
    histories: Sequence[History]
    at: datetime
    options: CheckerOptions
    recorder: Recorder
    began: float = 0.0
    missing_authors: frozenset[str] = frozenset()
    read_at: datetime | None = None
    own_page_lost: bool = False

    async def look(self, tab: Tab) -> list[Look]:
        """One look for each target, in their order.

        Raises:
            ReaderFault, PlaywrightError: as a tab does.
        """
        goal = goal_of(self.targets, self.histories, reader_version())
        walked = await walk(tab, self.url, goal, self.options, self.began)
        self.read_at = self.options.clock()
        walked.steps.extend(aside(page.read.reading for page in walked.all_pages))
        if walked.obstacle is not None:
            await self.recorder.settle()
            obstacle = walked.obstacle
            detail = with_steps(obstacle.detail, walked.steps)
            return self.invalid(replace(obstacle, detail=detail), walked.first)
        pages = FurtherPages.of(tab, self.options, self.began)
        added = await self._told(pages, walked)
        evidence = PageEvidence(walked)
        await self.recorder.settle()
        forms = self._forms(walked, [one.told for one in added])
        found = [
            self._result(one, history, walked, evidence, form)
            for one, history, form in zip(added, self.histories, forms, strict=True)
        ]
        visit = self._visited(walked.first, evidence.pages(), self._wall(walked))
        return [replace(look, visit=visit) for look in found]

    async def _told(self, pages: FurtherPages, walked: Walked) -> list[Added]:
        """What the wall and the site's other pages say of each target."""
        posts = list(zip(self.targets, self.histories, strict=True))
        if is_gone(walked.first.response):
            return [await self._gone(pages, walked, *post) for post in posts]
        reason = walked.cut_short or excuse(walked.first.read.reading)
        orders = Orders(
            _read_now(walked.wall),
            walked.far and _read_now(walked.far),
            walked.other and _read_now(walked.other),
            walked.under,
        )
        told = [
            self._moved(tell(target, history, orders, reason), walked, history)
            for target, history in posts
        ]
        asking = Asking(pages, self.url, walked, posts, self.missing_authors)
        added = await asking.add(told)
        return [await self._lost(pages, one, *post) for one, post in zip(added, posts, strict=True)]

    async def _gone(
        self, pages: FurtherPages, walked: Walked, target: Target, history: History
    ) -> Added:
        """The server says that there is no such page."""
        known = await self._lost_page(pages, walked.wall, target, history)
        if known is not None:
            return known
        seen = last_seen(history)
        lives = await site_lives(pages, self.url, seen.siblings if seen else ())
        status = walked.first.response.status or 0
        return Added(Told(say_gone(target, history, lives=lives, status=status), walked.wall))

    async def _lost(
        self, pages: FurtherPages, added: Added, target: Target, history: History
    ) -> Added:
        """A page that does not show the post whose own it is may say "not found" in other words."""
        if added.told.said.reason not in _MAYBE_LOST:
            return added
        return await self._lost_page(pages, added.told.wall, target, history) or added

    async def _lost_page(
        self, pages: FurtherPages, wall: Wall, target: Target, history: History
    ) -> Added | None:
        own = own_address(self.url, target, history)
        if own is None:
            return None
        self.own_page_lost = True
        wanted = wanted_of(target, history, wall)
        said, answers = await say_lost(pages, Lost(target, history, own, wanted))
        return Added(Told(said, wall), answers)

    def _forms(self, walked: Walked, told: Sequence[Told]) -> list[Form | None]:
        """The form of each post in the server's own HTML of the first page, where it is there."""
        there = [one if one.said.sighting is Sighting.PRESENT else None for one in told]
        seen = [seen_in(one, walked) if one else None for one in there]
        around = [siblings_in(one, walked) if one else [] for one in there]
        return forms_of(self.recorder.document(walked.first.response.url), seen, around)

    def _wall(self, walked: Walked) -> WallRead | None:
        """All that was read, for the record of the wall; None where the page itself is gone."""
        if is_gone(walked.first.response) or not walked.wall.posts or self.own_page_lost:
            return None
        reading = walked.first.read.reading
        whole = walked.cut_short is None and excuse(reading) is None
        guessed = reading.page.site is None and not reading.page.declared
        return read_of(
            _read_now(walked.wall), self.read_at or self.at, whole=whole, guessed=guessed
        )

    def _visited(
        self,
        page: PageSeen | None,
        files: tuple[EvidenceFile, ...] = (),
        wall: WallRead | None = None,
    ) -> Visited:
        return Visited(
            url=self.url,
            at=self.at,
            final_url=_address(page) if page else None,
            status=page.response.status if page else None,
            files=files,
            recording=self.recorder.recording(),
            vantage=self.options.vantage_id,
            wall=wall,
        )

    def _moved(self, told: Told, walked: Walked, history: History) -> Told:
        """Present at another address than before is `moved`."""
        if told.said.sighting is not Sighting.PRESENT:
            return told
        seen = last_seen(history)
        before = (seen.skeleton or {}).get("landing") if seen else None
        now = walked.first.response.url
        if not before or same_page(str(before), now) or same_page(self.url, now):
            return told
        detail = "The post is there at a new address."
        return replace(told, said=replace(told.said, sighting=Sighting.MOVED, detail=detail))

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
        visit = self._visited(page, files_of([page] if page else [])) if opened else None
        pause = wanted_pause(finding.retry_after, self.read_at or self.at)
        return [Look(observation, (), pause, visit) for _ in self.targets]

    def _result(
        self,
        added: Added,
        history: History,
        walked: Walked,
        evidence: PageEvidence,
        form: Form | None,
    ) -> Look:
        told, said = added.told, added.told.said
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
            trio=added.trio,
            matched_by=said.match.by if said.match else None,
            similarity=round(said.match.similarity, 4) if said.match else None,
            final_url=_address(walked.first),
            status=walked.first.response.status,
            detail=with_steps(said.detail, walked.steps),
            page=evidence.page(told),
            seen=seen_in(told, walked),
            siblings=siblings_in(told, walked) if valid else [],
            skeleton=skeleton_in(told, walked, far=is_due(history)) if valid else None,
            reader=told.wall.reader,
            source=asdict(form) if form else None,
            facts=[*page_facts(), *said.facts, *site_facts(walked.first.read.reading)],
        )
        stopped = walked.cut_short or walked.far_stopped
        pause = wanted_pause(stopped.retry_after if stopped else None, self.read_at or self.at)
        return Look(observation, evidence.own(told), pause)


def _read_now(wall: Wall) -> Wall:
    """The wall with the version of the scripts that read it."""
    return wall.read_by(reader_version())


def _address(page: PageSeen) -> str | None:
    """Where the visit ended; None where the browser shows a page of its own instead."""
    url = page.response.url
    return url if url.startswith(("http:", "https:", "file:")) else None
