"""A situation as a short script, played on a simulated wall by real looks under a clock of its own.

A phase says how many minutes after the capture it is, what the site does, what a look must say
then, and what the verdict must be after it. What a look says is its sighting (a tombstone with its
actor: `tombstone:moderator`), or `!` and the reason why it is invalid. A verdict is written
`state[/level] [silent] [actor] (LAST_SEEN,FIRST_MISSING] [wN]`: minutes, and the number of windows
where it is not what the brackets show.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from archiver.checker.look import Checker
from archiver.checker.rules import judge
from archiver.domain.look import Way
from archiver.domain.observation import (
    Notice,
    NoticeKind,
    Observation,
    Vantage,
    VantageClass,
)
from archiver.domain.post import Target
from archiver.domain.verdict import Verdict
from tests.walls.sim_posts import SimPost
from tests.walls.simulated import KINDS, Markup, SimulatedWall

CAPTURED = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PLACES = (6, 12, 9)
"""Where the target stands among 24 posts, by seed."""
ByKind = str | Mapping[str, str]
"""One word for all kinds of mark-up, or one for each; `""` stands for the others."""


@dataclass
class Story:
    """A wall, and the number of the post that is watched on it."""

    wall: SimulatedWall
    number: int

    @property
    def post(self) -> SimPost:
        """The watched post."""
        return self.wall.post(self.number)

    def remove(self) -> None:
        """A moderator deletes the post."""
        self.wall.remove(self.number)

    def beside(self, step: int) -> SimPost:
        """The post so many places after it in the order of time."""
        return self.wall.post(self.number + step)

    def write(self, author: str, text: str) -> SimPost:
        """Somebody writes a new post."""
        latest = max(self.wall.posts, key=lambda post: post.number)
        new = SimPost(latest.number + 1, author, text, latest.at + timedelta(minutes=5))
        self.wall.posts = [*self.wall.posts, new]
        return new


Change = Callable[[Story], object]


@dataclass(frozen=True)
class Phase:
    """`by` looks: `public`, `second` (another public vantage), `author`; or a notice comes
    (`withdrawn`, `reasons_given`). `slow_clock`: minutes by which the looker's clock is behind."""

    at: int
    says: ByKind
    verdict: ByKind
    do: Change | None = None
    by: str = "public"
    slow_clock: int = 0


@dataclass(frozen=True)
class Situation:
    """`begin` prepares the wall before the first look; `quick` phases are enough for a quick run.

    With `answered` the wall is what the post answers to (`Target.parent`); with `alone` the post is
    watched at its own address.
    """

    name: str
    phases: Sequence[Phase]
    begin: Change | None = None
    kinds: Sequence[Markup] = KINDS
    quick: int | None = None
    answered: bool = False
    alone: bool = False


@dataclass(frozen=True)
class Told:
    """What came of one phase. `wrong` names what was not as it must be."""

    phase: Phase
    said: str
    verdict: Verdict | None
    line: str
    wrong: str = ""
    detail: str = ""


class SetClock:
    """Shows what it was set to."""

    def __init__(self) -> None:
        self.now = CAPTURED

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Looker:
    """A checker at a vantage, with the clock that it reads."""

    checker: Checker
    clock: SetClock


Between = Callable[[Story, Target, Phase, str], Awaitable[None]]
"""What else looks at the wall in a phase, with the verdict that is right after it."""


@dataclass
class Played:
    """A situation while it is played."""

    situation: Situation
    kind: Markup
    lookers: Mapping[str, Looker]
    records: list[Observation | Notice] = field(default_factory=list)

    async def play(
        self,
        seed: int,
        *,
        quick: bool = False,
        between: Between | None = None,
        after: Callable[[], Awaitable[None]] | None = None,
    ) -> list[Told]:
        """Plays the phases one after the other; `after` comes before the wall is taken down."""
        with SimulatedWall(self.kind, seed) as wall:
            wall.newest_first = seed % 3 == 1
            story = Story(wall, 101 + PLACES[seed % 3])
            if self.situation.begin:
                self.situation.begin(story)
            target = self._target(story)
            told = []
            for phase in self.situation.phases[: self.situation.quick if quick else None]:
                if phase.do:
                    phase.do(story)
                told.append(await self._phase(story, target, phase))
                if between:
                    await between(story, target, phase, of_kind(phase.verdict, self.kind))
            if after:
                await after()
            return told

    def _target(self, story: Story) -> Target:
        post = story.post
        parent = story.wall.url if self.situation.answered else None
        url = story.wall.own_page(post.number) if self.situation.alone else story.wall.url
        return Target(url=url, text=post.text, author=post.author, parent=parent)

    async def _phase(self, story: Story, target: Target, phase: Phase) -> Told:
        moment = CAPTURED + timedelta(minutes=phase.at - phase.slow_clock)
        if phase.by in self.lookers:
            observation = await self._look(story, target, phase.by, moment)
            self.records.append(observation)
            said, detail = said_by(observation), observation.detail or ""
        else:
            self.records.append(Notice(at=moment, notice=NoticeKind(phase.by)))
            said, detail = phase.by, ""
        verdict = judge(self.records)
        line = line_of(verdict)
        wrong = _difference(
            (of_kind(phase.says, self.kind), said), (of_kind(phase.verdict, self.kind), line)
        )
        return Told(phase, said, verdict, line, wrong, detail)

    async def _look(self, story: Story, target: Target, by: str, moment: datetime) -> Observation:
        looker = self.lookers[by]
        looker.clock.now = moment
        known = [record for record in self.records if isinstance(record, Observation)]
        look = (await looker.checker.visit(target.url, [target], [known], Way(by)))[0]
        if by != "author":
            return look.observation
        # the extension reads the page with the very same scripts, in the author's own browser
        vantage = Vantage(class_=VantageClass.AUTHOR, id="author")
        return look.observation.model_copy(update={"vantage": vantage})


def of_kind(words: ByKind, kind: str) -> str:
    """What holds for one kind of mark-up."""
    return words if isinstance(words, str) else words.get(kind, words.get("", ""))


def said_by(look: Observation) -> str:
    """What a look says, in the short form."""
    if look.sighting is None:
        return f"!{look.reason}"
    return f"{look.sighting}:{look.actor}" if look.actor else str(look.sighting)


def line_of(verdict: Verdict) -> str:
    """A verdict in the short form."""
    words = [verdict.state + (f"/{verdict.level}" if verdict.level else "")]
    words += ["silent"] if verdict.silent else []
    words += [str(verdict.actor)] if verdict.actor else []
    words.append(f"({_minutes(verdict.last_seen)},{_minutes(verdict.first_missing)}]")
    if len(verdict.windows) != (verdict.first_missing is not None):
        words.append(f"w{len(verdict.windows)}")
    return " ".join(words)


def _minutes(at: datetime | None) -> str:
    return "-" if at is None else str(int((at - CAPTURED).total_seconds() // 60))


def _difference(*pairs: tuple[str, str]) -> str:
    return "; ".join(f"{was!r} instead of {due!r}" for due, was in pairs if due != was)


def copy_phases(phases: Sequence[Phase], minutes: int) -> list[Phase]:
    """The same phases so many minutes later."""
    return [replace(phase, at=phase.at + minutes) for phase in phases]
