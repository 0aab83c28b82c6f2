"""Captures, looks (failed ones too), verdicts, notices, custody, exports, erasures: all leaves."""

from datetime import UTC, datetime, timedelta

from sqlmodel import SQLModel, select

from archiver.domain.observation import Reason
from archiver.evidence import tlog_proof
from archiver.services.access import OWNER
from archiver.services.erasure import ErasureReason
from archiver.store import tables, tables_evidence
from archiver.store.repository import log
from archiver.wiring import House
from tests.integration.captures.sample import Sample, send
from tests.integration.client import TestClient
from tests.integration.watches.model import ModelLooker, MovedClock, live_until

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CASES = "/api/v1/cases"
KINDS: dict[type[SQLModel], str] = {
    tables.Capture: "capture",
    tables.ObservationRow: "observation",
    tables.VerdictRow: "verdict",
    tables.NoticeRow: "notice",
    tables.CaseEventRow: "case_event",
    tables.Custody: "custody",
    tables_evidence.VisitRow: "visit",
    tables_evidence.ExportRow: "export",
    tables_evidence.ErasureRow: "erasure",
}


def test_the_list_of_records_is_whole() -> None:
    """A new table of records has to be added here, and to the log."""
    with_leaf = {
        model
        for module in (tables, tables_evidence)
        for model in vars(module).values()
        if isinstance(model, type)
        and issubclass(model, SQLModel)
        and {"id", "leaf_index"} <= set(model.model_fields)
    }
    assert with_leaf == set(KINDS)


def test_every_record_of_a_life_is_a_leaf_and_proven(
    client: TestClient, house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    sample = Sample()
    capture = send(client, sample)
    watch = f"/api/v1/watches/{capture['watch_id']}"
    live_until(house, clock, looker, START + timedelta(minutes=3))  # absent
    looker.obstacle = Reason.LOGIN_WALL
    live_until(house, clock, looker, START + timedelta(minutes=12))  # failed looks
    looker.obstacle = None
    live_until(house, clock, looker, START + timedelta(minutes=25))
    looks = client.get(f"{watch}/observations").json()["items"]
    assert {look["validity"] for look in looks} == {"valid", "invalid"}
    assert client.post(f"{watch}/notices", json={"notice": "other"}).status_code == 201
    case = client.post(CASES, json={"title": "Shoes"}).json()
    event = {"at": "2026-03-02T10:00:00Z", "kind": "letter", "text": "I wrote to them."}
    made = client.post(f"{CASES}/{case['id']}/events", json=event)
    assert made.status_code == 201, made.text
    assert client.get(f"{watch}/bundle").status_code == 200
    assert house.keeping.settle(), house.keeping.fault
    counted = {model: check_all(house, model, kind) for model, kind in KINDS.items()}
    assert {model for model, count in counted.items() if not count} == {tables_evidence.ErasureRow}
    house.erasure.watch(OWNER, capture["watch_id"], reason=ErasureReason.REQUEST, actor="test")
    assert house.keeping.settle(), house.keeping.fault
    assert check_all(house, tables_evidence.ErasureRow, "erasure") == 1


def check_all(house: House, model: type[SQLModel], kind: str) -> int:
    """Each row has a leaf of its kind that names it, and the leaf is in the signed log."""
    with house.database.reading() as session:
        rows = [(row.id, row.leaf_index) for row in session.exec(select(model))]  # type: ignore[attr-defined]
        entries = {index: log.entry(session, index) for _, index in rows}
    for identifier, index in rows:
        entry = entries[index]
        assert entry is not None
        assert (entry.kind, entry.subject_id) == (kind, identifier)
        proof = house.sealing.prove(index)
        receipt = tlog_proof.parse(tlog_proof.write(index, proof.path, proof.note))
        tlog_proof.verify(receipt, entry.leaf_hash, [house.sealing.public_key])
    return len(rows)
