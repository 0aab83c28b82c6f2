"""Masks of a watched post: what can be shown of it, and what its owner chose to show."""

from dataclasses import asdict

from fastapi import APIRouter
from pydantic import BaseModel

from api.deps import Capturer, Reader, TheHouse
from api.schemas import problem_response
from archiver.domain.instant import Instant
from archiver.domain.mask import MaskPlan
from archiver.services.mask_offer import OfferedPicture, OfferedRecord
from archiver.services.masking import SavedMasks

router = APIRouter(prefix="/watches/{watch_id}/masks", tags=["masks"])
NOT_FOUND = problem_response("No such watch in this workspace.")


class MaskAnswer(MaskPlan):
    """The plan as it is kept. `updated_at` is null while none was saved."""

    updated_at: Instant | None


class PictureOffer(BaseModel):
    """A picture that can be shown: its key in a plan, its size in pixels, its address."""

    key: str
    folder: str
    width: int
    height: int
    url: str


class FieldOffer(BaseModel):
    """A field that can be shown: its path in a plan, and the beginning of its value."""

    path: str
    name: str
    preview: str


class RecordOffer(BaseModel):
    """One record with what can be shown of it."""

    leaf: int
    kind: str
    id: str
    at: Instant
    pictures: list[PictureOffer]
    fields: list[FieldOffer]


class OfferAnswer(BaseModel):
    """Everything that can be shown; nothing is shown unless the plan names it."""

    records: list[RecordOffer]


@router.get("", responses={404: NOT_FOUND})
def get_masks(watch_id: str, house: TheHouse, caller: Reader) -> MaskAnswer:
    """What the owner chose to show in masked bundles; nothing, unless something was saved."""
    return _answer(house.masking.get(caller.workspace_id, watch_id))


@router.put(
    "",
    responses={
        404: NOT_FOUND,
        422: problem_response("A picture or field that cannot be shown, or a box that misses it."),
    },
)
def put_masks(watch_id: str, sent: MaskPlan, house: TheHouse, caller: Capturer) -> MaskAnswer:
    """Keeps a plan in place of the one before it. A box hides every 32x32 tile that it touches.

    Nothing that is archived changes. Masked bundles that were handed out stay what they are.
    """
    return _answer(house.masking.save(caller.workspace_id, watch_id, sent))


@router.delete("", status_code=204, responses={404: NOT_FOUND})
def delete_masks(watch_id: str, house: TheHouse, caller: Capturer) -> None:
    """Forgets the plan; then no masked bundle can be made until another is saved."""
    house.masking.clear(caller.workspace_id, watch_id)


@router.get("/offer", responses={404: NOT_FOUND})
def get_offer(watch_id: str, house: TheHouse, caller: Reader) -> OfferAnswer:
    """Every picture and field that can be shown, record by record."""
    offer = house.masking.offer(caller.workspace_id, watch_id)
    return OfferAnswer(records=[_record(record) for record in offer.records])


def _answer(saved: SavedMasks) -> MaskAnswer:
    return MaskAnswer(**saved.plan.model_dump(), updated_at=saved.updated_at)


def _record(record: OfferedRecord) -> RecordOffer:
    whole = asdict(record)
    pictures = [{**asdict(picture), "url": _address(picture)} for picture in record.pictures]
    return RecordOffer.model_validate({**whole, "pictures": pictures})


def _address(picture: OfferedPicture) -> str:
    """Captures have their files at one address, looks at another."""
    kind = "captures" if picture.owner_id.startswith("cap_") else "observations"
    return f"/api/v1/{kind}/{picture.owner_id}/files/{picture.name}"
