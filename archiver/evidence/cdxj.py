"""CDXJ: the index of a web archive, one line for each answer (specs.webrecorder.net/cdxj/0.1.0)."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus, urlencode, urlsplit

MAX_QUERY = 4096
_USUAL = {"http": 80, "https": 443}
_SLASHES = re.compile(r"/{2,}")
_WWW = re.compile(r"^www\d*\.")


def url_key(url: str) -> str:
    """A sortable form of an address: its host's labels from the right, then path and query, all in
    lower case and the query's parts in order (SURT)."""
    parts = urlsplit(url.lower())
    host = _WWW.sub("", parts.hostname or "")
    port = f":{parts.port}" if parts.port and parts.port != _USUAL.get(parts.scheme) else ""
    path = _SLASHES.sub("/", parts.path).rstrip("/") or "/"
    query = "&".join(sorted(parts.query.split("&"), key=_by_name)) if parts.query else ""
    return f"{','.join(reversed(host.split('.')))}{port}){path}{'?' if query else ''}{query}"


def _by_name(part: str) -> tuple[str, ...]:
    return part.partition("=")


def index_line(url: str, date: str, fields: dict[str, Any]) -> str:
    """One line with its line feed; `date` as in WARC-Date, of which the seconds are kept."""
    stamp = re.sub(r"\D", "", date)[:14]
    key = url_key(_asked_as(url, fields))
    return f"{key} {stamp} {json.dumps({'url': url, **fields}, ensure_ascii=True)}\n"


def body_as_query(content_type: str, body: bytes) -> str:
    """A request's body in the form of a query, by which its answer is found again
    (specs.webrecorder.net/request-body-canonicalization)."""
    kind = content_type.partition(";")[0].strip().lower()
    try:
        if kind == "application/x-www-form-urlencoded":
            return unquote_plus(body.decode("utf-8"))[:MAX_QUERY]
        if kind in ("application/json", "text/plain"):
            return urlencode(_flat(json.loads(body)))[:MAX_QUERY]
    except (ValueError, RecursionError):
        pass  # not what it says to be: taken as it is
    return f"__wb_post_data={base64.b64encode(body).decode()}"[:MAX_QUERY] if body else ""


def _asked_as(url: str, fields: dict[str, Any]) -> str:
    if "method" not in fields:
        return url
    query = f"__wb_method={fields['method']}"
    query += f"&{fields['requestBody']}" if fields.get("requestBody") else ""
    return f"{url}{'&' if '?' in url else '?'}{query}"


def _flat(value: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    seen: dict[str, int] = {}
    for name, leaf in _leaves(value, ""):
        seen[name] = seen.get(name, 0) + 1
        found[name if seen[name] == 1 else f"{name}.{seen[name]}_"] = str(leaf)
    return found


def _leaves(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, name)
    elif name:
        yield name, value
