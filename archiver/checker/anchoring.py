"""Which item of a page is the post that is looked for. Pure.

The id decides where there is one. Otherwise the whole text and the author do: a quotation inside
somebody else's post is not the post, however well the words agree.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from rapidfuzz import fuzz

SAME = 0.90
"""At or above it a text is the same one with small changes (author known: also below)."""
GUTTED = 0.60
"""Below it a text of the same author is another text."""
SHORT = 40
"""Texts of fewer characters must agree wholly: chance agreement is too likely."""

LOOSE_SHARE = 0.85
LOOSE_LEAST = 12
"""What another version of the reader may have cut off: not more than this share, never to less
than so many letters."""

LEAST_ID = 6
"""Characters of an id that may stand within a longer one."""
MOST_AFTER_DOTS = 25
"""Characters that may follow the dots of a shortened text ("see more")."""

BLACK = "\u2588"
"""What stands for each covered character of a text that was masked before it was sent."""

_BLACK = re.compile(rf"{BLACK}[{BLACK}\s]*{BLACK}|{BLACK}")
_LOOKALIKES = str.maketrans(
    "АВЕКМНОРСТУХаеорсухіјѕԁһԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοѵӏ" + "‘’‚‛“”„‟«»′″" + "‐‑‒–—―−",
    "ABEKMHOPCTYXaeopcyxijsdhqwABEZHIKMNOPTYXovl" + '\'\'\'\'""""""\'"' + "-------",
)
"""Letters of other scripts that look Latin, and typographic quotes and dashes."""
_TRAILING_NUMBER = re.compile(r"^(.*?)[^0-9A-Za-z]*(\d+)$", re.DOTALL)


@lru_cache(maxsize=8192)
def normalise(text: str) -> str:
    """NFKC, no invisible characters, look-alikes and quotes folded, white space to one space."""
    wide = unicodedata.normalize("NFKC", text)
    visible = "".join(char for char in wide if not _is_invisible(char))
    return " ".join(visible.translate(_LOOKALIKES).split())


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f" or char == "\u034f"


def same_author(one: str | None, other: str | None) -> bool:
    """Whether two names as shown are of one author; unknown is nobody's name."""
    if not one or not other:
        return False
    return _name(one) == _name(other)


@lru_cache(maxsize=4096)
def _name(name: str) -> str:
    return normalise(name).casefold().strip(" @:·•")


def same_id(one: str | None, other: str | None) -> bool:
    """Whether two ids name one post: equal, or the same number after words that agree, or one is
    the other with a word before it.

    `comment-12`, `li-comment-12` and `12` agree, `thing_t1_o8nd42m` and `t1_o8nd42m` too; `post-12`
    and `comment-12` do not.
    """
    if not one or not other:
        return False
    if one == other:
        return True
    if _is_prefixed(*sorted((one, other), key=len)):
        return True
    first, second = _words_and_number(one), _words_and_number(other)
    if not first or not second or first[1] != second[1]:
        return False
    shorter, longer = sorted((first[0], second[0]), key=len)
    return longer.endswith(shorter)


def _is_prefixed(shorter: str, longer: str) -> bool:
    enough = len(shorter) >= LEAST_ID and any(char.isdigit() for char in shorter)
    return enough and longer.endswith((f"_{shorter}", f"-{shorter}"))


@lru_cache(maxsize=4096)
def _words_and_number(mark: str) -> tuple[str, str] | None:
    found = _TRAILING_NUMBER.match(mark)
    return (found.group(1).casefold(), found.group(2)) if found else None


def same_address(one: str | None, other: str | None) -> bool:
    """Whether two addresses are one, apart from scheme, `www.` and a slash at the end."""
    if not one or not other:
        return False
    return _address(one) == _address(other)


def _address(url: str) -> tuple[str, str, str, str]:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return (
        host + (f":{parts.port}" if parts.port else ""),
        parts.path.rstrip("/"),
        parts.query,
        parts.fragment,
    )


def similarity(one: str, other: str) -> float:
    """How alike two normalised texts are, 0 to 1 (indel ratio; never a partial one)."""
    return 1.0 if one == other else min(fuzz.ratio(one, other) / 100, 0.9999)


def loosely_same(one: str, other: str) -> bool:
    """Whether two normalised texts may be one text, taken down by two versions of the reader.

    Letters and digits must agree; one may have more at an end (a name, a label) that the other
    left out.
    """
    short, long = sorted((_letters(one), _letters(other)), key=len)
    if short == long:
        return bool(short) or one == other
    begins_or_ends = long.startswith(short) or long.endswith(short)
    return begins_or_ends and len(short) >= max(LOOSE_SHARE * len(long), LOOSE_LEAST)


@lru_cache(maxsize=8192)
def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


@dataclass(frozen=True)
class Wanted:
    """The post as known so far. `texts` are normalised: every wording it had while unchanged.

    `loose` are those that only another version of the reader took. `others` are normalised texts of
    other posts by the same author that were seen beside it.
    """

    texts: tuple[str, ...]
    author: str | None = None
    post_ids: tuple[str, ...] = ()
    permalinks: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    others: frozenset[str] = frozenset()
    ids_are_stable: bool = False
    known_before: bool = False


@dataclass(frozen=True)
class Candidate:
    """What anchoring needs of an item: normalised text, author, id, permalink."""

    key: str
    author: str | None = None
    post_id: str | None = None
    permalink: str | None = None


@dataclass(frozen=True)
class Match:
    """The item that is the post: its place, what identified it, and how alike its text is."""

    place: int
    by: str
    similarity: float
    same_text: bool


