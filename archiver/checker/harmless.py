"""Which requests may leave while something is clicked: looking changes nothing. Pure.

Sites load folded replies by POST too, so the method alone does not tell. What names an act (a vote,
a report, a GraphQL mutation) stays here, and so does whatever would lead away from the page.
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

_ACTS = re.compile(
    r"(?<![a-z])(?:(?:up|down|un)?(?:vote|like|follow|flag|block|mute|ban|share|favou?rite|bookmark)|"
    r"dislike|report|delete|remove|trash|spam|subscribe|unsubscribe|retweet|repost|reblog|"
    r"react|award|publish|submit|mutation|logout|login|signup|register|"
    r"(?:new|add|post|create|send|edit|save)[ _-]?comment|"
    r"(?:add|post|create|send|edit|save)[ _-]?(?:reply|message|review|answer))"
    r"(?![a-z])",
    re.IGNORECASE,
)
_DOES = r"(?:send|save|edit|create|rate|hide|approve|pin|unpin|invite|upload|donate|checkout|buy)"
"""Verbs that are fields and filters too (`rate=5`, `hide=seen`): only where an act is named."""
_NAMED_ACT = re.compile(
    rf"/{_DOES}(?=[\s/.?]|$)|"
    rf"(?<![a-z])(?:operation[ _]?name|friendly_name|action|act|do|op|cmd|task|func|event)"
    rf"[\"\s]*[=:][\"\s]*{_DOES}(?![a-z])",
    re.IGNORECASE,
)
_OTHER_METHOD = re.compile(
    r"(?<![a-z])_method[\"\s]*[=:][\"\s]*(?:put|patch)(?![a-z])", re.IGNORECASE
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
CHANGING = frozenset({"PUT", "PATCH", "DELETE"})
READING = frozenset({"GET", "HEAD", "OPTIONS"})
UNHEARD = frozenset({"ping", "image", "media", "font", "stylesheet", "texttrack"})
"""Kinds that no list of posts comes by: one that is held back leaves nothing unread."""
MOST_BODY = 20_000
_OVERRIDES = ("x-http-method-override", "x-http-method", "x-method-override")


def may_leave(
    method: str, kind: str, url: str, body: str | None, *, leads_away: bool, asking: bool = False
) -> bool:
    """Whether a request of the page may be sent. `kind` is the browser's word for what it loads;
    `leads_away`: the page itself would go to the address; `asking`: what was clicked is not known
    by its label, so that a POST must say by its names that it asks for something."""
    if leads_away or method.upper() in CHANGING:
        return False
    if method.upper() in READING:
        return not _acts_by_get(kind, url)
    if kind not in {"xhr", "fetch"}:
        return False
    said = _CAMEL.sub(r"\1 \2", _TOLD.sub(" ", f"{_named(url)} {(body or '')[:MOST_BODY]}"))
    if any(names.search(said) for names in (_ACTS, _NAMED_ACT, _OTHER_METHOD)):
        return False
    return not asking or _ASKS.search(said) is not None


def meant_method(method: str, headers: Mapping[str, str]) -> str:
    """The method that a server will act on: a POST may say by a header that it is a DELETE.

    `headers` have names in lower case. A header only takes away here: one that makes a POST a GET
    is not believed.
    """
    told = {headers.get(name, "").strip().upper() for name in _OVERRIDES}
    return next(iter(sorted(told & CHANGING)), method)


def _named(url: str) -> str:
    """Path and query of an address: a host's name (`share.example`) says nothing of the request."""
    parts = urlsplit(url)
    return f"{parts.path} {parts.query}"


def _acts_by_get(kind: str, url: str) -> bool:
    """Old programs vote and report by GET too, some by a picture's address: a whole name tells."""
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if _ACTS.fullmatch(name) or (_VERB_FIELD.match(name) and _is_act(value)):
            return True
    if kind not in {"xhr", "fetch", "image"}:
        return False
    steps = parts.path.split("/")
    named = steps[-1:] if kind == "image" else [part for step in steps for part in step.split(".")]
    return any(_ACTS.fullmatch(step) for step in named)


def _is_act(value: str) -> bool:
    return bool(_ACTS.fullmatch(value) or re.fullmatch(_DOES, value, re.IGNORECASE))
