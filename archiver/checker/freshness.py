"""Whether an answer is an old copy, and the addresses that caches do not know. Pure."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from archiver.checker.page_state import Finding, Response
from archiver.checker.page_times import newest
from archiver.checker.reading import Reading
from archiver.domain.observation import Reason

PARAMETER = "_"
"""A query parameter that scripts have long used to pass caches by; sites ignore it."""
CACHES = ("x-cache", "cf-cache-status", "x-cache-status", "x-proxy-cache", "x-drupal-cache")


def is_old(response: Response, reading: Reading, known: datetime | None) -> bool:
    """Whether a cache answers with an old copy: by its age, or because it says that it has a copy
    and a post that an earlier look saw is newer than all that it shows (`known`)."""
    return response.stale or (_from_cache(response.headers) and _older(reading, known))


def _from_cache(headers: Mapping[str, str]) -> bool:
    return any("hit" in headers.get(name, "").lower() for name in CACHES)


def _older(reading: Reading, known: datetime | None) -> bool:
    shown = newest(reading.posts)
    return known is not None and shown is not None and shown < known


def too_old(response: Response, reading: Reading, known: datetime | None) -> Finding | None:
    """What to say when no second look got past the cache."""
    if not is_old(response, reading, known):
        return None
    if response.stale:
        detail = f"A cache answers with a copy {response.age} seconds old and cannot be passed."
    else:
        detail = "A cache answers with a copy older than what was seen before."
    return Finding(Reason.STALE_CACHE, detail)


def unknown_to_caches(url: str, moment: datetime) -> str:
    """The same address with a parameter that no cache has seen."""
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query, keep_blank_values=True)]
    query.append((PARAMETER, str(int(moment.timestamp() * 1000))))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), parts.fragment))


def without_parameter(url: str, asked: str) -> str:
    """An address without that parameter, unless it was `asked` for with it."""
    if any(name == PARAMETER for name, _ in parse_qsl(urlsplit(asked).query)):
        return url
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    left = [pair for pair in pairs if pair[0] != PARAMETER]
    if left == pairs:
        return url
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(left), parts.fragment))
