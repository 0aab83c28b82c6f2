"""What other pages of the site add to the posts that a wall misses: their own, and their authors'.

Where many are missing, those go first whose pages were asked least so far; what was asked then
speaks for the others: did every one of them tell the same as the wall, the others are believed,
else they are left open until a later look asks them too.
"""

from collections.abc import Sequence, Set
from dataclasses import replace
from itertools import islice

from archiver.checker import author_page, elsewhere, instead, trio
from archiver.checker.added import (
    PAGES_ASKED,
    Added,
    asked_before,
    by_own_address,
    doubted,
    left_open,
    speak_for_others,
    with_fact,
    withheld,
)
from archiver.checker.anchoring import normalise
from archiver.checker.author_page import AuthorIs
from archiver.checker.controls import last_seen
from archiver.checker.further import FurtherPages
from archiver.checker.sighting import MANY_MISSING, wanted_of
from archiver.checker.telling import Told
from archiver.checker.thinned import shows_few
from archiver.checker.walk import Walked
from archiver.checker.wall import Wall
from archiver.domain.observation import (
    AUTHOR_THERE,
    MISSING_ELSEWHERE,
    THINNED,
    Answer,
    Observation,
    Reason,
    Sibling,
    Sighting,
)
from archiver.domain.post import Target

LEAST_WORDS = 12
"""Characters of a neighbour's text by which its own page is known."""
MOST_NEIGHBOURS = 3
"""Neighbours whose own pages are tried until one is there."""
SOON = 5
"""Pages after which a neighbour's is asked again, before what came since is believed."""


