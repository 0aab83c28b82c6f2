"""Situations of walls, played phase by phase: what each look says, and the verdict after it."""

from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path

import pytest
import pytest_asyncio
from _pytest.mark import ParameterSet

from tests.walls.lookers import open_lookers
from tests.walls.situations import SITUATIONS, Case, quick_matrix, whole_matrix
from tests.walls.situations_obstacles import IN_PLACE_OF_SOME, IN_THE_WAY
from tests.walls.story import Looker, Played

looking = pytest.mark.asyncio(loop_scope="module")
ALWAYS = frozenset({"deleted", *(one.name for one in (*IN_THE_WAY, *IN_PLACE_OF_SOME))})
"""Played in every run: what may be taken for a deletion, and a deletion."""
SHARE = 4
"""Of the other situations every fourth is, the rest in the longer run."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lookers(chromium: Path) -> AsyncIterator[Mapping[str, Looker]]:
    async with open_lookers(chromium) as found:
        yield found


def name_of(case: Case) -> str:
    situation, kind, seed = case
    return f"{situation.name}-{kind}-{seed}"


def cases(matrix: Iterable[Case], *, share: int = 1) -> list[ParameterSet]:
    """Of the matrix, every so many; the rest are marked for the longer run."""
    found = []
    for at, case in enumerate(matrix):
        rare = at % share and case[0].name not in ALWAYS
        marks = [pytest.mark.matrix] if rare else []
        found.append(pytest.param(case, marks=marks))
    return found


async def check(case: Case, lookers: Mapping[str, Looker], *, quick: bool) -> None:
    situation, kind, seed = case
    told = await Played(situation, kind, lookers).play(seed, quick=quick)
    wrong = [f"minute {one.phase.at}: {one.wrong} ({one.detail})" for one in told if one.wrong]
    assert wrong == []


@looking
@pytest.mark.parametrize("case", cases(quick_matrix(), share=SHARE), ids=name_of)
async def test_each_situation_in_one_mark_up(case: Case, lookers: Mapping[str, Looker]) -> None:
    await check(case, lookers, quick=True)


@looking
@pytest.mark.matrix
@pytest.mark.parametrize("case", cases(whole_matrix()), ids=name_of)
async def test_each_situation_in_every_mark_up(case: Case, lookers: Mapping[str, Looker]) -> None:
    await check(case, lookers, quick=False)


def test_there_are_enough_situations_of_different_names() -> None:
    names = {situation.name for situation in SITUATIONS}
    assert len(names) == len(SITUATIONS) >= 45
