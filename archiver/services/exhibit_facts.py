"""The facts of an exhibit, from the records of its bundle."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from archiver.domain.instant import parse
from archiver.domain.observation import Notice
from archiver.evidence.exhibit.facts import (
    CaptureFacts,
    EventFacts,
    LookFacts,
    NoticeFacts,
    PostFacts,
    VerdictFacts,
    WindowFacts,
)
from archiver.services.exhibit_said import Said
from archiver.store.tables import Capture, Watch

POST_FIELDS = ("text", "author", "author_id", "post_id", "permalink", "shown_time")


def post_facts(main: Said, watch: Watch, *, masked: bool) -> PostFacts:
    """The post by its capture; where nobody captured it, as somebody asked for it to be watched,
    which is withheld in a masked bundle."""
    if main.entry.kind == "capture":
        told = {name: main.text(name) for name in POST_FIELDS}
        site = main.content["captured"].get("site") or ""
        return PostFacts(
            **told, address=main.text("url"), parent=main.text("parent_url"), site=site
        )
    asked: dict[str, str | None] = {
        "text": watch.text,
        "author": watch.author or "",
        "address": watch.url,
        "post_id": watch.post_id or "",
        "permalink": watch.permalink or "",
        "parent": watch.parent or "",
    }
    if masked:
        asked = {name: None if value else "" for name, value in asked.items()}
    return PostFacts(**asked)


def verdict_facts(said: Sequence[Said]) -> VerdictFacts | None:
    """The verdict that was logged last."""
    verdicts = [record for record in said if record.entry.kind == "verdict"]
    if not verdicts:
        return None
    last = verdicts[-1]
    content = last.content
    return VerdictFacts(
        state=content["state"],
        at=last.at,
        rules_version=content["rules_version"],
        level=content.get("level"),
        silent=bool(content.get("silent")),
        actor=content.get("actor"),
        windows=tuple(_window(window) for window in content.get("windows", [])),
        rules=tuple(content.get("rules", [])),
        reason=content.get("reason"),
        unresolved=content.get("unresolved", 0),
        basis=len(content.get("basis", [])),
        leaf=last.leaf,
    )


def _window(window: dict[str, Any]) -> WindowFacts:
    return WindowFacts(
        first_missing=parse(window["first_missing"]),
        last_seen=_moment(window.get("last_seen")),
        seen_again=_moment(window.get("seen_again")),
    )


def _moment(text: str | None) -> datetime | None:
    return parse(text) if text else None


def capture_facts(said: Sequence[Said], captures: dict[str, Capture]) -> Iterator[CaptureFacts]:
    """Every capture of the post."""
    for record in said:
        if record.entry.kind != "capture":
            continue
        captured, row = record.content["captured"], captures[record.entry.subject_id]
        yield CaptureFacts(
            id=row.id,
            leaf=record.leaf,
            started_at=parse(captured["started_at"]),
            finished_at=parse(captured["finished_at"]),
            received_at=record.at,
            completeness=captured["completeness"],
            missing=tuple(captured.get("missing", [])),
            grade=row.grade,
            contributor=record.text("contributor"),
            signed=bool(row.signature),
        )


def look_facts(said: Sequence[Said]) -> Iterator[LookFacts]:
    """Every look, failed ones too."""
    for record in said:
        if record.entry.kind != "observation":
            continue
        content = record.content
        vantage, controls = content["vantage"], content["controls"]
        yield LookFacts(
            leaf=record.leaf,
            at=record.at,
            vantage=vantage["class"],
            path=vantage["id"],
            sighting=content.get("sighting"),
            reason=content.get("reason"),
            actor=content.get("actor"),
            known=controls["known"],
            found=controls["found"],
            status=content.get("status"),
            via=content.get("via", "browser"),
            address=record.text("final_url"),
            detail=record.text("detail"),
        )


def notice_facts(said: Sequence[Said]) -> Iterator[NoticeFacts]:
    """Every notice."""
    for record in said:
        if record.entry.kind == "notice":
            notice = Notice.model_validate(record.content)
            words = record.text("text")
            yield NoticeFacts(record.leaf, record.at, notice.notice, words, notice.retracts)


def event_facts(said: Sequence[Said]) -> Iterator[EventFacts]:
    """Custody events, verdicts, erasures and visits, in the log's order."""
    for record in said:
        kind, content = record.entry.kind, record.content
        if kind not in {"custody", "verdict", "erasure", "visit"}:
            continue
        name = {"custody": "event", "verdict": "state", "erasure": "reason"}.get(kind, "")
        yield EventFacts(
            at=record.at,
            kind=kind,
            name=str(content.get(name, "")),
            text=str(content.get("detail", "")) if kind == "custody" else "",
            actor=str(content.get("actor", "")) if kind != "verdict" else "",
            leaf=record.leaf,
        )
