"""The files of captures and looks, for whoever may read the workspace."""

from archiver.domain.errors import NotFound
from archiver.store.blobs import Blobs
from archiver.store.database import Database
from archiver.store.repository import files
from archiver.store.tables import StoredFile


class EvidenceFiles:
    """Finds a record's file by its name, whatever kind of record it is."""

    def __init__(self, *, database: Database, blobs: Blobs) -> None:
        self._database = database
        self._blobs = blobs

    def file(self, workspace_id: str, owner_id: str, name: str) -> tuple[StoredFile, bytes]:
        """A file of a capture (`cap_...`) or a look (`obs_...`) with its bytes as kept.

        Raises:
            NotFound: no such record or file in this workspace.
            EvidenceError: the stored bytes changed.
        """
        with self._database.reading() as session:
            stored = (
                files.file_named(session, owner_id, name)
                if files.belongs(session, workspace_id, owner_id)
                else None
            )
        if stored is None:
            raise NotFound(f"{owner_id} has no file {name}")
        return stored, self._blobs.get(stored.sha256)
