"""What a forger may do to the files of a bundle, one alteration at a time."""

from collections.abc import Callable

from archiver.domain.digest import sha256_hex
from archiver.evidence.statement_text import parse_statement, render_statement

Files = dict[str, bytes]
"""Payload files by their path under `data/`; an alteration changes them in place."""


def flip(name: str, place: int = -1) -> Callable[[Files], None]:
    """Flips one bit of a file (by default in its last byte)."""

    def alter(files: Files) -> None:
        data = bytearray(files[name])
        data[place] ^= 1
        files[name] = bytes(data)

    return alter


def replace(name: str, old: str, new: str) -> Callable[[Files], None]:
    def alter(files: Files) -> None:
        assert old.encode() in files[name]
        files[name] = files[name].replace(old.encode(), new.encode(), 1)

    return alter


def remove(*names: str) -> Callable[[Files], None]:
    """Removes files; a name that ends in `/` means all below it."""

    def alter(files: Files) -> None:
        gone = [
            path
            for path in files
            if any(path == name or (name[-1] == "/" and path.startswith(name)) for name in names)
        ]
        assert gone
        for path in gone:
            del files[path]

    return alter


def copy(source: str, target: str) -> Callable[[Files], None]:
    def alter(files: Files) -> None:
        files[target] = files[source]

    return alter


def move(source: str, target: str) -> Callable[[Files], None]:
    def alter(files: Files) -> None:
        for name in [name for name in files if name.startswith(source)]:
            files[target + name[len(source) :]] = files.pop(name)

    return alter


def add(name: str, data: bytes = b"forged") -> Callable[[Files], None]:
    def alter(files: Files) -> None:
        assert name not in files
        files[name] = data

    return alter


def refit(folder: str, name: str, data: bytes) -> Callable[[Files], None]:
    """Changes a file and the statement that lists it."""

    def alter(files: Files) -> None:
        files[folder + name] = data
        listed = parse_statement(files[f"{folder}STATEMENT.sha256"]) | {name: sha256_hex(data)}
        files[f"{folder}STATEMENT.sha256"] = render_statement(listed)

    return alter


def both(*alterations: Callable[[Files], None]) -> Callable[[Files], None]:
    def alter(files: Files) -> None:
        for alteration in alterations:
            alteration(files)

    return alter


def reverse_lines(name: str) -> Callable[[Files], None]:
    def alter(files: Files) -> None:
        files[name] = b"".join(reversed(files[name].splitlines(keepends=True)))

    return alter


def drop_line(name: str, number: int) -> Callable[[Files], None]:
    def alter(files: Files) -> None:
        lines = files[name].splitlines(keepends=True)
        files[name] = b"".join(lines[:number] + lines[number + 1 :])

    return alter
