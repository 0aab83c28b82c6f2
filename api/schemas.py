"""Shapes that several routers answer with."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class FieldError(BaseModel):
    """One field and what is wrong with it."""

    field: str
    message: str


class ProblemDetails(BaseModel):
    """An error, by RFC 9457. `errors` names the fields that are not acceptable."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:rature:problem:hash-mismatch",
                    "title": "Unprocessable Entity",
                    "status": 422,
                    "detail": "screenshot.png is not the file that the manifest names",
                    "instance": "/api/v1/captures",
                    "errors": [{"field": "files.0", "message": "the SHA-256 differs"}],
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    errors: list[FieldError] | None = None


def problem_response(description: str) -> dict[str, Any]:
    """One entry of a route's `responses`."""
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}
