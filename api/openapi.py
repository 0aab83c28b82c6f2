"""Completes the generated OpenAPI: errors are problems, and secured calls say how they fail."""

from typing import Any

from api.errors import PROBLEM
from api.schemas import ProblemDetails

SECURED = {
    "401": "No token, or one that is unknown, expired or revoked",
    "403": "The token lacks the scope, or another site's page asks",
    "429": "Too many requests: wait for `Retry-After` seconds",
}
UPLOADS = {"413": "The request is too large", "422": "A field is not acceptable: see `errors`"}
GENERATED = ("HTTPValidationError", "ValidationError")
FIRST_ERROR = 400


def complete(schema: dict[str, Any]) -> dict[str, Any]:
    """Gives the schema with problems where the framework put its own error shape, or nothing."""
    shapes = schema.setdefault("components", {}).setdefault("schemas", {})
    for name in GENERATED:
        shapes.pop(name, None)
    described = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    shapes.update(described.pop("$defs", {}))
    shapes["ProblemDetails"] = described
    for operations in schema.get("paths", {}).values():
        for method, operation in operations.items():
            _complete_operation(method, operation)
    return schema


def _complete_operation(method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    expected = dict(SECURED) if operation.get("security") else {}
    if method in {"post", "put", "patch"}:
        expected |= UPLOADS
    for status, description in expected.items():
        responses.setdefault(status, {"description": description})
    for status, response in responses.items():
        if int(status) < FIRST_ERROR:
            continue
        generated = "HTTPValidationError" in str(response.get("content", ""))
        if generated:
            response["description"] = UPLOADS["422"]
        if generated or not response.get("content"):
            reference = {"$ref": "#/components/schemas/ProblemDetails"}
            response["content"] = {PROBLEM: {"schema": reference}}
