"""Which post that was read on a wall is which known one. Pure.

The surest pairs first; each post and each known one is used once:

1. the same id, and the words or the author's name agree;
2. the same words by the same author (or long words without names), unless ids that proved lasting
   on this wall tell them apart: two posts of the same words are two;
3. the same lasting id, whatever else changed (renamed, edited);
4. much the same words by the same author, where no lasting id contradicts: edited.

Ids are lasting when known posts carry the ids that they had; ids that only count places are not.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from archiver.checker import tombstone
from archiver.checker.anchoring import (
    GUTTED,
    SHORT,
    loosely_same,
    normalise,
    same_author,
    same_id,
    similarity,
)
from archiver.checker.controls import MIN_ALONE
from archiver.checker.sighting import STABLE
from archiver.domain.wall_read import ReadPost, WallRead


@dataclass(frozen=True)
class Identified:
    """Pairs of (place of a known post, place of a read one); `lasting`: whether ids held."""

    pairs: dict[int, int]
    lasting: bool


@dataclass(frozen=True)
class Trait:
    """What a post is identified by. `key` is the normalised text, `name` the folded name."""

    post_id: str | None
    author: str | None
    name: str
    key: str
    reader: str | None

    @classmethod
    def of(
        cls, *, post_id: str | None, author: str | None, text: str, reader: str | None
    ) -> "Trait":
        """Normalises a post's words and name."""
        name = normalise(author or "").casefold().strip(" @:·•")
        return cls(post_id, author, name, normalise(text), reader)


def traits_of(read: WallRead) -> list[Trait]:
    """Those of all posts of a wall that was read."""
    return [
        Trait.of(post_id=p.post_id, author=p.author, text=p.text, reader=read.reader)
        for p in read.posts
    ]


def is_placeholder(post: ReadPost) -> bool:
    """Whether an item is no post, but stands where one was."""
    nameless = not post.author or tombstone.actor_of(post.author) is not None
    wordless = not post.text.strip() or tombstone.actor_of(post.text) is not None
    return post.struck or (nameless and wordless)


def stands_in_for(known: Trait, post: ReadPost) -> bool:
    """Whether the item that carries a known post's id may be what was put in its place."""
    if is_placeholder(post):
        return True
    key = normalise(post.text)
    return key != known.key and (not key or tombstone.actor_of(post.text) is not None)


def identify(known: Sequence[Trait], read: Sequence[Trait]) -> Identified:
    """The pairs, by the rules above."""
    work = _Pairing(known, read, _are_lasting(known, read))
    work.by_id(lambda one, two: _same_words(one, two) or same_author(one.author, two.author))
    work.by_words()
    if work.lasting:
        work.by_id(lambda _one, _two: True)
    work.by_likeness()
    return Identified(work.pairs, work.lasting)


def _are_lasting(known: Sequence[Trait], read: Sequence[Trait]) -> bool:
    """Judged by posts whose name and words are nobody else's on either side."""
    before, now = _unique(known), _unique(read)
    both = [(before[mark], now[mark]) for mark in before.keys() & now.keys()]
    told = [same_id(one, two) for one, two in both if one and two]
    return sum(told) >= STABLE and all(told)


def _unique(traits: Sequence[Trait]) -> dict[tuple[str, str], str | None]:
    found: dict[tuple[str, str], list[str | None]] = defaultdict(list)
    for trait in traits:
        found[trait.name, trait.key].append(trait.post_id)
    return {mark: ids[0] for mark, ids in found.items() if len(ids) == 1}


def _same_words(one: Trait, two: Trait) -> bool:
    if one.key == two.key:
        return bool(one.key)
    return bool(one.key and two.key) and one.reader != two.reader and loosely_same(one.key, two.key)


class _Pairing:
    """The pairs made so far."""

    def __init__(self, known: Sequence[Trait], read: Sequence[Trait], lasting: bool) -> None:
        self.known, self.read, self.lasting = known, read, lasting
        self.pairs: dict[int, int] = {}
        self._taken: set[int] = set()

    def by_id(self, agree: Callable[[Trait, Trait], bool]) -> None:
        """Pairs of the same id that agree further."""
        exact = _index(self._free(), lambda at: self.read[at].post_id)
        rest = []
        for at in self._open():
            wanted = self.known[at]
            if not wanted.post_id:
                continue
            if not self._take(at, exact.get(wanted.post_id, ()), agree):
                rest.append(at)
        free = [at for at in self._free() if self.read[at].post_id]
        for at in rest:
            wanted = self.known[at]
            near = [to for to in free if same_id(wanted.post_id, self.read[to].post_id)]
            self._take(at, near, agree)

    def by_words(self) -> None:
        """Pairs of the same words, exactly first, then as two versions of the reader take them."""
        exact = _index(self._free(), lambda at: self.read[at].key)
        for at in self._open():
            self._take(at, exact.get(self.known[at].key, ()), self._may_be)
        for at in self._open():
            wanted = self.known[at]
            others = [to for to in self._free() if self.read[to].reader != wanted.reader]
            self._take(at, others, self._same_by_words)

    def by_likeness(self) -> None:
        """Pairs of much the same words by the same author, the most alike first."""
        found = [
            (similarity(self.known[at].key, self.read[to].key), at, to)
            for at in self._open()
            if len(self.known[at].key) >= SHORT and self.known[at].author
            for to in self._free()
            if same_author(self.known[at].author, self.read[to].author)
            and not self._told_apart(self.known[at], self.read[to])
        ]
        for alike, at, to in sorted(found, key=lambda one: (-one[0], one[1], one[2])):
            if alike >= GUTTED and at not in self.pairs and to not in self._taken:
                self._pair(at, to)

    def _may_be(self, one: Trait, two: Trait) -> bool:
        if not one.key or self._told_apart(one, two):
            return False
        if one.author and two.author:
            return same_author(one.author, two.author)
        return len(one.key) >= MIN_ALONE or (not one.author and not two.author)

    def _same_by_words(self, one: Trait, two: Trait) -> bool:
        return _same_words(one, two) and self._may_be(one, two)

    def _told_apart(self, one: Trait, two: Trait) -> bool:
        both = self.lasting and bool(one.post_id) and bool(two.post_id)
        return both and not same_id(one.post_id, two.post_id)

    def _take(self, at: int, places: Iterable[int], agree: Callable[[Trait, Trait], bool]) -> bool:
        for to in places:
            if to not in self._taken and agree(self.known[at], self.read[to]):
                self._pair(at, to)
                return True
        return False

    def _pair(self, at: int, to: int) -> None:
        self.pairs[at] = to
        self._taken.add(to)

    def _open(self) -> Iterator[int]:
        return (at for at in range(len(self.known)) if at not in self.pairs)

    def _free(self) -> list[int]:
        return [at for at in range(len(self.read)) if at not in self._taken]


def _index(places: Iterable[int], key: Callable[[int], str | None]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place in places:
        mark = key(place)
        if mark:
            found[mark].append(place)
    return found
