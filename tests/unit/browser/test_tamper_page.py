"""The page's own verifier refuses what the two others refuse, names the same file, and accepts what
they accept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.browser.page_verifier import Job, check_all, told
from tests.unit.evidence.tamper_table import FORMS, payloads, sound_bundles, tamper_table
from tests.unit.evidence.verifiers import ours


def subject(said: str | None) -> str:
    """The file or word that a failure names."""
    return (said or "").partition(": ")[0].removeprefix("data/")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str | None, str | None]]:
    """By form and alteration (none: as it was): what `rature verify` and the page say."""
    made = dict(bundles(tmp_path_factory.mktemp("page")))
    answers = check_all([Job(path) for path in made.values()])
    pairs = zip(made.items(), answers, strict=True)
    return {name: (ours(path), told(answer)) for (name, path), answer in pairs}


def bundles(folder: Path) -> Iterator[tuple[str, Path]]:
    made = payloads()
    for number, (name, data) in enumerate([*sound_bundles(made), *tamper_table(made)]):
        path = folder / f"{number}.zip"
        path.write_bytes(data)
        yield name, path


def test_the_page_gives_the_same_answer(results: dict[str, tuple[str | None, str | None]]) -> None:
    other = {name: pair for name, pair in results.items() if (pair[0] is None) != (pair[1] is None)}
    assert other == {}
    assert {name for name, (_, page) in results.items() if page is None} == set(FORMS)
    assert len(results) > 100


def test_the_page_names_the_same_file(results: dict[str, tuple[str | None, str | None]]) -> None:
    other = {name: pair for name, pair in results.items() if subject(pair[0]) != subject(pair[1])}
    assert other == {}
