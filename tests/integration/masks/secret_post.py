"""A post with something secret in every place where anything can be, and all that must not leak."""

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo
from sqlmodel import select

from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.instant import Clock
from archiver.domain.look import DIRECTLY, Look, Visited, Way
from archiver.domain.observation import Controls, Observation, Sibling, Sighting, Validity
from archiver.domain.post import Target
from archiver.domain.recording import Exchange, Recording
from archiver.evidence.layout import CONTENT_FILES
from archiver.evidence.picture import open_picture
from archiver.evidence.picture_tiles import tile_salt
from archiver.store.tables import Capture, LogEntry, StoredFile
from archiver.wiring import House
from tests.integration.captures.sample import Part, Sample
from tests.integration.masks.forms import (
    Needle,
    of_bytes,
    of_digests,
    of_likeness,
    of_region,
    of_text,
)
from tests.integration.masks.leaks import Likeness, Searcher

SIZE = (320, 224)
REGION = (40, 40, 130, 90)
"""What is secret in the pictures that are shown; it touches 2 rows of 4 tiles."""
HIDDEN = [row * 10 + column for row in (1, 2) for column in (1, 2, 3, 4)]
WHOLE = (0, 0, *SIZE)
SHOWN = frozenset({"cap post.png", "vis page.jpg"})
"""Pictures that are shown but for the region; the others are not shown at all."""


