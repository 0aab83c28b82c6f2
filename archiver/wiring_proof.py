"""Puts the proof side together: key, authorities, sealing, stamping, receipts."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archiver.checker.fetch import GuardedClient
from archiver.checker.gate import AddressPolicy
from archiver.config import Settings
from archiver.domain.errors import Unavailable
from archiver.domain.instant import Clock
from archiver.evidence.authority import LocalAuthority
from archiver.evidence.head_file import HeadFile
from archiver.evidence.timestamp import Authority, Post, RemoteAuthority
from archiver.services.custody import Recorder
from archiver.services.keeping import Keeping
from archiver.services.log_key import open_log_key
from archiver.services.sealing import Sealing
from archiver.services.stamping import Stamping
from archiver.services.trust import Trust, read_roots
from archiver.store.database import Database

KEYS = "keys"
HEAD = "head"
"""A folder of its own, which no backup takes along: see `archiver.evidence.head_file`."""
OK = 200
MAX_TOKEN_BYTES = 200_000


@dataclass(frozen=True)
class Proof:
    """What seals and stamps. `authorities` are those that each capture is stamped by."""

    recorder: Recorder
    sealing: Sealing
    keeping: Keeping
    trust: Trust
    authorities: tuple[str, ...]


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
        SettingsError: a key file is broken, or a root cannot be read.
    """
    key = open_log_key(settings.data / KEYS / "log.key", settings.public_url, random)
    head = _folder(settings.data / HEAD) / "checkpoint"
    local = LocalAuthority.open(settings.data / KEYS, clock, random)
    trust = Trust(local.root, read_roots(settings.tsa_roots))
    post = guarded_post(GuardedClient(addresses))
    remote = [RemoteAuthority(url, post) for url in settings.tsa_urls]
    wanted: list[Authority] = [*remote] or [local]

    def stamping(authorities: list[Authority]) -> Stamping:
        return Stamping(
            database=database, clock=clock, random=random, authorities=authorities, trust=trust
        )

    authorities = tuple(authority.name for authority in wanted)
    sealing = Sealing(
        database=database,
        clock=clock,
        key=key,
        head_file=HeadFile(head, [key.public]),
        authorities=authorities,
    )
    keeping = Keeping(sealing=sealing, local=stamping([local]), remote=stamping([*remote]))
    recorder = Recorder(clock=clock, random=random, appended=keeping.bell.ring, has_blob=has_blob)
    return Proof(recorder, sealing, keeping, trust, authorities)


def guarded_post(client: GuardedClient) -> Post:
    """Posts through the address gate; anything but 200 is no answer."""

    def post(url: str, body: bytes, headers: dict[str, str]) -> bytes:
        response = client.post(url, body, headers, max_bytes=MAX_TOKEN_BYTES)
        if response.status != OK:
            raise Unavailable(f"{url} answered with status {response.status}")
        return response.body

    return post


def _folder(path: Path) -> Path:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