class Asking:
    """Asks for all posts of one visit. `missing_authors` are the pages of authors whose known posts
    are missing on other walls."""

    def __init__(
        self,
        pages: FurtherPages,
        url: str,
        walked: Walked,
        posts: Sequence[tuple[Target, Sequence[Observation]]],
        missing_authors: Set[str] = frozenset(),
    ) -> None:
        self._pages = pages
        self._url = url
        self._wall = walked.wall
        self._far = walked.far
        self._walls = [url, *(page.response.url for page in walked.pages)]
        self._posts = posts
        self._missing_authors = missing_authors
        self._others = with_own_pages(walked.wall, self._walls)
        self._sibling = self._others[0] if self._others else None

    async def add(self, told: Sequence[Told]) -> list[Added]:
        """One addition for each post, in the same order. Asked about are absent ones, and those in
        whose stead stand words that name no removal.

        Raises:
            ReaderFault, PlaywrightError: as a tab does.
        """
        missing = [at for at, one in enumerate(told) if one.said.sighting is Sighting.ABSENT]
        if missing:
            await self._choose_sibling()
        found = {at: await self._one(at, told[at]) for at in sorted(missing, key=self._need)}
        if not await self._still_there(list(found.values())):
            found = {at: doubted(one) for at, one in found.items()}
        found = {at: self._if_not_thinned(at, one) for at, one in found.items()}
        speak = speak_for_others(list(found.values()))
        settled = {at: self._settled(at, one, speak=speak) for at, one in found.items()}
        return [settled.get(at) or await self._stands(at, one) for at, one in enumerate(told)]

    async def _stands(self, at: int, told: Told) -> Added:
        """Of what is there, or has a placeholder: one that names no removal ("not available") is
        no sign of any where the post's own page still shows the post."""
        own = self._own_address(*self._posts[at]) if _names_no_removal(told) else None
        if own is None:
            return Added(told)
        texts = wanted_of(*self._posts[at], self._wall).texts
        asked = await trio.answer(self._pages, own, texts, self._url)
        if asked is not None and asked.withheld:
            return Added(withheld(told))
        shown = asked is not None and asked.answer is Answer.SERVED
        return Added(by_own_address(told) if shown else told)

    async def _choose_sibling(self) -> None:
        """The first neighbour whose own page is there: one may be dead, and all others not."""
        for other in self._others:
            words, address = [normalise(other.text)], str(other.permalink)
            asked = await trio.answer(self._pages, address, words, self._url)
            if asked is None:
                return
            if asked.answer is Answer.SERVED or asked.leads_there:
                self._sibling = other
                return

    def _need(self, at: int) -> int:
        """How often a post's pages were asked in this disappearance."""
        return len(asked_before(self._posts[at][1]))

    async def _one(self, at: int, told: Told) -> Added:
        target, history = self._posts[at]
        answers, whole = None, True
        own = self._own_address(target, history)
        if own is not None and self._sibling is not None:
            texts = wanted_of(target, history, self._wall).texts
            answers = await trio.ask(self._pages, own, texts, self._sibling, self._url)
            whole = answers is not None
        if answers is not None and answers.withheld:
            return Added(withheld(told), answers.trio)
        if answers is not None and answers.trio.target is Answer.SERVED:
            return Added(by_own_address(told), answers.trio)
        added = Added(
            told, answers.trio if answers else None, whole, bool(answers and answers.soft)
        )
        added = await self._ask_author(added, history)
        return await self._look_elsewhere(added, target, history)

    def _own_address(self, target: Target, history: Sequence[Observation]) -> str | None:
        wanted = wanted_of(target, history, self._wall)
        own = (trio.own_page(link, self._walls) for link in wanted.permalinks)
        return next((link for link in own if link), None)

    async def _ask_author(self, added: Added, history: Sequence[Observation]) -> Added:
        people = author_page.to_ask(history, self._wall)
        elsewhere = _author_id(history) in self._missing_authors
        if elsewhere:
            added = replace(added, told=with_fact(added.told, MISSING_ELSEWHERE))
        if people is None:
            return added
        says = await author_page.ask(self._pages, people, self._url, elsewhere=elsewhere)
        if says is None:
            return replace(added, whole=False)
        if says is AuthorIs.THERE:
            return replace(added, told=with_fact(added.told, AUTHOR_THERE))
        if says is AuthorIs.GONE:
            detail = "The author's own page is gone, and no post of theirs is left on the wall."
            said = replace(added.told.said, sighting=Sighting.AUTHOR_GONE, detail=detail)
            return replace(added, told=replace(added.told, said=said))
        return added

    async def _look_elsewhere(
        self, added: Added, target: Target, history: Sequence[Observation]
    ) -> Added:
        seen = last_seen(history)
        if added.told.said.sighting is not Sighting.ABSENT or seen is None or seen.seen is None:
            return added
        wanted = wanted_of(target, history, self._wall)
        found = await elsewhere.ask(self._pages, seen.seen, wanted, self._walls)
        if found is None:
            return replace(added, whole=False)
        if found.address is None:
            return added
        if not found.sure:
            return replace(added, told=left_open(added.told, Reason.INCOMPLETE, found.detail))
        said = replace(added.told.said, sighting=Sighting.COLLAPSED, detail=found.detail)
        return replace(added, told=replace(added.told, said=said))

    def _if_not_thinned(self, at: int, added: Added) -> Added:
        """A post that is missing with many others is believed only when its own page is gone, too,
        and those of posts that are there are not."""
        said, answers = added.told.said, added.trio
        proven = answers is not None and answers.agrees is True
        if said.sighting is None or THINNED not in said.facts or proven or not added.whole:
            return added
        if said.sighting not in (Sighting.ABSENT, Sighting.AUTHOR_GONE):
            return added
        few = shows_few(self._posts[at][1], self._far or added.told.wall)
        reason = Reason.RATE_LIMITED if few else Reason.INCOMPLETE
        return replace(added, told=left_open(added.told, reason, MANY_MISSING))

    async def _still_there(self, found: Sequence[Added]) -> bool:
        """Whether the neighbour's page is served still: a site that began to turn the visit away
        meanwhile may have called anything gone."""
        rests = [one for one in found if one.trio is not None and one.trio.agrees]
        if not rests or self._sibling is None:
            return True
        if self._pages.asked <= SOON and not any(one.soft for one in rests):
            return True
        words = [normalise(self._sibling.text)]
        address = str(self._sibling.permalink)
        last = await trio.answer(self._pages, address, words, self._url, again=True)
        if last is None:
            return not any(one.soft for one in rests)
        return last.answer is Answer.SERVED or last.leads_there

    def _settled(self, at: int, added: Added, *, speak: bool) -> Added:
        if added.told.said.sighting is not Sighting.ABSENT:
            return added
        if added.whole:
            return replace(added, told=with_fact(added.told, PAGES_ASKED))
        if speak or asked_before(self._posts[at][1]):
            return added
        detail = "So many posts are missing that not every one's own page could be asked yet."
        return replace(added, told=left_open(added.told, Reason.INCOMPLETE, detail))


def with_own_pages(wall: Wall, walls: Sequence[str]) -> list[Sibling]:
    """Some posts of the wall that have pages of their own, by which others' pages are judged."""
    fit = (
        entry.sibling(place)
        for place, entry in enumerate(wall.posts)
        if trio.own_page(entry.post.permalink, walls)
        and entry.post.visible
        and len(entry.post.key) >= LEAST_WORDS
    )
    return list(islice(fit, MOST_NEIGHBOURS))


def _names_no_removal(told: Told) -> bool:
    said = told.said
    if said.sighting is not Sighting.TOMBSTONE or said.place is None:
        return False
    return not instead.names_a_removal(told.wall.posts[said.place].post.text)


def _author_id(history: Sequence[Observation]) -> str | None:
    seen = last_seen(history)
    return seen.seen.author_id if seen and seen.seen else None
