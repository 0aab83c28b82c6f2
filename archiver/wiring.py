"""Everything is put together here, once. There are no globals: the house is handed on."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from archiver.checker.gate import AddressPolicy
from archiver.checker.options import OTHER_AGENT, CheckerOptions, NetworkPath
from archiver.checker.upstream import parse_upstream
from archiver.config import Settings
from archiver.data_folder import prepare
from archiver.domain.instant import Clock
from archiver.readiness import Check, make_checks, make_warnings
from archiver.services.access import Access
from archiver.services.bell import Bell
from archiver.services.budgets import Budgets
from archiver.services.calendars import Calendars
from archiver.services.canaries import Canaries
from archiver.services.casework import Casework
from archiver.services.checking import Checking, Looker
from archiver.services.clock_watch import ClockWatch
from archiver.services.concluding import Concluding
from archiver.services.custody import Recorder
from archiver.services.erasure import Erasure
from archiver.services.evidence_files import EvidenceFiles
from archiver.services.export import Export
from archiver.services.fsck import Fsck
from archiver.services.health import Health
from archiver.services.intake import Intake
from archiver.services.keeping import Keeping
from archiver.services.masking import Masking
from archiver.services.noticing import Noticing
from archiver.services.pairing import Pairing
from archiver.services.planning import Planning
from archiver.services.public_log import PublicLog
from archiver.services.rates import Rates
from archiver.services.receipts import Receipts
from archiver.services.retention import Retention
from archiver.services.sealing import Sealing
from archiver.services.sessions import Sessions
from archiver.services.upkeep import Upkeep
from archiver.services.wall_posts import WallPosts
from archiver.services.watching import Watching
from archiver.services.witnessing import Witnessing
from archiver.store.blobs import Blobs, open_blobs
from archiver.store.database import Database, open_engine
from archiver.store.migrate import upgrade
from archiver.wiring_export import build_export
from archiver.wiring_keep import build_keep_side
from archiver.wiring_proof import build_proof
from archiver.wiring_watch import build_watch_side
from archiver.worker import Worker

VERSION = "0.1.0"


def utc_now() -> datetime:
    """The system's clock: aware, UTC."""
    return datetime.now(UTC)


def make_checker_options(settings: Settings, clock: Clock) -> CheckerOptions:
    """What the checker is told of the settings."""
    return CheckerOptions(
        policy=AddressPolicy(allow_private=frozenset(settings.allow_private_hosts)),
        clock=clock,
        executable=str(settings.chromium) if settings.chromium else None,
        no_sandbox=settings.no_sandbox,
        record_bytes=settings.limits.recording_bytes,
        paths=tuple(
            make_path(settings, url, place) for place, url in enumerate(settings.proxy_urls, 2)
        ),
    )


def make_path(settings: Settings, url: str, place: int = 2) -> NetworkPath:
    """A further public vantage through a proxy: `path2`, `path3` and so on, after the default one.

    Raises:
        SettingsError: the address is none of a proxy.
    """
    return NetworkPath(
        id=f"path{place}",
        upstream=parse_upstream(url),
        user_agent=settings.proxy_user_agent or OTHER_AGENT,
        locale=settings.proxy_locale,
    )


