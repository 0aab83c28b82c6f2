"""The checklist of what practice expects of a capture, filled in from the main record.

What is not known stays out and is listed as missing; what is withheld is said to be withheld.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from archiver.evidence.exhibit.facts import PracticeFacts
from archiver.evidence.statement_text import parse_statement
from archiver.services.exhibit_said import Said
from archiver.store.tables import Capture

FIELDS = {
    "address_typed": "url",
    "address_canonical": "canonical_url",
    "address_final": "final_url",
    "path_followed": "path_followed",
    "post_author": "author",
    "time_shown": "shown_time",
    "time_in_markup": "markup_time",
    "contributor": "contributor",
    "conversions": "transformations",
}
"""Fields of the checklist that are fields of a capture."""
ENVIRONMENT = {
    "os": "os",
    "browser": "browser",
    "user_agent": "user_agent",
    "extension_version": "extension_version",
    "device_pixel_ratio": "device_pixel_ratio",
    "locale": "locale",
    "time_zone": "time_zone",
    "profile": "profile",
    "logged_in": "logged_in",
    "software": "software_commit",
    "options": "options",
}
FILES = {
    "page_html": "snapshot.html",
    "page_picture": "context_screenshot/TILES.sha256",
    "post_picture": "screenshot/TILES.sha256",
}


def practice_facts(
    main: Said, capture: Capture | None, said: Sequence[Said], software: str
) -> PracticeFacts:
    """The values of the checklist; none of a capture where nobody made one."""
    values = dict(_of_service(main, capture, said, software))
    withheld: set[str] = set()
    if main.entry.kind == "capture":
        values |= dict(_of_capture(main))
        withheld = {name for name, field in FIELDS.items() if field in main.withheld}
        if "environment" in main.withheld:
            withheld |= set(ENVIRONMENT) - values.keys() | {"viewport"}
    return PracticeFacts(values, frozenset(withheld))


def _of_service(
    main: Said, capture: Capture | None, said: Sequence[Said], software: str
) -> Iterator[tuple[str, str]]:
    """What this service knows of its own doing."""
    yield "checking_proxy", "a proxy of the service on its own machine checks every address"
    yield "hashes_compared", "SHA-256 of each file, in the browser and on arrival"
    yield "software", software
    yield "time_stamps", "RFC 3161"
    yield "custody", f"{sum(record.entry.kind == 'custody' for record in said)}"
    if capture is not None:
        yield "received_at", str(main.content["received_at"])
        yield "second_witness", capture.grade
        if capture.signature:
            yield "signature", "Ed25519"


def _of_capture(main: Said) -> Iterator[tuple[str, str]]:
    captured: dict[str, Any] = main.content["captured"]
    yield "captured_from", captured["started_at"]
    yield "captured_to", captured["finished_at"]
    if captured.get("clock_offset_ms") is not None:
        yield "clock_offset", f"{captured['clock_offset_ms']} ms"
    if captured.get("status") is not None:
        yield "http_status", str(captured["status"])
    for name, field in FIELDS.items():
        if text := main.text(field):
            yield name, text
    yield from _of_environment(main.fields.get("environment") or {})
    listed = parse_statement(main.entry.statement)
    for name, path in FILES.items():
        if path in listed:
            yield name, path
    attachments = sum(path.startswith("attachments/") for path in listed)
    if attachments:
        yield "attachments", str(attachments)


def _of_environment(environment: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, key in ENVIRONMENT.items():
        if environment.get(key) not in (None, "", {}):
            yield name, _plain(environment[key])
    if environment.get("viewport_width") and environment.get("viewport_height"):
        yield "viewport", f"{environment['viewport_width']} x {environment['viewport_height']}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name}: {said}" for name, said in value.items())
    return str(value)
