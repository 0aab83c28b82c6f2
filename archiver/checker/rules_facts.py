"""What the recorded looks and notices amount to, before any rule concludes from them.

Only `at` counts as time and order: records may come in any order, and two at the same moment are
put in an order that does not depend on how they were given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise

from archiver.checker.rules_site import degraded_spans, relied_on
from archiver.checker.rules_trailing import counts, trailing_of
from archiver.checker.rules_trio import newest_trio
from archiver.domain.observation import (
    AUTHOR_THERE,
    BY_THE_AUTHOR,
    MISSING_ELSEWHERE,
    Actor,
    Notice,
    NoticeKind,
    Observation,
    Sighting,
    Validity,
    VantageClass,
)
from archiver.domain.verdict import Level, Policy

SEEN = frozenset({Sighting.PRESENT, Sighting.MOVED, Sighting.EDITED, Sighting.COLLAPSED})
"""The post is there for anybody, if only after a click."""
UNSEEN = frozenset({Sighting.ABSENT, Sighting.CONCEALED})
"""A person who looks does not find the post, though its container is there."""
CONTAINER = frozenset({Sighting.PARENT_GONE, Sighting.WALL_GONE, Sighting.AUTHOR_GONE})
HIDDEN_MISSES = 2
ALTERNATIONS = 3
"""Changes that make presence and absence alternate twice: there, gone, there again, gone again."""


def is_seen(look: Observation) -> bool:
    """Whether a valid look found the post."""
    return look.sighting in SEEN


@dataclass(frozen=True)
class Run:
    """One disappearance: the public looks without a sighting between two stretches with some.

    `last_seen` is None when no public look ever saw the post before, `seen_again` while the
    disappearance lasts; `held_until` is the last sighting of the stretch that ended it.
    `newest_trio` is the newest answer of the permalink trio up to its end, in this disappearance or
    an earlier one (None: never asked, or unclear): an address that is served does not cease to be
    because the post was seen in between.
    """

    looks: tuple[Observation, ...]
    author_looks: tuple[Observation, ...]
    last_seen: datetime | None
    seen_again: datetime | None
    held_until: datetime | None
    newest_trio: bool | None = None

    @property
    def last(self) -> Observation:
        """The newest look of the disappearance."""
        return self.looks[-1]

    @property
    def first_missing(self) -> datetime:
        """When a public look first did not see the post."""
        return self.looks[0].at

    @property
    def stones(self) -> list[Observation]:
        """Tombstones, those shown to the author alone among them."""
        looks = (*self.looks, *self.author_looks)
        return sorted((x for x in looks if x.sighting is Sighting.TOMBSTONE), key=identity)

    @property
    def has_public_stone(self) -> bool:
        """Whether a public look found a tombstone; an absence afterwards is a cleared stone."""
        return any(look.sighting is Sighting.TOMBSTONE for look in self.looks)

    @property
    def actor(self) -> Actor:
        """Who acted by the newest tombstone that says so, else `unknown`."""
        named = [x.actor for x in self.stones if x.actor not in (None, Actor.UNKNOWN)]
        return named[-1] or Actor.UNKNOWN if named else Actor.UNKNOWN

    @property
    def author_sees(self) -> bool:
        """Whether the author's newest look, none older than the first absence, found the post."""
        return bool(self.author_looks) and is_seen(self.author_looks[-1])

    @property
    def is_tentative(self) -> bool:
        """Concealed by the newest look, but not yet often enough to conclude anything."""
        concealed = self.last.sighting is Sighting.CONCEALED
        return concealed and not self.is_hidden and not self.has_public_stone

    @property
    def is_disappearance(self) -> bool:
        """More than one concealed look, or than any number of a post that was never seen."""
        only_concealed = all(look.sighting is Sighting.CONCEALED for look in self.looks)
        return not only_concealed or (self.last_seen is not None and len(self.looks) > 1)

    @property
    def is_hidden(self) -> bool:
        """Seen publicly before, twice not seen since, and provably still there."""
        unseen = [look for look in self.looks if look.sighting in UNSEEN]
        still_there = self.last.sighting is Sighting.CONCEALED or self.author_sees
        ends_unseen = self.last.sighting in UNSEEN and not self.has_public_stone
        enough = len(unseen) >= HIDDEN_MISSES
        return self.last_seen is not None and ends_unseen and still_there and enough

    @property
    def is_removed(self) -> bool:
        """Absent by the newest look, without a tombstone, and not known to be merely hidden."""
        absent = self.last.sighting is Sighting.ABSENT and not self.has_public_stone
        return absent and not self.is_hidden

    def misses(self) -> list[Observation]:
        """The looks that count for the level: absences, and for a hidden post concealed ones."""
        counted = UNSEEN if self.is_hidden else {Sighting.ABSENT}
        return [look for look in self.looks if look.sighting in counted]

    def level(self, policy: Policy) -> Level | None:
        """How firmly the disappearance of a removed or hidden post is established."""
        if not (self.is_removed or self.is_hidden):
            return None
        misses = self.misses()
        span = misses[-1].at - misses[0].at
        if self.last_seen is None:
            return Level.SUSPECTED  # nothing public shows that it ever was there
        if len(misses) < policy.misses or span < timedelta(seconds=policy.likely_span):
            return Level.SUSPECTED
        return Level.CONFIRMED if self._late_look_agrees(misses, policy) else Level.LIKELY

    @property
    def author_in_doubt(self) -> bool:
        """Whether the author's posts are missing elsewhere too, by the newest absence, and no look
        of this disappearance found the author's own page."""
        absent = [look for look in self.looks if look.sighting is Sighting.ABSENT]
        if not absent or self.is_hidden or MISSING_ELSEWHERE not in absent[-1].facts:
            return False
        return not any(AUTHOR_THERE in look.facts for look in absent)

    def trio_blocks(self, policy: Policy) -> bool:
        """Whether a permalink that is still served keeps the level below `confirmed`."""
        late = self._late(self.misses(), policy)
        blocked = bool(late) and self.newest_trio is False
        return blocked and self.level(policy) is Level.LIKELY

    def _late(self, misses: list[Observation], policy: Policy) -> list[Observation]:
        after = timedelta(seconds=policy.confirm_after)
        return [look for look in misses if look.at - misses[0].at >= after]

    def _late_look_agrees(self, misses: list[Observation], policy: Policy) -> bool:
        # The newest answer counts: a trio that cannot be asked later takes nothing back.
        agrees = self.newest_trio is not False and not self.author_in_doubt
        return bool(self._late(misses, policy)) and agrees


