"""Whether a page could be read at all, from what was seen of it. Pure.

Signs come from the mark-up, the status and the address, not from the words of one language. Some
signs decide alone (`blocked`); others are common on healthy pages too (a log-in box in a forum's
header), so they only explain why a look that did not succeed was invalid (`excuse`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from archiver.checker.reading import Reading
from archiver.domain.observation import Reason

FEW_WORDS = 2500
"""Characters of text: a challenge or log-in page has fewer, an article more."""
HARD = frozenset(
    {"cloudflare", "turnstile", "perimeterx", "datadome", "arkose", "aws", "incapsula", "sucuri"}
)
"""Challenges that guard a whole page; the others (captcha fields) also stand in comment forms."""
FRESH_SECONDS = 300
"""An answer that lay longer in a cache would blur the moment of a look."""
WALL_SHARE = 0.5
"""A layer over so much of the window keeps a person from reading."""
POOR = 0.45
"""Quality of a list below which its items may be anything."""

_LOGIN = re.compile(
    r"(?:^|[/_.-])(?:log-?in|sign-?in|wp-login|auth(?:enticate|orize)?|sso|connexion|anmelden|"
    r"acceso|accedi|checkpoint|accounts?/login|session/new|users/sign_in|registrat?ion)(?:$|[/_.?-])",
    re.IGNORECASE,
)
_CLOUDFLARE_STATUS = frozenset({403, 503})


@dataclass(frozen=True)
class Response:
    """How an address answered. `refused` and `unreachable` are what the checking proxy says."""

    status: int | None
    url: str
    refused: bool = False
    unreachable: bool = False
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def age(self) -> int:
        """Seconds that the answer lay in a cache (RFC 9111 section 5.1); 0 when not told."""
        said = self.headers.get("age", "0").strip()
        return int(said) if said.isdigit() else 0

    @property
    def stale(self) -> bool:
        """Whether the answer is too old to say what the wall shows now."""
        return self.age > FRESH_SECONDS


@dataclass(frozen=True)
class Finding:
    """A reason with a sentence for people. `retry_after` is the server's header of that name,
    `gate` the id of the gate that was found closed."""

    reason: Reason
    detail: str
    retry_after: str | None = None
    gate: str | None = None


def same_host(one: str, other: str) -> bool:
    """Whether two addresses are of one host (`www.` apart); compared whole, never in part."""
    first, second = (urlsplit(url).hostname or "" for url in (one, other))
    return first.removeprefix("www.") == second.removeprefix("www.")


def same_page(one: str, other: str) -> bool:
    """Whether two addresses are of one host and path."""
    paths = [urlsplit(url).path.rstrip("/") for url in (one, other)]
    return same_host(one, other) and paths[0] == paths[1]


def _by_network(response: Response) -> Finding | None:
    if response.refused:
        return Finding(Reason.NETWORK_ERROR, "The address leads to one that is never opened.")
    if response.unreachable or response.status is None:
        return Finding(Reason.NETWORK_ERROR, "The site could not be reached.")
    return None


def _by_status_early(response: Response) -> Finding | None:
    if response.status == 429:  # noqa: PLR2004 - HTTP statuses are read as such
        detail = "The site asked to slow down (status 429)."
        return Finding(Reason.RATE_LIMITED, detail, response.headers.get("retry-after"))
    if response.status == 451:  # noqa: PLR2004
        return Finding(Reason.GEO_BLOCKED, "Withheld for legal reasons here (status 451).")
    return None


def _by_challenge(response: Response, reading: Reading) -> Finding | None:
    page = reading.page
    mitigated = response.headers.get("cf-mitigated") == "challenge"
    hard = HARD.intersection(page.challenges)
    sparse = page.words < FEW_WORDS and not has_list(reading)
    refusing = (response.status or 200) >= 400  # noqa: PLR2004
    if mitigated or (hard and sparse) or (page.challenges and sparse and refusing):
        names = ", ".join(page.challenges) or "cloudflare"
        return Finding(Reason.CHALLENGE, f"The site wants proof of a human visitor ({names}).")
    if page.challenges and sparse and not page.passwords:
        return Finding(Reason.CHALLENGE, "The page shows a captcha instead of its posts.")
    if response.status in _CLOUDFLARE_STATUS and response.headers.get("server") == "cloudflare":
        return Finding(Reason.CHALLENGE, "The site's guard refused the visit.")
    return None


def has_list(reading: Reading) -> bool:
    """Whether the page holds what is plainly a list of posts."""
    return len(reading.posts) > 1 and reading.page.quality >= POOR


def _by_login(asked: str, response: Response, reading: Reading) -> Finding | None:
    page = reading.page
    if response.status == 401:  # noqa: PLR2004
        return Finding(Reason.LOGIN_WALL, "The site wants a log-in (status 401).")
    if reading.posts and page.quality >= POOR:
        return None
    landed = urlsplit(response.url)
    away = not same_page(asked, response.url)
    leads_to_login = _LOGIN.search(landed.path) is not None or (
        away and _LOGIN.match((landed.hostname or "").split(".")[0]) is not None
    )
    if away and (leads_to_login or page.passwords):
        return Finding(Reason.LOGIN_WALL, "The visit was sent to a log-in page.")
    if page.passwords:
        return Finding(Reason.LOGIN_WALL, "The page asks for a password instead of showing posts.")
    return None


def _by_status(response: Response) -> Finding | None:
    status = response.status or 0
    if status >= 500:  # noqa: PLR2004
        detail = f"The site failed (status {status})."
        return Finding(Reason.SERVER_ERROR, detail, response.headers.get("retry-after"))
    if status == 403:  # noqa: PLR2004
        return Finding(Reason.CHALLENGE, "The site refused the visit (status 403).")
    if status >= 400 and status not in (404, 410):  # noqa: PLR2004
        return Finding(Reason.SERVER_ERROR, f"The site refused the request (status {status}).")
    return None


def _by_layer(reading: Reading) -> Finding | None:
    layer = reading.page.layer
    if reading.page.consent_modal:
        return Finding(Reason.CONSENT_WALL, "A consent dialog without a refusal stands before it.")
    if layer is None or layer.share < WALL_SHARE:
        return None
    if layer.password:
        return Finding(Reason.LOGIN_WALL, "A log-in form covers the page.")
    if layer.consent:
        return Finding(Reason.CONSENT_WALL, "A consent dialog covers the page.")
    return None


@dataclass(frozen=True)
class PageGate:
    """One row: `closed` gives the reason why nothing on a page can be believed, or None. It is
    given the address that was asked for."""

    gate_id: str
    comment: str
    closed: Callable[[str, Response, Reading], Finding | None]


PAGE_GATES: tuple[PageGate, ...] = (
    PageGate("reached", "The site was reached.", lambda _, answer, __: _by_network(answer)),
    PageGate(
        "let_in",
        "The site neither asked to slow down nor withheld the page here.",
        lambda _, answer, __: _by_status_early(answer),
    ),
    PageGate(
        "no_challenge",
        "No proof of being human was asked for.",
        lambda _, answer, page: _by_challenge(answer, page),
    ),
    PageGate("no_login", "No log-in stands instead of the posts.", _by_login),
    PageGate(
        "no_error",
        "The server answered without an error.",
        lambda _, answer, __: _by_status(answer),
    ),
    PageGate(
        "uncovered",
        "Neither a log-in nor a consent dialog covers the page.",
        lambda _, __, page: _by_layer(page),
    ),
)


def blocked(asked: str, response: Response, reading: Reading) -> Finding | None:
    """The reason why nothing on this page can be believed, or None."""
    for gate in PAGE_GATES:
        finding = gate.closed(asked, response, reading)
        if finding is not None:
            return replace(finding, gate=gate.gate_id)
    return None


def page_facts(finding: Finding | None = None) -> list[str]:
    """The gates that a page passed, for the observation; the closed one with a `!`.

    A reason that no gate gave (a cache, a fault of ours) has no facts.
    """
    ids = [gate.gate_id for gate in PAGE_GATES]
    if finding is None:
        return ids
    if finding.gate is None:
        return []
    at = ids.index(finding.gate)
    return [*ids[:at], f"!{finding.gate}"]


def is_gone(response: Response) -> bool:
    """Whether the server itself says that there is no such page."""
    return response.status in (404, 410)


def _is_anonymous(reading: Reading) -> bool:
    """Whether hardly a post names its author: teasers of a front page rather than a wall."""
    named = sum(post.author is not None for post in reading.posts)
    return named * 4 < len(reading.posts)


def unsure(reading: Reading) -> Finding | None:
    """Why what a page shows is not its list of posts, for want of anything better; or None."""
    layer = reading.page.layer
    if has_list(reading):
        covered = reading.page.consent and layer is not None and layer.consent
        return excuse(reading) if covered and _is_anonymous(reading) else None
    return None if _is_single(reading) else excuse(reading)


def _is_single(reading: Reading) -> bool:
    """Whether the one post of a page is plainly a post."""
    if len(reading.posts) != 1:
        return False
    post = reading.posts[0]
    dated = post.shown_time or post.markup_time or reading.page.declared
    return bool(post.author and dated and post.text)


def excuse(reading: Reading) -> Finding | None:
    """What on this page may explain that the list was not shown in full, or None."""
    return _known_of_site(reading) or _by_structure(reading)


def _known_of_site(reading: Reading) -> Finding | None:
    adapter = reading.page.adapter
    if adapter is None or not adapter.obstacles:
        return None
    detail = f"The page shows what this site ({adapter.name}) puts before its posts."
    return Finding(Reason(adapter.obstacles[0]), detail)


def _by_structure(reading: Reading) -> Finding | None:
    page = reading.page
    layer = page.layer
    if page.passwords or (layer and layer.password):
        return Finding(Reason.LOGIN_WALL, "The page asks for a log-in before it shows more.")
    if page.challenges and not has_list(reading):
        return Finding(Reason.CHALLENGE, "The page asks for proof of a human visitor.")
    if page.consent and (page.locked or (layer and layer.consent) or not has_list(reading)):
        return Finding(Reason.CONSENT_WALL, "The page asks for consent before it shows more.")
    if page.missing and not has_list(reading):
        return Finding(Reason.NOT_RENDERED, "The page is marked as an error page: nothing is here.")
    if not reading.posts or not has_list(reading):
        return Finding(Reason.NOT_RENDERED, "The page shows no list of posts.")
    return None
