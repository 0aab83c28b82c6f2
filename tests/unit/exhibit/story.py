"""The shoes, as facts of an exhibit, and a signer with an authority of its own."""

import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from archiver.evidence.authority import LocalAuthority
from archiver.evidence.exhibit import ExhibitSigner
from archiver.evidence.exhibit.facts import (
    CaptureFacts,
    CheckpointFacts,
    EventFacts,
    ExhibitFacts,
    LookFacts,
    NoticeFacts,
    PictureFacts,
    PostFacts,
    PracticeFacts,
    ProofFacts,
    RecordFacts,
    RepeatFacts,
    RootFacts,
    StampFacts,
    VerdictFacts,
    WindowFacts,
)

POSTED = datetime(2026, 3, 1, 20, 12, 5, tzinfo=UTC)
MADE = POSTED + timedelta(days=3)
WALL = "https://wall.example/shoes?page=1"
TEXT = "Deux semelles trouées en huit mois.\nPersonne ne répond."
HASHES = ("11" * 32, "22" * 32, "33" * 32)
SALT = bytes(range(16))


def minutes(number: float) -> datetime:
    return POSTED + timedelta(minutes=number)


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    """Lines of small blocks with white gaps between them, as text has."""
    image = Image.new("RGB", (width, height), "white")
    for top in range(10, height - 20, 30):
        for left in range(20, width - 20, 12):
            image.paste((40, 60, 80 + top % 100), (left, top, left + 7, top + 16))
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


LOOKS = (
    LookFacts(301, minutes(1), sighting="present", known=8, found=8, status=200),
    LookFacts(302, minutes(10), sighting="present", known=8, found=7, status=200),
    LookFacts(303, minutes(15), reason="login_wall", status=403, detail="a form with a password"),
    LookFacts(304, minutes(20), sighting="absent", known=8, found=8, status=200),
    LookFacts(305, minutes(25), vantage="author", sighting="absent", known=8, found=8),
    LookFacts(306, minutes(200), reason="network_error"),
)
PICTURES = (
    PictureFacts(
        "post", picture(400, 200), 300, "cap_0123456789abcdef", minutes(0), WALL,
        "screenshot/TILES.sha256", HASHES[0],
    ),
    PictureFacts(
        "page", picture(1440, 3400), 302, "vis_0123456789abcdef", minutes(10), WALL,
        "page/TILES.sha256", HASHES[1],
    ),
    PictureFacts(
        "page", picture(800, 600, "JPEG"), 304, "vis_fedcba9876543210", minutes(20), WALL,
        "page/TILES.sha256", HASHES[2],
    ),
)  # fmt: skip


def proof() -> ProofFacts:
    kinds = {300: "capture", 301: "observation", 304: "observation", 307: "verdict"}
    records = tuple(
        RecordFacts(leaf, kind, f"{leaf:064x}", minutes(leaf - 300), minutes(leaf - 300 + 0.05))
        for leaf, kind in kinds.items()
    )
    unstamped = RecordFacts(308, "notice", f"{308:064x}", minutes(300))
    stamps = (
        StampFacts(
            "statement", 300, minutes(0.1), "https://tsa.example", "CN=TSA", "1.2.3", "77",
            qualified=True,
        ),
        StampFacts("checkpoint", 300, minutes(0.1), "local", "CN=own", "2.25.1", "78", True),
    )  # fmt: skip
    return ProofFacts(
        main=300,
        log_key="wall.example/log/00+0badcafe+AQID",
        log_key_sha256="ab" * 32,
        checkpoint=CheckpointFacts("wall.example/log/00", 309, "cm9vdA==", ("witness.example",)),
        records=(*records, unstamped),
        stamps=stamps,
        roots=(RootFacts("CN=Root of time", "cd" * 32),),
        wacz=True,
    )


def facts(**changes: Any) -> ExhibitFacts:
    given: dict[str, Any] = {
        "lang": "en",
        "made_at": MADE,
        "source": "https://rature.example",
        "watch_id": "wat_0123456789abcdef",
        "grade": "user+witness",
        "post": PostFacts(
            TEXT, "Jean Dupont", WALL, permalink=f"{WALL}&post=7", shown_time="3 min"
        ),
        "proof": proof(),
        "verdict": VerdictFacts(
            "removed", minutes(200), "1", level="suspected", silent=True, actor="unknown",
            windows=(WindowFacts(minutes(20), minutes(10)),), rules=("removed_suspected", "silent"),
            reason="network_error", unresolved=1, basis=6, leaf=307,
        ),
        "captures": (
            CaptureFacts(
                "cap_0123456789abcdef", 300, minutes(-1), minutes(0), minutes(0.05), "PARTIAL",
                ("snapshot",), "user+witness", "marie", True,
            ),
        ),
        "looks": LOOKS,
        "notices": (NoticeFacts(308, minutes(300), "reasons_given", "House rule 4."),),
        "events": (EventFacts(minutes(1), "custody", "received", actor="tok_1"),),
        "repeats": (RepeatFacts("wat_fedcba9876543210", minutes(3000), "visible"),),
        "pictures": PICTURES,
        "practice": PracticeFacts(
            {"address_typed": WALL, "browser": "Chromium 156", "profile": "live",
             "clock_offset": "+120 ms"},
            frozenset({"contributor"}),
        ),
    }  # fmt: skip
    return ExhibitFacts(**(given | changes))


def authority(folder: Path) -> LocalAuthority:
    return LocalAuthority.open(folder, lambda: MADE, os.urandom)


def signer(folder: Path, stamps: LocalAuthority) -> ExhibitSigner:
    return ExhibitSigner.open(
        folder, "https://rature.example", lambda: MADE, os.urandom, stamps.stamp, [stamps.root]
    )
