"""Reading the multipart body of a capture with limits, before anything is believed."""

from contextlib import AbstractAsyncContextManager

from fastapi import HTTPException, Request
from starlette.datastructures import FormData, UploadFile

from archiver.config import Limits
from archiver.domain.errors import InvalidInput, TooLarge
from archiver.services.submission import ROLES, SINGLE_ROLES, Submission, Upload, size_limit

TEXT_PARTS = ("manifest", "signature")


def open_form(request: Request, limits: Limits) -> AbstractAsyncContextManager[FormData]:
    """Parses the body; files above a megabyte wait on disk, not in memory, until it is closed.

    Raises:
        HTTPException: 415 for another media type, 400 for a broken body or too many parts.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise HTTPException(415, "send a capture as multipart/form-data")
    return request.form(
        max_files=limits.attachments + len(SINGLE_ROLES) + len(TEXT_PARTS),
        max_fields=len(TEXT_PARTS),
        max_part_size=limits.manifest_bytes,
    )


def read_submission(form: FormData, idempotency_key: str, limits: Limits) -> Submission:
    """Reads the parts into memory, each no further than its limit.

    Raises:
        InvalidInput: no manifest, a part twice, an unknown part, a file without a name.
        TooLarge: a part above its limit.
    """
    texts: dict[str, bytes] = {}
    uploads: list[Upload] = []
    for part, value in form.multi_items():
        if part in TEXT_PARTS:
            if part in texts:
                raise InvalidInput(f"the part {part} was sent twice", field=part)
            texts[part] = _read(part, value, limits.manifest_bytes)
        elif isinstance(value, str) or not value.filename:
            known = ", ".join((*TEXT_PARTS, *ROLES))
            raise InvalidInput(f"{part} is no file part: the parts are {known}", field=part)
        else:
            data = _read(part, value, size_limit(part, limits))
            uploads.append(Upload(role=part, name=value.filename, data=data))
    if "manifest" not in texts:
        raise InvalidInput("the part manifest is missing", field="manifest")
    return Submission(
        idempotency_key=idempotency_key,
        manifest=texts["manifest"],
        uploads=tuple(uploads),
        signature=texts.get("signature"),
    )


def _read(part: str, value: UploadFile | str, limit: int) -> bytes:
    """The part's bytes; its size is looked at before anything is read."""
    if isinstance(value, str):
        data = value.encode("utf-8", "surrogateescape")
        if len(data) > limit:
            raise TooLarge(f"{part} has more than the {limit} bytes allowed")
        return data
    if value.size is None or value.size > limit:
        raise TooLarge(f"{part} has {value.size} bytes, {limit} are allowed")
    return value.file.read()
