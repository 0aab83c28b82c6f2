"""The posts of a simulated wall: 24 people, one complaint each, five minutes apart."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

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


@dataclass
class SimPost:
    """One post. `hidden` names a way of hiding it by CSS, `stone` the placeholder in its place."""

    number: int
    author: str
    text: str
    at: datetime
    hidden: str | None = None
    stone: str | None = None
    replies: list["SimPost"] = field(default_factory=list)


def make_posts(count: int = 24) -> list[SimPost]:
    """Posts numbered from 101, oldest first."""
    return [
        SimPost(
            number=101 + at,
            author=NAMES[at % len(NAMES)],
            text=f"The {THINGS[at % len(THINGS)]} failed after {at + 3} days "
            "and nobody answers me.",
            at=START + timedelta(minutes=5 * at),
        )
        for at in range(count)
    ]
