"""The one table from errors to HTTP statuses; every error is an RFC 9457 problem."""

import math
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from archiver.domain import errors

PROBLEM = "application/problem+json"

# The first row whose class fits counts, so subclasses stand above their parents.
STATUSES: tuple[tuple[type[errors.RatureError], int, str], ...] = (
    (errors.InvalidManifest, 422, "invalid-manifest"),
    (errors.HashMismatch, 422, "hash-mismatch"),
    (errors.InvalidPicture, 422, "invalid-picture"),
    (errors.InvalidSignature, 422, "invalid-signature"),
    (errors.RefusedAddress, 422, "refused-address"),
    (errors.InvalidInput, 422, "invalid-input"),
    (errors.TooLarge, 413, "too-large"),
    (errors.Erased, 410, "erased"),
    (errors.NotFound, 404, "not-found"),
    (errors.IdempotencyConflict, 409, "idempotency-conflict"),
    (errors.Conflict, 409, "conflict"),
    (errors.Unauthenticated, 401, "unauthenticated"),
    (errors.AccessError, 403, "forbidden"),
    (errors.RateLimited, 429, "rate-limited"),
    (errors.NotYet, 202, "not-yet"),
    (errors.Unavailable, 503, "unavailable"),
    (errors.SettingsError, 503, "settings"),
    (errors.NotABundle, 422, "not-a-bundle"),
    (errors.LogRewound, 503, "log-rewound"),
    (errors.EvidenceError, 500, "evidence"),
)


class Problem(JSONResponse):
    """An `application/problem+json` answer."""

    media_type = PROBLEM


def problem(
    status: int,
    detail: str,
    *,
    kind: str = "about:blank",
    instance: str | None = None,
    fields: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
) -> Problem:
    """Builds a problem; `fields` are `{"field", "message"}` pairs."""
    body: dict[str, Any] = {
        "type": kind if kind == "about:blank" else f"urn:rature:problem:{kind}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if instance is not None:
        body["instance"] = instance
    if fields:
        body["errors"] = fields
    return Problem(body, status_code=status, headers=headers)


def status_of(error: errors.RatureError) -> tuple[int, str]:
    """Status and problem type of an error; an unknown one is our own fault (500)."""
    for kind, status, name in STATUSES:
        if isinstance(error, kind):
            return status, name
    return 500, "internal"


def from_rature_error(request: Request, error: Exception) -> Problem:
    """Turns an error of ours into its problem."""
    assert isinstance(error, errors.RatureError)  # noqa: S101 - how FastAPI registered us
    status, kind = status_of(error)
    headers: dict[str, str] = {}
    if isinstance(error, errors.RateLimited):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="rature"'
    field = getattr(error, "field", None)
    fields = [{"field": str(field), "message": str(error)}] if field else None
    return problem(
        status,
        str(error),
        kind=kind,
        instance=request.url.path,
        fields=fields,
        headers=headers or None,
    )


def from_validation(request: Request, error: Exception) -> Problem:
    """Schema errors, each with the field it is about; bodies that are no JSON are malformed."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - how FastAPI registered us
    found = error.errors()
    malformed = any(item["type"] == "json_invalid" for item in found)
    missing_header = any(
        item["type"] == "missing" and item["loc"][:1] == ("header",) for item in found
    )
    fields = [
        {"field": ".".join(str(part) for part in item["loc"][1:]), "message": item["msg"]}
        for item in found
    ]
    summary = "; ".join(f"{entry['field']}: {entry['message']}" for entry in fields)
    status = 400 if malformed or missing_header else 422
    return problem(status, summary, kind="invalid-input", instance=request.url.path, fields=fields)


def from_http_exception(request: Request, error: Exception) -> Problem:
    """What the framework itself refuses: unknown paths, wrong methods, unreadable bodies."""
    assert isinstance(error, HTTPException)  # noqa: S101 - how FastAPI registered us
    return problem(
        error.status_code,
        str(error.detail),
        instance=request.url.path,
        headers=dict(error.headers) if error.headers else None,
    )


def from_fault(request: Request, _error: Exception) -> Problem:
    """Our own fault: the log knows more, the answer says nothing about it."""
    return problem(
        500,
        "Rature made a mistake; the service's log says which.",
        kind="internal",
        instance=request.url.path,
    )


def install(app: FastAPI) -> None:
    """Registers the handlers."""
    app.add_exception_handler(errors.RatureError, from_rature_error)
    app.add_exception_handler(RequestValidationError, from_validation)
    app.add_exception_handler(HTTPException, from_http_exception)
    app.add_exception_handler(Exception, from_fault)
