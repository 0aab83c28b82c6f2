"""What the owner of a watched post discloses of it: an allow-list. What is not named stays hidden.

`pictures` names the pictures that are shown, each with the boxes that cover parts of it; `show`
names the fields. Both begin with the leaf index of the record that they belong to.
"""

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MAX_BOXES = 200
"""On one picture."""
MAX_SIDE = 1_000_000
"""Pixels; the true size of each picture is checked where it is known."""

_LEAF = r"(?:0|[1-9][0-9]{0,17})"
PICTURE_KEY = re.compile(rf"^{_LEAF}/[a-z0-9][a-z0-9._-]{{0,99}}$")
FIELD_KEY = re.compile(rf"^{_LEAF}/fields/[a-z][a-z0-9_]{{0,99}}\.json$")

Pixels = Annotated[int, Field(ge=0, le=MAX_SIDE)]
Box = tuple[Pixels, Pixels, Pixels, Pixels]
"""Left, top, right, bottom in pixels from the left top corner; right and bottom excluded."""
PictureKey = Annotated[str, StringConstraints(pattern=PICTURE_KEY.pattern)]
"""`<leaf>/<folder>`, for instance `12/screenshot`."""
FieldKey = Annotated[str, StringConstraints(pattern=FIELD_KEY.pattern)]
"""`<leaf>/fields/<name>.json`, for instance `12/fields/text.json`."""


class MaskPlan(BaseModel):
    """The allow-list of one watched post. Empty: nothing is shown but what is never withheld."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "pictures": {"12/screenshot": [[0, 0, 320, 64]]},
                "show": ["12/fields/text.json"],
            }
        },
    )

    pictures: dict[PictureKey, Annotated[list[Box], Field(max_length=MAX_BOXES)]] = Field(
        default_factory=dict, max_length=5000
    )
    show: list[FieldKey] = Field(default_factory=list, max_length=20_000)
