"""Puts the keeping side together: erasure, retention, the check of everything, and their loop."""

from collections.abc import Callable
from dataclasses import dataclass

from archiver.config import Settings
from archiver.domain.instant import Clock
from archiver.evidence.head_file import HeadFile
from archiver.services.erasure import Erasure
from archiver.services.fsck import Fsck
from archiver.services.health import Health
from archiver.services.retention import Retention
from archiver.services.upkeep import Upkeep
from archiver.store.blobs import Blobs
from archiver.store.database import Database
from archiver.wiring_proof import HEAD, Proof


@dataclass(frozen=True)
class KeepSide:
    """What keeps the archive in order. `upkeep` runs in one process at least."""

    erasure: Erasure
    retention: Retention
    fsck: Fsck
    health: Health
    upkeep: Upkeep


def build_keep_side(
    settings: Settings,
    *,
    database: Database,
    blobs: Blobs,
    proof: Proof,
    clock: Clock,
    random: Callable[[int], bytes],
) -> KeepSide:
    """Wires it."""
    erasure = Erasure(database=database, blobs=blobs, recorder=proof.recorder, clock=clock)
    retention = Retention(
        database=database, erasure=erasure, clock=clock, days=settings.retention_days
    )
    log_key = proof.sealing.public_key
    fsck = Fsck(
        database=database,
        blobs=blobs,
        clock=clock,
        random=random,
        log_key=log_key,
        head_file=HeadFile(settings.data / HEAD / "checkpoint", [log_key]),
        trust=proof.trust,
        witnesses=proof.witnessing.keys,
        erasure=erasure,
    )
    health = Health(database=database, clock=clock, unsealed=proof.sealing.unsealed)
    upkeep = Upkeep(erasure=erasure, retention=retention, fsck=fsck, health=health, clock=clock)
    return KeepSide(erasure, retention, fsck, health, upkeep)
