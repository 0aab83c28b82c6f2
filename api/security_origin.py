"""Refuses requests under foreign names (DNS rebinding) and from other sites' pages.

Browsers say where a request comes from by `Origin` (Fetch standard) and `Sec-Fetch-Site` (W3C Fetch
Metadata); a page can forge neither. A caller that sends none of them is no browser, and has
nobody's cookies.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import problem

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
EXTENSION_SCHEMES = ("chrome-extension://", "moz-extension://")
PAIRING = frozenset({"/api/v1/device/authorize", "/api/v1/device/token"})
OURS = frozenset({"none", "same-origin"})
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Incoming:
    """What a request tells about its origin; `own` are the origins that this request may have."""

    method: str
    path: str
    headers: Mapping[str, str]
    own: frozenset[str]


def refusal(request: Incoming) -> str | None:
    """Why a request is refused for where it comes from; None when it is not."""
    origin = request.headers.get("origin")
    if origin is None:
        return _without_origin(request)
    if origin in request.own:
        return None
    if origin.startswith(EXTENSION_SCHEMES):
        return _from_extension(request)
    return "requests from other sites' pages are refused"


def _without_origin(request: Incoming) -> str | None:
    site = request.headers.get("sec-fetch-site")
    if site is None or site in OURS:
        return None
    followed_link = (
        request.method in {"GET", "HEAD"}
        and request.headers.get("sec-fetch-mode") == "navigate"
        and request.headers.get("sec-fetch-dest") == "document"
        and not request.path.startswith("/api/")
    )
    return None if followed_link else "requests from other sites' pages are refused"


def _from_extension(request: Incoming) -> str | None:
    """Any extension may ask, none may act as the signed-in person: its cookie would come along."""
    if not request.path.startswith("/api/"):
        return "extensions use /api/ only"
    if request.method in SAFE_METHODS or request.path in PAIRING:
        return None
    if request.headers.get("authorization", "").lower().startswith("bearer "):
        return None
    return "an extension's request needs a token"


def split_host(host: str, scheme: str) -> tuple[str, int] | None:
    """Name and port of a Host header; None when it is malformed."""
    try:
        parts = urlsplit(f"//{host}")
        port = parts.port
    except ValueError:
        return None
    if parts.hostname is None or parts.netloc != host or "@" in host:
        return None
    return parts.hostname, port or DEFAULT_PORTS.get(scheme, 80)


class OriginGuard:
    """421 for a Host that is not ours, 403 for another site's page."""

    def __init__(self, app: ASGIApp, *, public_url: str) -> None:
        self._app = app
        public = urlsplit(public_url)
        self._public_origin = f"{public.scheme}://{public.netloc}"
        self._public_scheme = public.scheme
        self._public_host = split_host(public.netloc, public.scheme)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets the request in, or answers it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._is_ours(hosts[0], scope):
            detail = "this service does not answer under that name (set RATURE_PUBLIC_URL)"
            response = problem(421, detail, kind="wrong-host", instance=scope["path"])
            await response(scope, receive, send)
            return
        own = frozenset({f"{scope['scheme']}://{hosts[0].lower()}", self._public_origin})
        why = refusal(Incoming(scope["method"], scope["path"], headers, own))
        if why is not None:
            response = problem(403, why, kind="cross-site", instance=scope["path"])
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_ours(self, host: str, scope: Scope) -> bool:
        # Without a port the public scheme decides: behind a proxy ours is http, the world's https.
        if split_host(host, self._public_scheme) == self._public_host:
            return True
        asked = split_host(host, scope["scheme"])
        server = scope.get("server")
        port = server[1] if server else None
        return asked is not None and asked[0] in LOOPBACK_NAMES and asked[1] == port
