"""The files of a look: the page that shows the post, or the neighbours that prove its place."""

import io
from collections.abc import Callable

from PIL import Image

from archiver.checker.reading import Box
from archiver.domain.evidence_file import EvidenceFile

MARGIN = 8
MOST_PIXELS = 120_000_000
"""A picture of the checker's own browser is bounded; one above it is not decoded."""


def cropper(picture: EvidenceFile) -> Callable[[Box], EvidenceFile | None]:
    """Cuts posts out of one page's picture, which is decoded once and only when asked for."""
    decoded: list[Image.Image] = []

    def cut(box: Box) -> EvidenceFile | None:
        if not decoded:
            image = Image.open(io.BytesIO(picture.data))
            if image.width * image.height > MOST_PIXELS:
                return None
            image.load()
            decoded.append(image)
        return _cut(decoded[0], box)

    return cut


def _cut(image: Image.Image, box: Box) -> EvidenceFile | None:
    left, top = max(0, box.x - MARGIN), max(0, box.y - MARGIN)
    right = min(image.width, box.x + box.width + MARGIN)
    bottom = min(image.height, box.y + box.height + MARGIN)
    if right - left < 2 or bottom - top < 2:  # noqa: PLR2004 - nothing of it is in the picture
        return None
    out = io.BytesIO()
    image.crop((left, top, right, bottom)).save(out, "PNG", compress_level=1)
    return EvidenceFile("post.png", "image/png", out.getvalue())
