"""The form of a site's data file. Pure."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from archiver.domain.observation import Reason

FIELDS = ("id", "parent", "author", "author_id", "text", "time", "shown", "permalink")
OBSTACLES = frozenset(
    {
        Reason.LOGIN_WALL,
        Reason.CHALLENGE,
        Reason.RATE_LIMITED,
        Reason.CONSENT_WALL,
        Reason.GEO_BLOCKED,
        Reason.NOT_RENDERED,
        Reason.INCOMPLETE,
    }
)
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")


def _selector(css: str) -> str:
    try:
        LexborHTMLParser("<p></p>").css(css)
    except (SelectolaxError, ValueError) as wrong:
        raise ValueError(f"{css!r} is no CSS selector") from wrong
    return css


def _pattern(pattern: str) -> str:
    try:
        found = re.compile(pattern)
    except re.error as wrong:
        raise ValueError(f"{pattern!r} is no pattern: {wrong}") from wrong
    if found.groups > 1:
        raise ValueError(f"{pattern!r} has more than one group")
    return pattern


def _host(host: str) -> str:
    if not _HOST.fullmatch(host):
        raise ValueError(f"{host!r} is no plain host name in lower case")
    return host


def _obstacle(reason: Reason) -> Reason:
    if reason not in OBSTACLES:
        raise ValueError(f"{reason.value} is nothing that a page can show")
    return reason


Selector = Annotated[str, Field(min_length=1, max_length=600), AfterValidator(_selector)]
Pattern = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_pattern)]
Host = Annotated[str, AfterValidator(_host)]
Sentence = Annotated[str, Field(min_length=10, max_length=400)]


class Strict(BaseModel):
    """A part of a file; a name that is not known is an error, not a wish that nobody hears."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Strict):
    """Where a value stands: in an element's text, or in its attribute `attr`.

    `css` is looked for in the item's own part; without it the item itself is meant; with `up` the
    nearest element around. The first group of `pattern` is the value, or all that it matches.
    """

    css: Selector | None = None
    attr: Annotated[str, Field(pattern=r"^[a-z][a-z0-9:._-]*$")] | None = None
    pattern: Pattern | None = None
    up: bool = False

    @model_validator(mode="after")
    def _whole(self) -> "Source":
        if self.up and self.css is None:
            raise ValueError("`up` needs `css`")
        if self.css is None and self.attr is None:
            raise ValueError("a source needs `css`, `attr` or both")
        return self


class Kind(Strict):
    """One kind of item. `list` is what holds them; elsewhere the same mark-up is no item.

    The first of a field's sources that says something counts. Where a `required` field is missing
    in too many items, the adapter steps aside.
    """

    item: Selector
    list: Selector | None = None
    id: tuple[Source, ...] = ()
    parent: tuple[Source, ...] = ()
    author: tuple[Source, ...] = ()
    author_id: tuple[Source, ...] = ()
    text: tuple[Source, ...] = ()
    time: tuple[Source, ...] = ()
    shown: tuple[Source, ...] = ()
    permalink: tuple[Source, ...] = ()
    drop: tuple[Selector, ...] = ()
    quoted: Selector | None = None
    required: tuple[
        Literal["id", "author", "text", "markup_time", "shown_time", "permalink"], ...
    ] = Field(min_length=1)

    @model_validator(mode="after")
    def _asked_for_what_it_reads(self) -> "Kind":
        told = {name for name in FIELDS if getattr(self, name)}
        told |= {"markup_time", "shown_time"} if self.time or self.shown else set()
        if missing := set(self.required) - told:
            raise ValueError(f"required, but without a source: {', '.join(sorted(missing))}")
        if not self.text or not self.author:
            raise ValueError("a kind tells at least where author and text stand")
        return self


class More(Strict):
    """The way to more: a link, a button, and what unfolds a text that is cut."""

    next: Selector | None = None
    button: Selector | None = None
    see_more: Selector | None = None
    scroll: bool = False


class Obstacle(Strict):
    """A sign in the mark-up that something stands before the list, whatever its language."""

    css: Selector
    reason: Annotated[Reason, AfterValidator(_obstacle)]


class Means(StrEnum):
    """On what an adapter was tried."""

    PROGRAM = "program"
    SAVED = "saved page"
    FIXTURE = "fixture"


class Checked(Strict):
    """When and on what it was tried, and what that leaves open."""

    on: date
    by: Means
    note: Sentence


class Site(Strict):
    """An adapter. `own_page` is the pattern of a post's own address: another is no permalink."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
    title: str
    hosts: tuple[Host, ...] = ()
    marks: tuple[Selector, ...] = ()
    kinds: tuple[Kind, ...] = Field(min_length=1)
    more: More = More()
    wait: Selector | None = None
    own_page: Pattern | None = None
    obstacles: tuple[Obstacle, ...] = ()
    checked: tuple[Checked, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _can_be_met(self) -> "Site":
        if not self.hosts and not self.marks:
            raise ValueError("a site is known by `hosts`, by `marks`, or by both")
        return self

    def data(self) -> dict[str, Any]:
        """What the reader in the page is given."""
        return self.model_dump(mode="json", exclude={"checked"}, exclude_defaults=True) | {
            "hosts": list(self.hosts),
            "marks": list(self.marks),
        }
