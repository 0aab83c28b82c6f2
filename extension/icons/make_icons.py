"""Draws the icons: a letter struck out, still legible: python extension/icons/make_icons.py."""

from pathlib import Path

from PIL import Image, ImageDraw

SIZES = (16, 32, 48, 128)
SCALE = 8
PAPER, INK, STROKE = (251, 248, 242, 255), (29, 26, 22, 255), (179, 38, 30, 255)


def draw(size: int) -> Image.Image:
    """One icon, drawn large and scaled down; `size` in pixels."""
    side = size * SCALE
    unit = side / 16
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle(
        (0, 0, side - 1, side - 1), radius=3.2 * unit, fill=PAPER, outline=INK, width=int(unit)
    )
    # The letter R: a stem, a bowl and a leg.
    pen.rectangle((4.4 * unit, 3.2 * unit, 6.4 * unit, 12.8 * unit), fill=INK)
    pen.ellipse((5.2 * unit, 3.2 * unit, 11.6 * unit, 8.8 * unit), fill=INK)
    pen.ellipse((6.4 * unit, 4.8 * unit, 9.7 * unit, 7.2 * unit), fill=PAPER)
    pen.rectangle((4.4 * unit, 3.2 * unit, 6.4 * unit, 8.8 * unit), fill=INK)
    pen.polygon(
        [
            (7.2 * unit, 8.2 * unit),
            (9.4 * unit, 8.2 * unit),
            (12 * unit, 12.8 * unit),
            (9.6 * unit, 12.8 * unit),
        ],
        fill=INK,
    )
    pen.line((1.8 * unit, 9.9 * unit, 14.2 * unit, 6.3 * unit), fill=STROKE, width=int(1.7 * unit))
    return image.resize((size, size), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    folder = Path(__file__).parent
    for each in SIZES:
        draw(each).save(folder / f"{each}.png", optimize=True)
