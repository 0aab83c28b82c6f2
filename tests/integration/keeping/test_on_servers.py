"""The same on PostgreSQL and S3: erased, checked, retained."""

from pathlib import Path

import pytest
from sqlmodel import select

from archiver.config import Settings
from archiver.services.access import OWNER
from archiver.services.erasure import ErasureReason
from archiver.store.tables import LogEntry, ObservationRow, Watch
from archiver.wiring import build_house
from tests.integration.client import client_for, token_headers
from tests.integration.keeping.wall import MARKS, two_posts


def test_erasing_checking_and_retaining_work_with_servers_too(
    tmp_path: Path,
    database_url: str,
    bucket_env: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in bucket_env.items():
        monkeypatch.setenv(name, value)
    settings = Settings(
        data=tmp_path / "data",
        database_url=database_url,
        blobs_url=bucket_env["RATURE_BLOBS_URL"],
        embedded_worker=False,
    )
    with build_house(settings) as house, client_for(house, headers=token_headers(house)) as client:
        posts = two_posts(house, client)
        assert house.keeping.settle(), house.keeping.fault
        house.blobs.check()
        assert house.fsck.finish(house.fsck.start()).faults == []
        before = {listed.sha256 for listed in house.blobs.listing()}
        house.erasure.watch(OWNER, posts.erased, reason=ErasureReason.REQUEST, actor="tok_test")
        after = {listed.sha256 for listed in house.blobs.listing()}
        assert (len(before), len(after), after < before) == (12, 5, True)
        with house.database.reading() as session:
            rows = [
                *(entry.record or b"" for entry in session.exec(select(LogEntry))),
                *(str(row.body).encode() for row in session.exec(select(ObservationRow))),
                *(watch.text.encode() for watch in session.exec(select(Watch))),
            ]
        assert not [mark for mark in MARKS for row in rows if mark.encode() in row]
        house.retention.days = 1
        house.watching.stop(OWNER, posts.kept, actor="tok_test")
        assert house.retention.enforce() == 0
        assert house.keeping.settle(), house.keeping.fault
        report = house.fsck.finish(house.fsck.start())
        assert [str(fault) for fault in report.faults] == []
