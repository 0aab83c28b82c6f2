"""`detect`: every situation of the simulated walls, for Rature and for simpler watchers of a post.

All look at the same pages at the same moments of the same run. After a story's end the others look
five times more, an hour apart, so that six misses in a row can come about. `--quick` plays every
situation once; the whole matrix plays it in every kind of mark-up with three seeds. Where
`RATURE_BENCH_CHANGEDETECTION` names a virtual environment with changedetection.io and playwright,
that program looks too. `RATURE_BENCH_JOURNAL` names a file that keeps each story when it was
played: a run that was stopped goes on with it.

Figures: false accusations, missed removals, wrong causes (stories with one), answers that were due
and not given (per cent), the median window (minutes); each against each of the others.
"""

import asyncio
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import async_playwright

from archiver.checker.chromium import find_chromium
from archiver.domain.post import Target
from bench.changedetection import Peer, named, open_peer
from bench.journal import Journal, Moments
from bench.peer_watchers import BlockedByText, Filtered
from bench.report import Figure
from bench.scores import Moment, Score
from bench.watchers import Bystanders, Ending
from tests.walls.lookers import open_lookers
from tests.walls.situations import Case, quick_matrix, whole_matrix
from tests.walls.story import Looker, Phase, Played, Story, Told, of_kind

TEAMS = 2
"""Stories at once; each has browsers of its own."""
MORE_LOOKS = 5
APART = 60
RATURE = "Rature"


def run() -> Iterator[Figure]:
    """The whole matrix."""
    yield from _figures(asyncio.run(_play_all(list(whole_matrix()))))


def run_quick() -> Iterator[Figure]:
    """Every situation once."""
    yield from _figures(asyncio.run(_play_all(list(quick_matrix()), quick=True)))


def _figures(scores: Mapping[str, Score]) -> Iterator[Figure]:
    own = scores[RATURE]
    for name, other in scores.items():
        if name == RATURE:
            continue
        label = f"against {name}"
        for figure, unit, value, baseline in (
            ("false accusations", "stories", own.false_accusations, other.false_accusations),
            ("missed removals", "stories", own.missed, other.missed),
            ("wrong causes", "stories", own.wrong_causes, other.wrong_causes),
            ("no answer", "%", 100 * own.indeterminate, 100 * other.indeterminate),
            ("median window", "min", own.window, other.window),
        ):
            yield Figure("detect", f"{figure} {label}", value, unit, baseline)
    yield Figure("detect", "stories played", own.stories, "stories", own.stories)
    yield Figure("detect", "removals in them", own.removals, "stories", own.removals)


async def _play_all(cases: Iterable[Case], *, quick: bool = False) -> Mapping[str, Score]:
    scores: dict[str, Score] = {}
    file = os.environ.get("RATURE_BENCH_JOURNAL")
    journal = Journal(Path(file) if file else None)
    for _, moments in journal.stories():
        _count(scores, moments)
    left = (case for case in cases if _name(case) not in journal.played)
    with ExitStack() as stack:
        venv = named()
        peer = stack.enter_context(open_peer(venv)) if venv else None
        async with asyncio.TaskGroup() as group:
            for _ in range(TEAMS):
                group.create_task(_team(left, scores, journal, peer, quick=quick))
    return scores


def _count(scores: dict[str, Score], moments: Moments) -> None:
    for name, said in moments.items():
        scores.setdefault(name, Score()).add(said)


def _name(case: Case) -> str:
    situation, kind, seed = case
    return f"{situation.name}, {kind}, seed {seed}"


async def _team(
    left: Iterator[Case],
    scores: dict[str, Score],
    journal: Journal,
    peer: Peer | None,
    *,
    quick: bool,
) -> None:
    """Plays stories until none is left."""

    def further() -> Sequence[Ending]:
        return (BlockedByText(peer), Filtered(peer)) if peer else ()

    executable = find_chromium(os.environ.get("RATURE_CHROMIUM"))
    async with open_lookers(executable) as lookers, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(executable) if executable else None,
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        for case in left:
            one = _Audience(Bystanders(browser, further), case[1])
            await one.watch(case, lookers, quick=quick)
            _count(scores, one.moments)
            journal.add(_name(case), one.moments)
            _tell(case, one.moments[RATURE], scores[RATURE].stories)
        await browser.close()


def _tell(case: Case, moments: Sequence[Moment], stories: int) -> None:
    """Progress, and each moment at which Rature was not right, to stderr."""
    print(f"\r{stories} stories", end="", file=sys.stderr, flush=True)
    for one in moments:
        if one.due and one.said != one.right:
            said = one.said or "no answer"
            where = f"{_name(case)}, minute {one.at}"
            print(f"\n{where}: {said} instead of {one.right}", file=sys.stderr, flush=True)


@dataclass
class _Audience:
    """Everybody who watches one story, and what each said at each moment."""

    bystanders: Bystanders
    kind: str
    moments: dict[str, list[Moment]] = field(default_factory=dict)
    _last: tuple[Story, Target, Phase, str] | None = None

    async def watch(self, case: Case, lookers: Mapping[str, Looker], *, quick: bool) -> None:
        """Plays the story before all of them."""
        situation, kind, seed = case
        await self.bystanders.begin()
        told = await Played(situation, kind, lookers).play(
            seed, quick=quick, between=self._others, after=self._wait
        )
        await self.bystanders.end()
        self.moments[RATURE] = [self._own(one) for one in told]

    def _own(self, told: Told) -> Moment:
        right = of_kind(told.phase.verdict, self.kind)
        says = of_kind(told.phase.says, self.kind)
        due = not says.startswith("!") and not right.startswith(("indeterminate", "disputed"))
        said = None if due and told.said.startswith("!") else told.line
        return Moment(told.phase.at, right, said, due)

    async def _others(self, story: Story, target: Target, phase: Phase, right: str) -> None:
        self._last = (story, target, phase, right)
        if phase.by == "public":
            await self._look(story, target, phase, right)

    async def _wait(self) -> None:
        """The site stays as it is, and the others look on."""
        if self._last is None:
            return
        story, target, phase, right = self._last
        for number in range(MORE_LOOKS):
            later = Phase(phase.at + APART * (number + 1), phase.says, phase.verdict)
            await self._look(story, target, later, right)

    async def _look(self, story: Story, target: Target, phase: Phase, right: str) -> None:
        due = not of_kind(phase.says, self.kind).startswith("!")
        for name, answer in await self.bystanders.look(story, target):
            said = None if answer is None else "removed" if answer else "visible"
            self.moments.setdefault(name, []).append(Moment(phase.at, right, said, due))
