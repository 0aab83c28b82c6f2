"""What a visit and its looks brought home: observations and the evidence for them."""

from dataclasses import dataclass
from datetime import datetime

from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.observation import Observation
from archiver.domain.recording import Recording
from archiver.domain.wall_read import WallRead

DEFAULT_VANTAGE = "default"
"""The id of the public vantage that dials directly."""


@dataclass(frozen=True)
class Way:
    """How a visit is made: from which public vantage, and whether a plain request will do where
    earlier looks proved that it shows the posts. `missing_authors` are the own pages of authors all
    of whose known posts are missing on at least two other walls."""

    vantage: str = DEFAULT_VANTAGE
    plain: bool = False
    missing_authors: frozenset[str] = frozenset()


DIRECTLY = Way()
"""With a browser that dials directly."""


@dataclass(frozen=True)
class Visited:
    """What all looks of one visit share: the pages that they saw, once.

    `at` is the visit's beginning, `status` and `final_url` how its first page was answered (None:
    not at all), `vantage` the network path. `files` are `page.png` or `page.jpg` and `page.html`;
    those of further pages of a wall are `page2.png` and so on. `recording` is what came over the
    wire; None: nothing recorded. `wall`: all posts that were read, whoever they were read for;
    None where no list was read.
    """

    url: str
    at: datetime
    final_url: str | None = None
    status: int | None = None
    files: tuple[EvidenceFile, ...] = ()
    recording: Recording | None = None
    vantage: str = DEFAULT_VANTAGE
    wall: WallRead | None = None


@dataclass(frozen=True)
class Look:
    """One look at one post. `files` are its own (the post cut out of the page); the pages are with
    `visit`, the very same object in all looks of a visit; None when nothing was opened.

    `retry_after`: seconds that the server asked to be left alone for (`Retry-After`), if it did.
    """

    observation: Observation
    files: tuple[EvidenceFile, ...] = ()
    retry_after: float | None = None
    visit: Visited | None = None
