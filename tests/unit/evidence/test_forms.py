"""Bundles of the present form, whole and masked, by both verifiers."""

from pathlib import Path

import pytest

from archiver.evidence.bundle import write_bundle
from tests.unit.evidence.house import open_house
from tests.unit.evidence.stories import STORIES
from tests.unit.evidence.verifiers import ours, stock


@pytest.mark.parametrize("form", STORIES)
def test_a_sound_bundle_is_accepted(tmp_path: Path, form: str) -> None:
    path = tmp_path / "b.zip"
    report = write_bundle(path, STORIES[form](open_house(tmp_path / "authority", others=6)))
    assert report.valid
    assert report.export
    assert (ours(path), stock(path)) == (None, None)
