"""Pairing a browser: the endpoints of RFC 8628 that the device itself calls."""

from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, ValidationError

from api.deps import TheHouse, client_address
from archiver.domain.errors import InvalidInput
from archiver.services.pairing import Refusal

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"

router = APIRouter(prefix="/device", tags=["pairing"])


class AuthorizeRequest(BaseModel):
    """`public_key`: base64 of the raw Ed25519 key (32 bytes) that will sign captures."""

    client_name: str = Field(min_length=1, max_length=200, examples=["Chromium on Debian"])
    public_key: str = Field(
        max_length=100, examples=["11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="]
    )


class AuthorizeAnswer(BaseModel):
    """RFC 8628 section 3.2; `expires_in` and `interval` in seconds."""

    device_code: str
    user_code: str
    verification_uri: str
    verification_uri_complete: str
    expires_in: int
    interval: int


class TokenRequest(BaseModel):
    """RFC 8628 section 3.4."""

    grant_type: str = Field(examples=[GRANT_TYPE])
    device_code: str = Field(max_length=200)


class TokenAnswer(BaseModel):
    """The token, given once. `expires_in` in seconds."""

    access_token: str
    token_type: Literal["Bearer"]
    scope: str
    expires_in: int


class OAuthError(BaseModel):
    """RFC 6749 section 5.2 and RFC 8628 section 3.5."""

    error: Literal[
        "authorization_pending",
        "slow_down",
        "access_denied",
        "expired_token",
        "invalid_request",
        "unsupported_grant_type",
    ]


async def read_fields(request: Request) -> dict[str, str]:
    """The body's fields, sent as a form (as the RFC says) or as JSON.

    Raises:
        HTTPException: the body is neither (400).
    """
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            fields = await request.json()
        except ValueError as error:
            raise HTTPException(400, "the body is not JSON") from error
        if not isinstance(fields, dict):
            raise HTTPException(400, "the body is not a JSON object")
        return {str(name): value for name, value in fields.items()}
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


Fields = Annotated[dict[str, str], Depends(read_fields)]


def body_of(model: type[BaseModel]) -> dict[str, object]:
    """The request body for OpenAPI, which cannot see that two forms are accepted."""
    schema = model.model_json_schema()
    content = {
        "application/x-www-form-urlencoded": {"schema": schema},
        "application/json": {"schema": schema},
    }
    return {"requestBody": {"required": True, "content": content}}


@router.post("/authorize", openapi_extra=body_of(AuthorizeRequest))
def authorize(request: Request, house: TheHouse, fields: Fields) -> AuthorizeAnswer:
    """Starts a pairing: the device shows `user_code`, the owner approves it on the page."""
    house.rates.check_pairing(client_address(request))
    try:
        wanted = AuthorizeRequest.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"{field}: {first['msg']}", field=field) from error
    grant = house.pairing.start(wanted.client_name, wanted.public_key)
    page = f"{house.settings.public_url.rstrip('/')}/pair"
    return AuthorizeAnswer(
        device_code=grant.device_code,
        user_code=grant.user_code,
        verification_uri=page,
        verification_uri_complete=f"{page}?code={quote(grant.user_code)}",
        expires_in=grant.expires_in,
        interval=grant.interval,
    )


@router.post(
    "/token",
    openapi_extra=body_of(TokenRequest),
    response_model=TokenAnswer,
    responses={400: {"model": OAuthError, "description": "Not yet, or never"}},
)
def token(request: Request, house: TheHouse, fields: Fields) -> JSONResponse:
    """Asks for the token; errors are those of RFC 8628, so any OAuth client understands them."""
    house.rates.check_poll(client_address(request))
    try:
        wanted = TokenRequest.model_validate(fields)
    except ValidationError:
        return _refused("invalid_request")
    if wanted.grant_type != GRANT_TYPE:
        return _refused("unsupported_grant_type")
    outcome = house.pairing.poll(wanted.device_code)
    if isinstance(outcome, Refusal):
        return _refused(outcome.value)
    life = outcome.token.expires_at - outcome.token.created_at
    answer = TokenAnswer(
        access_token=outcome.secret,
        token_type="Bearer",  # noqa: S106 - a scheme's name
        scope=outcome.token.scopes,
        expires_in=int(life.total_seconds()),
    )
    return JSONResponse(answer.model_dump())


def _refused(error: str) -> JSONResponse:
    return JSONResponse({"error": error}, status_code=400)
