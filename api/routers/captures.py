"""Captures: sending one, reading it, its receipt, its files."""

import base64
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api.bundle_answer import bundle_answer
from api.bundle_options import Options, bundle_name
from api.capture_form import open_form, read_submission
from api.deps import Capturer, Reader, TheHouse
from api.schemas import problem_response
from api.security_evidence import evidence_response
from archiver.domain.errors import NotYet
from archiver.domain.instant import Instant
from archiver.services.authorities import AuthorityFacts
from archiver.services.intake import Acknowledged
from archiver.services.receipts import CaptureFacts, Receipt, Token
from archiver.store.tables import Capture

router = APIRouter(tags=["captures"])
PREFIX = "/api/v1/captures"
RETRY_SECONDS = "1"
BINARY = {"type": "string", "contentMediaType": "application/octet-stream"}
FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["manifest"],
                    "properties": {
                        "manifest": {"type": "string", "description": "the manifest, JSON"},
                        "signature": {
                            "type": "string",
                            "description": "JSON: algorithm Ed25519, public_key and value (base64)",
                        },
                        "screenshot": BINARY,
                        "context_screenshot": BINARY,
                        "snapshot": BINARY,
                        "attachment": {"type": "array", "items": BINARY},
                        "commitment": {"type": "array", "items": BINARY},
                    },
                }
            }
        },
    }
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: problem_response("Malformed, or without Idempotency-Key."),
    401: problem_response("No token, or one that does not hold."),
    403: problem_response("The token lacks the scope."),
    409: problem_response("The Idempotency-Key came before with other content."),
    413: problem_response("Larger than allowed."),
    415: problem_response("Not multipart/form-data."),
    422: problem_response("Something does not fit; `errors` names it. Nothing was stored."),
    503: problem_response("It cannot be kept now: send it again with the same key."),
}
READING: dict[int | str, dict[str, Any]] = {
    401: PROBLEMS[401],
    403: PROBLEMS[403],
    404: problem_response("No such capture in this workspace."),
}


BUNDLE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {}}, "description": "A ZIP; see its README.txt."},
    202: problem_response("A part waits for its checkpoint or time stamp: ask again."),
    409: problem_response(
        "Nobody captured the post, and no look was taken yet; or it is to be masked, and nothing "
        "was chosen to be shown."
    ),
    422: problem_response("Content Credentials without masks."),
    503: problem_response("No package for Content Credentials, or no authority for the exhibit."),
    **READING,
}


class CaptureAnswer(BaseModel):
    """An acknowledged capture. `receipt` is the receipt's address."""

    id: str
    manifest_sha256: str
    leaf_index: int
    grade: str
    watch_id: str
    receipt: str


class CaptureSummary(BaseModel):
    """A capture in a list. `time` tells whether an authority has stamped it."""

    id: str
    created_at: Instant
    manifest_sha256: str
    leaf_index: int
    grade: str
    completeness: str
    time: Literal["stamped", "pending"]
    watch_id: str


class CaptureList(BaseModel):
    """One page of captures, the newest first."""

    captures: list[CaptureSummary]


class FileAnswer(BaseModel):
    """One file, for its owner: `sha256` is of the bytes as uploaded."""

    role: str
    name: str
    media_type: str
    size: int
    sha256: str
    url: str


class CustodyAnswer(BaseModel):
    """One event of the record of custody."""

    id: str
    at: Instant
    event: str
    actor: str
    detail: str
    leaf_index: int


class CaptureDetail(CaptureSummary):
    """All facts of a capture. `manifest` as it was sent, `signature` if it was signed."""

    manifest: dict[str, Any]
    signature: dict[str, Any] | None
    files: list[FileAnswer]
    custody: list[CustodyAnswer]
    receipt: str


