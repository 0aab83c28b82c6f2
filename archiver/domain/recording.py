"""What went over the wire during a visit, as the browser had it: the matter of a WACZ."""

from dataclasses import dataclass
from datetime import datetime

SECRETS = frozenset(
    {
        "authorization",
        "cookie",
        "cookie2",
        "proxy-authorization",
        "set-cookie",
        "set-cookie2",
    }
)
"""Headers that prove who somebody is; in lower case."""

Headers = tuple[tuple[str, str], ...]
"""Names and values in their order; a name may come again."""


@dataclass(frozen=True)
class Exchange:
    """One request of a page with its answer, if there was one.

    `at` is the moment of the request. `body` is decoded (no gzip, no chunks): the answer's headers
    are as sent, so that `Content-Encoding` may speak of what is not there any more. `cut` says why
    `body` is not whole, `failure` why there is no answer; both are None when all went well.
    `document` marks what a page itself was made of: the page's address is `url`. Headers that prove
    who somebody is (`SECRETS`) cannot be in here: they are dropped as it is made.
    """

    at: datetime
    method: str
    url: str
    request_headers: Headers = ()
    request_body: bytes = b""
    status: int | None = None
    reason: str = ""
    headers: Headers = ()
    body: bytes = b""
    cut: str | None = None
    failure: str | None = None
    document: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "request_headers", _without_secrets(self.request_headers))
        object.__setattr__(self, "headers", _without_secrets(self.headers))


def _without_secrets(headers: Headers) -> Headers:
    return tuple((name, value) for name, value in headers if name.strip().lower() not in SECRETS)


@dataclass(frozen=True)
class Recording:
    """All exchanges of one visit, in the order of their requests, and by which browser.

    `left_out` counts those above the limit of exchanges for one visit.
    """

    exchanges: tuple[Exchange, ...] = ()
    browser: str | None = None
    left_out: int = 0