@dataclass
class Secrets:
    """Gives out secrets and remembers them."""

    texts: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Characters that every escape writes differently; of a length by which files differ."""
        self.texts[name] = f"Geh<{name}>&imé/{len(self.texts)}+'ß"
        return self.texts[name]

    def address(self, name: str) -> str:
        self.texts[name] = f"https://wall.example/geheim-{name.replace(' ', '-')}"
        return self.texts[name]


def drawn(seed: int) -> Image.Image:
    """Coloured blocks, with two large fields where the secret is: seen at any size."""
    dice = random.Random(seed)
    picture = Image.new("RGB", SIZE)
    pen = ImageDraw.Draw(picture)
    for x in range(0, SIZE[0], 16):
        for y in range(0, SIZE[1], 16):
            pen.rectangle((x, y, x + 15, y + 15), fill=tuple(dice.randbytes(3)))
    left, top, right, bottom = REGION
    middle = (left + right) // 2
    pen.rectangle((left, top, middle - 1, bottom - 1), fill=(250, seed, 20))
    pen.rectangle((middle, top, right - 1, bottom - 1), fill=(20, 250, seed))
    return picture


def png(picture: Image.Image, comment: str) -> bytes:
    """With the comment in every kind of metadata."""
    told = PngInfo()
    told.add_text("Comment", comment)
    # Its size is then no number that is there by chance.
    told.add_text("Padding", "".join(f"<{number}>" for number in range(3000)))
    told.add_text("Description", comment, zip=True)
    told.add_itxt("XML:com.adobe.xmp", f"<x>{comment}</x>", zip=True)
    exif = Image.Exif()
    exif[270] = comment
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", pnginfo=told, exif=exif)
    return buffer.getvalue()


def jpeg(picture: Image.Image, comment: str) -> bytes:
    exif = Image.Exif()
    exif[270] = comment
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=95, exif=exif, comment=comment.encode())
    return buffer.getvalue()


def page(secret: str) -> bytes:
    return f"<!doctype html><p>{secret}</p>{'<!-- padding -->' * 700}".encode()


@dataclass
class SecretLooker:
    """One look with secrets in all of its fields and files."""

    clock: Clock
    secrets: Secrets

    async def visit(
        self,
        url: str,
        targets: Sequence[Target],
        histories: Sequence[Sequence[Observation]],
        way: Way = DIRECTLY,
    ) -> list[Look]:
        text, at = self.secrets.text, self.clock()
        exchange = Exchange(
            at=at,
            method="GET",
            url=url,
            status=200,
            request_headers=(("X-Note", text("request header")),),
            headers=(("Content-Type", "text/html"), ("X-Note", text("answer header"))),
            body=page(text("recorded body")),
            document=True,
        )
        visited = Visited(
            url=url,
            at=at,
            final_url=self.secrets.address("final address"),
            status=200,
            files=(
                EvidenceFile("page.jpg", "image/jpeg", jpeg(drawn(3), text("JPEG metadata"))),
                EvidenceFile("page.html", "text/html", page(text("page source"))),
            ),
            recording=Recording((exchange,), "Chromium 156"),
        )
        return [self._look(visited) for _ in targets]

    def _look(self, visited: Visited) -> Look:
        text = self.secrets.text
        observation = Observation(
            at=visited.at,
            validity=Validity.VALID,
            sighting=Sighting.PRESENT,
            controls=Controls(known=6, found=6, before=3, after=3),
            final_url=visited.final_url,
            detail=text("detail"),
            seen=Sibling(position=1, author=text("seen author"), text=text("seen text")),
            siblings=[Sibling(position=2, author=text("neighbour"), text=text("neighbour's text"))],
            skeleton={"shape": text("skeleton")},
        )
        cut = EvidenceFile("post.png", "image/png", png(drawn(4), text("metadata of the cut")))
        return Look(observation, (cut,), visit=visited)


def sample(secrets: Secrets) -> Sample:
    """A capture with secrets in all of its fields and files, but for the time as shown."""
    text, address = secrets.text, secrets.address
    files = [
        Part("screenshot", "post.png", "image/png", png(drawn(1), text("PNG metadata"))),
        Part("context_screenshot", "around.png", "image/png", png(drawn(2), text("XMP around"))),
        Part("snapshot", "page.html", "text/html", page(text("snapshot"))),
        Part("attachment", "geheim-brief.png", "image/png", png(drawn(5), text("letter"))),
        Part("attachment", "geheim-mail.txt", "text/plain", page(text("mail"))),
    ]
    secrets.texts |= {"name of a file": "geheim-brief", "name of another": "geheim-mail"}
    changes: dict[str, Any] = {
        "page": {
            "url": address("page"),
            "canonical_url": address("canonical"),
            "final_url": address("final"),
            "status": 200,
            "title": text("title"),
            "path_followed": [address("path")],
        },
        "post": {
            "text": text("text"),
            "author": text("author"),
            "author_id": text("author id"),
            "post_id": text("post id"),
            "parent_id": text("parent id"),
            "parent_url": address("parent"),
            "permalink": address("permalink"),
            "markup_time": text("time in markup"),
            "shown_time": "hier, 20:15",
        },
        "environment": {"browser": text("browser"), "user_agent": text("user agent")},
        "contributor": text("contributor"),
        "notes": text("notes"),
        "transformations": [
            {"name": "crop", "output_sha256": "5e" * 32, "detail": text("transformation")}
        ],
    }
    return Sample(files=files, changes=changes)


def searcher(house: House, secrets: Secrets, plan: dict[str, Any]) -> Searcher:
    """A searcher for all that this plan does not show."""
    with house.database.reading() as session:
        entries = list(session.exec(select(LogEntry)))
        stored = list(session.exec(select(StoredFile)))
        captures = list(session.exec(select(Capture)))
    needles = [needle for name, secret in secrets.texts.items() for needle in of_text(name, secret)]
    for capture in captures:
        needles += of_digests("manifest", capture.manifest)
    for row in stored:
        data = house.blobs.get(row.sha256)
        needles += of_digests(f"file {row.name}", data)
        needles.append((f"file {row.name}, from its middle", data[len(data) // 2 :][:64]))
    needles += _salts(entries, plan)
    pictures = {
        f"{row.owner_id[:3]} {row.name}": row
        for row in stored
        if row.media_type.startswith("image/")
    }
    likenesses = []
    for name, row in pictures.items():
        box = REGION if name in SHOWN else WHOLE
        picture = open_picture(house.blobs.get(row.sha256))
        needles += of_region(name, picture, REGION)
        needles += of_likeness(name, picture)
        likenesses.append(Likeness(name, picture, box))
    sizes = {f"size of {row.name}": row.size for row in stored}
    return Searcher(needles, sizes, likenesses)


def _salts(entries: list[LogEntry], plan: dict[str, Any]) -> Iterator[Needle]:
    """Salts of what is hidden: with them hidden words and tiles could be guessed."""
    for entry in entries:
        for path, salt in entry.salts.items():
            key = f"{entry.leaf_index}/{path}"
            if not salt or path in CONTENT_FILES or key in plan["show"]:
                continue
            yield from of_bytes(f"salt of {key}", bytes.fromhex(salt))
            for number in HIDDEN if "/original." in path else ():
                tile = tile_salt(bytes.fromhex(salt), number)
                yield from of_bytes(f"salt of tile {number} of {key}", tile)
