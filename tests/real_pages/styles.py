"""Made-up pages in the manner of common forum, comment and review programs, in our own words.

Each template in `tests/fixtures/pages/styles` writes the same twelve posts with another product's
mark-up, inside a page with menus, teasers and a footer. `styles.json` says what can be read there.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup

from tests.real_pages.expectations import FILES

START = datetime(2026, 2, 17, 8, 5, tzinfo=UTC)
RUSSIAN = ("янв", "фев", "мар")


@dataclass
class Words:
    """One post with its values in the forms in which programs print them."""

    id: int
    author: str
    handle: str
    paragraphs: tuple[str, ...]
    moment: datetime
    parent: "Words | None"
    replies: "list[Words]" = field(default_factory=list)

    def values(self) -> dict[str, str]:
        """Everything that a page may show of it, as plain text."""
        at, number = self.moment, self.id
        return {
            "id": str(number),
            "author": self.author,
            "handle": self.handle,
            "channel": "Lumenbrot",
            "text": " ".join(self.paragraphs),
            "hash": f"{number * 2654435761 % 2**32:08x}{number * 40503 % 2**16:04x}",
            "slug": f"z{number * 7919 % 46656:04x}k",
            "rand": f"{number * 1103515245 % 2**20:05x}",
            "likes": str(number * 31 % 17),
            "iso": at.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
            "long": at.strftime("%B %d, %Y at %I:%M %p"),
            "stamp": at.strftime("%Y-%m-%d %H:%M:%S"),
            "day": at.strftime("%Y-%m-%d"),
            "dots": at.strftime("%Y.%m.%d. %H:%M"),
            "german": at.strftime("%d.%m.%Y, %H:%M Uhr"),
            "clock": at.strftime("%H:%M"),
            "ru": f"{at.day} {RUSSIAN[at.month - 1]} в {at:%H:%M}",
            "short": f"{number % 20 + 1}h",
            "ago": f"{number % 20 + 2} hours ago",
        }

    def shown(self) -> dict[str, Any]:
        """The same for a template, with the mark-up of the text and the nested replies."""
        parts = [Markup("<p>{}</p>").format(text) for text in self.paragraphs]
        more = {
            "html": Markup("\n").join(parts),
            "br": Markup("<br><br>").join(self.paragraphs),
            "inline": " ".join(self.paragraphs),
            "plain": "\n\n".join(self.paragraphs),
            "title": f"{self.paragraphs[0].split()[0]} {self.paragraphs[-1].split()[-1]}",
            "parent": self.parent,
            "replies": [reply.shown() for reply in self.replies],
        }
        return {**self.values(), **more, "likes": int(self.values()["likes"])}


@dataclass(frozen=True)
class Style:
    """A product's manner. `fields` maps a field to the forms of a value that are right; `others`
    is the number of items that are no posts (an event in a timeline)."""

    name: str
    fields: dict[str, list[str]]
    roots_only: bool = False
    others: int = 0


def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((FILES / "conversation.json").read_text("utf-8"))
    return data


def conversation() -> list[Words]:
    """The twelve posts in the order of a threaded page."""
    made: list[Words] = []
    for at, raw in enumerate(_data()["posts"]):
        above = made[raw["parent"]] if raw["parent"] is not None else None
        moment = START + timedelta(hours=5 * at, minutes=7 * at % 60)
        words = tuple(raw["paragraphs"])
        made.append(Words(48210 + 37 * at, raw["author"], raw["handle"], words, moment, above))
        if above is not None:
            above.replies.append(made[-1])
    return made


def styles() -> list[Style]:
    """All styles that have a template, by name."""
    raw = json.loads((FILES / "styles.json").read_text("utf-8"))
    return [
        Style(name, entry["fields"], entry.get("roots_only", False), entry.get("others", 0))
        for name, entry in raw.items()
    ]


def wanted(style: Style) -> list[Words]:
    """The posts that the style's page shows, in its order."""
    return [post for post in conversation() if not style.roots_only or post.parent is None]


def page(style: Style) -> bytes:
    """The page as a saved file."""
    templates = Environment(
        loader=FileSystemLoader(FILES / "styles"), autoescape=select_autoescape(default=True)
    )
    posts = conversation()
    title, essay = _data()["title"], Markup("<p>{}</p>").format(_data()["essay"]) * 3
    body = templates.get_template(f"{style.name}.html").render(
        posts=[post.shown() for post in posts],
        roots=[post.shown() for post in posts if post.parent is None],
        title=title,
        essay=essay,
    )
    whole = templates.get_template("frame.html").render(title=title, body=Markup(body))
    return whole.encode("utf-8")
