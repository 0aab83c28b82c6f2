"""What this service is: how an extension tells that it is Rature, new enough, and on time."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from api.deps import TheHouse
from archiver.domain.instant import Instant
from archiver.wiring import VERSION

API_LEVEL = 1
"""Raised when an older extension can no longer talk to this service."""

router = APIRouter(tags=["about"])


class About(BaseModel):
    """Public; `time` lets a browser find out how far its clock is off."""

    product: Literal["rature"]
    version: str
    api: int
    time: Instant


@router.get("/about")
def about(house: TheHouse) -> About:
    """Product, version, level of the interface, and the service's clock."""
    return About(product="rature", version=VERSION, api=API_LEVEL, time=house.clock())
