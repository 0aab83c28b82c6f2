"""The third verifier: the modules of the page `/verify`, run by node without a browser."""

import base64
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Job:
    """A bundle, with what the visitor brings."""

    path: Path
    roots: str | None = None
    logKeys: str | None = None  # noqa: N815 - the page's own names
    witnessKeys: str | None = None  # noqa: N815


def check_all(jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """One report (or `{"notABundle": why}`) for each job, all by one process."""
    results: list[dict[str, Any]] = _run(
        "check.mjs", [{**vars(job), "path": str(job.path)} for job in jobs]
    )
    assert len(results) == len(jobs)
    return results


def ask_parts(asked: Sequence[Mapping[str, Any]]) -> list[bool | str]:
    """Asks single modules (see parts.mjs); bytes are handed over in base64."""
    answers: list[bool | str] = _run("parts.mjs", [_in_base64(one) for one in asked])
    assert len(answers) == len(asked)
    return answers


def _in_base64(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Mapping):
        return {name: _in_base64(item) for name, item in value.items()}
    return [_in_base64(item) for item in value] if isinstance(value, list) else value


def _run(script: str, asked: Any) -> Any:
    run = subprocess.run(
        [ROOT / "scripts" / "node.sh", "node", Path(__file__).with_name(script)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def told(result: dict[str, Any]) -> str | None:
    """None when the page accepts it, else what it says."""
    failure: str | None = result.get("notABundle") or result["first_failure"]
    assert (failure is None) == (result.get("valid") is True)
    return failure