@dataclass(frozen=True)
class Facts:
    """Everything the rules ask about, each fact worked out in one place.

    `looks` are the valid public looks that count, `author_looks` the valid ones of the author,
    `trailing` the invalid public looks after the last valid one; all oldest first. `notices` are
    those that stand; `took_back` tells that the author took one back.
    """

    policy: Policy
    looks: tuple[Observation, ...]
    author_looks: tuple[Observation, ...]
    trailing: tuple[Observation, ...]
    notices: tuple[Notice, ...]
    took_back: bool
    ignored_http: bool
    runs: tuple[Run, ...]
    site_degraded: bool = False

    @property
    def last(self) -> Observation | None:
        """The newest valid public look."""
        return self.looks[-1] if self.looks else None

    @property
    def open_run(self) -> Run | None:
        """The disappearance that lasts, if the newest valid public look did not see the post."""
        return self.runs[-1] if self.runs and self.runs[-1].seen_again is None else None

    @property
    def closed_run(self) -> Run | None:
        """The newest disappearance that ended."""
        closed = [run for run in self.runs if run.seen_again is not None]
        return closed[-1] if closed else None

    @cached_property
    def last_sighting(self) -> Observation | None:
        """The newest public look that saw the post."""
        return next((look for look in reversed(self.looks) if is_seen(look)), None)

    @property
    def author_sees(self) -> bool:
        """Whether the author's newest valid look, of whatever age, found the post."""
        return bool(self.author_looks) and is_seen(self.author_looks[-1])

    @property
    def is_pending(self) -> bool:
        """The author sees it, and the public looks, none of which ever did, do not."""
        unseen = self.last is not None and self.last.sighting in UNSEEN
        stone = self.open_run is not None and self.open_run.has_public_stone
        return unseen and not stone and self.last_sighting is None and self.author_sees

    @cached_property
    def is_withdrawn(self) -> bool:
        """The author's word covers what is now the case, and no look contradicts it."""
        if self.open_run is not None:
            return self.covered(self.open_run, NoticeKind.WITHDRAWN)
        said = [n.at for n in self.notices if n.notice is NoticeKind.WITHDRAWN]
        return bool(said) and (self.last_sighting is None or said[-1] >= self.last_sighting.at)

    def covered(self, run: Run, kind: NoticeKind) -> bool:
        """Whether a notice speaks of this disappearance.

        It speaks of the one that lasts, or of the next. It goes on to the following one when the
        post came back for less than `likely_span`: such a sighting may be an old cached page.
        """
        came_back: datetime | None = None
        covered = False
        for candidate in self.runs:
            covered = covered or any(
                notice.notice is kind
                and (came_back is None or notice.at >= came_back)
                and (candidate.seen_again is None or notice.at < candidate.seen_again)
                for notice in self.notices
            )
            if candidate is run:
                return covered
            covered = covered and not self._held(candidate)
            came_back = candidate.seen_again
        return False

    def _held(self, run: Run) -> bool:
        if run.seen_again is None or run.held_until is None:
            return False
        return run.held_until - run.seen_again >= timedelta(seconds=self.policy.likely_span)

    @property
    def unresolved_too_long(self) -> bool:
        """Enough invalid looks in a row, over long enough."""
        enough = len(self.trailing) >= self.policy.unresolved_looks
        span = timedelta(seconds=self.policy.unresolved_span)
        return enough and self.trailing[-1].at - self.trailing[0].at >= span

    @cached_property
    def vantages_disagree(self) -> bool:
        """Two public vantages disagreed within `disputed_within`, and it is not settled.

        It is settled when their newest looks agree, or when nothing renewed the disagreement for
        `alternates_within`.
        """
        newest = {look.vantage.id: look for look in self.looks}
        within = timedelta(seconds=self.policy.disputed_within)
        for index, later in enumerate(self.looks):
            if self._is_old(later.at):
                continue
            for earlier in reversed(self.looks[:index]):
                if later.at - earlier.at > within:
                    break
                differ = is_seen(earlier) != is_seen(later)
                still = is_seen(newest[earlier.vantage.id]) != is_seen(newest[later.vantage.id])
                if differ and still:
                    return True
        return False

    @cached_property
    def alternates(self) -> bool:
        """Presence and absence alternated twice within `alternates_within`, not long ago.

        A tombstone or a vanished container explains itself and settles it.
        """
        plain = [look for look in self.looks if look.sighting in SEEN | UNSEEN]
        if not plain or plain[-1] is not self.last:
            return False
        changes = [b.at for a, b in pairwise(plain) if is_seen(a) != is_seen(b)]
        within = timedelta(seconds=self.policy.alternates_within)
        return any(
            last - first <= within and not self._is_old(last)
            for first, last in zip(changes, changes[ALTERNATIONS - 1 :], strict=False)
        )

    def _is_old(self, moment: datetime) -> bool:
        settled = timedelta(seconds=self.policy.alternates_within)
        return self.last is not None and self.last.at - moment >= settled


