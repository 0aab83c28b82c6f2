"""The record of an export in the log, made just before its bundle is written."""

import time
from collections.abc import Callable

from archiver.domain.errors import NotYet
from archiver.domain.instant import Clock, render
from archiver.evidence.bundle import BundleEntry
from archiver.evidence.export_record import EXPORT, export_body, export_source
from archiver.evidence.masked import MaskedEntry
from archiver.evidence.statement import rebuild
from archiver.services.custody import Recorder
from archiver.services.export_entries import proven
from archiver.services.export_files import MadeFiles
from archiver.services.export_material import ExportOptions, Material, Proofs, prove
from archiver.services.sealing import Sealing
from archiver.store.database import Database
from archiver.store.repository import exports

PATIENCE = 20.0
PAUSE = 0.1
"""Seconds: how long the record may wait for its time stamp, and between two tries."""


class ExportLeaf:
    """Logs exports, and has them sealed and stamped by `settle`."""

    def __init__(
        self,
        *,
        database: Database,
        recorder: Recorder,
        sealing: Sealing,
        clock: Clock,
        settle: Callable[[], object],
    ) -> None:
        self._database = database
        self._recorder = recorder
        self._sealing = sealing
        self._clock = clock
        self._settle = settle

    def record(
        self, material: Material, made: MadeFiles, actor: str, options: ExportOptions
    ) -> tuple[BundleEntry, Proofs]:
        """Logs the export and waits until its record is proven like all others.

        Raises:
            NotYet: no authority stamps it.
        """
        identifier, at = self._recorder.new_id("exp"), self._clock()
        body = export_body(
            identifier=identifier,
            at=render(at),
            actor=actor,
            watch_id=material.watch.id,
            main=material.main,
            records=[entry.leaf_index for entry in material.others()],
            masked=options.masked,
            lang=options.lang,
            tiles=made.tiles,
        )
        source = export_source(body, made.files)
        prepared = self._recorder.prepare_source(EXPORT, source, body)
        with self._database.transaction() as session:
            leaf, _ = self._recorder.append(session, identifier, prepared)
            exports.add(
                session,
                identifier,
                workspace_id=material.watch.workspace_id,
                watch_id=material.watch.id,
                at=at,
                leaf_index=leaf,
            )
        proofs = self._proven(leaf)
        statement = rebuild(source, prepared.plan.text, prepared.plan.salts)
        return proven(EXPORT, leaf, MaskedEntry(statement), proofs), proofs

    def _proven(self, leaf: int) -> Proofs:
        """Unlike the other records it was made a moment ago, and somebody who came back later
        would make another: so it is waited for."""
        end = time.monotonic() + PATIENCE
        while True:
            self._settle()
            try:
                with self._database.reading() as session:
                    return prove(session, self._sealing, [leaf])
            except NotYet:
                if time.monotonic() >= end:
                    raise
            time.sleep(PAUSE)
