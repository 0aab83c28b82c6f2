"""Others' words as they can be printed: nothing hidden, nothing that turns the line around."""

import re
from collections.abc import Iterator

UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff]"
)
"""Control characters, lone surrogates and what is no character."""
UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
"""Characters without a shape of their own that reorder, join or hide others. The joiners that
scripts and emoji need (U+200C, U+200D, U+FE0F) are left alone."""
CHUNK = 1200
"""Characters laid out at once: laying out a line grows with what follows it."""


def visible(text: str) -> str:
    """The text with everything unseen made visible, as `[U+202E]`, on lines ending in LF."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    shown = UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
    return UNPRINTABLE.sub("\ufffd", shown)


def paragraphs(text: str) -> list[str]:
    """Its lines, cleaned; very long ones in pieces, cut at a space where there is one."""
    return [piece for line in visible(text).split("\n") for piece in _pieces(line)]


def _pieces(line: str) -> Iterator[str]:
    while len(line) > CHUNK:
        at = line.rfind(" ", CHUNK // 2, CHUNK) + 1 or CHUNK
        yield line[:at]
        line = line[at:]
    yield line
