"""What the page-reading scripts give back, as Python values. Pure."""

from dataclasses import dataclass, field
from typing import Any

from archiver.checker.anchoring import normalise


@dataclass(frozen=True)
class Box:
    """A rectangle on the page in CSS pixels, from the page's top left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Post:
    """One item as read. `parent` is the place of the post answered to, on the same page.

    `hidden_by` says why no person can see it (None when one can), `unfoldable` whether the page
    offers a way to unfold it. `struck`: its own mark-up, unlike its neighbours', calls it deleted.
    `unfolded`: it was seen only after something was unfolded. `gap`: posts before it may have been
    passed over. `key` is the normalised text.
    """

    text: str
    author: str | None = None
    author_id: str | None = None
    post_id: str | None = None
    parent_id: str | None = None
    parent: int | None = None
    shown_time: str | None = None
    markup_time: str | None = None
    permalink: str | None = None
    hidden_by: str | None = None
    unfoldable: bool = False
    struck: bool = False
    box: Box | None = None
    unfolded: bool = False
    gap: bool = False
    key: str = field(default="", compare=False)

    @property
    def visible(self) -> bool:
        """Whether a person can see it."""
        return self.hidden_by is None


@dataclass(frozen=True)
class Layer:
    """Something fixed that lies over the page. `share` of the window, 0 to 1."""

    share: float
    consent: bool
    password: bool


@dataclass(frozen=True)
class Link:
    """A link of the page, outside of all items."""

    href: str
    rel: str = ""
    text: str = ""


@dataclass(frozen=True)
class AdapterFacts:
    """What is known of the page's site took part: `used`, or it stepped aside, `why` says from
    what. `problems`: selectors and patterns of its data that are wrong. `obstacles`: reasons of
    those obstacles that it knows and that stand on the page."""

    name: str
    used: bool
    why: str | None = None
    problems: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageFacts:
    """Facts of a page as a whole; what they mean is decided in `page_state`. `declared`: the
    mark-up itself calls every item an article or a thing of a known type."""

    url: str = ""
    title: str = ""
    site: str | None = None
    quality: float = 0.0
    declared: bool = False
    words: int = 0
    elements: int = 0
    scripts: int = 0
    challenges: tuple[str, ...] = ()
    passwords: int = 0
    layer: Layer | None = None
    consent: bool = False
    consent_modal: bool = False
    missing: bool = False
    locked: bool = False
    refresh: str | None = None
    links: tuple[Link, ...] = ()
    folds: int = 0
    closed: tuple[str, ...] = ()
    outside: str = ""
    height: int = 0
    skeleton: dict[str, Any] = field(default_factory=dict)
    adapter: AdapterFacts | None = None


@dataclass(frozen=True)
class Reading:
    """A page as read: its facts and its posts in the page's order."""

    page: PageFacts = field(default_factory=PageFacts)
    posts: tuple[Post, ...] = ()


def parse_reading(raw: dict[str, Any]) -> Reading:
    """Takes what `RatureReader.readPage()` returned.

    Raises:
        KeyError, TypeError, ValueError: it is not of the agreed form (the reader is at fault).
    """
    return Reading(page=_page(raw["page"]), posts=tuple(_post(post) for post in raw["posts"]))


def _page(raw: dict[str, Any]) -> PageFacts:
    layer = raw.get("layer")
    return PageFacts(
        url=raw["url"],
        title=raw["title"],
        site=raw["site"],
        quality=float(raw["quality"]),
        declared=bool(raw["declared"]),
        words=int(raw["words"]),
        elements=int(raw["elements"]),
        scripts=int(raw["scripts"]),
        challenges=tuple(raw["challenges"]),
        passwords=int(raw["passwords"]),
        layer=Layer(float(layer["share"]), layer["consent"], layer["password"]) if layer else None,
        consent=bool(raw["consent"]),
        consent_modal=bool(raw["consent_modal"]),
        missing=bool(raw["missing"]),
        locked=bool(raw["locked"]),
        refresh=raw["refresh"],
        links=tuple(Link(link["href"], link["rel"], link["text"]) for link in raw["links"]),
        folds=int(raw["folds"]),
        closed=tuple(raw["closed"]),
        outside=raw["outside"],
        height=int(raw["height"]),
        skeleton=dict(raw["skeleton"]),
        adapter=_adapter(raw["adapter"]) if raw["adapter"] else None,
    )


def _adapter(raw: dict[str, Any]) -> AdapterFacts:
    return AdapterFacts(
        name=raw["name"],
        used=bool(raw["used"]),
        why=raw["why"],
        problems=tuple(raw["problems"]),
        obstacles=tuple(raw["obstacles"]),
    )


def _post(raw: dict[str, Any]) -> Post:
    box = raw["box"]
    return Post(
        text=raw["text"],
        author=raw["author"],
        author_id=raw["author_id"],
        post_id=raw["post_id"],
        parent_id=raw["parent_id"],
        parent=raw["parent"],
        shown_time=raw["shown_time"],
        markup_time=raw["markup_time"],
        permalink=raw["permalink"],
        hidden_by=raw["hidden_by"],
        unfoldable=raw["unfoldable"],
        struck=bool(raw["struck"]),
        box=Box(int(box["x"]), int(box["y"]), int(box["width"]), int(box["height"])),
        key=normalise(raw["text"]),
    )
