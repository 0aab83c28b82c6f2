"""What routers ask for: the house, and who is calling."""

from collections.abc import Callable
from typing import Annotated, cast

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from archiver.domain.errors import Unauthenticated
from archiver.services.access import Principal, Scope
from archiver.wiring import House

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A token made by `rature token` or by pairing a browser.",
)


def get_house(request: Request) -> House:
    """The house that this application was made with."""
    return cast("House", request.app.state.house)


TheHouse = Annotated[House, Depends(get_house)]


def client_address(request: Request) -> str:
    """The caller's network address, as the server saw it."""
    return request.client.host if request.client else "unknown"


def get_principal(
    house: TheHouse,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Principal:
    """Who calls.

    Raises:
        Unauthenticated: no token, or one that does not hold.
        RateLimited: this token was used too often.
    """
    if credentials is None:
        raise Unauthenticated("this call needs a token: send `Authorization: Bearer rat_...`")
    principal = house.access.authenticate(credentials.credentials)
    house.rates.check_token(principal.token_id)
    return principal


def require(scope: Scope) -> Callable[[Principal], Principal]:
    """A dependency that gives the caller if the token has the scope (admin has all).

    Raises:
        Forbidden: the token lacks the scope.
    """

    def check(principal: Annotated[Principal, Depends(get_principal)]) -> Principal:
        principal.must_have(scope)
        return principal

    return check


Capturer = Annotated[Principal, Depends(require(Scope.CAPTURE))]
Reader = Annotated[Principal, Depends(require(Scope.READ))]
Admin = Annotated[Principal, Depends(require(Scope.ADMIN))]

MaybeKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="The same key again changes nothing and gives the same record.",
    ),
]
