"""The bytes of a saved page, refused with a reason when they cannot be one."""

from pathlib import Path

from archiver.domain.errors import InvalidInput

MOST_BYTES = 32_000_000
"""Of a saved page: many times the largest among 115 that people kept (2 MB)."""
_HEAD = 4096
_OTHERS = {
    b"%PDF-": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "packed (gzip); unpack it first",
    b"PK\x03\x04": "a ZIP archive",
}
_WIDE = (b"\xff\xfe", b"\xfe\xff")
"""What UTF-16 begins with: such a page has a NUL in every other byte."""


def page_bytes(source: str) -> bytes:
    """What a saved HTML file holds.

    Raises:
        InvalidInput: there is no such file, it cannot be read, is empty, larger than `MOST_BYTES`,
            or something else than a page.
    """
    path = Path(source)
    if not source or not path.is_file():
        raise InvalidInput(f"{source!r} is neither a web address nor a file", field="source")
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            big, most = size / 1e6, MOST_BYTES / 1e6
            said = f"{source} has {big:.0f} MB; saved pages of up to {most:.0f} MB are read"
            raise InvalidInput(said, field="source")
        data = path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{source} cannot be read: {error}", field="source") from error
    problem = _no_page(data)
    if problem:
        raise InvalidInput(f"{source} is {problem}", field="source")
    return data


def _no_page(data: bytes) -> str | None:
    """What the bytes are instead of a page; None when they may be one."""
    if not data.strip():
        return "empty: there is no page in it"
    for start, name in _OTHERS.items():
        if data.startswith(start):
            return f"no saved HTML page but {name}"
    head = data[:_HEAD]
    if b"\x00" in head and not head.startswith(_WIDE):
        return "no saved HTML page: its bytes are no text"
    if b"multipart/related" in head and b"MIME-Version:" in head:
        return "an MHTML archive; save the page as HTML"
    return None
