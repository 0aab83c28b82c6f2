"""The check of everything: silent over what is whole, and names each single fault."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from archiver.services.fsck import Report
from archiver.store.blobs import FolderBlobs, key_of
from archiver.wiring import House
from tests.integration.client import TestClient
from tests.integration.keeping.wall import two_posts


def check(house: House, **options: bool) -> Report:
    return house.fsck.finish(house.fsck.start(**options))


def kinds(report: Report) -> list[str]:
    return sorted({fault.kind for fault in report.faults})


def test_a_whole_archive_is_clean(house: House, client: TestClient) -> None:
    two_posts(house, client)
    assert house.keeping.settle(), house.keeping.fault
    report = check(house)
    assert [str(fault) for fault in report.faults] == []
    assert report.clean
    assert report.finished_at is not None
    assert report.checked["leaves"] > 10
    assert report.checked["tiles"] == 1
    assert report.checked["checkpoints"] >= 1
    assert report.checked["time stamps"] >= 2
    assert report.checked["blobs"] == 2 + 3 * 2 + 4
    assert house.fsck.warning() is None