def identity(record: Observation | Notice) -> tuple[str | datetime, ...]:
    """Sorts records and tells copies of the same record.

    At the same moment an absence comes before a sighting, so that the post counts as seen, and a
    notice comes last, so that no look of the same moment contradicts it.
    """
    if isinstance(record, Notice):
        return (record.at, "2", record.notice, record.text, str(record.retracts or ""))
    trio = "" if record.trio is None else record.trio.model_dump_json()
    return (
        record.at,
        "1" if is_seen(record) else "0",
        record.vantage.class_,
        record.vantage.id,
        record.reason or "",
        record.sighting or "",
        record.actor or "",
        record.via,
        trio,
        " ".join(sorted({AUTHOR_THERE, MISSING_ELSEWHERE}.intersection(record.facts))),
    )


def gather(records: Sequence[Observation | Notice], policy: Policy) -> Facts:
    """Sorts the records, drops copies, and works out the disappearances.

    Looks of a time in which the checker misread posts of this site that it knows are left out.
    """
    ordered = sorted({identity(record): record for record in records}.items(), key=lambda x: x[0])
    told = [record for _, record in ordered if isinstance(record, Notice)]
    retracted = {notice.retracts for notice in told if notice.retracts is not None}
    notices = tuple(n for n in told if n.notice not in BY_THE_AUTHOR or n.at not in retracted)
    spans = degraded_spans(notices)
    observations = relied_on([record for _, record in ordered], spans)
    public = [x for x in observations if x.vantage.class_ is VantageClass.PUBLIC]
    valid = [x for x in observations if x.validity is Validity.VALID]
    counted = [x for x in valid if counts(x)]
    looks = tuple(x for x in counted if x.vantage.class_ is VantageClass.PUBLIC)
    author = tuple(x for x in counted if x.vantage.class_ is VantageClass.AUTHOR)
    return Facts(
        policy=policy,
        looks=looks,
        author_looks=author,
        trailing=trailing_of(public, policy),
        notices=notices,
        took_back=len(notices) < len(told),
        ignored_http=len(counted) < len(valid),
        runs=_runs(looks, author),
        site_degraded=any(span.end is None for span in spans),
    )


def _runs(looks: Sequence[Observation], author: Sequence[Observation]) -> tuple[Run, ...]:
    stretches: list[list[Observation]] = []
    for look in looks:
        if stretches and is_seen(stretches[-1][0]) == is_seen(look):
            stretches[-1].append(look)
        else:
            stretches.append([look])
    runs = []
    for index, stretch in enumerate(stretches):
        if is_seen(stretch[0]):
            continue
        after = stretches[index + 1] if index + 1 < len(stretches) else None
        seen_again = after[0].at if after else None
        runs.append(
            Run(
                looks=tuple(stretch),
                author_looks=_between(author, stretch[0].at, seen_again),
                last_seen=_last_in_sight(stretches[index - 1], stretch[0]) if index else None,
                seen_again=seen_again,
                held_until=after[-1].at if after else None,
                newest_trio=newest_trio(stretches[: index + 1]),
            )
        )
    return tuple(runs)


def _last_in_sight(stretch: Sequence[Observation], missed: Observation) -> datetime:
    """The last sighting before a disappearance. Of a post that is concealed, the last one with a
    browser where there is one: without it nobody knows what a person could see."""
    by_browser = [look for look in stretch if look.via == "browser"]
    concealed = missed.sighting is Sighting.CONCEALED
    return (by_browser if concealed and by_browser else stretch)[-1].at


def _between(
    looks: Sequence[Observation], start: datetime, end: datetime | None
) -> tuple[Observation, ...]:
    return tuple(x for x in looks if start <= x.at and (end is None or x.at < end))
