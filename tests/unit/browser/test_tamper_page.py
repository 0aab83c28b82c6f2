"""The page's own verifier refuses what the two others refuse, names the same file, and accepts what
they accept."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.browser.page_verifier import Job, check_all, told
from tests.unit.evidence import house, test_tamper, test_tamper_forms
from tests.unit.evidence.alterations import Files
from tests.unit.evidence.stories import STORIES
from tests.unit.evidence.verifiers import ours, pack

Table = dict[str, Callable[[Files], None]]
FORMS: dict[str, tuple[Callable[[house.House], Any], Table]] = {
    "capture": (house.full_story, test_tamper.ALTERATIONS),
    "look": (house.witness_story, test_tamper_forms.WITHOUT_A_CAPTURE),
    "two captures": (house.two_captures, test_tamper_forms.WITH_TWO_CAPTURES),
    "masked": (house.masked_bundle, {}),
    **{f"exported {form}": (story, {}) for form, story in STORIES.items()},
}


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
    number = 0
    for form, (story, table) in FORMS.items():
        payload = house.payload_of(story(house.open_house(folder / form, others=6)))
        for name, alter in {"": lambda files: None, **table}.items():
            files = dict(payload)
            alter(files)
            number += 1
            yield f"{form}: {name}", pack(folder / f"{number}.zip", files)


def test_the_page_gives_the_same_answer(results: dict[str, tuple[str | None, str | None]]) -> None:
    other = {name: pair for name, pair in results.items() if (pair[0] is None) != (pair[1] is None)}
    assert other == {}
    assert {name for name, (_, page) in results.items() if page is None} == {
        f"{form}: " for form in FORMS
    }
    assert len(results) > 100


def test_the_page_names_the_same_file(results: dict[str, tuple[str | None, str | None]]) -> None:
    other = {name: pair for name, pair in results.items() if subject(pair[0]) != subject(pair[1])}
    assert other == {}
