"""The text of a statement, and of every other list in `sha256sum` format. One form only: sorted by
path, lower-case hex, two spaces, no path twice, so that one set of files has one text.
"""

import re
from collections.abc import Mapping

from archiver.domain.errors import InvalidInput, ProofInvalid

SAFE_PATH = re.compile(r"(?!.*(?:^|/)\.)[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*")
"""Relative, no empty segment, none that starts with a dot: nothing to escape, nothing to climb."""
LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)\n")


def render_statement(digests: Mapping[str, str]) -> bytes:
    """The text for SHA-256 hex digests by path.

    Raises:
        InvalidInput: a path has characters that the format would have to escape.
    """
    for path in digests:
        if not SAFE_PATH.fullmatch(path):
            raise InvalidInput(f"a file cannot be kept under the name {path!r}", field="files")
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode("ascii")


def parse_statement(text: bytes, subject: str = "STATEMENT.sha256") -> dict[str, str]:
    """SHA-256 hex digests by path.

    Raises:
        ProofInvalid: it is empty, or not in the one form.
    """
    digests: dict[str, str] = {}
    try:
        decoded = text.decode("ascii")
    except UnicodeDecodeError:
        raise ProofInvalid(subject, "not in sha256sum format") from None
    for line in decoded.splitlines(keepends=True):
        match = LINE.fullmatch(line)
        if not match or not SAFE_PATH.fullmatch(match[2]):
            raise ProofInvalid(subject, "not in sha256sum format")
        digests[match[2]] = match[1]
    if not digests or render_statement(digests) != text:
        raise ProofInvalid(subject, "empty, unsorted, or it lists a path twice")
    return digests
