"""The files of a visit's looks: its pages, and each post cut out of the page that shows it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from archiver.checker.evidence import cropper
from archiver.checker.reading import Box
from archiver.checker.telling import Told
from archiver.checker.walk import PageSeen, Walked
from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.observation import Sighting

SEEN = frozenset({Sighting.PRESENT, Sighting.EDITED, Sighting.MOVED, Sighting.COLLAPSED})
SHOWN = SEEN | {Sighting.TOMBSTONE}


def files_of(pages: Sequence[PageSeen]) -> tuple[EvidenceFile, ...]:
    """Pictures and documents of pages, numbered from the second on."""
    return tuple(
        replace(file, name=file.name.replace("page", _stem(at), 1))
        for at, page in enumerate(pages)
        for file in (page.picture, page.html)
    )


def _stem(at: int) -> str:
    return f"page{at + 1}" if at else "page"


class PageEvidence:
    """Hands out each look's files, and the pages that any look rests on; pictures are decoded once
    for all targets of a page."""

    def __init__(self, walked: Walked) -> None:
        self._walked = walked
        self._used: list[PageSeen] = [walked.first]
        self._cutters: dict[int, Callable[[Box], EvidenceFile | None]] = {}

    def own(self, told: Told) -> tuple[EvidenceFile, ...]:
        """The post cut out of the page that shows it."""
        crop = self._crop(told, self._page_of(told))
        return (crop,) if crop else ()

    def page(self, told: Told) -> str:
        """The stem of the page that shows the post, or that was read last."""
        page = self._page_of(told)
        if not any(page is used for used in self._used):
            self._used.append(page)
        return next(_stem(at) for at, used in enumerate(self._used) if used is page)

    def pages(self) -> tuple[EvidenceFile, ...]:
        """The first page, and those that `page` named."""
        return files_of(self._used)

    def _page_of(self, told: Told) -> PageSeen:
        if told.said.place is not None:
            post = told.wall.posts[told.said.place].post
            for page in self._walked.all_pages:
                if any(post is other for other in page.read.reading.posts):
                    return page
        return self._walked.first if told.said.reason else self._walked.pages[-1]

    def _crop(self, told: Told, page: PageSeen) -> EvidenceFile | None:
        place = told.said.place
        if place is None or told.said.sighting not in SHOWN:
            return None
        box = told.wall.posts[place].post.box
        if box is None:
            return None
        key = id(page)
        if key not in self._cutters:
            self._cutters[key] = cropper(page.picture)
        return self._cutters[key](box)
