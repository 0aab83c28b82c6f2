"""Reading what a contributor's browser sends. Pure: nothing is stored here.

A manifest has one meaning: strict UTF-8, no key twice, no NaN, no unknown field, no number for a
text. Each file is the one that the manifest names, byte for byte.
"""

import base64
import binascii
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from cryptography.exceptions import InvalidSignature as BadSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, ValidationError

from archiver.domain.capture import Completeness, FileEntry, Manifest
from archiver.domain.digest import canonical_json, sha256_hex
from archiver.domain.errors import (
    HashMismatch,
    InvalidInput,
    InvalidManifest,
    InvalidPicture,
    InvalidSignature,
    TooLarge,
)
from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.limits import Limits
from archiver.evidence.capture_parts import CaptureFile, Role
from archiver.evidence.parts import PICTURE_TYPES

SINGLE_ROLES = ("screenshot", "context_screenshot", "snapshot")
ROLES = (*SINGLE_ROLES, "attachment", "commitment")
COMMITMENTS = 4
"""Two files for each of the two pictures."""
KEY_BYTES = 32


@dataclass(frozen=True)
class Upload:
    """One file part as it came: the part's name (its role), the file's name, its bytes."""

    role: str
    name: str
    data: bytes


@dataclass(frozen=True)
class Submission:
    """A request's parts. `signature` is the JSON text of that part, if there was one."""

    idempotency_key: str
    manifest: bytes
    uploads: tuple[Upload, ...]
    signature: bytes | None = None


class Signature(BaseModel):
    """Who signed the manifest's bytes; `public_key` and `value` in base64."""

    model_config = ConfigDict(extra="forbid")

    algorithm: str
    public_key: str
    value: str


@dataclass(frozen=True)
class ReadManifest:
    """The manifest with the SHA-256 of its canonical bytes (RFC 8785)."""

    manifest: Manifest
    text: bytes
    sha256: str


