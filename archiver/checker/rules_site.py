"""The times in which looks at a site do not count: the checker misread a canary there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archiver.domain.observation import Notice, NoticeKind, Observation


@dataclass(frozen=True)
class Span:
    """After `start`, and before `end` if there is one by now."""

    start: datetime
    end: datetime | None

    def holds(self, moment: datetime) -> bool:
        """Whether a look of this moment is left out."""
        return self.start < moment and (self.end is None or moment < self.end)


def degraded_spans(notices: Sequence[Notice]) -> list[Span]:
    """The times in which the checker's looks at this site are not relied on: from its last right
    look at a post that it knows until it reads all of them right again."""
    spans = []
    for notice in notices:
        if notice.notice is NoticeKind.SITE_DEGRADED:
            right = (
                other.at
                for other in notices
                if other.notice is NoticeKind.SITE_RIGHT and other.at > notice.at
            )
            start = min(notice.since or notice.at, notice.at)
            spans.append(Span(start, next(right, None)))
    return spans


def relied_on(records: Sequence[Observation | Notice], spans: Sequence[Span]) -> list[Observation]:
    """The looks among the records, but for those of such a time."""
    looks = (record for record in records if isinstance(record, Observation))
    return [look for look in looks if not any(span.holds(look.at) for span in spans)]
