"""The tamper table: every good bundle, and every single alteration of it by name.

The forger makes the bag's manifests fit every time. Whoever tests a verifier takes `sound()` and
`tamper_table()`: the first must be accepted, the second refused.
"""

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from archiver.evidence.authority import LocalAuthority
from archiver.evidence.bundle import BundleInput
from archiver.evidence.statement import Statement
from tests.unit.evidence import house, stories
from tests.unit.evidence.alterations import Alter, Files, flip
from tests.unit.evidence.tamper_exports import CAPTURE, MASKED, WATCH
from tests.unit.evidence.tamper_older import (
    AROUND_A_CAPTURE,
    WITH_TWO_CAPTURES,
    WITHOUT_A_CAPTURE,
)
from tests.unit.evidence.tamper_proofs import PROOFS, TRUE, WITH_KEYS
from tests.unit.evidence.verifiers import pack_stream

OTHER_LEAVES = 6
"""Leaves of other posts before the first of ours."""
FORMS: dict[str, Callable[[house.House], BundleInput]] = {
    "older, around a capture": house.full_story,
    "older, around a look": house.witness_story,
    "older, two captures": house.two_captures,
    "older, masked": house.masked_bundle,
    "capture": stories.capture_story,
    "watch": stories.watch_story,
    "masked": stories.masked_story,
    "witness": stories.witness_export,
}
UNPROVEN = ("README.txt", "verify.sh", ".pem", ".vkey", ".tsr", ".ots")
"""What a flipped bit may leave as it was: texts that prove nothing, white space around PEM blocks,
and parts of a time stamp that its signature does not cover."""


@dataclass(frozen=True)
class Case:
    """One alteration. `needs_keys`: sound in itself, and found by who brings the true keys."""

    form: str
    name: str
    alter: Alter
    needs_keys: bool = False

    def __str__(self) -> str:
        return f"{self.form}: {self.name}"


def named(form: str, table: dict[str, Alter], *, needs_keys: bool = False) -> list[Case]:
    return [Case(form, name, alter, needs_keys) for name, alter in table.items()]


CASES = [
    *named("older, around a capture", AROUND_A_CAPTURE),
    *named("older, around a look", WITHOUT_A_CAPTURE),
    *named("older, two captures", WITH_TWO_CAPTURES),
    *named("capture", CAPTURE),
    *named("watch", WATCH),
    *named("watch", PROOFS),
    *named("masked", MASKED),
    *named("watch", WITH_KEYS, needs_keys=True),
]


def new_house() -> house.House:
    """A log that has lived, and the authority of the table."""
    made = house.House(LocalAuthority(TRUE, lambda: house.NOON, os.urandom))
    for number in range(OTHER_LEAVES):
        made.log(Statement(b"other %d" % number, {}))
    return made


def payloads() -> dict[str, Files]:
    """The payload of every good bundle, by form."""
    return {form: house.payload_of(story(new_house())) for form, story in FORMS.items()}


def each_file(sound: dict[str, Files]) -> Iterator[Case]:
    """One bit of each file, in its middle."""
    for form, files in sound.items():
        for name, data in files.items():
            if data and not name.endswith(UNPROVEN):
                yield Case(form, f"a bit of {name}", partial(flip(name, len(data) // 2)))


def altered(case: Case, sound: dict[str, Files]) -> bytes:
    """The bundle, a ZIP, as the forger hands it out."""
    files = dict(sound[case.form])
    case.alter(files)
    assert files != sound[case.form], case
    return zipped(files)


def zipped(files: Files) -> bytes:
    buffer = io.BytesIO()
    pack_stream(buffer, files)
    return buffer.getvalue()


def sound_bundles(made: dict[str, Files]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every good bundle."""
    for form, files in made.items():
        yield form, zipped(files)


def tamper_table(made: dict[str, Files], *, with_keys: bool = False) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every altered bundle: those that are refused without any key brought, or
    (`with_keys`) those that need the true ones (see `KEYS`)."""
    for case in (*CASES, *each_file(made)):
        if case.needs_keys == with_keys:
            yield str(case), altered(case, made)