def read_manifest(text: bytes, *, signed: bool) -> ReadManifest:
    """Parses the manifest; a signed one must be sent in its canonical form.

    Raises:
        InvalidManifest: not UTF-8, not JSON, a key twice, NaN, or it does not fit the schema.
    """
    value = _strict_json(text, "manifest", InvalidManifest)
    try:
        manifest = Manifest.model_validate_json(text, strict=True)
        canonical = canonical_json(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "manifest"
        raise InvalidManifest(f"{where}: {first['msg']}", field=where) from error
    except ValueError as error:
        raise InvalidManifest(f"not exact as JSON: {error}", field="manifest") from error
    if signed and canonical != text:
        raise InvalidManifest(
            "a signed manifest is sent as canonical JSON (RFC 8785)", field="manifest"
        )
    return ReadManifest(manifest, text, sha256_hex(canonical))


def read_signature(
    text: bytes | None, manifest: bytes, bound_key: str | None
) -> dict[str, str] | None:
    """Verifies the signature over the manifest's exact bytes; None when there is and needs none.

    `bound_key` is the key (base64) that the caller's token is bound to.

    Raises:
        InvalidSignature: missing though the token is bound to a key, by another key, or wrong.
    """
    if text is None:
        if bound_key is not None:
            raise InvalidSignature(
                "this token belongs to a paired browser: sign the manifest", field="signature"
            )
        return None
    value = _strict_json(text, "signature", InvalidSignature)
    try:
        signature = Signature.model_validate(value)
    except ValidationError as error:
        raise InvalidSignature(
            "the signature needs algorithm, public_key and value", field="signature"
        ) from error
    if signature.algorithm != "Ed25519":
        raise InvalidSignature("the algorithm must be Ed25519", field="signature")
    key = _base64(signature.public_key)
    if len(key) != KEY_BYTES or (bound_key is not None and key != _base64(bound_key)):
        raise InvalidSignature(
            "not by the key that this browser was paired with", field="signature"
        )
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(_base64(signature.value), manifest)
    except BadSignature as error:
        raise InvalidSignature(
            "the signature is not that of these manifest bytes", field="signature"
        ) from error
    return signature.model_dump()


def match_files(
    manifest: Manifest, uploads: Sequence[Upload], limits: Limits
) -> tuple[CaptureFile, ...]:
    """Pairs the uploads with the manifest's entries, in the manifest's order.

    Raises:
        InvalidInput: a part is missing, surplus, twice, or in another role than the manifest says.
        TooLarge: a file above its limit.
        HashMismatch: a file's size or SHA-256 is not what the manifest says.
        InvalidPicture: a screenshot that is not declared as a picture.
    """
    by_name = {upload.name: upload for upload in uploads}
    _check_parts(manifest, uploads, set(by_name), limits)
    return tuple(_match(entry, by_name[entry.name], limits) for entry in manifest.files)


def size_limit(role: str, limits: Limits) -> int:
    """The most bytes that a file of this role may have."""
    if role == "snapshot":
        return limits.snapshot_bytes
    return limits.attachment_bytes if role == "attachment" else limits.picture_bytes


def _check_parts(
    manifest: Manifest, uploads: Sequence[Upload], sent: set[str], limits: Limits
) -> None:
    counts = Counter(upload.role for upload in uploads)
    for role in SINGLE_ROLES:
        if counts[role] > 1:
            raise InvalidInput(f"the part {role} was sent {counts[role]} times", field=role)
    if counts["attachment"] > limits.attachments:
        raise InvalidInput(
            f"{counts['attachment']} attachments, {limits.attachments} are allowed",
            field="attachment",
        )
    if counts["commitment"] != 2 * len(manifest.masks):
        raise InvalidInput(
            "each masked picture has two commitments: its tiles and the salts of those shown",
            field="commitment",
        )
    if len(sent) != len(uploads):
        raise InvalidInput("two parts have the same file name", field="files")
    named = {entry.name for entry in manifest.files}
    if missing := sorted(named - sent):
        raise InvalidInput(
            f"the manifest names {', '.join(missing)}, which was not sent", field="files"
        )
    if surplus := sorted(sent - named):
        raise InvalidInput(f"{', '.join(surplus)} is not in the manifest", field="files")
    if not counts["screenshot"] and manifest.completeness is Completeness.COMPLETE:
        raise InvalidInput(
            "a COMPLETE capture has a screenshot; without one it is PARTIAL", field="screenshot"
        )


def _match(entry: FileEntry, upload: Upload, limits: Limits) -> CaptureFile:
    limit = size_limit(upload.role, limits)
    if len(upload.data) > limit:
        raise TooLarge(f"{entry.name} has more than the {limit} bytes allowed")
    if entry.role not in (None, upload.role):
        raise InvalidInput(
            f"{entry.name} was sent as {upload.role}, the manifest says {entry.role}", field="files"
        )
    if len(upload.data) != entry.size:
        raise HashMismatch(
            f"{entry.name} has {len(upload.data)} bytes, the manifest says {entry.size}",
            field=entry.name,
        )
    if sha256_hex(upload.data) != entry.sha256:
        raise HashMismatch(
            f"the SHA-256 of {entry.name} is not that of the manifest: send it again",
            field=entry.name,
        )
    _check_type(entry, upload)
    return CaptureFile(
        cast("Role", upload.role), EvidenceFile(entry.name, entry.media_type, upload.data)
    )


def _check_type(entry: FileEntry, upload: Upload) -> None:
    essence = entry.media_type.partition(";")[0].strip().lower()
    if upload.role in {"screenshot", "context_screenshot"} and essence not in PICTURE_TYPES:
        raise InvalidPicture(f"{entry.name} must be a PNG, JPEG or WebP picture", field=entry.name)
    if upload.role != "snapshot":
        return
    if essence != "text/html":
        raise InvalidInput(f"{entry.name} must be text/html", field=entry.name)
    try:
        upload.data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"{entry.name} is not UTF-8 text (byte {error.start})", field=entry.name
        ) from error


def _strict_json(text: bytes, field: str, kind: type[InvalidInput]) -> Any:
    """JSON of one meaning.

    Raises:
        InvalidInput (`kind`): not UTF-8, not JSON, a key twice, NaN, infinity, a NUL character.
    """

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) != len(items):
            twice = next(
                name for name, count in Counter(key for key, _ in items).items() if count > 1
            )
            raise kind(f"the key {twice!r} stands twice in one object", field=field)
        return found

    def constant(name: str) -> None:
        raise kind(f"{name} is not JSON", field=field)

    try:
        decoded = text.decode("utf-8")
        if "\x00" in decoded or "\\u0000" in decoded:
            raise kind("NUL characters cannot be kept: leave them out", field=field)
        return json.loads(decoded, object_pairs_hook=pairs, parse_constant=constant)
    except UnicodeDecodeError as error:
        raise kind(f"not UTF-8 text (byte {error.start})", field=field) from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise kind(f"not JSON: {error}", field=field) from error


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidSignature("not base64", field="signature") from error
