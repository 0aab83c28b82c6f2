"""What the pages of a watch show, gathered from the services."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from api.schemas_vantages import vantage_answers
from api.schemas_watches import notice_answer, observation_answer, watch_answer
from archiver.checker.rules import rule_table
from archiver.domain.digest import canonical_json, sha256_hex
from archiver.domain.observation import BY_THE_AUTHOR
from archiver.services.watching import WatchView
from archiver.wiring import House

LOOKS = 200
"""Looks on one page; the proof holds all of them."""


@dataclass(frozen=True)
class Picture:
    """A picture to show, with the moment it was made."""

    address: str
    at: Any


def shown_watch(view: WatchView) -> dict[str, Any]:
    """A watch for templates: as the API answers it, with its host."""
    answer = watch_answer(view).model_dump(mode="json")
    return {**answer, "host": urlsplit(answer["url"]).netloc}


def fired_rules(names: list[str]) -> list[Any]:
    """The table's rows of the rules that fired, in the order of the table."""
    return [row for row in rule_table() if row.rule_id in names]


def _picture(owner: dict[str, Any], names: tuple[str, ...], at: Any) -> Picture | None:
    there = {file["name"] for file in owner["files"]}
    name = next((name for name in names if name in there), None)
    return Picture(f"/evidence/{owner['id']}/{name}", at) if name else None


def _pages(look: dict[str, Any]) -> tuple[str, ...]:
    """The pictures of the page that shows the post or its place, the one to take first."""
    stem = look.get("page") or "page"
    return (f"{stem}.png", f"{stem}.jpg", "page.png", "page.jpg")


def _captured(captures: list[dict[str, Any]]) -> Picture | None:
    for capture in captures:
        for file in capture["files"]:
            if file["role"] == "screenshot":
                address = f"/evidence/{capture['id']}/{file['name']}"
                return Picture(address, capture["created_at"])
    return None


def _seen(looks: list[dict[str, Any]]) -> Picture | None:
    """The last look that saw the post, newest first in `looks`."""
    for look in looks:
        if look["sighting"] in {"present", "moved", "edited"}:
            picture = _picture(look, ("post.png", *_pages(look)), look["at"])
            if picture:
                return picture
    return None


def _captures(house: House, view: WatchView) -> list[dict[str, Any]]:
    found = []
    for capture_id in view.capture_ids:
        facts = house.receipts.facts(view.watch.workspace_id, capture_id)
        found.append(
            {
                **facts.row.model_dump(include={"id", "created_at", "grade", "completeness"}),
                "leaf_index": facts.row.leaf_index,
                "time": facts.time,
                "times": facts.times,
                "files": [file.model_dump() for file in facts.files],
            }
        )
    return found


def captures_seen(captures: list[dict[str, Any]]) -> list[list[str]]:
    """What may change of captures: who saw them, and who stamped them."""
    return [
        [capture["id"], capture["grade"], capture["time"], str(len(capture["times"].authorities))]
        for capture in captures
    ]


def _version(shown: list[Any]) -> str:
    return sha256_hex(canonical_json(shown))[:16]


def live_context(house: House, workspace_id: str, watch_id: str) -> dict[str, Any]:
    """The part of a watch's page that changes with each look.

    Raises:
        NotFound: no such watch in this workspace.
    """
    view = house.watching.show(workspace_id, watch_id)
    page = house.watching.looks(workspace_id, watch_id, offset=0, limit=LOOKS)
    looks = [observation_answer(seen).model_dump(mode="json", by_alias=True) for seen in page.items]
    captures = _captures(house, view)
    latest = next((look for look in looks if look["files"]), None)
    watch = shown_watch(view)
    around = house.wall_posts.around(workspace_id, watch_id)
    seen = vantage_answers(house.watching.vantages(workspace_id, watch_id))
    return {
        **{
            name: [one.model_dump(mode="json", by_alias=True) for one in seen[name]]
            for name in seen
        },
        "watch": watch,
        "version": _version([watch, page.total, captures_seen(captures), repr(around)]),
        "observations": looks,
        "total_looks": page.total,
        "looking": view.watch.next_check_reason == "asked for",
        "captures": captures,
        "before": _captured(captures) or _seen(looks),
        "after": _picture(latest, _pages(latest), latest["at"]) if latest else None,
        "rules": fired_rules(view.verdict.rules),
        "around": around,
    }


def watch_context(house: House, workspace_id: str, watch_id: str) -> dict[str, Any]:
    """Everything on a watch's page.

    Raises:
        NotFound: no such watch in this workspace.
    """
    notices = house.noticing.notices(workspace_id, watch_id)
    by_people = [row for row in notices if row.body["notice"] in BY_THE_AUTHOR]
    taken_back = {row.body["retracts"]: row.at for row in notices if row.body.get("retracts")}
    pictures = house.noticing.pictures(by_people)
    watch = house.watching.show(workspace_id, watch_id).watch
    wall = house.watching.wall(workspace_id, watch.wall_id)
    return {
        **live_context(house, workspace_id, watch_id),
        "budget": house.budgets.show([wall])[wall.id],
        "notices": [
            {
                **notice_answer(row, pictures[row.id]).model_dump(mode="json"),
                "taken_back": taken_back.get(row.body["at"]),
            }
            for row in by_people
        ],
        "kept": {"days": house.retention.days, "until": house.retention.kept_until(watch)},
    }
