"""Who visits a page: the session behind the cookie, and the check of each form."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Form, Header, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from api.deps import TheHouse
from api.errors import status_of
from api.web.render import page, translate
from archiver.domain.errors import RatureError, Unauthenticated
from archiver.services.sessions import SignedIn

COOKIE = "rature_session"
SEE_OTHER = 303


class PageRoute(APIRoute):
    """A route whose errors are pages for people instead of JSON problems."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wraps the usual handler."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await handler(request)
            except Unauthenticated as error:
                return page(request, "signed_out.html", {"detail": str(error)}, status=401)
            except RatureError as error:
                status, _ = status_of(error)
                context = {"title": translate(request, "That did not work"), "detail": str(error)}
                return page(request, "problem.html", context, status=status)

        return handle


def find_visitor(request: Request, house: TheHouse) -> SignedIn | None:
    """The signed-in browser, or None; templates find it as `session`."""
    cookie = request.cookies.get(COOKIE)
    if not cookie:
        return None
    try:
        signed_in = house.sessions.authenticate(cookie)
    except Unauthenticated:
        return None
    request.state.session = signed_in
    return signed_in


MaybeVisitor = Annotated[SignedIn | None, Depends(find_visitor)]


def get_visitor(visitor: MaybeVisitor) -> SignedIn:
    """The signed-in browser.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    if visitor is None:
        raise Unauthenticated("you are not signed in")
    return visitor


Visitor = Annotated[SignedIn, Depends(get_visitor)]


def get_sender(
    visitor: Visitor,
    csrf_token: Annotated[str | None, Form()] = None,
    x_csrf_token: Annotated[str | None, Header()] = None,
) -> SignedIn:
    """The signed-in browser that sent a form of its own session.

    Raises:
        Forbidden: the CSRF token is missing or another session's.
    """
    visitor.check_csrf(x_csrf_token or csrf_token)
    return visitor


Sender = Annotated[SignedIn, Depends(get_sender)]


def see_other(address: str) -> RedirectResponse:
    """After a form: the browser fetches the page itself, so that reloading sends nothing again."""
    return RedirectResponse(address, status_code=SEE_OTHER)
