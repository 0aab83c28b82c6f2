"""Fields of a sample of posts, as salted hashes: enough to compare, nothing to read.

`selectors.json` says by hand, page by page, where a person finds author, words, time, address and
id in the mark-up; `python -m tests.real_pages.make` takes them from there with plain selectors (not
with the reader) and writes `expected.jsonl`.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILES = Path(__file__).parents[1] / "fixtures" / "pages"
SALT = "saved pages of real sites"
FIELDS = ("author", "text", "time", "permalink", "id")
_ENDINGS = (r"\d{4,}$", r"[0-9A-Za-z]+$")


@dataclass(frozen=True)
class Expected:
    """One post: its page, and a hash of each field that the page has."""

    page: str
    fields: dict[str, str]


def load() -> list[Expected]:
    """The expectations, in their file's order."""
    lines = (FILES / "expected.jsonl").read_text("utf-8").splitlines()
    return [Expected(raw.pop("page"), raw) for raw in map(json.loads, lines)]


def selectors() -> dict[str, dict[str, Any]]:
    """Where each page's fields stand, by the page's path."""
    found: dict[str, dict[str, Any]] = json.loads((FILES / "selectors.json").read_text("utf-8"))
    return found


def digest(field: str, value: str | None) -> str | None:
    """The hash of a value without white space; of an id only its last word counts."""
    if not value:
        return None
    bare = re.sub(r"\s+", "", value)
    if field == "id":
        endings = (re.search(pattern, bare) for pattern in _ENDINGS)
        bare = next((ending.group() for ending in endings if ending), bare)
    return hashlib.sha256(f"{SALT}|{field}|{bare}".encode()).hexdigest()[:20]


def digests_of(post: dict[str, Any]) -> dict[str, set[str | None]]:
    """The hashes under which each field of a post as read may stand."""
    values = {field: [post[field]] for field in FIELDS}
    values["time"].append(post["shown_time"])
    return {field: {digest(field, value) for value in given} for field, given in values.items()}


def wrong_fields(expected: Expected, posts: list[dict[str, set[str | None]]]) -> list[str]:
    """The fields that differ in the post that fits best; all when no post is near."""

    def missed(post: dict[str, set[str | None]]) -> list[str]:
        return [name for name, value in expected.fields.items() if value not in post[name]]

    return min((missed(post) for post in posts), key=len, default=list(expected.fields))
