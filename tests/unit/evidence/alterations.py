"""What a forger may do to the files of a bundle, one alteration at a time."""

import json
from collections.abc import Callable

from archiver.domain.digest import canonical_json, sha256_hex
from archiver.evidence.statement_text import parse_statement, render_statement

Files = dict[str, bytes]
"""Payload files by their path under `data/`; an alteration changes them in place."""

Alter = Callable[[Files], None]


def flip(name: str, place: int = -1) -> Alter:
    """Flips one bit of a file (by default in its last byte)."""

    def alter(files: Files) -> None:
        data = bytearray(files[name])
        data[place] ^= 1
        files[name] = bytes(data)

    return alter


def replace(name: str, old: str, new: str) -> Alter:
    def alter(files: Files) -> None:
        assert old.encode() in files[name]
        files[name] = files[name].replace(old.encode(), new.encode(), 1)

    return alter


def remove(*names: str) -> Alter:
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


def copy(source: str, target: str) -> Alter:
    def alter(files: Files) -> None:
        files[target] = files[source]

    return alter


def move(source: str, target: str) -> Alter:
    def alter(files: Files) -> None:
        for name in [name for name in files if name.startswith(source)]:
            files[target + name[len(source) :]] = files.pop(name)

    return alter


def add(name: str, data: bytes = b"forged") -> Alter:
    def alter(files: Files) -> None:
        assert name not in files
        files[name] = data

    return alter


def refit(folder: str, name: str, data: bytes) -> Alter:
    """Changes a file and the statement that lists it."""

    def alter(files: Files) -> None:
        files[folder + name] = data
        listed = parse_statement(files[f"{folder}STATEMENT.sha256"]) | {name: sha256_hex(data)}
        files[f"{folder}STATEMENT.sha256"] = render_statement(listed)

    return alter


def both(*alterations: Alter) -> Alter:
    def alter(files: Files) -> None:
        for alteration in alterations:
            alteration(files)

    return alter


def reverse_lines(name: str) -> Alter:
    def alter(files: Files) -> None:
        files[name] = b"".join(reversed(files[name].splitlines(keepends=True)))

    return alter


def drop_line(name: str, number: int) -> Alter:
    def alter(files: Files) -> None:
        lines = files[name].splitlines(keepends=True)
        files[name] = b"".join(lines[:number] + lines[number + 1 :])

    return alter


def insert(name: str, at: int, data: bytes) -> Alter:
    """Puts a line into a text."""

    def alter(files: Files) -> None:
        lines = files[name].splitlines(keepends=True)
        files[name] = b"".join([*lines[:at], data, *lines[at:]])

    return alter


def swap(one: str, other: str) -> Alter:
    """Two files in each other's place."""

    def alter(files: Files) -> None:
        assert files[one] != files[other]
        files[one], files[other] = files[other], files[one]

    return alter


def put(name: str, data: bytes | Callable[[Files], bytes]) -> Alter:
    """Other content for a file that is there."""

    def alter(files: Files) -> None:
        assert name in files
        files[name] = data if isinstance(data, bytes) else data(files)

    return alter


def cut(name: str, length: int) -> Alter:
    """Keeps the first (or, when negative, all but the last) bytes of a file."""
    return put(name, lambda files: files[name][:length])


def change_json(name: str, **changes: object) -> Alter:
    """Other values in a canonical record; None removes the key."""

    def alter(files: Files) -> None:
        value = json.loads(files[name]) | changes
        kept = {key: item for key, item in value.items() if item is not None}
        assert canonical_json(kept) != files[name]
        files[name] = canonical_json(kept)

    return alter


def relist(folder: str, name: str) -> Alter:
    """Makes the statement fit the file as it is now."""

    def alter(files: Files) -> None:
        refit(folder, name, files[folder + name])(files)

    return alter
