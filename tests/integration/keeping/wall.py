"""A wall with two watched posts: what was captured of the first, and looks at both."""

from dataclasses import dataclass
from typing import Any

from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.look import Look, Visited
from archiver.domain.observation import Controls, Observation, Sibling, Sighting, Validity
from archiver.domain.post import Target
from archiver.domain.wall_read import ReadPost, WallRead
from archiver.services.access import OWNER
from archiver.services.visits import Visits
from archiver.wiring import House
from tests.integration.captures.sample import TEXT, WALL, Sample, picture, send
from tests.integration.client import TestClient
from tests.integration.export.looks import concluding_of

SECRET = "Mes chaussures rouges de la rue des Lilas sont trouées, signé Zénobie."
AUTHOR = "Zénobie Quatrevaux"
NEIGHBOUR = "Bonjour, je cherche la pointure 43 de ce modèle, merci d'avance."
THIRD = "Très satisfait de mon achat, livraison rapide et produit conforme."
MARKS = ("rue des Lilas", "Zénobie", "Quatrevaux", "Z\\u00e9nobie", "red-shoes-of-zenobie")
"""What must be nowhere after the erasure, as UTF-8 and as JSON escapes it."""
LINK = "https://wall.example/shoes#red-shoes-of-zenobie"


@dataclass
class TwoPosts:
    """`erased` is the post to be erased, `kept` its neighbour; `capture` is of the first."""

    erased: str
    kept: str
    capture: str


def secret_sample(key: str = "secret-1", *, shade: int = 7) -> Sample:
    sample = Sample(key=key)
    sample.files[0] = type(sample.files[0])(
        "screenshot", "post.png", "image/png", picture(120, 90, shade=shade)
    )
    sample.files[1] = type(sample.files[1])(
        "snapshot", "page.html", "text/html", f"<p>{SECRET}</p>".encode()
    )
    sample.changes = {
        "post": {"text": SECRET, "author": AUTHOR, "permalink": LINK},
        "page": {"url": WALL, "status": 200, "title": "Zénobie Quatrevaux"},
        "notes": "von Zénobie",
    }
    return sample


def sibling(position: int, text: str, author: str) -> Sibling:
    return Sibling(position=position, text=text, author=author)


def visited(house: House, *posts: str, number: int = 1) -> Visited:
    page = "".join(f"<p>{text}</p>" for text in posts)
    return Visited(
        url=WALL,
        at=house.clock(),
        final_url=WALL,
        status=200,
        files=(
            EvidenceFile("page.png", "image/png", picture(64, 64, shade=number)),
            EvidenceFile("page.html", "text/html", f"<title>{number}</title>{page}".encode()),
        ),
        wall=WallRead(tuple(_read(text) for text in posts), house.clock(), starts=True, ends=True),
    )


def _read(text: str) -> ReadPost:
    if text == SECRET:
        return ReadPost(text, AUTHOR, permalink=LINK, post_id="secret-of-zenobie-Zénobie")
    return ReadPost(text, "Un autre", parent=LINK if text == THIRD else None)


def look(house: House, visit: Visited, *siblings: Sibling, crop: int | None = None) -> Look:
    observation = Observation(
        at=house.clock(),
        validity=Validity.VALID,
        sighting=Sighting.PRESENT,
        controls=Controls(known=6, found=6, before=3, after=3),
        siblings=list(siblings),
    )
    files = (
        ()
        if crop is None
        else (EvidenceFile("post.png", "image/png", picture(40, 30, shade=crop)),)
    )
    return Look(observation, files, visit=visit)


def keep(house: House, wall_id: str, looks: dict[str, Look]) -> None:
    """Records the looks of one visit, by watch."""
    visits = Visits(
        blobs=house.blobs, recorder=house.recorder, posts=house.wall_posts, software="tests"
    )
    entry = visits.entry(list(looks.values()), wall_id)
    for watch_id, made in looks.items():
        concluding_of(house).add_look(watch_id, made, entry)


def two_posts(house: House, client: TestClient) -> TwoPosts:
    """One capture of the secret post; three visits: one for both posts, one for the neighbour
    alone that shows the secret one, one after the secret one was gone."""
    captured: dict[str, Any] = send(client, secret_sample())
    erased = captured["watch_id"]
    view, _ = house.watching.start(OWNER, Target(url=WALL, text=NEIGHBOUR), actor="tok_test")
    kept, wall = view.watch.id, view.watch.wall_id
    both = visited(house, SECRET, NEIGHBOUR, THIRD, number=1)
    third = sibling(2, THIRD, "Un autre")
    keep(
        house,
        wall,
        {
            erased: look(house, both, sibling(1, NEIGHBOUR, "Voisin"), third, crop=11),
            kept: look(house, both, sibling(0, SECRET, AUTHOR), third, crop=12),
        },
    )
    alone = visited(house, SECRET, NEIGHBOUR, THIRD, number=2)
    keep(house, wall, {kept: look(house, alone, sibling(0, SECRET, AUTHOR), third, crop=13)})
    after = visited(house, NEIGHBOUR, THIRD, number=3)
    keep(house, wall, {kept: look(house, after, third, crop=14)})
    return TwoPosts(erased, kept, captured["id"])


__all__ = ["TEXT", "WALL"]