class TokenAnswer(BaseModel):
    """One RFC 3161 response; `response` is its DER in base64.

    `accuracy` in seconds, null when the token states none. `embedded`: by this service itself.
    `qualified_by_settings`: qualified under eIDAS according to the operator's settings, which
    nobody checked; `qualified_by_token`: the token calls itself so.
    """

    authority: str
    gen_time: Instant
    response: str
    accuracy: float | None
    policy: str
    embedded: bool
    qualified_by_settings: bool
    qualified_by_token: bool


class AwaitedAnswer(BaseModel):
    """An authority whose stamp is still missing. `held`: it answered, but its root is not known
    here; the answer is kept and counts, with its own time, once RATURE_TSA_ROOTS names the root.
    """

    authority: str
    held: bool
    error: str | None
    next_try_at: Instant | None


class ReceiptAnswer(BaseModel):
    """A receipt: the statement (base64) with the proofs of its place and time.

    It existed at `recorded_at` by this service's clock, and was first stamped at
    `first_stamped_at`, `gap_seconds` later; both null while it waits.
    """

    capture_id: str
    leaf_index: int
    statement: str
    tlog_proof: str
    checkpoint: str
    tokens: list[TokenAnswer]
    time: Literal["stamped", "pending"]
    recorded_at: Instant
    first_stamped_at: Instant | None
    gap_seconds: float | None
    awaited: list[AwaitedAnswer]
    log_public_key: str
    authority_certificates: str
    independent_time: bool


class Sealing(BaseModel):
    """The receipt is not there yet; ask again after the seconds of Retry-After."""

    status: Literal["sealing"] = "sealing"


@router.post(
    "/captures",
    status_code=201,
    response_model=CaptureAnswer,
    responses={200: {"model": CaptureAnswer, "description": "The same key again."}, **PROBLEMS},
    openapi_extra=FORM,
)
async def post_capture(
    request: Request,
    response: Response,
    house: TheHouse,
    principal: Capturer,
    idempotency_key: Annotated[str, Header()],
) -> CaptureAnswer:
    """Keeps a capture. When this answers it is durable; sending it again is harmless."""
    async with open_form(request, house.settings.limits) as form:
        acknowledged = await run_in_threadpool(
            lambda: house.intake.receive(principal, read_submission(form, idempotency_key))
        )
    answer = _answer(acknowledged)
    response.headers["Location"] = f"{PREFIX}/{answer.id}"
    if acknowledged.repeated:
        response.status_code = 200
    return answer


@router.get(
    "/captures", response_model=CaptureList, responses={401: READING[401], 403: READING[403]}
)
def list_captures(
    house: TheHouse,
    principal: Reader,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CaptureList:
    """The workspace's captures, the newest first."""
    rows = house.receipts.listed(principal.workspace_id, offset=offset, limit=limit)
    return CaptureList(captures=[CaptureSummary(**_summary(row, time)) for row, time in rows])


@router.get("/captures/{capture_id}", response_model=CaptureDetail, responses=READING)
def get_capture(house: TheHouse, principal: Reader, capture_id: str) -> CaptureDetail:
    """All facts of a capture, with its record of custody."""
    return _detail(house.receipts.facts(principal.workspace_id, capture_id))


@router.get(
    "/captures/{capture_id}/receipt",
    response_model=ReceiptAnswer,
    responses={202: {"model": Sealing, "description": "Not sealed yet."}, **READING},
)
def get_receipt(house: TheHouse, principal: Capturer, capture_id: str) -> Any:
    """The proof that a contributor keeps: within a second of the capture."""
    try:
        return _receipt(house.receipts.receipt(principal.workspace_id, capture_id))
    except NotYet:
        return JSONResponse(
            Sealing().model_dump(), status_code=202, headers={"Retry-After": RETRY_SECONDS}
        )


@router.get(
    "/captures/{capture_id}/files/{name}",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}, **READING},
)
def get_file(house: TheHouse, principal: Reader, capture_id: str, name: str) -> Response:
    """One file as uploaded, in a form that cannot act when it is opened."""
    stored, data = house.receipts.file(principal.workspace_id, capture_id, name)
    return evidence_response(data, stored.media_type, stored.name)


