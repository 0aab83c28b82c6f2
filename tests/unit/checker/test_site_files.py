"""The sites' data files, and what is said of a wrong one."""

import json
from pathlib import Path
from typing import Any

import pytest

from archiver.checker.page_state import excuse
from archiver.checker.reading import AdapterFacts, PageFacts, Post, Reading
from archiver.checker.redesign import another_shape
from archiver.checker.site_facts import WHY, aside, site_facts
from archiver.checker.sites import load
from archiver.checker.sites.load import FOLDER, SITES, parse
from archiver.checker.wall import Wall
from archiver.domain.errors import SettingsError
from archiver.domain.observation import Observation, Reason, Sibling, Sighting, Validity
from tests.unit.source_tree import ROOT

PROMISED = {
    "facebook", "x", "instagram", "linkedin", "youtube", "tiktok", "pinterest", "reddit",
    "mastodon", "bluesky", "trustpilot", "google-reviews", "wordpress", "blogger", "disqus",
    "discourse", "phpbb",
}  # fmt: skip
GOOD: dict[str, Any] = {
    "name": "brot",
    "title": "Brot",
    "hosts": ["brot.example"],
    "kinds": [
        {
            "item": ".loaf",
            "author": [{"css": ".baker"}],
            "text": [{"css": ".crumb"}],
            "required": ["author"],
        }
    ],
    "checked": [{"on": "2026-11-28", "by": "fixture", "note": "Made up for this test."}],
}


def with_kind(**changes: Any) -> dict[str, Any]:
    return GOOD | {"kinds": [GOOD["kinds"][0] | changes]}


def test_all_that_was_promised_is_there_and_of_the_agreed_form() -> None:
    assert {site.name for site in load()} == PROMISED


def test_the_index_names_every_file() -> None:
    names = json.loads((FOLDER / SITES).read_text("utf-8"))
    assert {f"{name}.json" for name in names} | {SITES} == {f.name for f in FOLDER.iterdir()}
    assert len(names) == len(set(names))


def test_the_extension_takes_the_same_files_along() -> None:
    assert FOLDER == ROOT / "extension" / "sites"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (GOOD | {"hosts": [], "marks": []}, "known by `hosts`"),
        (GOOD | {"hosts": ["https://brot.example"]}, "no plain host name"),
        (GOOD | {"name": "other"}, "the name in it is 'other'"),
        (GOOD | {"checked": []}, "checked"),
        (GOOD | {"script": "alert(1)"}, "script"),
        (GOOD | {"own_page": "/(a)/(b)"}, "more than one group"),
        (with_kind(item=".loaf >"), "kinds.0.item: Value error, '.loaf >' is no CSS selector"),
        (with_kind(id=[{"css": "a", "pattern": "(("}]), "is no pattern"),
        (with_kind(id=[{}]), "a source needs `css`, `attr` or both"),
        (with_kind(id=[{"attr": "href", "up": True}]), "`up` needs `css`"),
        (with_kind(required=["id"]), "required, but without a source: id"),
        (with_kind(text=[]), "at least where author and text stand"),
        (GOOD | {"obstacles": [{"css": "p", "reason": "checker_fault"}]}, "nothing that a page"),
    ],
)
def test_a_wrong_file_is_refused_with_its_name_and_the_place(
    data: dict[str, Any], said: str
) -> None:
    with pytest.raises(SettingsError, match=r"^brot\.json: ") as refused:
        parse("brot.json", json.dumps(data))
    assert said in str(refused.value)


def test_a_good_file_passes_and_a_missing_one_is_named(tmp_path: Path) -> None:
    assert parse("brot.json", json.dumps(GOOD)).hosts == ("brot.example",)
    (tmp_path / SITES).write_text('["brot"]', "utf-8")
    with pytest.raises(SettingsError, match=r"^brot\.json: "):
        load(tmp_path)


def reading(*, used: bool, why: str | None = None, obstacles: tuple[str, ...] = ()) -> Reading:
    adapter = AdapterFacts("reddit", used, why, (), obstacles)
    return Reading(PageFacts(adapter=adapter, quality=1.0), (Post("one"), Post("two")))


def test_what_took_part_is_a_fact_of_the_look_and_stepping_aside_a_sentence() -> None:
    assert site_facts(reading(used=True)) == ["site.reddit"]
    assert site_facts(reading(used=False, why="no_items")) == ["!site.reddit"]
    assert site_facts(Reading()) == []
    said = aside([reading(used=False, why="fewer_items"), reading(used=False, why="fewer_items")])
    assert said == [f"Read without what is known of this site (reddit): {WHY['fewer_items']}."]
    assert aside([reading(used=True)]) == []


def test_a_known_obstacle_explains_a_missing_post_and_nothing_else() -> None:
    found = excuse(reading(used=True, obstacles=("login_wall",)))
    assert found is not None
    assert found.reason is Reason.LOGIN_WALL
    assert excuse(reading(used=True)) is None


def test_another_reader_s_name_keeps_what_is_compared_after_a_redesign() -> None:
    """An adapter that steps aside makes no absence easier: the shapes are still compared."""
    seen = Observation.model_validate(
        {
            "at": "2026-03-02T08:00:00Z",
            "validity": Validity.VALID,
            "sighting": Sighting.PRESENT,
            "seen": Sibling(position=0, text="The loaf was burnt").model_dump(),
            "skeleton": {"path": "html>body>div>article", "tags": {"p": 9}},
            "reader": "abc+reddit",
        }
    )
    now = Wall(skeleton={"path": "html>body>ul>li", "tags": {"span": 9}})
    assert another_shape([seen], now.read_by("abc")) is not None
    assert another_shape([seen], now.read_by("other")) is None
    assert now.read_by("abc").reader == "abc"
    assert Wall(adapters=("reddit",)).read_by("abc").reader == "abc+reddit"
