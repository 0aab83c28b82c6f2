"""Which requests may leave while something is unfolded: looking changes nothing. Pure.

Sites load folded replies by POST too, so the method alone does not tell. What names an act (a vote,
a report, a GraphQL mutation) stays here, and so does whatever would lead away from the page.
"""

import re
from urllib.parse import urlsplit

_ACTS = re.compile(
    r"(?<![a-z])(?:up|down)?(?:vote|like|dislike|report|flag|delete|remove|trash|spam|ban|block|mute|"
    r"share|follow|subscribe|unsubscribe|bookmark|favou?rite|react|award|publish|submit|mutation|"
    r"logout|login|signup|register|newcomment|add_?comment|post_?comment)"
    r"(?![a-z])",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"([a-z])([A-Z])")
READING = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_BODY = 20_000


def may_leave(method: str, kind: str, url: str, body: str | None, *, leads_away: bool) -> bool:
    """Whether a request of the page may be sent. `kind` is the browser's word for what it loads;
    `leads_away`: the page itself would go to the address."""
    if leads_away or method.upper() in {"PUT", "PATCH", "DELETE"}:
        return False
    if method.upper() in READING:
        # old programs vote and report by GET too: the whole name of a step of the path tells
        steps = re.split(r"[/.]", urlsplit(url).path)
        return kind not in {"xhr", "fetch"} or not any(_ACTS.fullmatch(step) for step in steps)
    said = _CAMEL.sub(r"\1 \2", f"{url} {(body or '')[:MOST_BODY]}")
    return kind in {"xhr", "fetch"} and _ACTS.search(said) is None
