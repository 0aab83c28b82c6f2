"""Puts the export side together: bundles, their exhibits, Content Credentials."""

from collections.abc import Callable
from functools import cache

from archiver.checker.fetch import GuardedClient
from archiver.checker.gate import AddressPolicy
from archiver.config import Settings
from archiver.domain.instant import Clock
from archiver.evidence.authority import LocalAuthority
from archiver.evidence.c2pa_export import Credentials
from archiver.evidence.exhibit import ExhibitSigner, FirstAnswering
from archiver.evidence.timestamp import Authority, RemoteAuthority
from archiver.services.exhibiting import Exhibiting
from archiver.services.export import Export
from archiver.store.blobs import Blobs
from archiver.store.database import Database
from archiver.wiring_proof import KEYS, Proof, guarded_post


def build_export(
    settings: Settings,
    proof: Proof,
    *,
    database: Database,
    blobs: Blobs,
    clock: Clock,
    random: Callable[[int], bytes],
    addresses: AddressPolicy,
    version: str,
) -> Export:
    """Wires it. The exhibits' key is made when the first one is."""
    keys = settings.data / KEYS

    @cache
    def signer() -> ExhibitSigner:
        local = LocalAuthority.open(keys, clock, random)
        post = guarded_post(GuardedClient(addresses))
        remote = [RemoteAuthority(url, post) for url in settings.tsa_urls]
        authorities: list[Authority] = [*remote, local]
        stamp = FirstAnswering(authorities, clock)
        return ExhibitSigner.open(keys, settings.public_url, clock, random, stamp, [local.root])

    return Export(
        database=database,
        blobs=blobs,
        recorder=proof.recorder,
        sealing=proof.sealing,
        trust=proof.trust,
        clock=clock,
        random=random,
        settle=proof.keeping.settle,
        source=settings.public_url,
        exhibit=Exhibiting(
            signer=signer,
            key=proof.sealing.public_key,
            trust=proof.trust,
            clock=clock,
            source=settings.public_url,
            software=f"Rature {version}",
            wanted=settings.exhibits,
        ),
        credentials=Credentials(keys, clock, version),
        witness_keys=proof.witnessing.keys,
    )
