"""The third verifier: the modules of the page `/verify`, run by node without a browser."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = Path(__file__).with_name("check.mjs")


@dataclass(frozen=True)
class Job:
    """A bundle, with what the visitor brings."""

    path: Path
    roots: str | None = None
    logKeys: str | None = None  # noqa: N815 - the page's own names
    witnessKeys: str | None = None  # noqa: N815


def check_all(jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """One report (or `{"notABundle": why}`) for each job, all by one process."""
    asked = json.dumps([{**vars(job), "path": str(job.path)} for job in jobs])
    run = subprocess.run(
        [ROOT / "scripts" / "node.sh", "node", SCRIPT],
        input=asked,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    results: list[dict[str, Any]] = json.loads(run.stdout)
    assert len(results) == len(jobs)
    return results


def told(result: dict[str, Any]) -> str | None:
    """None when the page accepts it, else what it says."""
    failure: str | None = result.get("notABundle") or result["first_failure"]
    assert (failure is None) == (result.get("valid") is True)
    return failure


def check(path: Path, **own: str) -> dict[str, Any]:
    """The report on one bundle."""
    return check_all([Job(path, **own)])[0]
