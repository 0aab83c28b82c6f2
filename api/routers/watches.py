"""Watched posts: start, list, look now, stop; looks, verdicts and notices of each."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.deps import Capturer, MaybeKey, Reader, TheHouse
from api.routers.erasures import ErasureAnswer, erasure_answer
from api.schemas import problem_response
from api.schemas_vantages import WatchDetail, watch_detail
from api.schemas_watches import (
    CheckAnswer,
    Limit,
    Listing,
    NewNotice,
    NewWatch,
    NoticeAnswer,
    ObservationAnswer,
    Offset,
    VerdictAnswer,
    WatchAnswer,
    listing,
    notice_answer,
    observation_answer,
    verdict_answer,
    watch_answer,
)
from api.security_evidence import evidence_response
from archiver.domain.errors import NotFound, TooLarge
from archiver.domain.post import Target
from archiver.services.access import Scope
from archiver.services.bell import in_thread
from archiver.services.erasure import ErasureReason

router = APIRouter(prefix="/watches", tags=["watches"])
NOT_FOUND = problem_response("No such watch in this workspace.")
LONGEST_WAIT = 120.0
"""Seconds that a caller may wait for a look."""


@router.post(
    "",
    status_code=201,
    responses={
        200: {"description": "This very post was watched already.", "model": WatchAnswer},
        422: problem_response("A field does not fit, or an address that is never opened."),
    },
)
def start_watch(
    sent: NewWatch, house: TheHouse, caller: Capturer, response: Response
) -> WatchAnswer:
    """Watches a post, without a capture of one's own. The first look is taken at once.

    The same address, text, author and post id again give the same watch.
    """
    target = Target(**sent.model_dump(exclude={"posted_at"}))
    view, made = house.watching.start(
        caller.workspace_id, target, actor=caller.token_id, posted_at=sent.posted_at
    )
    response.status_code = 201 if made else 200
    response.headers["Location"] = f"/api/v1/watches/{view.watch.id}"
    return watch_answer(view)


@router.get("")
def list_watches(
    house: TheHouse,
    caller: Reader,
    offset: Annotated[Offset, Query()] = 0,
    limit: Annotated[Limit, Query()] = 100,
    wall_id: Annotated[str | None, Query(max_length=100)] = None,
) -> Listing[WatchAnswer]:
    """The watches, the newest first, stopped ones included."""
    page = house.watching.watches(caller.workspace_id, offset=offset, limit=limit, wall_id=wall_id)
    return listing(page, [watch_answer(view) for view in page.items], offset, limit)


@router.get("/{watch_id}", responses={404: NOT_FOUND})
def show_watch(watch_id: str, house: TheHouse, caller: Reader) -> WatchDetail:
    """One watch with its verdict, from which vantages it was looked at, and when they disagreed."""
    view = house.watching.show(caller.workspace_id, watch_id)
    return watch_detail(view, house.watching.vantages(caller.workspace_id, watch_id))


@router.delete(
    "/{watch_id}",
    responses={
        404: NOT_FOUND,
        409: problem_response("A visit to its page is under way: erase it again in a minute."),
        410: problem_response("It was erased."),
    },
)
def stop_watch(
    watch_id: str,
    house: TheHouse,
    caller: Capturer,
    erase: Annotated[
        ErasureReason | None, Query(description="Erases instead of stopping; needs `admin`.")
    ] = None,
) -> WatchAnswer | ErasureAnswer:
    """Stops the looks. What was seen stays; the same post can be watched again.

    With `erase` everything about the post goes for good, and the pages of other looks that show
    it. From then on its addresses answer 410. Erasing again gives the same erasure.
    """
    workspace, actor = caller.workspace_id, caller.token_id
    if erase is None:
        return watch_answer(house.watching.stop(workspace, watch_id, actor=actor))
    caller.must_have(Scope.ADMIN)
    return erasure_answer(house.erasure.watch(workspace, watch_id, reason=erase, actor=actor))


@router.get("/{watch_id}/observations", responses={404: NOT_FOUND})
def list_observations(
    watch_id: str,
    house: TheHouse,
    caller: Reader,
    offset: Annotated[Offset, Query()] = 0,
    limit: Annotated[Limit, Query()] = 100,
) -> Listing[ObservationAnswer]:
    """All looks, the newest first, failed ones included."""
    page = house.watching.looks(caller.workspace_id, watch_id, offset=offset, limit=limit)
    return listing(page, [observation_answer(seen) for seen in page.items], offset, limit)


@router.get("/{watch_id}/verdicts", responses={404: NOT_FOUND})
def list_verdicts(watch_id: str, house: TheHouse, caller: Reader) -> list[VerdictAnswer]:
    """Every verdict that differed from the one before it, oldest first."""
    found = house.watching.verdicts(caller.workspace_id, watch_id)
    return [verdict_answer(row) for row in found]


@router.post(
    "/{watch_id}/checks",
    responses={
        202: {"description": "Asked for, but not taken in time.", "model": CheckAnswer},
        404: NOT_FOUND,
        409: problem_response("The watch was stopped."),
    },
)
async def look_now(
    watch_id: str,
    house: TheHouse,
    caller: Capturer,
    response: Response,
    wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT, description="Seconds.")] = 0,
) -> CheckAnswer:
    """Looks at the post now, and waits for the outcome for so many seconds at the most.

    A host that asked to be left alone (`Retry-After`) is left alone even so.
    """
    workspace, actor = caller.workspace_id, caller.token_id
    asked = await in_thread(lambda: house.watching.ask(workspace, watch_id, actor=actor))
    seen = await house.watching.wait_for_look(asked, wait)
    view = await in_thread(lambda: house.watching.show(workspace, watch_id))
    response.status_code = 202 if seen is None else 200
    return CheckAnswer(
        watch=watch_answer(view), observation=observation_answer(seen) if seen else None
    )


@router.post(
    "/{watch_id}/notices",
    status_code=201,
    responses={
        404: NOT_FOUND,
        409: problem_response("The Idempotency-Key came before with another notice."),
        413: problem_response("The picture is too large."),
    },
)
def add_notice(
    watch_id: str,
    sent: NewNotice,
    house: TheHouse,
    caller: Capturer,
    idempotency_key: MaybeKey = None,
) -> NoticeAnswer:
    """Records the author's own withdrawal, a statement of reasons that was received, or that one
    of these is taken back."""
    notice = sent.as_of(house.clock())
    picture = sent.picture.file() if sent.picture else None
    if picture and len(picture.data) > house.settings.limits.picture_bytes:
        raise TooLarge(f"a picture may have {house.settings.limits.picture_bytes} bytes")
    made = house.noticing.notice(
        caller.workspace_id, watch_id, notice, picture=picture, key=idempotency_key
    )
    return notice_answer(made, house.noticing.pictures([made])[made.id])


@router.get("/{watch_id}/notices", responses={404: NOT_FOUND})
def list_notices(watch_id: str, house: TheHouse, caller: Reader) -> list[NoticeAnswer]:
    """All notices, oldest first."""
    rows = house.noticing.notices(caller.workspace_id, watch_id)
    pictures = house.noticing.pictures(rows)
    return [notice_answer(row, pictures[row.id]) for row in rows]


@router.get(
    "/{watch_id}/notices/{notice_id}/files/{name}",
    response_class=Response,
    responses={404: problem_response("No such notice or file in this workspace.")},
)
def notice_file(
    watch_id: str, notice_id: str, name: str, house: TheHouse, caller: Reader
) -> Response:
    """A picture that shows a notice, in a form that cannot act."""
    rows = house.noticing.notices(caller.workspace_id, watch_id)
    if notice_id not in {row.id for row in rows}:
        raise NotFound(f"there is no notice {notice_id}")
    stored, data = house.evidence_files.file(caller.workspace_id, notice_id, name)
    return evidence_response(data, stored.media_type, stored.name)
