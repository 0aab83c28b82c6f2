"""The form of the masks' page: numbers in text areas, which its script draws as boxes."""

import re
from collections.abc import Mapping, Sequence

from pydantic import ValidationError
from starlette.datastructures import FormData

from archiver.domain.errors import InvalidInput
from archiver.domain.mask import MaskPlan

BOXES = "boxes:"
SEPARATORS = re.compile(r"[\s,;]+")
CORNERS = 4


def plan_of(form: FormData) -> MaskPlan:
    """The plan in a sent form. Boxes of a picture that is not ticked are not kept.

    Raises:
        InvalidInput: a line that is not four numbers; `field` names the picture.
    """
    shown = [key for key in form.getlist("shown") if isinstance(key, str)]
    pictures = {key: read_boxes(key, str(form.get(BOXES + key, ""))) for key in shown}
    try:
        return MaskPlan.model_validate({"pictures": pictures, "show": form.getlist("show")})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"{place}: {first['msg']}", field=place) from error


def read_boxes(key: str, text: str) -> list[list[int]]:
    """The boxes of one picture: a line each, left, top, right, bottom.

    Raises:
        InvalidInput: a line that is not four whole numbers.
    """
    boxes = []
    for line in filter(str.strip, text.splitlines()):
        numbers = SEPARATORS.split(line.strip())
        if len(numbers) != CORNERS or not all(n.isascii() and n.isdigit() for n in numbers):
            raise InvalidInput(
                f"{key}: “{line.strip()[:80]}” is not a box: write four whole numbers, left, top, "
                "right, bottom",
                field=key,
            )
        boxes.append([int(number) for number in numbers])
    return boxes


def boxes_as_text(boxes: Sequence[Sequence[int]]) -> str:
    """Boxes as the text area shows them."""
    return "\n".join(" ".join(str(number) for number in box) for box in boxes)


def typed(form: FormData) -> tuple[set[str], set[str], Mapping[str, str]]:
    """What was typed, to be shown again: ticked pictures, ticked fields, boxes by picture."""
    boxes = {
        name.removeprefix(BOXES): value
        for name, value in form.items()
        if name.startswith(BOXES) and isinstance(value, str)
    }
    return (
        {key for key in form.getlist("shown") if isinstance(key, str)},
        {path for path in form.getlist("show") if isinstance(path, str)},
        boxes,
    )
