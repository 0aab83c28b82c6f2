"""The HTTP face of a witness (c2sp.org/tlog-witness): `POST /add-checkpoint`, and `GET /` for
people. A small application of its own: a newsroom runs it without the rest of the service."""

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from archiver.domain.errors import EvidenceError, RatureError
from archiver.evidence.witness import MAX_REQUEST_BYTES, Ruling
from archiver.services.witness_desk import Answer, WitnessDesk

SIZE_TYPE = "text/x.tlog.size"
STATUSES = {
    Ruling.COSIGN: 200,
    Ruling.MALFORMED: 400,
    Ruling.UNSIGNED: 403,
    Ruling.UNKNOWN_LOG: 404,
    Ruling.CONFLICT: 409,
    Ruling.UNPROVEN: 422,
}
TOO_LARGE = 413
FAULT = 500
BUSY = 503


def create_witness_app(desk: WitnessDesk) -> Starlette:
    """The application around one desk."""

    async def add_checkpoint(request: Request) -> PlainTextResponse:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_REQUEST_BYTES:
                return _text(f"a request has at most {MAX_REQUEST_BYTES} bytes", TOO_LARGE)
        return _rendered(await run_in_threadpool(desk.add_checkpoint, bytes(body)))

    async def overview(_request: Request) -> PlainTextResponse:
        return PlainTextResponse(await run_in_threadpool(desk.overview))

    return Starlette(
        routes=[
            Route("/", overview, methods=["GET"]),
            Route("/add-checkpoint", add_checkpoint, methods=["POST"]),
        ],
        exception_handlers={RatureError: _refused},
    )


def _rendered(answer: Answer) -> PlainTextResponse:
    decision = answer.decision
    status = STATUSES[decision.ruling]
    if decision.ruling is Ruling.COSIGN:
        return PlainTextResponse(answer.line, status)
    if decision.ruling is Ruling.CONFLICT:
        return PlainTextResponse(f"{decision.known_size}\n", status, media_type=SIZE_TYPE)
    return _text(decision.reason, status)


async def _refused(_request: Request, error: Exception) -> PlainTextResponse:
    return _text(str(error), FAULT if isinstance(error, EvidenceError) else BUSY)


def _text(sentence: str, status: int) -> PlainTextResponse:
    return PlainTextResponse(f"{sentence}\n", status)