@dataclass(frozen=True)
class House:
    """The services and what they stand on."""

    settings: Settings
    clock: Clock
    random: Callable[[int], bytes]
    database: Database
    blobs: Blobs
    rates: Rates
    access: Access
    sessions: Sessions
    pairing: Pairing
    addresses: AddressPolicy
    wake: Bell
    recorder: Recorder
    sealing: Sealing
    keeping: Keeping
    clock_watch: ClockWatch
    calendars: Calendars
    witnessing: Witnessing
    receipts: Receipts
    public_log: PublicLog
    export: Export
    intake: Intake
    concluding: Concluding
    checking: Checking
    planning: Planning
    budgets: Budgets
    canaries: Canaries
    health: Health
    watching: Watching
    noticing: Noticing
    casework: Casework
    wall_posts: WallPosts
    worker: Worker
    evidence_files: EvidenceFiles
    masking: Masking
    erasure: Erasure
    retention: Retention
    fsck: Fsck
    upkeep: Upkeep

    def checks(self) -> dict[str, Check]:
        """What must work for the service to be ready, by name."""
        checks = make_checks(self.settings, self.database, self.blobs)
        return checks | ({"witnesses": self.witnessing.check} if self.settings.witnesses else {})

    def warnings(self) -> list[str]:
        """What is bearable but must be said, on the page too."""
        fault = self.keeping.fault
        found = make_warnings(self.settings) + ([f"proofs have to wait: {fault}"] if fault else [])
        checked = self.fsck.warning()
        found += [checked] if checked else []
        found += self.clock_watch.warnings() + self.calendars.warnings()
        return found + self.health.warnings()

    def close(self) -> None:
        """Gives the database's connections back."""
        self.database.engine.dispose()

    def __enter__(self) -> "House":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def build_house(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    random: Callable[[int], bytes] = os.urandom,
    looker: Looker | None = None,
) -> House:
    """Opens the stores, brings the tables up to date, makes what is made once, wires the services.

    `looker` replaces the checker and its browser.

    Raises:
        SettingsError: a setting that cannot work.
        Unavailable: the database or the blob store does not answer.
    """
    prepare(settings.data)
    database = Database(open_engine(settings.database))
    upgrade(database.engine)
    blobs = open_blobs(settings.blobs)
    access = Access(database, clock=clock, random=random)
    access.make_owner()
    addresses = AddressPolicy(allow_private=frozenset(settings.allow_private_hosts))
    wake = Bell()
    proof = build_proof(
        settings,
        database,
        clock=clock,
        random=random,
        addresses=addresses,
        has_blob=blobs.exists,
    )
    keep = build_keep_side(
        settings, database=database, blobs=blobs, proof=proof, clock=clock, random=random
    )
    side = build_watch_side(
        settings,
        software=f"Rature {VERSION}",
        database=database,
        blobs=blobs,
        recorder=proof.recorder,
        clock=clock,
        random=random,
        addresses=addresses,
        wake=wake,
        checker_options=make_checker_options(settings, clock),
        looker=looker,
    )
    return House(
        settings=settings,
        clock=clock,
        random=random,
        database=database,
        blobs=blobs,
        rates=Rates(per_minute=settings.limits.requests_per_minute),
        access=access,
        sessions=Sessions(database, clock=clock, random=random),
        pairing=Pairing(database, access, clock=clock, random=random),
        addresses=addresses,
        wake=wake,
        recorder=proof.recorder,
        sealing=proof.sealing,
        keeping=proof.keeping,
        clock_watch=proof.clock_watch,
        calendars=proof.calendars,
        witnessing=proof.witnessing,
        receipts=Receipts(
            database=database,
            blobs=blobs,
            sealing=proof.sealing,
            trust=proof.trust,
            authorities=proof.authorities,
        ),
        public_log=PublicLog(database=database),
        export=build_export(
            settings,
            proof,
            database=database,
            blobs=blobs,
            clock=clock,
            random=random,
            addresses=addresses,
            version=VERSION,
        ),
        intake=Intake(
            database=database,
            blobs=blobs,
            recorder=proof.recorder,
            clock=clock,
            limits=settings.limits,
            addresses=addresses,
            authorities=proof.authorities,
            captured=wake.ring,
        ),
        concluding=side.concluding,
        checking=side.checking,
        planning=side.planning,
        budgets=side.budgets,
        canaries=side.canaries,
        health=keep.health,
        watching=side.watching,
        noticing=side.noticing,
        casework=side.casework,
        wall_posts=side.wall_posts,
        worker=side.worker,
        evidence_files=EvidenceFiles(database=database, blobs=blobs),
        erasure=keep.erasure,
        retention=keep.retention,
        fsck=keep.fsck,
        upkeep=keep.upkeep,
        masking=Masking(database=database, blobs=blobs, clock=clock),
    )
