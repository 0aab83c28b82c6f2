"""The tamper table for the page's own verifier: it refuses what the two others refuse, accepts what
they accept, and names the same file."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from archiver.domain.errors import EvidenceError
from archiver.evidence.verification import verify_bundle
from tests.unit.browser.page_verifier import Job, check_all, told
from tests.unit.evidence.alterations import Files
from tests.unit.evidence.house import LOG_KEY
from tests.unit.evidence.stories import WITNESS
from tests.unit.evidence.tamper_proofs import TRUE, pem
from tests.unit.evidence.tamper_table import (
    CASES,
    FORMS,
    Case,
    altered,
    each_file,
    payloads,
    zipped,
)

TRUE_KEYS = {
    "roots": pem(TRUE).decode(),
    "logKeys": LOG_KEY.public.vkey,
    "witnessKeys": WITNESS.public.vkey,
}
Said = dict[str, tuple[str | None, str | None]]
"""By case: what `rature verify` says, and what the page says; None is accepted."""


@pytest.fixture(scope="module")
def sound() -> dict[str, Files]:
    return payloads()


def ours(path: Path, *, with_keys: bool) -> str | None:
    brought = ([pem(TRUE)], [LOG_KEY.public], [WITNESS.public]) if with_keys else ()
    try:
        verify_bundle(path, *brought)
    except EvidenceError as error:
        return str(error)
    return None


def said(folder: Path, bundles: Iterable[tuple[str, bytes, bool]]) -> Said:
    """Asks both about each (name, bytes, with the true keys), the page in one process."""
    made = []
    for number, (name, data, with_keys) in enumerate(bundles):
        path = folder / f"{number}.zip"
        path.write_bytes(data)
        made.append((name, path, with_keys))
    answers = check_all([Job(path, **(TRUE_KEYS if keys else {})) for _, path, keys in made])
    return {
        name: (ours(path, with_keys=keys), told(answer))
        for (name, path, keys), answer in zip(made, answers, strict=True)
    }


def subject(text: str | None) -> str:
    """The file or word that a failure names."""
    return (text or "").partition(": ")[0].removeprefix("data/")


def check_refusals(folder: Path, cases: Iterable[Case], sound: dict[str, Files]) -> None:
    answers = said(folder, ((str(case), altered(case, sound), case.needs_keys) for case in cases))
    assert len(answers) > 100
    assert {name for name, pair in answers.items() if None in pair} == set()
    other = {name: pair for name, pair in answers.items() if subject(pair[0]) != subject(pair[1])}
    assert other == {}, "another file is named"


def test_the_sound_bundles_are_accepted(sound: dict[str, Files], tmp_path: Path) -> None:
    plain = [(form, zipped(files), False) for form, files in sound.items()]
    keyed = [(f"{form}, with keys", data, True) for form, data, _ in plain if "older" not in form]
    answers = said(tmp_path, [*plain, *keyed])
    assert len(answers) == len(FORMS) + len(keyed)
    assert set(answers.values()) == {(None, None)}


def test_every_alteration_is_refused_for_the_same_file(
    sound: dict[str, Files], tmp_path: Path
) -> None:
    check_refusals(tmp_path, CASES, sound)


@pytest.mark.matrix
def test_a_bit_of_any_file_is_found(sound: dict[str, Files], tmp_path: Path) -> None:
    check_refusals(tmp_path, each_file(sound), sound)
