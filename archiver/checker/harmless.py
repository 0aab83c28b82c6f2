"""Which requests may leave while something is clicked: looking changes nothing. Pure.

Sites load folded replies by POST too, so the method alone does not tell. What names an act (a vote,
a report, a GraphQL mutation) stays here, and so does whatever would lead away from the page.
"""

import re
from urllib.parse import parse_qsl, urlsplit

_ACTS = re.compile(
    r"(?<![a-z])(?:up|down)?(?:vote|like|dislike|report|flag|delete|remove|trash|spam|ban|block|mute|"
    r"share|follow|subscribe|unsubscribe|bookmark|favou?rite|react|award|publish|submit|mutation|"
    r"logout|login|signup|register|newcomment|add_?comment|post_?comment)"
    r"(?![a-z])",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"([a-z])([A-Z])")
_TOLD = re.compile(r"[A-Za-z_]*(?:Count|Total|_count|_total)s?(?![A-Za-z])")
"""Fields that a question asks for (`likeCount`): nothing is done to them."""
_VERB_FIELD = re.compile(r"^(?:action|act|do|op|cmd|task|mode|method|func|event)$", re.IGNORECASE)
_ASKS = re.compile(
    r"(?<![a-z])(?:load|more|page|offset|cursor|after|before|next|continuation|list|get|fetch|"
    r"query|search|limit|show|sort|order|infinite|scroll|children|replies)",
    re.IGNORECASE,
)
READING = frozenset({"GET", "HEAD", "OPTIONS"})
UNHEARD = frozenset({"ping", "image", "media", "font", "stylesheet", "texttrack"})
"""Kinds that no list of posts comes by: one that is held back leaves nothing unread."""
MOST_BODY = 20_000


def may_leave(
    method: str, kind: str, url: str, body: str | None, *, leads_away: bool, asking: bool = False
) -> bool:
    """Whether a request of the page may be sent. `kind` is the browser's word for what it loads;
    `leads_away`: the page itself would go to the address; `asking`: what was clicked is not known
    by its label, so that a POST must say by its names that it asks for something."""
    if leads_away or method.upper() in {"PUT", "PATCH", "DELETE"}:
        return False
    if method.upper() in READING:
        return not _acts_by_get(kind, url)
    if kind not in {"xhr", "fetch"}:
        return False
    said = _CAMEL.sub(r"\1 \2", _TOLD.sub(" ", f"{_named(url)} {(body or '')[:MOST_BODY]}"))
    return _ACTS.search(said) is None and (not asking or _ASKS.search(said) is not None)


def _named(url: str) -> str:
    """Path and query of an address: a host's name (`share.example`) says nothing of the request."""
    parts = urlsplit(url)
    return f"{parts.path} {parts.query}"


def _acts_by_get(kind: str, url: str) -> bool:
    """Old programs vote and report by GET too, some by a picture's address: a whole name tells."""
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if _ACTS.fullmatch(name) or (_VERB_FIELD.match(name) and _ACTS.fullmatch(value)):
            return True
    if kind not in {"xhr", "fetch", "image"}:
        return False
    steps = parts.path.split("/")
    named = steps[-1:] if kind == "image" else [part for step in steps for part in step.split(".")]
    return any(_ACTS.fullmatch(step) for step in named)
