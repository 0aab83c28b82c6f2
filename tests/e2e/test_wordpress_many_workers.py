"""The same job with PostgreSQL, an S3 store and two workers, one of which dies in a visit."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.proof import (
    judge,
    prove_receipt,
    unpack,
    verdict_id,
    verify_with_rature,
    verify_with_stock_tools,
)
from tests.e2e.public_log import Auditor
from tests.e2e.scenario import (
    Desk,
    Json,
    Spans,
    act,
    assert_window,
    changes,
    contributor,
    named,
    until,
)
from tests.integration.captures.sample import Part, Sample, picture, send
from tests.servers.process import Process
from tests.servers.service import RatureService
from tests.walls.front import Front
from tests.walls.wordpress import Comment, WordPress

SPANS = Spans(1, 15)


@pytest.fixture
def service(
    start_service: Callable[..., RatureService], database_url: str, bucket_env: dict[str, str]
) -> RatureService:
    """Without a worker of its own."""
    settings = {"RATURE_DATABASE_URL": database_url, "RATURE_EMBEDDED_WORKER": "false"}
    return start_service({**SPANS.settings, **bucket_env, **settings})


@pytest.mark.matrix  # take-over and shared stores also stand in tests/integration/{worker,walls}
def test_a_worker_killed_in_a_visit_loses_nothing_and_changes_no_verdict(
    front: Front, fresh_wordpress: WordPress, service: RatureService, tmp_path: Path
) -> None:
    wall = fresh_wordpress
    workers = service.worker(2)
    desk, address = Desk(service), front.address(wall.post_url)
    with contributor(tmp_path / "browser", service) as person:
        comments = named(wall, "Karim B.", "Tom Hendricks")
        posts = [person.capture(comment, address) for comment in comments]
    desk.witness(*posts)
    assert {desk.facts(post)["grade"] for post in posts} == {"user+witness"}
    receipts = [json.loads(post.row["receipt"]) for post in posts]
    auditor = Auditor(service.client, receipts[0]["log_public_key"])
    auditor.look()

    acts = [act(wall, post.comment, "spam") for post in posts]
    front.slow_seconds = 5
    front.mode = "slow"
    victim = who_visits(desk, workers, front, posts[0].watch_id)
    victim.kill9()
    front.mode = "pass"
    others = named(wall, "Jean-Luc Perrin", "Paul Lemoine", "Sophie Delaunay")
    receipts += [send_and_prove(service, comment, address) for comment in others]
    auditor.look()

    for _ in range(3):  # the first of them waits for the dead worker's lease to run out
        looks = desk.look(*posts)
    assert {look["sighting"] for look in looks} == {"absent"}
    for post, what in zip(posts, acts, strict=True):
        verdict = desk.wait_for(post, "removed", "confirmed")
        assert verdict["silent"] is True
        assert_window(verdict, desk.looks(post), what)
        wall.moderate(post.comment.id, "approve")
    restored = desk.fresh_look(*posts)
    assert {look["sighting"] for look in restored} == {"present"}
    for post in posts:
        course = desk.course(post)
        assert course == changes(SPANS.steps(desk.looks(post)))
        assert course[:2] == [("visible", None), ("removed", "suspected")]
        assert course[-2:] == [("removed", "confirmed"), ("restored", None)]
    assert not victim.running

    entries = auditor.check()
    assert len(set(entries)) == len(entries)
    everything = [look["leaf_index"] for post in posts for look in desk.looks(post)]
    assert len(set(everything)) == len(everything)
    for receipt in receipts:
        prove_receipt(receipt)
        facts = desk.get(f"/captures/{receipt['capture_id']}")
        assert facts["leaf_index"] == receipt["leaf_index"]
    for post in posts:
        bundle = desk.bundle(post, tmp_path)
        data = unpack(bundle, tmp_path / post.watch_id)
        verify_with_rature(service, bundle)
        assert judge(service, data) == desk.recorded(post, verdict_id(data))
    verify_with_stock_tools(bundle, data)


def who_visits(desk: Desk, workers: list[Process], front: Front, watch_id: str) -> Process:
    """Ask for a look, and give the worker that takes it, once it waits for the page."""
    asked, before = len(front.seen), [visits(worker) for worker in workers]
    desk.post(f"/watches/{watch_id}/checks")
    until(lambda: len(front.seen) > asked, "a worker opens the wall")
    took = [w for w, count in zip(workers, before, strict=True) if visits(w) > count]
    assert len(took) == 1, "two workers visit one host"
    return took[0]


def visits(worker: Process) -> int:
    """Count the visits that a worker has begun."""
    return worker.log.read_text("utf-8").count('"event": "visit"')


def send_and_prove(service: RatureService, comment: Comment, address: str) -> Json:
    """Send a capture without a browser; gives its receipt once it is sealed."""
    sample = Sample(
        files=[Part("screenshot", "post.png", "image/png", picture(shade=comment.id))],
        changes={
            "page": {"url": address, "status": 200},
            "post": {
                "text": comment.text,
                "author": comment.author,
                "post_id": f"comment-{comment.id}",
            },
        },
        key=f"comment-{comment.id}",
    )
    answer = send(service.client, sample)

    def sealed() -> Json | None:
        receipt = service.client.get(answer["receipt"])
        return receipt.json() if receipt.status_code == 200 else None

    return dict(until(sealed, "the capture is sealed"))
