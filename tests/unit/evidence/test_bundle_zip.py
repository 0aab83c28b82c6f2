"""ZIP files are read without trusting what they say of themselves."""

import io
import zipfile

import pytest

from archiver.domain.errors import ProofInvalid
from archiver.evidence import bundle_zip
from archiver.evidence.bundle_zip import open_zip, write_zip

CENTRAL = b"PK\x01\x02"


def packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    write_zip(buffer, files)
    return buffer.getvalue()


def patched(data: bytes, offset: int, value: bytes) -> io.BytesIO:
    """Overwrites bytes of the first entry's record in the central directory."""
    changed = bytearray(data)
    at = changed.index(CENTRAL) + offset
    changed[at : at + len(value)] = value
    return io.BytesIO(changed)


def test_what_was_written_is_read() -> None:
    files = {"b/c.txt": b"text" * 100, "a.png": b"picture", "empty": b""}
    with open_zip(io.BytesIO(packed(files))) as reader:
        assert {name: reader.read(name) for name in reader.names} == files
        assert list(reader.names) == sorted(files)


def test_a_missing_file_is_named() -> None:
    with (
        open_zip(io.BytesIO(packed({"a": b""}))) as reader,
        pytest.raises(ProofInvalid, match=r"b: the file is missing"),
    ):
        reader.read("b")


def test_more_entries_than_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle_zip, "MAX_ENTRIES", 2)
    data = io.BytesIO(packed({"a": b"", "b": b"", "c": b""}))
    with pytest.raises(ProofInvalid, match="3 entries"), open_zip(data):
        pass


def test_a_file_that_unpacks_to_too_much_is_refused_unread() -> None:
    """It says 768 MiB; a few bytes of zeros would do to make them."""
    data = patched(packed({"a": b""}), 24, (0x30000000).to_bytes(4, "little"))
    with pytest.raises(ProofInvalid, match="a: it is too large"), open_zip(data):
        pass


def test_files_that_unpack_to_too_much_together_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bundle_zip, "MAX_TOTAL_BYTES", 15)
    data = io.BytesIO(packed({"a": b"x" * 10, "b": b"x" * 10}))
    with pytest.raises(ProofInvalid, match="more than is allowed"), open_zip(data):
        pass


@pytest.mark.parametrize(
    ("offset", "value", "told"),
    [
        (8, b"\x01\x00", "encrypted"),
        (10, b"\x63\x00", "cannot be unpacked"),  # a method that nobody knows
        (16, b"\x00\x00\x00\x00", "cannot be unpacked"),  # another checksum
        (24, b"\x02\x00\x00\x00", "cannot be unpacked"),  # shorter than it says
        (38, b"\x00\x00\xed\x41", "not a plain file"),  # a folder by its mode
        (38, b"\x00\x00\xff\xa1", "not a plain file"),  # a link by its mode
        (38, b"\x00\x00\xff\x11", "not a plain file"),  # a pipe by its mode
    ],
)
def test_headers_that_lie_are_refused(offset: int, value: bytes, told: str) -> None:
    data = patched(packed({"a": b"some text, some text"}), offset, value)
    with pytest.raises(ProofInvalid, match=told), open_zip(data) as reader:
        reader.read("a")


def test_a_name_that_differs_between_the_headers_is_refused() -> None:
    data = packed({"name": b"text"})
    at = data.index(b"name")
    with (
        open_zip(io.BytesIO(data[:at] + b"nome" + data[at + 4 :])) as reader,
        pytest.raises(ProofInvalid, match="cannot be unpacked"),
    ):
        reader.read("name")


@pytest.mark.parametrize("name", ["../a", "/a", "a/../b", "a\\b", "a/", ".a", "a b", "é", "a\nb"])
def test_names_that_no_bundle_has_are_refused(name: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"")
    told = r"a name that no bundle has|not a plain file"
    with pytest.raises(ProofInvalid, match=told), open_zip(buffer):
        pass
