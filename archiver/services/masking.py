"""Masks: what the owner of a watched post discloses of it to whom it hands a bundle.

They touch no evidence, and are kept only to make masked bundles: the log says, with each export,
that one was masked. A look that is recorded after the masks were drawn is hidden until they are
drawn again.
"""

import io
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from archiver.domain.errors import InvalidInput, NotFound
from archiver.domain.instant import Clock
from archiver.domain.mask import MaskPlan
from archiver.evidence.masked import assemble
from archiver.evidence.picture import open_picture
from archiver.evidence.picture_tiles import SEED_BYTES, visible_tiles
from archiver.services.export_material import entries_of, files_by_owner
from archiver.services.mask_offer import Offer, OfferedPicture, make_offer
from archiver.store.blobs import Blobs
from archiver.store.database import Database
from archiver.store.repository import captures, masks, observations, watches

__all__ = ["MaskPlan", "Masking", "Offer", "SavedMasks"]


@dataclass(frozen=True)
class SavedMasks:
    """A plan and when it was saved; None when none was."""

    plan: MaskPlan
    updated_at: datetime | None


class Masking:
    """Offers what can be shown, and keeps what was chosen."""

    def __init__(self, *, database: Database, blobs: Blobs, clock: Clock) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock

    def offer(self, workspace_id: str, watch_id: str) -> Offer:
        """Pictures and fields of every record of the post that can be shown.

        Raises:
            NotFound: no such watch in this workspace.
        """
        with self._database.reading() as session:
            _find(session, workspace_id, watch_id)
            taken = captures.captures_of_watch(session, watch_id)
            entries = entries_of(session, watch_id, [capture.id for capture in taken])
            by_owner = files_by_owner(session, entries)
            looks = observations.observations_of(session, watch_id)
        return make_offer(
            entries,
            {row.id: row for row in taken},
            by_owner,
            self._blobs.get,
            {look.visit_id: look.id for look in looks if look.visit_id is not None},
        )

    def get(self, workspace_id: str, watch_id: str) -> SavedMasks:
        """What was saved; an empty plan when nothing was.

        Raises:
            NotFound: no such watch in this workspace.
        """
        with self._database.reading() as session:
            _find(session, workspace_id, watch_id)
            row = masks.mask(session, watch_id)
        if row is None:
            return SavedMasks(MaskPlan(), None)
        return SavedMasks(MaskPlan.model_validate(row.body), row.updated_at)

    def preview(self, workspace_id: str, watch_id: str, key: str) -> bytes:
        """A picture as PNG with what the saved plan hides in grey.

        Raises:
            NotFound: no such watch in this workspace, or the plan does not show that picture.
        """
        boxes = self.get(workspace_id, watch_id).plan.pictures.get(key)
        offered = self.offer(workspace_id, watch_id).pictures.get(key)
        if boxes is None or offered is None:
            raise NotFound(f"no picture {key} is shown")
        picture = open_picture(self._blobs.get(offered.sha256))
        visible = visible_tiles(picture, bytes(SEED_BYTES), boxes)
        buffer = io.BytesIO()
        assemble(picture.size, visible).save(buffer, "PNG")
        return buffer.getvalue()

    def save(self, workspace_id: str, watch_id: str, plan: MaskPlan) -> SavedMasks:
        """Keeps a plan in place of the one before it.

        Raises:
            NotFound: no such watch in this workspace.
            InvalidInput: a picture or field that cannot be shown; a box that is empty or reaches
                beyond its picture. `field` names it.
        """
        check_plan(plan, self.offer(workspace_id, watch_id))
        body = {"pictures": plan.pictures, "show": sorted(set(plan.show))}
        kept = MaskPlan.model_validate(body)
        with self._database.transaction() as session:
            _find(session, workspace_id, watch_id)
            row = masks.save(session, watch_id, kept.model_dump(mode="json"), self._clock())
            return SavedMasks(kept, row.updated_at)

    def clear(self, workspace_id: str, watch_id: str) -> None:
        """Forgets the plan.

        Raises:
            NotFound: no such watch in this workspace.
        """
        with self._database.transaction() as session:
            _find(session, workspace_id, watch_id)
            masks.clear(session, watch_id)


def check_plan(plan: MaskPlan, offer: Offer) -> None:
    """Whether everything in the plan is on offer and every box lies within its picture.

    Raises:
        InvalidInput: the first thing that does not fit; `field` names it.
    """
    pictures, fields = offer.pictures, offer.fields
    for key, boxes in plan.pictures.items():
        if key not in pictures:
            raise InvalidInput(
                f"there is no picture {key} that can be shown", field=f"pictures.{key}"
            )
        for number, box in enumerate(boxes):
            _check_box(box, pictures[key], f"pictures.{key}.{number}")
    for number, path in enumerate(plan.show):
        if path not in fields:
            raise InvalidInput(
                f"there is no field {path} that can be shown", field=f"show.{number}"
            )


def _check_box(box: tuple[int, int, int, int], picture: OfferedPicture, field: str) -> None:
    left, top, right, bottom = box
    if left >= right or top >= bottom:
        raise InvalidInput(
            f"the box {left}, {top}, {right}, {bottom} is empty: give left, top, right, bottom "
            "with left below right and top below bottom",
            field=field,
        )
    if right > picture.width or bottom > picture.height:
        raise InvalidInput(
            f"the box {left}, {top}, {right}, {bottom} reaches beyond the picture, which is "
            f"{picture.width} x {picture.height} pixels",
            field=field,
        )


def _find(session: Session, workspace_id: str, watch_id: str) -> None:
    if watches.watch(session, workspace_id, watch_id) is None:
        raise NotFound(f"there is no watch {watch_id}")
