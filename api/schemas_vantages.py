"""Shapes of the vantages from which a post was looked at."""

from pydantic import BaseModel, ConfigDict, Field

from api.schemas_watches import WatchAnswer, watch_answer
from archiver.domain.instant import Instant
from archiver.domain.observation import VantageClass
from archiver.services.watching import Vantages, WatchView


class VantageAnswer(BaseModel):
    """One vantage: how many looks it took, how many of them could tell (`valid`), and what the
    newest said: its `sighting`, or the reason why it could not tell."""

    model_config = ConfigDict(populate_by_name=True)

    class_: VantageClass = Field(alias="class")
    id: str
    looks: int
    valid: int
    last_at: Instant
    last: str


class DisagreementAnswer(BaseModel):
    """From `since` to `until` the public vantage `saw_it` saw the post, while `missed_it` did not,
    each time within half an hour of each other."""

    since: Instant
    until: Instant
    saw_it: str
    missed_it: str


class WatchDetail(WatchAnswer):
    """A watched post with the vantages, in the order of their first looks, and the disagreements of
    public ones, oldest first."""

    vantages: list[VantageAnswer]
    disagreements: list[DisagreementAnswer]


Shown = dict[str, list[VantageAnswer] | list[DisagreementAnswer]]


def vantage_answers(found: Vantages) -> Shown:
    """The vantages as they are answered, by the fields of `WatchDetail`."""
    seen = [
        VantageAnswer(
            class_=one.class_,
            id=one.id,
            looks=one.looks,
            valid=one.valid,
            last_at=one.last_at,
            last=one.last,
        )
        for one in found.seen
    ]
    disputes = [
        DisagreementAnswer(
            since=one.since, until=one.until, saw_it=one.saw_it, missed_it=one.missed_it
        )
        for one in found.disagreements
    ]
    return {"vantages": seen, "disagreements": disputes}


def watch_detail(view: WatchView, found: Vantages) -> WatchDetail:
    """A watch with its vantages as it is answered."""
    return WatchDetail.model_validate({**watch_answer(view).model_dump(), **vantage_answers(found)})
