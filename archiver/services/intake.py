"""Intake: from what a contributor's browser sent to an acknowledged capture.

Everything is checked first, then the files are kept durably, then one transaction stores all
rows and takes the leaf. A crash before its commit leaves blobs that nothing names, never half a
capture; the same Idempotency-Key finds after it what was acknowledged.
"""

import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from archiver.domain.capture import Grade, Manifest
from archiver.domain.digest import canonical_json, sha256_hex
from archiver.domain.errors import (
    Erased,
    IdempotencyConflict,
    InvalidInput,
    InvalidManifest,
    NotFound,
    RefusedAddress,
    Unavailable,
)
from archiver.domain.instant import Clock, render
from archiver.domain.limits import Limits
from archiver.domain.post import Target
from archiver.evidence.capture_parts import CaptureFile, CaptureSource
from archiver.evidence.kept_original import check_commitment
from archiver.evidence.picture import open_picture
from archiver.services.access import Principal
from archiver.services.capture_source import capture_source
from archiver.services.custody import Prepared, Recorder
from archiver.services.submission import (
    ReadManifest,
    Submission,
    match_files,
    read_manifest,
    read_signature,
)
from archiver.store.blobs import Blobs
from archiver.store.database import Database
from archiver.store.repository import captures, erasures, files, stamps, watches
from archiver.store.tables import Capture

MAX_KEY = 200
KEY_CHARACTERS = frozenset(string.ascii_letters + string.digits + string.punctuation)


class AddressCheck(Protocol):
    """The address gate, as far as intake needs it."""

    def check_url(self, url: str) -> object:
        """Raises RefusedAddress for an address that is never opened."""
        ...


@dataclass(frozen=True)
class Acknowledged:
    """What the contributor is told. `repeated`: this key had already made the capture."""

    capture_id: str
    manifest_sha256: str
    leaf_index: int
    grade: str
    watch_id: str
    repeated: bool


@dataclass(frozen=True)
class _Checked:
    """A submission that may be kept."""

    key: str
    request_sha256: str
    read: ReadManifest
    signature: dict[str, str] | None
    files: tuple[CaptureFile, ...]
    target: Target


@dataclass(frozen=True)
class _Draft:
    """A capture that waits for its transaction."""

    capture_id: str
    at: datetime
    checked: _Checked
    prepared: Prepared


