"""Signing in and out, pairing a browser, and who has access."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query, Request, Response

from api.deps import TheHouse, client_address
from api.web import i18n
from api.web.render import page
from api.web.visitor import COOKIE, PageRoute, Sender, Visitor, see_other
from archiver.domain.errors import NotFound
from archiver.services.secret_codes import fold_user_code
from archiver.services.sessions import SESSION_LIFE

router = APIRouter(route_class=PageRoute, include_in_schema=False)
YEAR = 365 * 24 * 3600


@router.get("/signin")
def sign_in(request: Request, house: TheHouse, code: Annotated[str, Query()] = "") -> Response:
    """Exchanges the link's code for a session; a second use of the link fails."""
    if not code:
        return page(request, "signed_out.html", {"detail": ""})
    house.rates.check_guess(client_address(request))
    secret, _ = house.sessions.sign_in(code)
    answer = see_other("/")
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https" or house.settings.public_url.startswith("https:"),
        path="/",
    )
    return answer


@router.post("/signout")
def sign_out(house: TheHouse, visitor: Sender) -> Response:
    """Ends the session here and on the server."""
    house.sessions.sign_out(visitor)
    answer = see_other("/signin")
    answer.delete_cookie(COOKIE, path="/")
    return answer


@router.post("/language")
def choose_language(
    language: Annotated[str, Form()], back: Annotated[str, Form()] = "/"
) -> Response:
    """Remembers the language; comes back to a page of this service and nowhere else."""
    parts = urlsplit(back)
    inside = back.startswith("/") and not back.startswith(("//", "/\\")) and not parts.netloc
    answer = see_other(back if inside else "/")
    if language in i18n.LOCALES:
        answer.set_cookie(i18n.COOKIE, language, max_age=YEAR, httponly=True, samesite="lax")
    return answer


@router.get("/pair")
def pair(
    request: Request,
    house: TheHouse,
    visitor: Visitor,  # noqa: ARG001 - only the owner may see who waits
    code: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Shows which browser waits with this code."""
    context = {"outcome": None, "grant": None, "code": "", "error": None}
    if not code:
        return page(request, "pair.html", context)
    house.rates.check_guess(client_address(request))
    try:
        grant = house.pairing.grant_by_user_code(code)
    except NotFound as error:
        return page(request, "pair.html", {**context, "error": str(error)}, status=404)
    found = {"grant": grant, "code": fold_user_code(code)}
    return page(request, "pair.html", {**context, **found})


@router.post("/pair")
def decide(
    request: Request,
    house: TheHouse,
    visitor: Sender,
    code: Annotated[str, Form(max_length=40)],
    decision: Annotated[Literal["approve", "deny"], Form()],
) -> Response:
    """Approves or refuses the browser that waits with this code."""
    house.rates.check_guess(client_address(request))
    grant = house.pairing.grant_by_user_code(code)
    if decision == "approve":
        house.pairing.approve(grant, visitor.workspace_id)
    else:
        house.pairing.deny(grant)
    outcome = "approved" if decision == "approve" else "denied"
    context = {"outcome": outcome, "grant": None, "code": "", "error": None}
    return page(request, "pair.html", context)


@router.get("/access")
def access(request: Request, house: TheHouse, visitor: Visitor) -> Response:
    """Lists tokens and paired browsers."""
    tokens = [
        {**token.model_dump(), "scopes": token.scopes.split()}
        for token in house.access.tokens(visitor.workspace_id)
    ]
    return page(request, "access.html", {"tokens": tokens})


@router.post("/access/{token_id}/revoke")
def revoke(house: TheHouse, visitor: Sender, token_id: str) -> Response:
    """Revokes at once."""
    house.access.revoke(visitor.workspace_id, token_id)
    return see_other("/access")
