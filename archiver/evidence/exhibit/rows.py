"""The tables of an exhibit as rows of words: looks, timeline, practice, index of the records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from archiver.evidence.exhibit.facts import (
    PRACTICE,
    CaptureFacts,
    EventFacts,
    ExhibitFacts,
    LookFacts,
    RecordFacts,
    StampFacts,
    Text,
    VerdictFacts,
    WindowFacts,
)
from archiver.evidence.exhibit.words import Words, table_time

SEEN = frozenset({"present", "moved", "edited", "collapsed"})
GONE = frozenset({"absent", "tombstone", "parent_gone", "wall_gone", "author_gone", "concealed"})


@dataclass(frozen=True)
class PracticeRow:
    """One field of the checklist. `missing`: nothing is known of it."""

    label: str
    value: Text
    missing: bool


def conclusion(words: Words, verdict: VerdictFacts | None) -> str:
    """The conclusion in one careful sentence."""
    if verdict is None:
        return words("no_verdict")
    last = verdict.windows[-1] if verdict.windows else None
    if verdict.state in ("removed", "hidden") and last is not None:
        return window(words, last)
    return words.of("states", verdict.state)


def window(words: Words, item: WindowFacts) -> str:
    """One disappearance, in words."""
    missing = words.date(item.first_missing)
    if item.last_seen is None:
        said = words("window.first", missing=missing)
    else:
        said = words("window.both", seen=words.date(item.last_seen), missing=missing)
    if item.seen_again is None:
        return said
    return f"{said} {words('window.again', again=words.date(item.seen_again))}"


def result(words: Words, look: LookFacts) -> str:
    """What a look said, or why it failed."""
    if look.reason is not None:
        return words("failed", reason=words.of("reasons", look.reason))
    said = words.of("sightings", look.sighting or "")
    if look.actor not in (None, "unknown"):
        said += f" ({words.of('actors', look.actor or '')})"
    return said


def vantage(words: Words, look: LookFacts) -> str:
    """From where it was taken."""
    said = words.of("vantages", look.vantage)
    if look.path != "default":
        said += f" ({look.path})"
    return said if look.via == "browser" else f"{said}, {words('via_http')}"


def timeline(words: Words, facts: ExhibitFacts) -> list[tuple[str, str]]:
    """(time, what happened), oldest first."""
    found: list[tuple[datetime, str]] = [
        (item.finished_at, words("timeline.captured", id=item.id, leaf=item.leaf))
        for item in facts.captures
    ]
    found += _looks_in_a_row(words, facts.looks)
    found += [
        (item.at, words("timeline.notice", text=words.of("notice_kinds", item.notice)))
        for item in facts.notices
    ]
    found += [(item.at, _event(words, item)) for item in facts.events]
    return [(table_time(at), said) for at, said in sorted(found, key=lambda item: item[0])]


def _looks_in_a_row(words: Words, looks: Sequence[LookFacts]) -> Iterator[tuple[datetime, str]]:
    ordered = sorted(looks, key=lambda item: (item.at, item.leaf))
    for (place, said), group in groupby(
        ordered, key=lambda item: (vantage(words, item), result(words, item))
    ):
        row = list(group)
        path = "timeline.looks" if len(row) > 1 else "timeline.look"
        until = words.date(row[-1].at)
        yield row[0].at, words(path, count=len(row), vantage=place, result=said, until=until)


def _event(words: Words, event: EventFacts) -> str:
    name = event.name
    if event.kind == "verdict":
        name = words.of("states", event.name)
    elif event.kind == "custody":
        name = words.of("custody", event.name)
    text = words("withheld") if event.text is None else event.text
    said = ", ".join(part for part in (name, text, event.actor) if part)
    kind = event.kind if event.kind in words.at("timeline") else "other"
    return words(f"timeline.{kind}", text=said).rstrip(" :\u00a0")


def practice(words: Words, facts: ExhibitFacts) -> list[tuple[str, list[PracticeRow]]]:
    """The checklist by group. Every field is there, the missing ones too."""
    return [
        (words(f"practice.groups.{group}"), [_practice_row(words, facts, name) for name in names])
        for group, names in PRACTICE.items()
    ]


def _practice_row(words: Words, facts: ExhibitFacts, name: str) -> PracticeRow:
    label = words(f"practice.fields.{name}")
    if name in facts.practice.withheld:
        return PracticeRow(label, None, missing=False)
    value = facts.practice.values.get(name, "")
    if name == "checking_proxy":
        value = words("practice.proxy_note")
    elif name == "second_witness":
        value = words.of("grades", value)
    else:
        value = words.of("practice.values", value)
    return PracticeRow(label, value, missing=not value)


def practice_count(words: Words, facts: ExhibitFacts) -> str:
    """How many fields are present, withheld and missing."""
    every = [row for _, group in practice(words, facts) for row in group]
    missing = sum(row.missing for row in every)
    withheld = sum(row.value is None for row in every)
    present = len(every) - missing - withheld
    return words(
        "practice.count", all=len(every), present=present, withheld=withheld, missing=missing
    )


def completeness(words: Words, capture: CaptureFacts) -> str:
    """Whether every part of a capture was made, and which were not."""
    known = capture.completeness in words.at("completeness")
    if not known:
        return capture.completeness
    return words(f"completeness.{capture.completeness}", missing=", ".join(capture.missing))


def qualified(words: Words, stamp: StampFacts) -> str:
    """Whether a token is eIDAS-qualified, and by whose word."""
    if stamp.embedded:
        return words("proof.embedded")
    said = {True: "yes", False: "no", None: "unknown"}[stamp.qualified]
    return words(f"proof.qualified_{said}")


def gap(words: Words, record: RecordFacts) -> str:
    """The time from its record to the first stamp that covers it."""
    if record.stamped_at is None:
        return words("proof.pending")
    return words.duration(record.stamped_at - record.recorded_at)


def milestones(words: Words, facts: ExhibitFacts) -> list[tuple[str, str]]:
    """(what, when) for the preparation sheet: captures, first and last sighting and absence."""
    public = sorted(
        (item for item in facts.looks if item.vantage == "public" and item.reason is None),
        key=lambda item: item.at,
    )
    seen = [item.at for item in public if item.sighting in SEEN]
    gone = [item.at for item in public if item.sighting in GONE]
    found = [("found_captured", item.finished_at) for item in facts.captures]
    if seen:
        found += [("found_first", seen[0]), ("found_last", seen[-1])]
    if gone:
        found += [("found_missing", gone[0]), ("found_missing_last", gone[-1])]
    return [(words(f"constat.{name}"), words.date(at)) for name, at in found]
