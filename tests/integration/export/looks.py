"""Looks as the checker would hand them over, without a browser."""

from datetime import datetime, timedelta

from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.look import Look
from archiver.domain.observation import Observation, Reason, Sighting, Validity
from archiver.services.concluding import Concluding
from archiver.wiring import House
from tests.integration.captures.sample import picture

FILES = (
    EvidenceFile("page.png", "image/png", picture(90, 70)),
    EvidenceFile("page.html", "text/html", b"<p>the wall</p>"),
)


def concluding_of(house: House) -> Concluding:
    """The one that records looks and judges."""
    return house.concluding


def sighting(at: datetime, seen: Sighting = Sighting.PRESENT) -> Look:
    return Look(Observation(at=at, validity=Validity.VALID, sighting=seen), FILES)


def failed(at: datetime, reason: Reason = Reason.LOGIN_WALL) -> Look:
    return Look(Observation(at=at, validity=Validity.INVALID, reason=reason), FILES)


def looked(house: House, watch_id: str, *looks: Look) -> list[str]:
    """Records these; the ids of the observations."""
    concluding = concluding_of(house)
    return [concluding.add_look(watch_id, look).id for look in looks]


def minutes(house: House, number: int) -> datetime:
    """So many minutes from now."""
    return house.clock() + timedelta(minutes=number)
