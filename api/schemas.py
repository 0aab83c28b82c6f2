"""Shapes that several routers answer with."""

from typing import Any

from pydantic import BaseModel


class FieldError(BaseModel):
    """One field and what is wrong with it."""

    field: str
    message: str


class ProblemDetails(BaseModel):
    """RFC 9457."""

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
