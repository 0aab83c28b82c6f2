"""Made-up pages in the manner of common forum, comment and review programs, in our own words.

Each template in `tests/fixtures/pages/styles` writes the same twelve posts with another product's
mark-up, inside a page with menus, teasers and a footer. `styles.json` says what can be read there.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from jinja2 import DictLoader, Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup

from tests.real_pages.expectations import FILES

START = datetime(2026, 2, 17, 8, 5, tzinfo=UTC)
RUSSIAN = ("янв", "фев", "мар")
WORDS: tuple[tuple[str, str, tuple[str, ...], int | None], ...] = (
    ("Ada Winter", "adaw", ("The crust was burnt twice in one week. I wrote to the shop and nobody "
     "answered.", "Has anybody else had this with the rye loaf?"), None),
    ("Jonas B.", "jonasb", ("Same here.",), 0),
    ("Mbali Dube", "mbali_d", ("I asked in the shop. They said the oven was being repaired and that "
     "they would send vouchers to everybody who complained by the end of March.",), 1),
    ("Óscar Prieto", "oprieto", ("Two loaves, both fine. Perhaps it depends on the branch?",), None),
    ("Lin Wei", "linwei88", ("Number 14 in the high street has been good since January. The one at the "
     "station is hit and miss, I would not buy there before noon.", "Bring your own bag, it is "
     "cheaper: 0.20 less.", "And try the walnut one."), None),
    ("Ada Winter", "adaw", ("Thank you, Lin! I will try it on Saturday.",), 4),
    ("Priya", "priya", ("Walnut is sold out by ten.",), 4),
    ("Tomasz Zieliński", "tomz", ("My complaint of 12 February was removed from this page without a "
     "word. It was polite, it named the branch and the time, and I have the receipt. What are you "
     "afraid of?",), None),
    ("K. Meyer", "kmeyer", ("Mine too...",), 7),
    ("Gunnel Åberg", "gunnel", ("Perhaps it was held for review: the first post of a new account "
     "often is. Wait a day and ask them by e-mail, that helped me last year.",), 7),
    ("Sofia Marchetti", "sofia_m", ("The oat rolls have become smaller, the price has not. I weighed "
     "six of them: 61, 58, 63, 60, 57 and 59 grams. Last autumn they were at 75.",), None),
    ("Noor", "noor_e", ("Then buy elsewhere? Nobody forces you.",), 10),
)  # fmt: skip


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
    """A product's manner. `fields` maps a field to the forms of a value that are right."""

    name: str
    fields: dict[str, list[str]]
    roots_only: bool = False


def conversation() -> list[Words]:
    """The twelve posts in the order of a threaded page."""
    made: list[Words] = []
    for at, (author, handle, paragraphs, parent) in enumerate(WORDS):
        above = made[parent] if parent is not None else None
        moment = START + timedelta(hours=5 * at, minutes=7 * at % 60)
        made.append(Words(48210 + 37 * at, author, handle, paragraphs, moment, above))
        if above is not None:
            above.replies.append(made[-1])
    return made


def styles() -> list[Style]:
    """All styles that have a template, by name."""
    raw = json.loads((FILES / "styles.json").read_text("utf-8"))
    return [
        Style(name, entry["fields"], entry.get("roots_only", False)) for name, entry in raw.items()
    ]


def wanted(style: Style) -> list[Words]:
    """The posts that the style's page shows, in its order."""
    return [post for post in conversation() if not style.roots_only or post.parent is None]


def page(style: Style) -> bytes:
    """The page as a saved file."""
    frame = DictLoader({"frame": FRAME})
    templates = Environment(
        loader=FileSystemLoader(FILES / "styles"), autoescape=select_autoescape(default=True)
    )
    posts = [post.shown() for post in conversation()]
    roots = [post.shown() for post in conversation() if post.parent is None]
    essay = Markup("<p>{}</p>").format(ESSAY) * 3
    body = templates.get_template(f"{style.name}.html").render(
        posts=posts, roots=roots, title=TITLE, essay=essay
    )
    whole = Environment(loader=frame, autoescape=True).get_template("frame")
    return whole.render(title=TITLE, body=Markup(body)).encode("utf-8")  # noqa: S704 - our own


TITLE = "What happened to the bread?"
ESSAY = (
    "A loaf takes eighteen hours from flour to shelf. We followed one night shift through all of "
    "it, from the first weighing at six in the evening to the van that leaves before dawn, and "
    "asked the people who work there what has changed since the new ovens came."
)
FRAME = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><header><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li>
<li><a href="/about">About</a></li><li><a href="/login">Log in</a></li></ul></nav></header>
{{ body }}
<div class="widget"><h3>Most read</h3><ul>{% for n in range(6) %}
<li><a href="/story/{{ n }}">A story about flour and water, number {{ n }}</a> <span>{{ n + 1 }} Feb
2026</span></li>{% endfor %}</ul></div>
<footer><p>Lumenbrot 2026</p><ul><li><a href="/imprint">Imprint</a></li><li><a
href="/privacy">Privacy</a></li></ul></footer></body></html>"""
