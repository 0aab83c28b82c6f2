"""A shorthand for records and verdicts, so that a table of cases can be read.

A record is `[v.]K[:word][+|-|?|!][~TIME]@TIME`. `v.` is the vantage: none for the usual public one,
`b.` a second public one, `a.` the author's, `h.` the usual public one without a browser. `K` is P
present, M moved, E edited, C collapsed, X concealed, T tombstone, A absent, G parent gone, W wall
gone, U author gone, I invalid, N notice. The word is an actor, a reason, or the kind of notice. `+`
and `-` tell that the permalink trio agreed or did not, `?` and `!` that the author's posts are
missing elsewhere too or that the author's own page is there. `~` stands before the time of the
notice that is taken back. TIME is a number with m, h or d.

A verdict is `state[/level] [silent] [actor] (LAST_SEEN,FIRST_MISSING] wN`, with N windows.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from archiver.domain.observation import AUTHOR_THERE, MISSING_ELSEWHERE, Notice, Observation
from archiver.domain.verdict import Verdict

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SIGHTINGS: Mapping[str, str] = {
    "P": "present",
    "M": "moved",
    "E": "edited",
    "C": "collapsed",
    "X": "concealed",
    "T": "tombstone",
    "A": "absent",
    "G": "parent_gone",
    "W": "wall_gone",
    "U": "author_gone",
}
SECONDS = {"m": 60, "h": 3600, "d": 86400}
RECORD = re.compile(r"(?:([abh])\.)?([A-Z])(?::(\w+))?([-+?!])?(?:~(\d+)([mhd]))?@(\d+)([mhd])")
TRIOS: Mapping[str | None, dict[str, Any]] = {
    "+": {"target": "gone", "sibling": "served", "nonexistent": "gone", "agrees": True},
    "-": {"target": "served", "sibling": "served", "nonexistent": "gone", "agrees": False},
}
FACTS: Mapping[str | None, list[str]] = {"?": [MISSING_ELSEWHERE], "!": [AUTHOR_THERE]}


def moment(number: int, unit: str) -> datetime:
    return START + timedelta(seconds=number * SECONDS[unit])


def record(text: str) -> Observation | Notice:
    match = RECORD.fullmatch(text)
    assert match, f"not in shorthand: {text}"
    vantage, kind, word, trio, *back, number, unit = match.groups()
    at = moment(int(number), unit)
    if kind == "N":
        retracts = moment(int(back[0]), back[1]) if back[0] else None
        return Notice.model_validate({"at": at, "notice": word, "retracts": retracts})
    fields: dict[str, Any] = {"at": at, "validity": "valid", "sighting": SIGHTINGS.get(kind)}
    if kind == "I":
        fields |= {"validity": "invalid", "reason": word or "network_error"}
    elif word:
        fields["actor"] = word
    fields["trio"] = TRIOS.get(trio)
    fields["facts"] = FACTS.get(trio, [])
    fields["via"] = "http" if vantage == "h" else "browser"
    fields["vantage"] = {
        "class": "author" if vantage == "a" else "public",
        "id": {"a": "author", "b": "second"}.get(vantage or "", "first"),
    }
    return Observation.model_validate(fields)


def records(text: str) -> list[Observation | Notice]:
    return [record(part) for part in text.split()]


def short(at: datetime | None) -> str:
    if at is None:
        return "-"
    seconds = int((at - START).total_seconds())
    unit = next(u for u in "dhm" if seconds % SECONDS[u] == 0 and (seconds or u == "m"))
    return f"{seconds // SECONDS[unit]}{unit}"


def verdict_text(verdict: Verdict) -> str:
    level = f"/{verdict.level}" if verdict.level else ""
    words = [f"{verdict.state}{level}"]
    words += ["silent"] if verdict.silent else []
    words += [str(verdict.actor)] if verdict.actor else []
    words += [f"({short(verdict.last_seen)},{short(verdict.first_missing)}]"]
    return " ".join([*words, f"w{len(verdict.windows)}"])