class Intake:
    """Receives captures. `captured` is called after each commit, for the second witness."""

    def __init__(
        self,
        *,
        database: Database,
        blobs: Blobs,
        recorder: Recorder,
        clock: Clock,
        limits: Limits,
        addresses: AddressCheck,
        authorities: Sequence[str],
        captured: Callable[[], None],
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._recorder = recorder
        self._clock = clock
        self._limits = limits
        self._addresses = addresses
        self._authorities = tuple(authorities)
        self._captured = captured

    def receive(self, principal: Principal, submission: Submission) -> Acknowledged:
        """Keeps a capture; when this returns it is durable.

        Raises:
            InvalidInput: and its kin, for whatever does not fit; nothing is stored then.
            TooLarge: a file above its limit.
            IdempotencyConflict: the key came before with other content.
            NotFound: the manifest names a case that this workspace does not have.
            Erased: the capture that this key made was erased since.
            Unavailable: the blob store or the database does not take it.
        """
        checked = self._check(principal, submission)
        if earlier := self._earlier(principal.workspace_id, checked):
            return earlier
        draft = self._draft(checked)
        names = [self._blobs.put(item.file.data) for item in checked.files]
        try:
            with self._database.transaction() as session:
                acknowledged = self._store(session, principal, draft, names)
        except IntegrityError:
            # The same key was stored a moment ago by a request that ran beside this one.
            if earlier := self._earlier(principal.workspace_id, checked):
                return earlier
            raise
        except OperationalError as error:
            raise Unavailable(
                "the database does not take the capture now: send it again"
            ) from error
        self._captured()
        return acknowledged

    def _check(self, principal: Principal, submission: Submission) -> _Checked:
        key = submission.idempotency_key
        if not 0 < len(key) <= MAX_KEY or not KEY_CHARACTERS.issuperset(key):
            raise InvalidInput(
                f"an Idempotency-Key has 1 to {MAX_KEY} printable characters without spaces",
                field="Idempotency-Key",
            )
        signature = read_signature(submission.signature, submission.manifest, principal.public_key)
        read = read_manifest(submission.manifest, signed=signature is not None)
        matched = match_files(read.manifest, submission.uploads, self._limits)
        target = _target(read.manifest)
        self._check_addresses(read.manifest)
        digest = canonical_json(
            {
                "manifest": sha256_hex(submission.manifest),
                "signature": signature,
                "roles": [[item.file.name, item.role] for item in matched],
            }
        )
        return _Checked(key, sha256_hex(digest), read, signature, matched, target)

    def _check_addresses(self, manifest: Manifest) -> None:
        """Only what the checker may open later; the others are words in a record."""
        addresses = {
            "page.url": manifest.page.url,
            "page.final_url": manifest.page.final_url,
            "post.permalink": manifest.post.permalink,
            "post.parent_url": manifest.post.parent_url,
        }
        for field, url in addresses.items():
            if url is None:
                continue
            try:
                self._addresses.check_url(url)
            except RefusedAddress as error:
                raise RefusedAddress(str(error), field=field) from error

    def _draft(self, checked: _Checked) -> _Draft:
        """Decodes the pictures, hashes their tiles: what takes time is done before any lock."""
        at, capture_id = self._clock(), self._recorder.new_id("cap")
        # "exports": each of its bundles is closed by the record of its export (docs/bundle.md, F1)
        meta = {"id": capture_id, "received_at": render(at), "exports": True}
        source = capture_source(
            meta=meta,
            manifest=checked.read.manifest,
            manifest_text=checked.read.text,
            files=checked.files,
            signature=checked.signature,
            max_pixels=self._limits.picture_pixels,
        )
        self._check_masks(source)
        return _Draft(
            capture_id, at, checked, self._recorder.prepare_source("capture", source, meta)
        )

    def _check_masks(self, source: CaptureSource) -> None:
        """What was masked in the browser fits what it commits to; under a mask nothing is shown."""
        pictures = {str(item.role): item.file.data for item in source.files}
        for made, said in zip(source.commitments(), source.manifest.masks, strict=True):
            picture = open_picture(pictures[made.picture], self._limits.picture_pixels)
            check_commitment(made, picture, said.hidden)

    def _earlier(self, workspace_id: str, checked: _Checked) -> Acknowledged | None:
        with self._database.reading() as session:
            return _repeat(session, workspace_id, checked)

    def _store(
        self, session: Session, principal: Principal, draft: _Draft, names: Sequence[str]
    ) -> Acknowledged:
        """`names`: the files' blobs (SHA-256), in their order."""
        workspace, checked = principal.workspace_id, draft.checked
        if earlier := _repeat(session, workspace, checked):
            return earlier
        watch_id = self._watch(session, workspace, draft)
        for item, sha256 in zip(checked.files, names, strict=True):
            files.add_file(
                session,
                draft.capture_id,
                role=item.role,
                name=item.file.name,
                media_type=item.file.media_type,
                size=len(item.file.data),
                sha256=sha256,
            )
        leaf_index, _ = self._recorder.append(session, draft.capture_id, draft.prepared)
        row = Capture(
            id=draft.capture_id,
            workspace_id=workspace,
            watch_id=watch_id,
            token_id=principal.token_id,
            idempotency_key=checked.key,
            request_sha256=checked.request_sha256,
            manifest_sha256=checked.read.sha256,
            manifest=checked.read.text,
            signature=checked.signature or {},
            grade=Grade.USER_ONLY,
            completeness=checked.read.manifest.completeness,
            created_at=draft.at,
            leaf_index=leaf_index,
        )
        session.add(row)
        stamps.wish(session, "leaf", leaf_index, self._authorities, draft.at)
        self._recorder.custody(
            session,
            workspace_id=workspace,
            subject_id=draft.capture_id,
            event="received",
            actor=principal.token_id,
        )
        return _acknowledge(row, repeated=False)

    def _watch(self, session: Session, workspace_id: str, draft: _Draft) -> str:
        watch, _ = watches.find_or_make(
            session,
            workspace_id=workspace_id,
            target=draft.checked.target,
            at=draft.at,
            new_id=self._recorder.new_id,
            reason=watches.SECOND_WITNESS,
        )
        case_id = draft.checked.read.manifest.case_id
        if case_id is not None:
            if not captures.case_exists(session, workspace_id, case_id):
                raise NotFound(f"there is no case {case_id}")
            watch.case_id = case_id
        return watch.id


def _repeat(session: Session, workspace_id: str, checked: _Checked) -> Acknowledged | None:
    row = captures.by_key(session, workspace_id, checked.key)
    if row is None:
        _refuse_erased(session, workspace_id, checked.key)
        return None
    if row.request_sha256 != checked.request_sha256:
        raise IdempotencyConflict(
            f"this Idempotency-Key made {row.id} from other content: use a new key"
        )
    return _acknowledge(row, repeated=True)


def _refuse_erased(session: Session, workspace_id: str, key: str) -> None:
    """A retry whose first answer was lost must not bring back what was erased since."""
    gone = erasures.of_subject(session, workspace_id, erasures.key_subject(workspace_id, key))
    if gone is not None:
        raise Erased(f"the capture that this Idempotency-Key made was erased at {render(gone.at)}")


def _acknowledge(row: Capture, *, repeated: bool) -> Acknowledged:
    return Acknowledged(
        capture_id=row.id,
        manifest_sha256=row.manifest_sha256,
        leaf_index=row.leaf_index,
        grade=row.grade,
        watch_id=row.watch_id,
        repeated=repeated,
    )


def _target(manifest: Manifest) -> Target:
    """What the checker will look for.

    Raises:
        InvalidManifest: the post cannot be looked for.
    """
    post = manifest.post
    try:
        return Target(
            url=manifest.page.final_url or manifest.page.url,
            text=post.text,
            author=post.author,
            post_id=post.post_id,
            permalink=post.permalink,
            parent=post.parent_url,
        )
    except ValidationError as error:
        raise InvalidManifest(str(error), field="post") from error
