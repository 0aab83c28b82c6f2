"""Whether a picture shows something, and where on a page's picture a post's picture stands."""

from PIL import Image

from tests.e2e.extension.pictures import open_picture


def colours(data: bytes) -> int:
    """Count the colours: one for a blank picture, dozens for words with smooth edges."""
    picture = open_picture(data)
    return len(picture.getcolors(picture.width * picture.height) or [])


def place_of(part: bytes, whole: bytes) -> tuple[int, int] | None:
    """Give the left top corner where `part` stands in `whole`, pixel by pixel; None: nowhere."""
    small, large = open_picture(part), open_picture(whole)
    if small.width > large.width or small.height > large.height:
        return None
    row = _most_varied_row(small)
    wanted, page = _row(small, row), large.tobytes()
    at = page.find(wanted)
    while at >= 0:
        if at % 3 == 0:
            y, x = divmod(at // 3, large.width)
            corner = (x, y - row)
            if _stands_at(small, large, corner):
                return corner
        at = page.find(wanted, at + 1)
    return None


def _row(picture: Image.Image, row: int) -> bytes:
    return picture.crop((0, row, picture.width, row + 1)).tobytes()


def _most_varied_row(picture: Image.Image) -> int:
    return max(range(picture.height), key=lambda row: len(set(_row(picture, row))))


def _stands_at(small: Image.Image, large: Image.Image, corner: tuple[int, int]) -> bool:
    x, y = corner
    if x < 0 or y < 0 or x + small.width > large.width or y + small.height > large.height:
        return False
    return large.crop((x, y, x + small.width, y + small.height)).tobytes() == small.tobytes()
