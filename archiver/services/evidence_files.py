"""The files of captures and looks, for whoever may read the workspace."""

from archiver.store.blobs import Blobs
from archiver.store.database import Database
from archiver.store.repository import erasures, files, visits
from archiver.store.tables import StoredFile


class EvidenceFiles:
    """Finds a record's file by its name, whatever kind of record it is."""

    def __init__(self, *, database: Database, blobs: Blobs) -> None:
        self._database = database
        self._blobs = blobs

    def file(self, workspace_id: str, owner_id: str, name: str) -> tuple[StoredFile, bytes]:
        """A file of a capture (`cap_...`), a look (`obs_...`; those of its visit too) or a visit
        (`vis_...`), with its bytes as kept.

        Raises:
            NotFound: no such record or file in this workspace.
            EvidenceError: the stored bytes changed.
        """
        with self._database.reading() as session:
            stored, visit_id = None, None
            if files.belongs(session, workspace_id, owner_id):
                stored = files.file_named(session, owner_id, name)
                visit_id = None if stored else visits.visit_of(session, owner_id)
                if visit_id is not None:
                    stored = files.file_named(session, visit_id, name)
            if stored is None:
                missing = f"{owner_id} has no file {name}"
                raise erasures.absent(session, workspace_id, visit_id or owner_id, missing)
        return stored, self._blobs.get(stored.sha256)
