"""Erasing a watched post or a capture: nothing of it is left, all else verifies, the log says so."""

import io
from pathlib import Path

from sqlmodel import select

from archiver.services.access import OWNER
from archiver.store.tables import LogEntry, ObservationRow
from archiver.wiring import House
from tests.integration.access.database_bytes import database_bytes
from tests.integration.client import TestClient
from tests.integration.keeping.wall import MARKS, SECRET, secret_sample, two_posts


def kept_bytes(house: House) -> dict[str, bytes]:
    """Everything on the disk, by file."""
    data = house.settings.data
    blobs = {
        str(path.relative_to(data)): path.read_bytes()
        for path in data.rglob("*")
        if path.is_file() and "blobs" in path.parts
    }
    return {**blobs, "database": database_bytes(data)}


def marks_in(house: House) -> set[tuple[str, str]]:
    return {
        (name, mark)
        for name, content in kept_bytes(house).items()
        for mark in MARKS
        if mark.encode() in content
    }


def test_nothing_of_an_erased_post_is_left_in_database_journal_or_blobs(
    house: House, client: TestClient
) -> None:
    posts = two_posts(house, client)
    before = {name for name in kept_bytes(house) if name.startswith("blobs")}
    assert {mark for _, mark in marks_in(house)} == set(MARKS)
    answer = client.delete(f"/api/v1/watches/{posts.erased}", params={"erase": "request"})
    assert answer.status_code == 200, answer.text
    assert marks_in(house) == set()
    after = {name for name in kept_bytes(house) if name.startswith("blobs")}
    # The page after the post was gone, and the neighbour's own three pictures.
    assert len(after) == 2 + 3
    assert after < before
