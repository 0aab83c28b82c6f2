"""The posts of a simulated wall: one complaint a person, five minutes apart."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
NAMES = (
    "Alice Ancel", "Bruno Beck", "Chloé Caron", "Denis Durand", "Eva Ekman", "Farid Fassi",
    "Greta Gross", "Hugo Hallé", "Inès Imbert", "Jonas Jung", "Katia Koch", "Louis Leroy",
    "Mona Marek", "Noé Nadal", "Olga Orsini", "Paul Petit", "Quitterie Quint", "Rosa Roux",
    "Samir Saïd", "Tess Tanguy", "Ugo Urbain", "Vera Vidal", "Walid Weiss", "Xenia Xavier",
)  # fmt: skip
THINGS = (
    "soles", "zip", "parcel", "refund", "battery", "hotline", "invoice", "sleeve", "warranty",
    "charger", "colour", "strap", "voucher", "lid", "screen", "heel", "button", "courier", "seam",
    "handle", "coupon", "label", "buckle", "lining",
)  # fmt: skip
COMPLAINTS = (
    "The {thing} failed after {days} days and nobody answers me.",
    "Ma commande {number} est perdue depuis {days} jours ({thing}), le service se tait.",
    "商品番号{number}の{thing}が{days}日で壊れました。問い合わせに返事がありません、もう三週間待っています。",
)
"""What people write, by seed: the same story in three languages and two scripts."""


@dataclass
class SimPost:
    """One post, and what the site makes of it.

    `hidden` names a way of hiding it by CSS, `stone` the placeholder in its place, `only_for` the
    viewers that are shown it (None: all), `folded` puts it behind a click, `shortened` its end
    behind "see more", `withheld` gives its own page status 451, `picture` is a picture's version.
    `shown_text` is what the page writes instead of `text` (a translation).
    """

    number: int
    author: str
    text: str
    at: datetime
    hidden: str | None = None
    stone: str | None = None
    replies: list["SimPost"] = field(default_factory=list)
    only_for: frozenset[str] | None = None
    folded: bool = False
    shortened: bool = False
    withheld: bool = False
    picture: int = 0
    shown_text: str | None = None

    @property
    def words(self) -> str:
        """What a reader of the page is given."""
        return self.text if self.shown_text is None else self.shown_text

    @property
    def slug(self) -> str:
        """The author's name as part of an address."""
        return "-".join(self.author.casefold().split())


def make_posts(count: int = 24, seed: int | None = None) -> list[SimPost]:
    """Posts numbered from 101, oldest first. A seed gives other people, another language."""
    names, things = list(NAMES), list(THINGS)
    wording = COMPLAINTS[0]
    if seed is not None:
        wording = COMPLAINTS[seed % len(COMPLAINTS)]
        dice = Random(seed)  # a test's variety, no secret
        dice.shuffle(names)
        dice.shuffle(things)
    return [
        SimPost(
            number=101 + at,
            author=_name(names, at),
            text=wording.format(thing=things[at % len(things)], days=at + 3, number=7000 + 37 * at),
            at=START + timedelta(minutes=5 * at),
        )
        for at in range(count)
    ]


def _name(names: Sequence[str], at: int) -> str:
    again = at // len(names)
    return names[at % len(names)] + (f" {again + 1}" if again else "")
