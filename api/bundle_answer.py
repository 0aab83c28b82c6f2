"""A bundle as a download: written to an unnamed file, verified, then streamed."""

import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from typing import BinaryIO

from starlette.background import BackgroundTask
from starlette.responses import Response, StreamingResponse

CHUNK = 256 * 1024


def bundle_answer(name: str, write: Callable[[BinaryIO], object]) -> Response:
    """Streams what `write` wrote and verified; whatever it raises passes through."""
    with ExitStack() as undo:
        target = undo.enter_context(tempfile.TemporaryFile())
        write(target)
        size = target.seek(0, os.SEEK_END)
        target.seek(0)
        undo.pop_all()  # closed after the last byte was sent
    return StreamingResponse(
        iter(lambda: target.read(CHUNK), b""),
        media_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="rature-{name}.zip"',
            "Content-Length": str(size),
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
        background=BackgroundTask(target.close),
    )
