"""The made-up posts as each site that has an adapter writes them, in our own words.

`tests/fixtures/sites` has a template each, and `expected.json` says what an adapter reads there.
`renamed` gives the same page after the site has changed its mark-up: whatever the adapter looks for
bears another name.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup

from archiver.checker.sites import Site, load
from archiver.checker.sites.model import FIELDS
from tests.real_pages.expectations import FILES
from tests.real_pages.styles import Words, conversation

FOLDER = FILES.parent / "sites"
HERE = "http://saved.invalid"
_TAG = re.compile(r"</?[A-Za-z][^>]*>")
_ATTRIBUTE = re.compile(r"""\[([\w-]+)(?:[~^$*|]?=['"]?([^'"\]]+)['"]?)?(?: i)?\]""")
_NAME = re.compile(r"[.#]([A-Za-z_][\w-]*)")
_OWN_TAG = re.compile(r"(?<![\w.#:\[='-])([a-z]+(?:-[a-z]+)+)")
_COMMON = re.compile(r"^(?:role|dir|lang|class|id|href|style|time|rel|tabindex|aria-.*|datetime)$")
LEAST = 3


@dataclass(frozen=True)
class SitePage:
    """A template with what is right there; `parent` is expected only where it is told."""

    name: str
    site: str
    fields: dict[str, str]
    address: str = ""
    head: str = ""
    body: str = ""

    def expected(self, post: Words) -> dict[str, str | None]:
        """What the adapter reads of a post, by field."""
        top = post
        while top.parent is not None:
            top = top.parent
        known = {**_values(post), "top.id": str(top.id), "top.hash": top.values()["hash"]}
        if post.parent is not None:
            known |= {f"parent.{name}": value for name, value in _values(post.parent).items()}
        return {
            name: None
            if name == "parent" and post.parent is None
            else _filled(form, known).replace("HERE", HERE)
            for name, form in self.fields.items()
        }


def pages() -> list[SitePage]:
    """All pages, by name."""
    raw = json.loads((FOLDER / "expected.json").read_text("utf-8"))
    return [SitePage(name, **entry) for name, entry in raw.items()]


def html(page: SitePage) -> str:
    """The page as a saved file."""
    env = Environment(loader=FileSystemLoader(FOLDER), autoescape=select_autoescape(default=True))
    data = json.loads((FILES / "conversation.json").read_text("utf-8"))
    essay = Markup("<p>{}</p>").format(data["essay"]) * 3
    posts = conversation()
    body = env.get_template(f"{page.name}.html").render(
        posts=[_shown(post) for post in posts],
        roots=[_shown(post) for post in posts if post.parent is None],
        title=data["title"],
        essay=essay,
        slug="bread",
    )
    canonical = Markup('<link rel="canonical" href="{}">').format(page.address)
    return env.get_template("frame.html").render(
        title=data["title"],
        body=Markup(body),
        head=Markup(page.head) + (canonical if page.address else ""),
        body_tag=Markup(page.body),
    )


def renamed(page: SitePage) -> str:
    """The page after a redesign: all names that the adapter rests on are others."""
    names = sorted(_names_of(_site(page.site)), key=len, reverse=True)
    alternatives = "|".join(re.escape(name) for name in names)
    found = re.compile(rf"(?:(?<![A-Za-z0-9_])|(?=\W))(?:{alternatives})")
    head, mark, body = html(page).partition("</head>")
    opened = re.search(r"<body[^>]*>", body)
    start = opened.end() if opened else 0
    changed = _TAG.sub(lambda tag: found.sub(_other, tag.group()), body[start:])
    return head + mark + body[:start] + changed


def _other(name: re.Match[str]) -> str:
    return f"{name.group()[:1]}q7{name.group()[1:]}"


def _site(name: str) -> Site:
    return next(site for site in load() if site.name == name)


def _names_of(site: Site) -> set[str]:
    found: set[str] = set()
    for kind in site.kinds:
        sources = [source for field in FIELDS for source in getattr(kind, field)]
        selectors = [kind.item, kind.list or "", *(source.css or "" for source in sources)]
        own = {source.attr for source in sources if source.css is None and source.attr}
        found |= {name for name in own if not _COMMON.match(name)}
        for css in selectors:
            for name, value in _ATTRIBUTE.findall(css):
                found |= {word for word in (name, value) if word and not _COMMON.match(word)}
            bare = _ATTRIBUTE.sub("", css)
            found |= {*_NAME.findall(bare), *_OWN_TAG.findall(bare)}
    common = {"first-child", "only-child", "text-align", "article", "main", "feed", "dialog"}
    return {name for name in found if len(name) >= LEAST} - common


@lru_cache(maxsize=64)
def _moment(at: int) -> str:
    post = next(post for post in conversation() if post.id == at)
    return str(int(post.moment.timestamp()))


def _values(post: Words) -> dict[str, str]:
    return {**post.values(), "epoch": _moment(post.id)}


def _shown(post: Words) -> dict[str, Any]:
    return {
        **post.shown(),
        **_values(post),
        "likes": int(post.values()["likes"]),
        "lines": post.paragraphs,
        "parent": _values(post.parent) if post.parent else None,
        "replies": [_shown(reply) for reply in post.replies],
    }


def _filled(form: str, known: dict[str, str]) -> str:
    return re.sub(r"\{([a-z.]+)\}", lambda name: known[name.group(1)], form)
