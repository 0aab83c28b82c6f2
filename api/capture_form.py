"""Reading the multipart body of a capture with limits, before anything is believed."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

from fastapi import HTTPException, Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from archiver.domain.errors import InvalidInput, TooLarge
from archiver.domain.limits import Limits
from archiver.services.submission import (
    COMMITMENTS,
    ROLES,
    SINGLE_ROLES,
    Submission,
    Upload,
    size_limit,
)

TEXT_PARTS = ("manifest", "signature")
EXACT = "latin-1"
"""Text parts go through the form as characters that stand for bytes: what was signed is never
decoded and encoded again."""


class CaptureParser(MultiPartParser):
    """Keeps every part's exact bytes, each no further than its limit.

    What is above it is read off the line and dropped: an answer in the middle of an upload would
    reach most clients as a broken connection, without its reason.
    """

    limits = Limits()
    too_large: str | None = None

    def on_part_begin(self) -> None:
        """Starts counting."""
        super().on_part_begin()
        self._bytes = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Keeps the bytes while they are within the part's limit."""
        self._bytes += end - start
        name = self._current_part.field_name
        limit = _limit(name, self.limits)
        if self._bytes <= limit:
            super().on_part_data(data, start, end)
        else:
            self.too_large = self.too_large or f"{name}: {limit} bytes are allowed"

    def on_part_end(self) -> None:
        """Notes a text part without decoding it."""
        if self._current_part.file is None:
            text = self._current_part.data.decode(EXACT)
            self.items.append((self._current_part.field_name, text))
        else:
            super().on_part_end()


@asynccontextmanager
async def open_form(request: Request, limits: Limits) -> AsyncIterator[FormData]:
    """Parses the body; files above a megabyte wait on disk, not in memory, until it is closed.

    Raises:
        HTTPException: 415 for another media type, 400 for a broken body or too many parts.
        TooLarge: a part above its limit.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise HTTPException(415, "send a capture as multipart/form-data")
    async with aclosing(request.stream()) as stream:
        parser = CaptureParser(
            request.headers,
            stream,
            max_files=limits.attachments + len(SINGLE_ROLES) + COMMITMENTS + len(TEXT_PARTS),
            max_fields=len(TEXT_PARTS),
            max_part_size=limits.manifest_bytes,
        )
        parser.limits = limits
        try:
            form = await parser.parse()
        except MultiPartException as error:
            raise HTTPException(400, error.message) from error
    try:
        if parser.too_large:
            raise TooLarge(parser.too_large)
        yield form
    finally:
        await form.close()


def read_submission(form: FormData, idempotency_key: str) -> Submission:
    """Gives the parts as they are.

    Raises:
        InvalidInput: no manifest, a text part twice, an unknown part, a file without a name.
    """
    texts: dict[str, bytes] = {}
    uploads: list[Upload] = []
    for part, value in form.multi_items():
        if part in TEXT_PARTS:
            if part in texts:
                raise InvalidInput(f"the part {part} was sent twice", field=part)
            texts[part] = _bytes(value)
        elif part not in ROLES:
            known = ", ".join((*TEXT_PARTS, *ROLES))
            raise InvalidInput(f"there is no part {part}: the parts are {known}", field=part)
        elif isinstance(value, str) or not value.filename:
            raise InvalidInput(f"{part} must be a file with its name", field=part)
        else:
            uploads.append(Upload(role=part, name=value.filename, data=_bytes(value)))
    if "manifest" not in texts:
        raise InvalidInput("the part manifest is missing", field="manifest")
    return Submission(
        idempotency_key=idempotency_key,
        manifest=texts["manifest"],
        uploads=tuple(uploads),
        signature=texts.get("signature"),
    )


def _bytes(value: UploadFile | str) -> bytes:
    return value.encode(EXACT) if isinstance(value, str) else value.file.read()


def _limit(part: str, limits: Limits) -> int:
    """The most bytes of a part; an unknown one is refused later, so nothing of it is kept."""
    if part in TEXT_PARTS:
        return limits.manifest_bytes
    return size_limit(part, limits) if part in ROLES else 0
