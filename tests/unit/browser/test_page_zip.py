"""ZIP files made to mislead: the page refuses them, and says of which file."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver.evidence.bundle_zip import write_zip
from tests.unit.browser.page_verifier import Job, check_all, told
from tests.unit.evidence.house import full_story, open_house, payload_of
from tests.unit.evidence.tamper_table import zipped
from tests.unit.evidence.verifiers import ours

CENTRAL, LOCAL, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"
Change = Callable[[bytes], bytes]


def renamed(new: bytes) -> Change:
    """Gives bagit.txt another name of the same length, in both its headers."""
    assert len(new) == len(b"bagit.txt")
    return lambda data: data.replace(b"bagit.txt", new)


def patched(mark: bytes, offset: int, form: str, value: int) -> Change:
    """Overwrites a number that many bytes after the first such mark."""

    def change(data: bytes) -> bytes:
        at = data.index(mark) + offset
        packed = struct.pack(form, value)
        return data[:at] + packed + data[at + len(packed) :]

    return change


def twice(data: bytes) -> bytes:
    """The first entry stands in the directory a second time."""
    at, end = data.index(CENTRAL), data.index(END)
    first = data[at : data.index(CENTRAL, at + 4)]
    more = data[:end] + first + data[end:]
    count, size = (struct.unpack_from("<H", data, end + 10)[0] + 1, end - at + len(first))
    counted = patched(END, 8, "<I", count | count << 16)(more)
    return patched(END, 12, "<I", size)(counted)


def overlapping(data: bytes) -> bytes:
    """The second file's entry points to the first one."""
    second = data.index(CENTRAL, data.index(CENTRAL) + 4)
    return data[: second + 42] + bytes(4) + data[second + 46 :]


HOSTILE: dict[str, tuple[Change, str]] = {
    "a name that climbs": (renamed(b"../it.txt"), "a name that no bundle has"),
    "an absolute name": (renamed(b"/agit.txt"), "a name that no bundle has"),
    "a drive's name": (renamed(b"C:git.txt"), "a name that no bundle has"),
    "a backslash": (renamed(b"a\\git.txt"), "a name that no bundle has"),
    "a hidden file": (renamed(b".agit.txt"), "a name that no bundle has"),
    "a line feed in a name": (renamed(b"bag\nt.txt"), "a name that no bundle has"),
    "a zero in a name": (renamed(b"bag\0t.txt"), "a name that no bundle has"),
    "letters that are not ASCII": (renamed("bagï.txt".encode()), "a name that no bundle has"),
    "a folder": (renamed(b"bagittxt/"), "a name that no bundle has"),
    "a name twice": (twice, "it is in the archive twice"),
    "an encrypted file": (patched(CENTRAL, 8, "<H", 1), "it is encrypted"),
    "a patched file": (patched(CENTRAL, 8, "<H", 32), "packed in a way"),
    "a method that is not used": (patched(CENTRAL, 10, "<H", 14), "packed in a way"),
    "a link": (patched(CENTRAL, 38, "<I", 0xA1FF0000), "not a plain file"),
    "a folder by its mode": (patched(CENTRAL, 38, "<I", 0x41ED0000), "not a plain file"),
    "a file that is too large": (patched(CENTRAL, 24, "<I", 0x20000001), "it is too large"),
    "a bomb that says it is small": (patched(CENTRAL, 24, "<I", 3), "it cannot be unpacked"),
    "a file that ends early": (patched(CENTRAL, 24, "<I", 300), "it cannot be unpacked"),
    "another checksum": (patched(CENTRAL, 16, "<I", 7), "it cannot be unpacked"),
    "another name in its own header": (
        lambda data: data.replace(b"bag-info.txt", b"bag-note.txt", 1), "its own header",
    ),
    "encrypted by its own header": (patched(LOCAL, 6, "<H", 1), "its own header"),
    "one file in another": (overlapping, "overlaps"),
    "data up to the directory": (patched(LOCAL, 28, "<H", 60_000), "overlaps"),
    "more entries than there are": (patched(END, 8, "<I", 9 << 16 | 9), "directory is damaged"),
    "a second disk": (patched(END, 4, "<H", 1), "directory is damaged"),
    "a directory elsewhere": (patched(END, 16, "<I", 8), "directory is damaged"),
    "a 64-bit end that is not there": (patched(END, 12, "<I", 0xFFFFFFFF), "directory is damaged"),
    "bytes before": (lambda data: b"#!/bin/sh\n" + data, "directory is damaged"),
    "bytes behind": (lambda data: data + b"more", "not a ZIP file"),
    "cut short": (lambda data: data[:-30], "not a ZIP file"),
}  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return zipped(payload_of(full_story(open_house(tmp_path_factory.mktemp("a"), others=2))))


def test_hostile_archives_are_refused_for_what_they_are(sound: bytes, tmp_path: Path) -> None:
    made = {}
    changed = {name: change(sound) for name, (change, _) in HOSTILE.items()}
    for number, (name, data) in enumerate({"": sound, **changed}.items()):
        assert (data == sound) == (name == "")
        made[name] = tmp_path / f"{number}.zip"
        made[name].write_bytes(data)
    answers = check_all([Job(path) for path in made.values()])
    said = dict(zip(made, map(told, answers), strict=True))
    assert said.pop("") is None
    wrong = {name: text for name, text in said.items() if HOSTILE[name][1] not in (text or "")}
    assert wrong == {}


def test_a_comment_and_64_bit_counts_are_no_harm(sound: bytes, tmp_path: Path) -> None:
    """A comment at the end, as archivers add; the end records that Python writes for many files."""
    commented = tmp_path / "comment.zip"
    commented.write_bytes(sound)
    with zipfile.ZipFile(commented, "a") as archive:
        archive.comment = b"sent by mail"
    large = tmp_path / "large.zip"
    buffer = io.BytesIO()
    write_zip(buffer, {f"f{number}": b"" for number in range(66_000)})
    large.write_bytes(buffer.getvalue())
    answers = check_all([Job(commented), Job(large)])
    assert told(answers[0]) is None
    assert ours(commented) is None
    assert told(answers[1]) == "a ZIP file, but not a bundle of Rature"
