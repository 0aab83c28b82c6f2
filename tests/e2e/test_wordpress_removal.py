"""The main job on a real WordPress: from a click in a real browser to a proven silent deletion.

One service, one paired browser and one wall serve all tests of this file.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from archiver.domain.instant import parse
from tests.e2e.evidence_pictures import colours, place_of
from tests.e2e.proof import (
    judge,
    prove_receipt,
    unpack,
    verdict_id,
    verify_with_rature,
    verify_with_stock_tools,
)
from tests.e2e.scenario import (
    Contributor,
    Desk,
    Spans,
    Watched,
    act,
    assert_window,
    changes,
    contributor,
    named,
)
from tests.servers.service import RatureService
from tests.walls.wordpress import Action, WordPress

SPANS, SHORT_SPANS = Spans(1, 30), Spans(1, 12)
MODERATIONS: list[tuple[str, Action]] = [
    ("Karim B.", "spam"),  # French, the second comment of the page
    ("Tom Hendricks", "trash"),  # English, in the middle
    ("Claire D.", "hold"),  # French, a reply to somebody else's comment
]
VISIBLE = ("visible", None)
SILENT_REMOVAL = [
    VISIBLE,
    ("removed", "suspected"),
    ("removed", "likely"),
    ("removed", "confirmed"),
]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[RatureService]:
    assert chromium.exists()
    folder = tmp_path_factory.mktemp("service")
    with RatureService(folder, SPANS.settings) as running:
        yield running


@pytest.fixture(scope="module")
def person(
    tmp_path_factory: pytest.TempPathFactory, service: RatureService
) -> Iterator[Contributor]:
    with contributor(tmp_path_factory.mktemp("browser"), service) as paired:
        yield paired


@pytest.fixture(scope="module")
def desk(service: RatureService) -> Desk:
    return Desk(service)


def test_comments_that_a_moderator_takes_down_are_confirmed_gone_and_then_restored(
    fresh_wordpress: WordPress, desk: Desk, person: Contributor, tmp_path: Path
) -> None:
    wall, address = fresh_wordpress, fresh_wordpress.post_url
    comments = named(wall, *(author for author, _ in MODERATIONS))
    posts = [person.capture(comment, address) for comment in comments]
    desk.witness(*posts)
    for post in posts:
        assert_captured_and_witnessed(desk, post, address)

    acts = [
        act(wall, post.comment, action)
        for post, (_, action) in zip(posts, MODERATIONS, strict=True)
    ]
    quote = f"Quelqu'un avait écrit : « {posts[0].comment.text} » Où est passé ce message ?"
    wall.add_comment("Une passante", quote, parent=wall.comments()[0].id)
    # The looks that people ask for, and between them those of the schedule.
    looks = [desk.look(*posts) for _ in range(3)]
    assert {look["sighting"] for look in looks[-1]} == {"absent"}
    for post, what in zip(posts, acts, strict=True):
        verdict = desk.wait_for(post, "removed", "confirmed")
        assert verdict["silent"] is True
        assert verdict["actor"] == "unknown"
        assert desk.course(post) == SILENT_REMOVAL
        assert_window(verdict, desk.looks(post), what)

    assert_proven(desk, posts[0], tmp_path)

    for post in posts:
        wall.moderate(post.comment.id, "approve")
    assert [look["sighting"] for look in desk.fresh_look(*posts)] == ["present"] * 3
    for post in posts:
        verdict = desk.verdict(post)
        assert desk.course(post) == [*SILENT_REMOVAL, ("restored", None)]
        assert verdict["silent"] is False
        assert verdict["first_missing"] is None
        assert [bool(window["seen_again"]) for window in verdict["windows"]] == [True]
    desk.stop(*posts)


@pytest.mark.matrix
def test_comments_pushed_to_another_page_are_visible_then_edited_or_gone(
    fresh_wordpress: WordPress, desk: Desk, person: Contributor
) -> None:
    wall = fresh_wordpress
    wall.set_order("newest_first")
    text = "Huit mois, et les deux semelles de mes chaussures sont trouées. Personne ne répond."
    wall.add_comment("Lucie Ferrand", text)
    wall.add_comment("Ian Walsh", "Eight months, and both soles have holes. Nobody ever answers.")
    comments = named(wall, "Lucie Ferrand", "Ian Walsh")
    posts = [person.capture(comment, wall.post_url) for comment in comments]
    desk.witness(*posts)
    lucie, ian = posts

    for number in range(10):
        wall.add_comment(f"Visiteur {number}", f"Avis numéro {number} sur cette collection.")
    looks = desk.fresh_look(*posts)
    assert [look["sighting"] for look in looks] == ["present", "present"]
    assert [desk.course(post) for post in posts] == [[("visible", None)]] * 2

    wall.moderate(lucie.comment.id, "edit", text.replace("Personne ne répond.", "Merci !"))
    gone = act(wall, ian.comment, "trash")
    wall.add_comment("Noah Reed", f"Ian Walsh wrote: {ian.comment.text} Why is it gone?")
    edited, absent = desk.fresh_look(*posts)
    assert (edited["sighting"], absent["sighting"]) == ("edited", "absent")
    assert 0.6 < edited["similarity"] < 1
    assert desk.verdict(lucie)["state"] == "edited"

    desk.look(ian)
    verdict = desk.wait_for(ian, "removed", "confirmed")
    assert verdict["silent"] is True
    assert desk.course(ian) == changes(SPANS.steps(desk.looks(ian)))
    assert desk.course(lucie) == [("visible", None), ("edited", None)]
    assert_window(verdict, desk.looks(ian), gone)
    desk.stop(*posts)


@pytest.mark.matrix
def test_the_command_line_comes_to_the_same_verdicts_without_a_service(
    fresh_wordpress: WordPress, chromium: Path, tmp_path: Path
) -> None:
    assert chromium.exists()
    never_started = RatureService(tmp_path, SHORT_SPANS.settings)
    comment = named(fresh_wordpress, "Paul Lemoine")[0]
    history = tmp_path / "history.jsonl"
    answers: list[dict[str, Any]] = []

    def check() -> str:
        said = never_started.command(
            "check",
            fresh_wordpress.post_url,
            *("--text", comment.text, "--author", comment.author),
            *("--history", str(history), "--json"),
        )
        answers.append(json.loads(said.stdout))
        return str(answers[-1]["verdict"]["level"])

    check()
    gone = act(fresh_wordpress, comment, "spam")
    while check() != "confirmed":
        assert len(answers) < 60
    fresh_wordpress.moderate(comment.id, "approve")
    check()

    looks = [answer["observation"] for answer in answers]
    assert looks == [json.loads(line) for line in history.read_text("utf-8").splitlines()]
    _, *missed, _ = (answer["verdict"] for answer in answers)
    assert {verdict["silent"] for verdict in missed} == {True}
    steps = [(answer["verdict"]["state"], answer["verdict"]["level"]) for answer in answers]
    assert steps == SHORT_SPANS.steps(looks)
    assert (steps[0], steps[-2:]) == (VISIBLE, [("removed", "confirmed"), ("restored", None)])
    assert_window(missed[-1], looks, gone)


def assert_captured_and_witnessed(desk: Desk, post: Watched, address: str) -> None:
    """The extension has the answer and a receipt that proves it; the checker saw the same post."""
    facts = desk.facts(post)
    receipt = json.loads(post.row["receipt"])
    assert receipt["capture_id"] == post.capture_id
    assert receipt["leaf_index"] == post.row["answer"]["leaf_index"]
    prove_receipt(receipt)
    assert facts["url"] == address
    assert facts["author"] == post.comment.author
    assert facts["post_id"] == f"comment-{post.comment.id}"
    assert facts["permalink"] == f"{address}#comment-{post.comment.id}"
    assert facts["grade"] == "user+witness"
    assert facts["capture_ids"] == [post.capture_id]
    assert facts["verdict"]["state"] == "visible"
    first = desk.looks(post)[0]
    assert (first["vantage"]["class"], first["sighting"]) == ("public", "present")
    assert first["similarity"] == 1


def assert_proven(desk: Desk, post: Watched, folder: Path) -> None:
    """The bundle proves the removal to a stranger, and shows it in pictures."""
    bundle = desk.bundle(post, folder)
    data = unpack(bundle, folder / "bundle")
    report = verify_with_rature(desk.service, bundle)
    verify_with_stock_tools(bundle, data)
    assert judge(desk.service, data) == desk.recorded(post, verdict_id(data))
    seen, missed = evidence_of(data, "present"), evidence_of(data, "absent")
    # Each look was stamped when it was taken, not when the bundle was made.
    assert stamped(report, seen) < stamped(report, missed) < max(all_stamps(report))
    assert_pictures(data, seen, missed)


def assert_pictures(data: Path, seen: Path, missed: Path) -> None:
    """The post was captured and seen on the page; afterwards the page shows it no longer."""
    captured = (data / "screenshot" / "original.png").read_bytes()
    page, after = page_of(seen), page_of(missed)
    post = (seen / "post" / "original.png").read_bytes()
    assert min(colours(picture) for picture in (captured, page, post, after)) > 20
    assert place_of(post, page) is not None
    assert place_of(post, after) is None


def all_stamps(report: dict[str, Any]) -> list[datetime]:
    """Give the moments of all time stamps that verified."""
    return [parse(stamp["at"]) for stamp in report["times"]]


def page_of(look: Path) -> bytes:
    """Give the picture of the page that a look rests on: it stands with the look's visit."""
    record = json.loads((look / "record.json").read_bytes())
    visit = look.parent / f"{record['visit']}-visit"
    return (visit / record["page"] / "original.png").read_bytes()


def stamped(report: dict[str, Any], record: Path) -> datetime:
    """Give the earliest moment at which a record of the bundle was stamped."""
    of_it = [one for one in report["times"] if f"/{record.name}/" in one["subject"]]
    return min(parse(stamp["at"]) for stamp in of_it)


def evidence_of(data: Path, sighting: str) -> Path:
    """Give the folder of the first public look in the bundle that says so."""
    looks = sorted(
        (path for path in (data / "records").glob("*-observation")),
        key=lambda path: int(path.name.partition("-")[0]),
    )
    said = {path: json.loads((path / "record.json").read_bytes()) for path in looks}
    public = (path for path in looks if said[path]["vantage"]["class"] == "public")
    return next(path for path in public if said[path]["sighting"] == sighting)
