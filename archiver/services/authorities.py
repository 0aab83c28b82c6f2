"""Who stamped a record and what each stamp states, who is still waited for, and the gap between.

That an authority is qualified under eIDAS is what the operator's settings say, or what the token
says of itself; nobody checks it here. The trusted lists of the European Union decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from archiver.evidence.times import Gap
from archiver.evidence.token_facts import read_facts
from archiver.services.trust import LOCAL, Trust
from archiver.store.tables import Stamp

TimeState = Literal["stamped", "pending"]
BY_SETTINGS = "according to the operator's settings"


@dataclass(frozen=True)
class AuthorityFacts:
    """One authority's stamp. `accuracy` in seconds, None when the token states none; `policy` a
    dotted OID; `embedded`: made by this service itself. `qualified`: the operator's settings say
    so; `says_qualified`: the token says so."""

    name: str
    gen_time: datetime
    accuracy: float | None
    policy: str
    embedded: bool
    qualified: bool
    says_qualified: bool


@dataclass(frozen=True)
class Awaited:
    """An authority that gave nothing that counts yet. `held`: it answered, and its root is not
    known here; `error` is the last one, None before the first try."""

    name: str
    held: bool
    error: str | None
    next_try_at: datetime | None


@dataclass(frozen=True)
class Times:
    """All that is known of a record's time. `state` is `pending` while none of the authorities that
    the settings name has stamped it, though the embedded one may have stepped in."""

    state: TimeState
    gap: Gap
    authorities: tuple[AuthorityFacts, ...]
    awaited: tuple[Awaited, ...]


def authorities_of(rows: Sequence[Stamp], trust: Trust) -> tuple[AuthorityFacts, ...]:
    """What each stamp among these rows states, the earliest first."""
    found = []
    for row in rows:
        if row.response is None or row.gen_time is None:
            continue
        facts = read_facts(row.response)
        found.append(
            AuthorityFacts(
                name=row.authority,
                gen_time=row.gen_time,
                accuracy=None if facts.accuracy is None else facts.accuracy.total_seconds(),
                policy=facts.policy,
                embedded=row.authority == LOCAL,
                qualified=trust.is_qualified(row.authority),
                says_qualified=facts.says_qualified,
            )
        )
    return tuple(sorted(found, key=lambda item: item.gen_time))


def times_of(
    rows: Sequence[Stamp], recorded_at: datetime, trust: Trust, wanted: Sequence[str]
) -> Times:
    """The times of a record made at `recorded_at`; `wanted` are the authorities of the settings."""
    made = authorities_of(rows, trust)
    counted = [item for item in made if not item.embedded or LOCAL in wanted]
    awaited = [
        Awaited(row.authority, row.held is not None, row.error, row.next_try_at)
        for row in rows
        if row.response is None
    ]
    return Times(
        state="stamped" if counted else "pending",
        gap=Gap(recorded_at, made[0].gen_time if made else None),
        authorities=made,
        awaited=tuple(awaited),
    )
