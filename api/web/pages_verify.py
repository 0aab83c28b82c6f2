"""The page where anybody checks a bundle in the browser: nothing is sent anywhere.

The scripts are those in `static/verify`, as they are in the repository; the page's policy lets them
reach nothing but themselves.
"""

from collections.abc import Mapping
from typing import Any, Literal

from fastapi import APIRouter, Request, Response

from api.web import i18n, verify_words, words
from api.web.pages_access import YEAR
from api.web.render import chosen_language, page
from api.web.visitor import MaybeVisitor, PageRoute, see_other

router = APIRouter(route_class=PageRoute, include_in_schema=False)

VERIFY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'none'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""No connection and no form: what a visitor opens here cannot leave the browser."""


@router.get("/verify")
def verify(
    request: Request,
    visitor: MaybeVisitor,  # noqa: ARG001 - the page's head shows who is signed in
) -> Response:
    """The page; whoever has a bundle may use it, signed in or not."""
    answer = page(request, "verify.html", {"words": page_words(chosen_language(request))})
    answer.headers["Content-Security-Policy"] = VERIFY_POLICY
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@router.get("/verify/{language}")
def choose_language(language: Literal["en", "fr"]) -> Response:
    """Remembers the language: the page's policy allows no form for it."""
    answer = see_other("/verify")
    answer.set_cookie(i18n.COOKIE, language, max_age=YEAR, httponly=True, samesite="lax")
    return answer


def page_words(chosen: i18n.Language) -> Mapping[str, Any]:
    """What the page's scripts say, in that language."""
    removed = {f"removed:{level.value}": found for level, found in words.REMOVED.items()}
    states = {state.value: found for state, found in words.STATES.items()} | removed
    return {
        "locale": chosen.locale,
        "texts": {text: chosen.gettext(text) for text in verify_words.TEXTS},
        "states": {
            state: {
                "title": chosen.gettext(found.title),
                "sentence": chosen.gettext(found.sentence),
                "tone": found.tone,
            }
            for state, found in states.items()
        },
        "sightings": _translated(chosen, words.SIGHTINGS),
        "reasons": _translated(chosen, words.REASONS),
        "notices": _translated(chosen, words.NOTICES),
    }


def _translated(chosen: i18n.Language, table: Mapping[Any, str]) -> dict[str, str]:
    return {str(key): chosen.gettext(text) for key, text in table.items()}
