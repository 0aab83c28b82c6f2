"""Tokens of the caller's workspace: list and revoke. They are made by pairing or `rature token`."""

from fastapi import APIRouter
from pydantic import BaseModel

from api.deps import Admin, TheHouse
from archiver.domain.instant import Instant
from archiver.services.access import Scope, parse_scopes
from archiver.store.tables import Token

router = APIRouter(prefix="/tokens", tags=["tokens"])


class TokenInfo(BaseModel):
    """A token without its secret, which is kept nowhere. `paired`: bound to a browser's key."""

    id: str
    name: str
    scopes: list[Scope]
    paired: bool
    created_at: Instant
    expires_at: Instant
    revoked_at: Instant | None
    last_used_at: Instant | None


def info(token: Token) -> TokenInfo:
    """What may be told of a token."""
    return TokenInfo(
        id=token.id,
        name=token.name,
        scopes=sorted(parse_scopes(token.scopes)),
        paired=token.public_key is not None,
        created_at=token.created_at,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
        last_used_at=token.last_used_at,
    )


@router.get("")
def list_tokens(house: TheHouse, caller: Admin) -> list[TokenInfo]:
    """All tokens, oldest first, revoked ones included."""
    return [info(token) for token in house.access.tokens(caller.workspace_id)]


@router.delete("/{token_id}")
def revoke_token(token_id: str, house: TheHouse, caller: Admin) -> TokenInfo:
    """Revokes a token at once; again changes nothing."""
    return info(house.access.revoke(caller.workspace_id, token_id))
