"""The guards around the application, outermost first: log, headers, origin, rates, body size."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import from_rature_error
from api.security_body import BodyLimit
from api.security_headers import SecurityHeaders
from api.security_log import RequestLog
from api.security_origin import OriginGuard
from archiver.domain.errors import RateLimited
from archiver.services.rates import Rates
from archiver.wiring import House


class ClientRates:
    """Limits how often one network address may call; 429 with Retry-After beyond that."""

    def __init__(self, app: ASGIApp, rates: Rates) -> None:
        self._app = app
        self._rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Counts the request."""
        if scope["type"] == "http":
            client = scope.get("client")
            try:
                self._rates.check_client(client[0] if client else "unknown")
            except RateLimited as error:
                response = from_rature_error(Request(scope), error)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)


def guard(app: ASGIApp, house: House) -> ASGIApp:
    """Puts every guard around an application."""
    limits = house.settings.limits
    app = BodyLimit(app, small=limits.manifest_bytes, large=limits.request_bytes)
    app = ClientRates(app, house.rates)
    app = OriginGuard(app, public_url=house.settings.public_url)
    app = SecurityHeaders(app, https=house.settings.public_url.startswith("https:"))
    return RequestLog(app)
