"""Answers that carry archived content, which is foreign and may want to act."""

import re
from urllib.parse import quote

from starlette.responses import Response

EVIDENCE_POLICY = "sandbox; default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
UNSAFE_NAME = re.compile(r"[^A-Za-z0-9._-]+")
PICTURES = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
}
TEXTS = frozenset(
    {
        "application/json",
        "application/xhtml+xml",
        "application/xml",
        "image/svg+xml",
        "text/html",
        "text/plain",
        "text/xml",
    }
)


def evidence_response(
    data: bytes, media_type: str, name: str, *, download: bool = False
) -> Response:
    """Archived bytes in a form that cannot act, also when the address is opened directly.

    A picture is shown if its bytes are of the type that it claims; HTML, SVG and other text is
    shown as plain text; anything else, and whatever is asked for with `download`, is an attachment.
    """
    kind = media_type.partition(";")[0].strip().lower()
    if not download and is_picture(data, kind):
        shown, disposition = kind, "inline"
    elif not download and kind in TEXTS:
        shown, disposition = "text/plain; charset=utf-8", "inline"
    else:
        # The type is told for the archive's reader; as an attachment it is never rendered.
        shown, disposition = "application/octet-stream", "attachment"
    response = Response(data)
    response.headers["Content-Type"] = shown
    response.headers["Content-Disposition"] = _disposition(disposition, name)
    response.headers["Content-Security-Policy"] = EVIDENCE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def is_picture(data: bytes, media_type: str) -> bool:
    """Whether the bytes begin as a picture of this type does (with `nosniff` nothing else runs)."""
    if media_type == "image/webp":
        return data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return data.startswith(PICTURES.get(media_type, ())) if media_type in PICTURES else False


def _disposition(kind: str, name: str) -> str:
    """RFC 6266: a plain name for everybody, the true one beside it."""
    plain = UNSAFE_NAME.sub("_", name).strip("._") or "evidence"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
