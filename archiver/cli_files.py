"""Files that a person names on the command line."""

from pathlib import Path

from archiver.domain.errors import InvalidInput


def read_bytes(path: Path) -> bytes:
    """The file's bytes.

    Raises:
        InvalidInput: it cannot be read; the message says why.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}") from error


def read_text(path: Path) -> str:
    """The file's text, UTF-8.

    Raises:
        InvalidInput: it cannot be read, or is no text.
    """
    try:
        return read_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is no UTF-8 text") from error
