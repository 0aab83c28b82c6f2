"""The least of DER (X.690) that is needed to look into a token: elements one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

INTEGER, OCTETS, OID, SEQUENCE, SET, GENERALIZED_TIME = 0x02, 0x04, 0x06, 0x30, 0x31, 0x18
BOOLEAN = 0x01
LONG_FORM, MAX_LENGTH_BYTES = 0x80, 4
MANY_BYTES = 0x1F
"""Low bits of a tag that goes on in further bytes; none of ours does."""


@dataclass(frozen=True)
class Element:
    """One element: its tag byte, its content, and both with the length as they stand."""

    tag: int
    content: bytes
    whole: bytes

    def children(self) -> list["Element"]:
        """The elements inside. Raises ValueError."""
        return elements(self.content)

    def integer(self) -> int:
        """The content as a signed number."""
        return int.from_bytes(self.content, "big", signed=True)


def elements(data: bytes) -> list[Element]:
    """The elements that the bytes consist of.

    Raises:
        ValueError: they do not.
    """
    found, at = [], 0
    while at < len(data):
        start, tag = at, data[at]
        length, at = _length(data, at + 1)
        if tag & MANY_BYTES == MANY_BYTES or at + length > len(data):
            raise ValueError("not DER")
        found.append(Element(tag, data[at : at + length], data[start : at + length]))
        at += length
    return found


def one(data: bytes, tag: int = SEQUENCE) -> Element:
    """The single element of that tag. Raises ValueError."""
    found = elements(data)
    if len(found) != 1 or found[0].tag != tag:
        raise ValueError("not DER of the kind expected")
    return found[0]


def tagged(found: Sequence[Element], tag: int) -> Element | None:
    """The first of these elements that has the tag."""
    return next((item for item in found if item.tag == tag), None)


def _length(data: bytes, at: int) -> tuple[int, int]:
    """(the length that stands there, where the content begins)."""
    if at >= len(data):
        raise ValueError("not DER")
    first, at = data[at], at + 1
    if first < LONG_FORM:
        return first, at
    count = first - LONG_FORM
    if not 0 < count <= MAX_LENGTH_BYTES:
        raise ValueError("not DER")
    return int.from_bytes(data[at : at + count], "big"), at + count
