"""Every step from upload to receipt fails, before or after it was persisted; then all is opened
again and checked: what was acknowledged is there and proves itself, the rest is there once or not
at all, and sending it again with the same key makes exactly one capture."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from archiver.config import Settings
from archiver.evidence.verification import verify_bundle
from archiver.services.access import OWNER, Principal, Scope
from archiver.services.intake import Acknowledged
from archiver.services.submission import Submission, Upload
from archiver.store.tables import Capture, LogEntry, Watch
from archiver.wiring import House, build_house
from tests.integration.captures.sample import Sample

WHO = Principal(OWNER, "tok_test", frozenset({Scope.CAPTURE}))


class PowerCutError(BaseException):
    """No code of ours may catch it."""


def submission() -> Submission:
    sample = Sample()
    assert sample.key is not None
    return Submission(
        idempotency_key=sample.key,
        manifest=sample.manifest_text(),
        uploads=tuple(Upload(part.role, part.name, part.data) for part in sample.files),
    )


def breaks(patch: pytest.MonkeyPatch, owner: Any, name: str, *, after: bool, call: int = 1) -> None:
    """Cuts the power at the `call`-th call of a method: before it does anything, or after it."""
    inner = getattr(owner, name)
    calls = 0

    def cut(*args: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls < call:
            return inner(*args, **named)
        if after:
            inner(*args, **named)
        raise PowerCutError

    patch.setattr(owner, name, cut)


Break = Callable[[House, pytest.MonkeyPatch, bool], None]


def first_blob(house: House, patch: pytest.MonkeyPatch, after: bool) -> None:
    breaks(patch, house.blobs, "put", after=after)


def second_blob(house: House, patch: pytest.MonkeyPatch, after: bool) -> None:
    breaks(patch, house.blobs, "put", after=after, call=2)


def leaf_append(house: House, patch: pytest.MonkeyPatch, after: bool) -> None:
    breaks(patch, house.recorder, "append", after=after)


def custody_append(house: House, patch: pytest.MonkeyPatch, after: bool) -> None:
    breaks(patch, house.recorder, "custody", after=after)


def answer(house: House, patch: pytest.MonkeyPatch, after: bool) -> None:
    """The transaction is committed; the process dies before or after it woke the checker."""
    breaks(patch, house.intake, "_captured", after=after)


def checkpoint(house: House, patch: pytest.MonkeyPatch, after: bool) -> None:
    breaks(patch, house.sealing._head_file, "advance", after=after)


def sealed(house: House, patch: pytest.MonkeyPatch, after: bool) -> None:
    breaks(patch, house.sealing, "seal", after=after)


def token(house: House, patch: pytest.MonkeyPatch, after: bool) -> None:
    breaks(patch, house.keeping._local, "_ask", after=after)


def token_of_the_checkpoint(house: House, patch: pytest.MonkeyPatch, after: bool) -> None:
    breaks(patch, house.keeping._local, "_ask", after=after, call=2)


STEPS: list[Break] = [
    first_blob,
    second_blob,
    leaf_append,
    custody_append,
    answer,
    checkpoint,
    sealed,
    token,
    token_of_the_checkpoint,
]


def live(house: House) -> Acknowledged | None:
    """Upload, seal, stamp, until the power goes: what was acknowledged by then."""
    acknowledged = None
    try:
        acknowledged = house.intake.receive(WHO, submission())
        house.keeping.keep()
    except PowerCutError:
        return acknowledged
    raise AssertionError("the power was never cut")


def opened(folder: Path) -> House:
    return build_house(Settings(data=folder, embedded_worker=False))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_nothing_acknowledged_is_lost_and_nothing_is_there_by_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: Break, after: bool
) -> None:
    with opened(tmp_path) as house:
        step(house, monkeypatch, after)
        acknowledged = live(house)
    monkeypatch.undo()
    with opened(tmp_path) as house:
        assert_whole_or_absent(house, acknowledged)
        assert_clean(house)
        again = house.intake.receive(WHO, submission())
        if acknowledged is not None:
            assert again.repeated
            assert again.capture_id == acknowledged.capture_id
        assert house.keeping.settle(), house.keeping.fault
        assert_proven(house, again)
        assert_clean(house)


def assert_whole_or_absent(house: House, acknowledged: Acknowledged | None) -> None:
    with house.database.reading() as session:
        ids = list(session.exec(select(Capture.id)))
        leaves = list(session.exec(select(LogEntry.subject_id).where(LogEntry.kind == "capture")))
    assert leaves == ids
    if acknowledged is not None:
        assert ids == [acknowledged.capture_id]


def assert_clean(house: House) -> None:
    """Everything that is kept is whole: blobs without a row are swept, not counted as faults."""
    report = house.fsck.finish(house.fsck.start(anew=True, sweep=True))
    assert [str(fault) for fault in report.faults] == []


def assert_proven(house: House, capture: Acknowledged) -> None:
    """One capture, one due watch, a receipt with its token, a bundle that verifies."""
    with house.database.reading() as session:
        assert list(session.exec(select(Capture.id))) == [capture.capture_id]
        [watch] = session.exec(select(Watch))
    assert watch.id == capture.watch_id
    assert watch.next_check_at is not None
    assert watch.next_check_at <= house.clock()
    assert house.receipts.receipt(OWNER, capture.capture_id).time == "stamped"
    bundle = io.BytesIO()
    house.export.capture_bundle(OWNER, capture.capture_id, bundle, actor="tok_test")
    assert verify_bundle(bundle).valid