def find(wanted: Wanted, items: Sequence[Candidate]) -> Match | None:
    """The item that is the wanted post, or None."""
    return _by_id(wanted, items) or _by_words(wanted, items)


def _by_id(wanted: Wanted, items: Sequence[Candidate]) -> Match | None:
    for place, item in enumerate(items):
        by_id = any(same_id(known, item.post_id) for known in wanted.post_ids)
        by_link = any(_same_own_address(known, item) for known in wanted.permalinks)
        if by_id or by_link:
            alike = max(similarity(text, item.key) for text in wanted.texts)
            if not wanted.ids_are_stable and alike < GUTTED and _by_somebody_else(wanted, item):
                continue  # ids that only count places: another post moved up to this one
            same = _same_text(wanted, item) or _quoted_first_time(wanted, item)
            return Match(place, "id" if by_id else "permalink", alike, same)
    return None


def _same_text(wanted: Wanted, item: Candidate) -> bool:
    loose = any(loosely_same(text, item.key) for text in wanted.loose)
    masked = any(BLACK in text and fits_masked(text, item.key) for text in wanted.texts)
    return item.key in wanted.texts or loose or masked or _begins_with_name(wanted, item)


def fits_masked(masked: str, text: str) -> bool:
    """Whether a text may be the one that was blacked out in places before it was handed in.

    Both normalised. The words that were left must all stand in it, in their order, from its
    beginning to its end; where it was black there is about as much as was covered.
    """
    parts = [_letters(part) for part in _BLACK.split(masked)]
    if len(parts) < 2 or sum(map(len, parts)) < LOOSE_LEAST:  # noqa: PLR2004 - something is black
        return False
    gaps = [len(_letters_of_black(part)) for part in _BLACK.findall(masked)]
    form = re.escape(parts[0])
    for gap, part in zip(gaps, parts[1:], strict=True):
        form += f".{{{gap // 2},{gap * 2 + 2}}}" + re.escape(part)
    return re.fullmatch(form, _letters(text), re.DOTALL) is not None


def _letters_of_black(part: str) -> str:
    return "".join(char for char in part if char == BLACK)


def _begins_with_name(wanted: Wanted, item: Candidate) -> bool:
    """Whether the name was read as the beginning of the words (an item in a frame of its own)."""
    if item.author or not wanted.author:
        return False
    return any(item.key == f"{normalise(wanted.author)} {text}" for text in wanted.texts)


def _by_somebody_else(wanted: Wanted, item: Candidate) -> bool:
    known = bool(wanted.author and item.author)
    return known and not same_author(wanted.author, item.author)


def _same_own_address(known: str, item: Candidate) -> bool:
    return same_address(known, item.permalink)


def _quoted_first_time(wanted: Wanted, item: Candidate) -> bool:
    """At a first look a quote may be only a part of the post's words."""
    return not wanted.known_before and any(text in item.key for text in wanted.texts)


def _by_words(wanted: Wanted, items: Sequence[Candidate]) -> Match | None:
    open_to = [(place, item) for place, item in enumerate(items) if _may_be(wanted, item)]
    equal = [_equal(wanted, place, item) for place, item in open_to if _same_text(wanted, item)]
    if equal:
        return equal[0]
    if min(len(text) for text in wanted.texts) < SHORT:
        return None
    shortened = _shortened(wanted, open_to)
    return shortened or _quote(wanted, open_to) or _nearest(wanted, open_to)


def _may_be(wanted: Wanted, item: Candidate) -> bool:
    """Not by another author, and not a repeat of the words under another id that holds."""
    if wanted.ids_are_stable and wanted.post_ids and item.post_id:
        return False
    unknown = not wanted.author or not item.author
    return unknown or same_author(wanted.author, item.author)


def _equal(wanted: Wanted, place: int, item: Candidate) -> Match:
    by = "author+text" if same_author(wanted.author, item.author) else "text"
    alike = max(similarity(text, item.key) for text in wanted.texts)
    return Match(place, by, alike, same_text=True)


def _shortened(wanted: Wanted, items: Sequence[tuple[int, Candidate]]) -> Match | None:
    """The post with its end folded away ("...", "see more"): still the same post."""
    for place, item in items:
        start, dots, rest = item.key.rpartition("...")
        if not dots or len(rest) > MOST_AFTER_DOTS or len(start) < SHORT / 2:
            continue
        if same_author(wanted.author, item.author) and any(
            text.startswith(start.rstrip()) for text in wanted.texts
        ):
            alike = max(similarity(text, item.key) for text in wanted.texts)
            return Match(place, "beginning", alike, same_text=True)
    return None


def _quote(wanted: Wanted, items: Sequence[tuple[int, Candidate]]) -> Match | None:
    """At a first look, the one item that contains the quote; of several none is certain."""
    found = [(place, item) for place, item in items if _quoted_first_time(wanted, item)]
    if len(found) != 1:
        return None
    place, item = found[0]
    alike = max(similarity(text, item.key) for text in wanted.texts)
    return Match(place, "quote", alike, same_text=True)


def _nearest(wanted: Wanted, items: Sequence[tuple[int, Candidate]]) -> Match | None:
    best: Match | None = None
    for place, item in items:
        if item.key in wanted.others:
            continue
        by_author = same_author(wanted.author, item.author)
        alike = max(similarity(text, item.key) for text in wanted.texts)
        enough = GUTTED if by_author else SAME
        if alike >= enough and (best is None or alike > best.similarity):
            by = "author+text" if by_author else "text"
            best = Match(place, by, alike, same_text=False)
    return best
