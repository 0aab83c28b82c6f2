"""Export: the bundle of a capture or of a watched post, which a stranger verifies.

Just before it is written, a record of the export goes into the log: it names every record of the
bundle, so that none can be dropped from it later, and commits to the files that were made for it.
A crash between that record and the file costs nothing: there is then an export in the log that
nobody was given. What was written is verified again before it is given away, and that it was is
noted in the record of custody.
"""

from collections.abc import Callable, Sequence
from typing import BinaryIO

from cryptography.hazmat.primitives.serialization import Encoding
from sqlmodel import Session

from archiver.domain.errors import Conflict, InvalidInput, NotFound, NotYet
from archiver.domain.instant import Clock
from archiver.domain.mask import MaskPlan
from archiver.evidence import c2pa_export
from archiver.evidence.bundle import BundleInput, write_bundle
from archiver.evidence.c2pa_export import Credentials
from archiver.evidence.cosignature import WitnessKey
from archiver.evidence.report import Report
from archiver.services.custody import Recorder
from archiver.services.export_entries import Entries
from archiver.services.export_files import MakesExhibit, make_files
from archiver.services.export_leaf import ExportLeaf
from archiver.services.export_material import WAITS, ExportOptions, Material, Proofs, gather
from archiver.services.sealing import Sealing
from archiver.services.trust import Trust
from archiver.store.blobs import Blobs
from archiver.store.database import Database
from archiver.store.repository import captures, erasures, watches

ROUNDS = 20
"""Rounds of sealing and stamping before somebody is told to come back."""


class Export:
    """Writes bundles. `settle` seals and stamps what it can, remote authorities included; `source`
    is the service's address, named in the bag as its origin."""

    def __init__(
        self,
        *,
        database: Database,
        blobs: Blobs,
        recorder: Recorder,
        sealing: Sealing,
        trust: Trust,
        clock: Clock,
        random: Callable[[int], bytes],
        settle: Callable[[], object],
        source: str,
        exhibit: MakesExhibit,
        credentials: Credentials,
        witness_keys: Sequence[WitnessKey] = (),
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._recorder = recorder
        self._sealing = sealing
        self._trust = trust
        self._clock = clock
        self._random = random
        self._settle = settle
        self._leaf = ExportLeaf(
            database=database, recorder=recorder, sealing=sealing, clock=clock, settle=settle
        )
        self._source = source
        self._exhibit = exhibit
        self._credentials = credentials
        self._witness_keys = witness_keys

    @property
    def offers_c2pa(self) -> bool:
        """Whether masked pictures can be given Content Credentials."""
        return c2pa_export.is_available()

    def capture_bundle(
        self,
        workspace_id: str,
        capture_id: str,
        target: BinaryIO,
        *,
        actor: str,
        options: ExportOptions = ExportOptions(),
    ) -> Report:
        """Writes the bundle around a capture, with all else that is known of its post.

        `target` must be readable and seekable; `actor` is the token's id.

        Raises:
            NotFound: no such capture here.
            NotYet: a part waits for its checkpoint or time stamp.
            Conflict: a masked bundle of a post of which nothing was chosen to be shown.
            InvalidInput: Content Credentials without masks.
            Unavailable: a package or authority that is needed is not there.
            ProofInvalid: a stored file is no longer what the log says.
        """

        def read(session: Session) -> Material:
            row = captures.capture(session, workspace_id, capture_id)
            if row is None:
                message = f"there is no capture {capture_id}"
                raise erasures.absent(session, workspace_id, capture_id, message)
            watch = watches.watch(session, workspace_id, row.watch_id)
            if watch is None:
                raise NotFound(f"there is no watch {row.watch_id}")
            return gather(session, self._sealing, watch, main=row.leaf_index)

        return self._export(read, target, actor, options)

    def watch_bundle(
        self,
        workspace_id: str,
        watch_id: str,
        target: BinaryIO,
        *,
        actor: str,
        options: ExportOptions = ExportOptions(),
    ) -> Report:
        """Writes the bundle of a watched post, around its first capture; without one, around the
        first look that saw it, or the first look. Raises as above.

        Raises:
            NotFound: no such watch here.
            Conflict: nobody captured the post, and no look was taken yet.
        """

        def read(session: Session) -> Material:
            watch = watches.watch(session, workspace_id, watch_id)
            if watch is None:
                message = f"there is no watch {watch_id}"
                raise erasures.absent(session, workspace_id, watch_id, message)
            return gather(session, self._sealing, watch)

        return self._export(read, target, actor, options)

    def _export(
        self,
        read: Callable[[Session], Material],
        target: BinaryIO,
        actor: str,
        options: ExportOptions,
    ) -> Report:
        if options.c2pa and not options.masked:
            raise InvalidInput("Content Credentials are for masked pictures", field="c2pa")
        material = self._settled(read)
        plan = _plan_of(material) if options.masked else None
        entries = Entries(material, self._blobs, self._random, plan)
        made = make_files(
            material,
            entries,
            options,
            exhibit=self._exhibit,
            credentials=self._credentials,
            log=self._sealing.public_key.vkey,
        )
        export, proofs = self._leaf.record(material, made, actor, options)
        bundle = BundleInput(
            main=entries.entry(material.main_entry()),
            records=entries.others(),
            export=export,
            export_files=made.files,
            plan=plan,
            log_key=self._sealing.public_key,
            witness_keys=self._witness_keys,
            roots=self._roots(material.proofs, proofs),
            made_at=self._clock(),
            source=self._source,
        )
        report = write_bundle(target, bundle)
        self._note(material, actor, options)
        return report

    def _settled(self, read: Callable[[Session], Material]) -> Material:
        """Reads when all is sealed and stamped. Another thread may have sealed a checkpoint and
        be about to stamp it: then a further round finds it stamped, or stamps it itself."""
        for left in reversed(range(ROUNDS)):
            self._settle()
            try:
                with self._database.reading() as session:
                    return read(session)
            except NotYet:
                if not left:
                    raise
        raise NotYet(WAITS)

    def _note(self, material: Material, actor: str, options: ExportOptions) -> None:
        count = f"{len(material.entries)} records"
        with self._database.transaction() as session:
            for subject in material.subjects:
                self._recorder.custody(
                    session,
                    workspace_id=material.watch.workspace_id,
                    subject_id=subject,
                    event="exported",
                    actor=actor,
                    detail=f"{count}, masked" if options.masked else count,
                )

    def _roots(self, *all_proofs: Proofs) -> list[bytes]:
        """The roots that the tokens may lead to, each once (PEM)."""
        found: dict[bytes, None] = {}
        for proofs in all_proofs:
            for row in (*proofs.stamps, *proofs.checkpoint_stamps):
                if row.response is not None:
                    anchors, _ = self._trust.anchors(row.authority, row.response)
                    found |= {root.public_bytes(Encoding.PEM): None for root in anchors}
        return list(found)


def _plan_of(material: Material) -> MaskPlan:
    if material.masks is None:
        raise Conflict("nothing was chosen to be shown of this post: save its masks first")
    return MaskPlan.model_validate(material.masks.body)
