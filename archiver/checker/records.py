"""Reads recorded looks and notices: JSON lines, one record each."""

import json
from typing import Any

from pydantic import ValidationError

from archiver.domain.errors import InvalidInput
from archiver.domain.observation import Notice, Observation


def parse_lines(text: str) -> list[Observation | Notice]:
    """The records in the order of their lines; empty lines are skipped.

    A line without `kind` is an observation, one with `"kind": "notice"` a notice.

    Raises:
        InvalidInput: naming the line and what is wrong with it.
    """
    lines = enumerate(text.split("\n"), start=1)
    return [_record(number, line) for number, line in lines if line.strip()]


def _record(number: int, line: str) -> Observation | Notice:
    try:
        value: Any = json.loads(line.lstrip("\ufeff"))
    except (json.JSONDecodeError, RecursionError) as error:
        raise InvalidInput(f"line {number} is not JSON: {error}", field=f"line {number}") from error
    if not isinstance(value, dict):
        raise InvalidInput(f"line {number} is not a JSON object", field=f"line {number}")
    kind = value.get("kind", "observation")
    if kind not in ("observation", "notice"):
        raise InvalidInput(
            f"line {number}: kind {kind!r} is neither observation nor notice",
            field=f"line {number}",
        )
    model = Notice if kind == "notice" else Observation
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(
            f"line {number}: {where + ': ' if where else ''}{first['msg']}",
            field=f"line {number}",
        ) from error
