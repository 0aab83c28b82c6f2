"""Exhibits: the PDF of a bundle, filled in from what the bundle itself shows."""

from collections.abc import Callable
from typing import Literal

from archiver.domain.instant import Clock
from archiver.evidence.checkpoint import VerifierKey
from archiver.evidence.exhibit import ExhibitFacts, ExhibitSigner, available, make_exhibit
from archiver.evidence.salted import SALT_BYTES
from archiver.services.exhibit_facts import (
    capture_facts,
    event_facts,
    look_facts,
    notice_facts,
    post_facts,
    verdict_facts,
)
from archiver.services.exhibit_pictures import chosen_pictures, masked_pictures
from archiver.services.exhibit_practice import practice_facts
from archiver.services.exhibit_proof import proof_facts
from archiver.services.exhibit_said import Said, read_all
from archiver.services.export_entries import Entries
from archiver.services.export_files import ShownPicture
from archiver.services.export_material import Material
from archiver.services.trust import Trust


class Exhibiting:
    """Makes exhibits with the service's own signature; `signer` opens it, when it is needed first
    (making its key takes a while). `key` is the log's, `source` the service's address, `software`
    its name and version; `wanted` is false where the settings want no exhibits."""

    def __init__(
        self,
        *,
        signer: Callable[[], ExhibitSigner],
        key: VerifierKey,
        trust: Trust,
        clock: Clock,
        source: str,
        software: str,
        wanted: bool = True,
    ) -> None:
        self._signer = signer
        self._key = key
        self._trust = trust
        self._clock = clock
        self._source = source
        self._software = software
        self._wanted = wanted

    @property
    def problem(self) -> str | None:
        """Why no exhibit is made: by the settings, or on this machine; None when one is."""
        return available() if self._wanted else "RATURE_EXHIBITS is off"

    def make(
        self,
        material: Material,
        entries: Entries,
        shown: list[ShownPicture],
        lang: Literal["en", "fr"],
    ) -> bytes:
        """The exhibit of these records. `shown` are the pictures of a masked bundle.

        Raises:
            Unavailable: Pango is missing, or no authority stamps it.
            ProofInvalid: a stored file is no longer what the log says.
        """
        facts = self._facts(material, entries, shown, lang)
        signer = self._signer()
        return make_exhibit(facts, signer.random(SALT_BYTES), signer)

    def _facts(
        self,
        material: Material,
        entries: Entries,
        shown: list[ShownPicture],
        lang: Literal["en", "fr"],
    ) -> ExhibitFacts:
        said = read_all(entries, material.entries)
        main = next(record for record in said if record.leaf == material.main)
        captures = tuple(capture_facts(said, material.captures))
        masked = entries.plan is not None
        pictures = masked_pictures(said, shown) if masked else chosen_pictures(said, entries)
        return ExhibitFacts(
            lang=lang,
            made_at=self._clock(),
            source=self._source,
            watch_id=material.watch.id,
            post=post_facts(main, material.watch, masked=masked),
            proof=proof_facts(material, said, self._key, self._trust),
            masked=masked,
            grade=_grade(main, material),
            verdict=verdict_facts(said),
            captures=captures,
            looks=tuple(look_facts(said)),
            notices=tuple(notice_facts(said)),
            events=tuple(event_facts(said)),
            pictures=tuple(pictures),
            practice=practice_facts(
                main, material.captures.get(main.entry.subject_id), said, self._software
            ),
            software=self._software,
        )


def _grade(main: Said, material: Material) -> str:
    capture = material.captures.get(main.entry.subject_id)
    return capture.grade if capture is not None else "witness-only"
