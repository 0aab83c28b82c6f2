"""Values of a PDF file (ISO 32000-1, 7.3), as far as the objects of a signature need them."""

import re
from dataclasses import dataclass
from typing import TypeAlias

MAX_DEPTH = 20
_SPACE = re.compile(rb"[\x00\t\n\x0c\r ]*")
_NAME = re.compile(rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]*)")
_REF = re.compile(rb"(\d{1,9}) 0 R(?![A-Za-z0-9])")
_NUMBER = re.compile(rb"[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?![0-9.])")
_HEX = re.compile(rb"<([0-9A-Fa-f]*)>")
_WORD = re.compile(rb"(true|false|null)(?![A-Za-z0-9])")
_STRING_PART = re.compile(rb"[^()\\]*")
_WORDS = {b"true": True, b"false": False, b"null": None}


class Syntax(ValueError):
    """Not in the form that an exhibit has."""


@dataclass(frozen=True)
class Ref:
    """A reference to an object of generation 0."""

    number: int


@dataclass(frozen=True)
class Hex:
    """A string in hex, with its place in the file, `<` and `>` included."""

    digits: bytes
    start: int
    end: int


class Name(str):
    """A name, without its slash."""

    __slots__ = ()


Value: TypeAlias = (
    "Ref | Hex | Name | bytes | int | float | bool | list[Value] | dict[str, Value] | None"
)


def parse_value(data: bytes, at: int, depth: int = 0) -> tuple[Value, int]:
    """The value that starts at `at` (white space before it is passed over), and its end.

    Raises:
        Syntax: there is none.
    """
    if depth > MAX_DEPTH:
        raise Syntax("values are nested too deeply")
    at = _skip(data, at)
    if data.startswith(b"<<", at):
        return _dictionary(data, at + 2, depth)
    if data.startswith(b"[", at):
        return _array(data, at + 1, depth)
    if data.startswith(b"(", at):
        return _literal(data, at + 1)
    return _simple(data, at)


def _simple(data: bytes, at: int) -> tuple[Value, int]:
    if name := _NAME.match(data, at):
        return Name(name[1].decode("latin-1")), name.end()
    if ref := _REF.match(data, at):
        return Ref(int(ref[1])), ref.end()
    if number := _NUMBER.match(data, at):
        text = number[0]
        return (float(text) if b"." in text else int(text)), number.end()
    if digits := _HEX.match(data, at):
        return Hex(digits[1], digits.start(), digits.end()), digits.end()
    if word := _WORD.match(data, at):
        return _WORDS[word[1]], word.end()
    raise Syntax(f"no value at byte {at}")


def _dictionary(data: bytes, at: int, depth: int) -> tuple[dict[str, Value], int]:
    found: dict[str, Value] = {}
    while not data.startswith(b">>", at := _skip(data, at)):
        name = _NAME.match(data, at)
        if name is None:
            raise Syntax(f"no key at byte {at}")
        key = name[1].decode("latin-1")
        if key in found:
            raise Syntax(f"/{key} is there twice")
        found[key], at = parse_value(data, name.end(), depth + 1)
    return found, at + 2


def _array(data: bytes, at: int, depth: int) -> tuple[list[Value], int]:
    found: list[Value] = []
    while not data.startswith(b"]", at := _skip(data, at)):
        value, at = parse_value(data, at, depth + 1)
        found.append(value)
    return found, at + 1


def _literal(data: bytes, at: int) -> tuple[bytes, int]:
    """A string in brackets, its escapes as they stand: strings are only compared here."""
    start, depth = at, 1
    while True:
        part = _STRING_PART.match(data, at)
        at = part.end() if part else at
        mark = data[at : at + 1]
        if not mark:
            raise Syntax("a string does not end")
        if mark == b"\\":
            at += 2
            continue
        depth += 1 if mark == b"(" else -1
        at += 1
        if not depth:
            return data[start : at - 1], at


def _skip(data: bytes, at: int) -> int:
    space = _SPACE.match(data, at)
    return space.end() if space else at
