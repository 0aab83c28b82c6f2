"""Puts the proof side together: key, authorities, sealing, stamping, receipts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from archiver.checker.fetch import GuardedClient
from archiver.checker.gate import AddressPolicy
from archiver.config import Settings
from archiver.domain.errors import ProofInvalid, SettingsError, Unavailable
from archiver.domain.instant import Clock
from archiver.evidence.authority import LocalAuthority
from archiver.evidence.checkpoint import sign_checkpoint
from archiver.evidence.cosignature import WitnessKey
from archiver.evidence.head_file import HeadFile
from archiver.evidence.merkle import EMPTY_ROOT
from archiver.evidence.timestamp import Authority, Post, RemoteAuthority
from archiver.evidence.token_rules import Demands
from archiver.services.calendars import Ask, Calendars
from archiver.services.clock_watch import ClockWatch
from archiver.services.custody import Recorder
from archiver.services.keeping import Keeping
from archiver.services.log_key import open_log_key
from archiver.services.sealing import Sealing
from archiver.services.stamping import Stamping
from archiver.services.trust import Trust, read_roots
from archiver.services.witnessing import Submit, Witness, Witnessing
from archiver.store.database import Database

KEYS = "keys"
HEAD = "head"
"""A folder of its own, which no backup takes along: see `archiver.evidence.head_file`."""
OK = 200
MAX_TOKEN_BYTES = 200_000
MAX_LINES_BYTES = 100_000
WITNESS_SECONDS = 5.0
MAX_CALENDAR_BYTES = 50_000
CALENDAR_HEADERS = {"Accept": "application/vnd.opentimestamps.v1"}


@dataclass(frozen=True)
class Proof:
    """What seals and stamps. `authorities` are those that each capture is stamped by."""

    recorder: Recorder
    sealing: Sealing
    keeping: Keeping
    witnessing: Witnessing
    trust: Trust
    authorities: tuple[str, ...]
    clock_watch: ClockWatch
    calendars: Calendars


def build_proof(
    settings: Settings,
    database: Database,
    *,
    clock: Clock,
    random: Callable[[int], bytes],
    addresses: AddressPolicy,
    has_blob: Callable[[str], bool],
) -> Proof:
    """Makes keys that are not there yet, and wires the rest.

    Raises:
        SettingsError: a key file is broken, a root cannot be read, or a witness's key is none.
    """
    key = open_log_key(settings.data / KEYS / "log.key", settings.public_url, random)
    head = _folder(settings.data / HEAD) / "checkpoint"
    local = LocalAuthority.open(settings.data / KEYS, clock, random)
    trust = Trust(local.root, read_roots(settings.tsa_roots), qualified=settings.tsa_qualified)
    client = GuardedClient(addresses)
    post = guarded_post(client)
    remote = [RemoteAuthority(url, post) for url in settings.tsa_urls]
    wanted: list[Authority] = [*remote] or [local]

    def appended() -> None:
        keeping.bell.ring()

    recorder = Recorder(clock=clock, random=random, appended=appended, has_blob=has_blob)
    clock_watch = ClockWatch(database=database, clock=clock, recorder=recorder)

    def stamping(authorities: list[Authority], **checks: Any) -> Stamping:
        return Stamping(
            database=database,
            clock=clock,
            random=random,
            authorities=authorities,
            trust=trust,
            **checks,
        )

    authorities = tuple(authority.name for authority in wanted)
    witnessing = Witnessing(
        database=database,
        clock=clock,
        asked=read_witnesses(settings.witnesses),
        submit=guarded_submit(client),
        empty_note=sign_checkpoint(key, 0, EMPTY_ROOT),
    )
    sealing = Sealing(
        database=database,
        clock=clock,
        key=key,
        head_file=HeadFile(head, [key.public]),
        authorities=authorities,
        check_witnesses=witnessing.check,
        accept_clock=settings.accept_clock,
    )
    keeping = Keeping(
        sealing=sealing,
        local=stamping([local]),
        remote=stamping([*remote], demands=_demands(settings), compare=clock_watch.compare),
        witnessing=witnessing,
    )
    calendars = Calendars(
        database=database,
        clock=clock,
        calendars=settings.ots_calendars,
        ask=guarded_ask(client),
    )
    return Proof(recorder, sealing, keeping, witnessing, trust, authorities, clock_watch, calendars)


def _demands(settings: Settings) -> Demands:
    return Demands(
        policies=frozenset(settings.tsa_policies),
        max_accuracy=timedelta(seconds=settings.tsa_max_accuracy),
    )


def guarded_post(client: GuardedClient) -> Post:
    """Posts through the address gate; anything but 200 is no answer."""

    def post(url: str, body: bytes, headers: dict[str, str]) -> bytes:
        response = client.post(url, body, headers, max_bytes=MAX_TOKEN_BYTES)
        if response.status != OK:
            raise Unavailable(f"{url} answered with status {response.status}")
        return response.body

    return post


def guarded_ask(client: GuardedClient) -> Ask:
    """Speaks with calendars through the address gate."""

    def ask(url: str, body: bytes | None) -> tuple[int, bytes]:
        if body is None:
            response = client.get(url, headers=CALENDAR_HEADERS, max_bytes=MAX_CALENDAR_BYTES)
        else:
            response = client.post(url, body, CALENDAR_HEADERS, max_bytes=MAX_CALENDAR_BYTES)
        return response.status, response.body

    return ask


def guarded_submit(client: GuardedClient) -> Submit:
    """Sends checkpoints to witnesses through the address gate."""

    def submit(url: str, body: bytes) -> tuple[int, bytes]:
        response = client.post(url, body, timeout=WITNESS_SECONDS, max_bytes=MAX_LINES_BYTES)
        return response.status, response.body

    return submit


def read_witnesses(values: Sequence[str]) -> list[Witness]:
    """The witnesses of the settings, `vkey@address` each.

    Raises:
        SettingsError: a key is no witness's verifier key, or one is named twice.
    """
    found: list[Witness] = []
    for value in values:
        vkey, _, address = value.rpartition("@")
        try:
            found.append(Witness(WitnessKey.from_vkey(vkey), address.rstrip("/")))
        except ProofInvalid as error:
            raise SettingsError(f"RATURE_WITNESSES: {vkey!r} cannot be used: {error}") from error
    if len({each.id for each in found}) < len(found):
        raise SettingsError("RATURE_WITNESSES: a witness is named twice")
    return found


def _folder(path: Path) -> Path:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