@router.get("/captures/{capture_id}/bundle", response_class=Response, responses=BUNDLE)
def get_capture_bundle(
    house: TheHouse, principal: Reader, capture_id: str, options: Options
) -> Response:
    """The file that a stranger verifies: the capture, and all that was observed since."""
    return bundle_answer(
        bundle_name(capture_id, options),
        lambda target: house.export.capture_bundle(
            principal.workspace_id, capture_id, target, actor=principal.token_id, options=options
        ),
    )


@router.get("/watches/{watch_id}/bundle", response_class=Response, responses=BUNDLE)
def get_watch_bundle(
    house: TheHouse, principal: Reader, watch_id: str, options: Options
) -> Response:
    """The bundle of a watched post: every capture of it, every look, failed ones too."""
    return bundle_answer(
        bundle_name(watch_id, options),
        lambda target: house.export.watch_bundle(
            principal.workspace_id, watch_id, target, actor=principal.token_id, options=options
        ),
    )


def _answer(done: Acknowledged) -> CaptureAnswer:
    return CaptureAnswer(
        id=done.capture_id,
        manifest_sha256=done.manifest_sha256,
        leaf_index=done.leaf_index,
        grade=done.grade,
        watch_id=done.watch_id,
        receipt=f"{PREFIX}/{done.capture_id}/receipt",
    )


def _summary(row: Capture, time: str) -> dict[str, Any]:
    created_at: datetime = row.created_at
    return {
        "id": row.id,
        "created_at": created_at,
        "manifest_sha256": row.manifest_sha256,
        "leaf_index": row.leaf_index,
        "grade": row.grade,
        "completeness": row.completeness,
        "time": time,
        "watch_id": row.watch_id,
    }


def _detail(facts: CaptureFacts) -> CaptureDetail:
    address = f"{PREFIX}/{facts.row.id}"
    return CaptureDetail(
        **_summary(facts.row, facts.time),
        manifest=facts.manifest,
        signature=facts.row.signature or None,
        files=[
            FileAnswer(
                role=item.role,
                name=item.name,
                media_type=item.media_type,
                size=item.size,
                sha256=item.sha256,
                url=f"{address}/files/{item.name}",
            )
            for item in facts.files
        ],
        custody=[
            CustodyAnswer(
                id=item.id,
                at=item.at,
                event=item.event,
                actor=item.actor,
                detail=item.detail,
                leaf_index=item.leaf_index,
            )
            for item in facts.custody
        ],
        receipt=f"{address}/receipt",
    )


def _token(token: Token, facts: AuthorityFacts) -> TokenAnswer:
    return TokenAnswer(
        authority=token.authority,
        gen_time=token.gen_time,
        response=base64.b64encode(token.response).decode(),
        accuracy=facts.accuracy,
        policy=facts.policy,
        embedded=facts.embedded,
        qualified_by_settings=facts.qualified,
        qualified_by_token=facts.says_qualified,
    )


def _receipt(receipt: Receipt) -> ReceiptAnswer:
    gap = receipt.times.gap
    by_name = {item.name: item for item in receipt.times.authorities}
    return ReceiptAnswer(
        capture_id=receipt.capture_id,
        leaf_index=receipt.leaf_index,
        statement=base64.b64encode(receipt.statement).decode(),
        tlog_proof=receipt.tlog_proof,
        checkpoint=receipt.checkpoint,
        tokens=[_token(token, by_name[token.authority]) for token in receipt.tokens],
        time=receipt.time,
        recorded_at=gap.recorded_at,
        first_stamped_at=gap.stamped_at,
        gap_seconds=gap.seconds,
        awaited=[
            AwaitedAnswer(
                authority=item.name,
                held=item.held,
                error=item.error,
                next_try_at=item.next_try_at,
            )
            for item in receipt.times.awaited
        ],
        log_public_key=receipt.log_public_key,
        authority_certificates=receipt.authority_certificates,
        independent_time=receipt.independent_time,
    )
