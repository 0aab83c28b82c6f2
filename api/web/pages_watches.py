"""The list of watched posts, one watch, and what its owner can do."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import ValidationError

import archiver
from api.bundle_answer import bundle_answer
from api.bundle_options import MADE, Options, bundle_name
from api.deps import TheHouse
from api.security_evidence import evidence_response
from api.web import words
from api.web.render import page
from api.web.visitor import MaybeVisitor, PageRoute, Sender, Visitor, see_other
from api.web.watch_views import live_context, shown_watch, watch_context
from archiver.domain.errors import InvalidInput, NotFound
from archiver.domain.observation import BY_THE_AUTHOR, Notice, NoticeKind
from archiver.domain.post import Target
from archiver.wiring import House

router = APIRouter(route_class=PageRoute, include_in_schema=False)
EXTENSION = Path(archiver.__file__).resolve().parent.parent / "extension"
PER_PAGE = 50
MADE_COOKIE = "rature_made"
EMPTY_FORM = {"url": "", "text": "", "author": ""}


def _guide(house: House) -> dict[str, Any]:
    return {"extension_folder": str(EXTENSION), "service_address": house.settings.public_url}


def _list_page(
    request: Request, house: House, workspace_id: str, offset: int, **form: Any
) -> Response:
    found = house.watching.watches(workspace_id, offset=offset, limit=PER_PAGE)
    after = offset + PER_PAGE
    context = {
        **_guide(house),
        "watches": [shown_watch(view) for view in found.items],
        "next_page": after if after < found.total else None,
        "warnings": house.warnings(),
        "form": EMPTY_FORM,
        "form_error": None,
        **form,
    }
    return page(request, "watches.html", context, status=422 if form else 200)


@router.get("/")
def home(
    request: Request,
    house: TheHouse,
    visitor: MaybeVisitor,
    after: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """The watched posts; without a session, how to sign in."""
    if visitor is None:
        return page(request, "signed_out.html", {"detail": ""})
    return _list_page(request, house, visitor.workspace_id, after)


@router.get("/help")
def first_steps(request: Request, house: TheHouse, visitor: MaybeVisitor) -> Response:  # noqa: ARG001 - the session shows in the bar
    """First steps, and what the words mean."""
    context = {
        **_guide(house),
        "state_words": [*words.REMOVED.values(), *words.STATES.values()],
    }
    return page(request, "help.html", context)


@router.post("/watches")
def watch_post(
    request: Request,
    house: TheHouse,
    visitor: Sender,
    *,
    url: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    author: Annotated[str, Form()] = "",
) -> Response:
    """Watches a post by its address and words; what was typed is kept when it does not fit."""
    form = {"url": url, "text": text, "author": author}
    try:
        target = Target(url=url.strip(), text=text, author=author.strip() or None)
        view, _ = house.watching.start(
            visitor.workspace_id, target, actor=f"page:{visitor.session_id}"
        )
    except ValidationError as error:
        told = "; ".join(item["msg"].removeprefix("Value error, ") for item in error.errors())
        return _list_page(request, house, visitor.workspace_id, 0, form=form, form_error=told)
    except InvalidInput as error:
        told = str(error)
        return _list_page(request, house, visitor.workspace_id, 0, form=form, form_error=told)
    return see_other(f"/watches/{view.watch.id}")


@router.get("/watches/{watch_id}")
def show(request: Request, house: TheHouse, visitor: Visitor, watch_id: str) -> Response:
    """One watch: pictures, verdict with reasons, window, every look."""
    return page(request, "watch.html", watch_context(house, visitor.workspace_id, watch_id))


@router.get("/watches/{watch_id}/live")
def live(
    request: Request, house: TheHouse, visitor: Visitor, watch_id: str, version: str = ""
) -> Response:
    """The part of the page that changes; 204 while it is still what the browser shows."""
    context = live_context(house, visitor.workspace_id, watch_id)
    if version == context["version"]:
        return Response(status_code=204)
    return page(request, "_live.html", context)


@router.post("/watches/{watch_id}/checks")
def look_now(request: Request, house: TheHouse, visitor: Sender, watch_id: str) -> Response:
    """Asks for a look now."""
    house.watching.ask(visitor.workspace_id, watch_id, actor=f"page:{visitor.session_id}")
    if request.headers.get("hx-request"):
        context = live_context(house, visitor.workspace_id, watch_id)
        return page(request, "_live.html", context)
    return see_other(f"/watches/{watch_id}")


@router.post("/watches/{watch_id}/stop")
def stop(house: TheHouse, visitor: Sender, watch_id: str) -> Response:
    """Stops the looks; what was seen stays."""
    house.watching.stop(visitor.workspace_id, watch_id, actor=f"page:{visitor.session_id}")
    return see_other(f"/watches/{watch_id}")


@router.post("/watches/{watch_id}/resume")
def resume(house: TheHouse, visitor: Sender, watch_id: str) -> Response:
    """Goes on watching a post after a stop."""
    watch = house.watching.show(visitor.workspace_id, watch_id).watch
    target = Target(
        **watch.model_dump(include={"url", "text", "author", "post_id", "permalink", "parent"})
    )
    house.watching.start(visitor.workspace_id, target, actor=f"page:{visitor.session_id}")
    return see_other(f"/watches/{watch_id}")


@router.post("/watches/{watch_id}/notices")
def add_notice(
    house: TheHouse,
    visitor: Sender,
    watch_id: str,
    notice: Annotated[NoticeKind, Form()],
    text: Annotated[str, Form(max_length=20_000)] = "",
) -> Response:
    """Records what the author did or was told."""
    if notice not in BY_THE_AUTHOR:
        raise InvalidInput("this is not for people to say", field="notice")
    made = Notice(at=house.clock(), notice=notice, text=text.strip())
    house.noticing.notice(visitor.workspace_id, watch_id, made)
    return see_other(f"/watches/{watch_id}")


@router.post("/watches/{watch_id}/notices/{notice_id}/retraction")
def retract(house: TheHouse, visitor: Sender, watch_id: str, notice_id: str) -> Response:
    """Records that the author takes back what he or she had said."""
    rows = house.noticing.notices(visitor.workspace_id, watch_id)
    told = next((row for row in rows if row.id == notice_id), None)
    if told is None:
        raise NotFound(f"there is no notice {notice_id}")
    kind, key = NoticeKind.RETRACTED, f"retraction of {notice_id}"
    made = Notice(at=max(house.clock(), told.at), notice=kind, retracts=told.at)
    house.noticing.notice(visitor.workspace_id, watch_id, made, key=key)
    return see_other(f"/watches/{watch_id}")


@router.get("/watches/{watch_id}/bundle")
def download(
    house: TheHouse, visitor: Visitor, watch_id: str, options: Options, made: str = ""
) -> Response:
    """The file that a stranger verifies. `made` is a word of the page's script, which the answer
    brings back as a cookie: then the page knows that the download has begun."""
    answer = bundle_answer(
        bundle_name(watch_id, options),
        lambda target: house.export.watch_bundle(
            visitor.workspace_id,
            watch_id,
            target,
            actor=f"page:{visitor.session_id}",
            options=options,
        ),
    )
    if MADE.fullmatch(made):
        answer.set_cookie(MADE_COOKIE, made, max_age=60, samesite="strict")
    return answer


@router.get("/evidence/{owner_id}/{name}")
def evidence(house: TheHouse, visitor: Visitor, owner_id: str, name: str) -> Response:
    """A file of a capture or a look, in a form that cannot act."""
    stored, data = house.evidence_files.file(visitor.workspace_id, owner_id, name)
    return evidence_response(data, stored.media_type, stored.name)
