"""Faults put into the rules one by one: the tests of the rules and gates notice every one."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.mutation.fault import Fault
from tests.mutation.faults import FAULTS

ROOT = Path(__file__).parents[2]
DECIDING = ("tests/unit/rules", "tests/unit/checker")
TREES = ("archiver", "tests", "extension", "docs")
FAILED = 1
"""pytest's exit status when tests ran and some failed."""


def copy_of_the_project(target: Path) -> Path:
    """Hard links: nothing is written but the module that gets the fault."""
    for tree in TREES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / tree, target / tree, copy_function=os.link, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", target)
    return target


def run_deciding_tests(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", *DECIDING]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_has_its_place(fault: Fault) -> None:
    assert fault.path(ROOT).read_text("utf-8").count(fault.old) == 1
    assert fault.old != fault.new


def test_there_are_enough_of_them_and_each_has_a_name_of_its_own() -> None:
    assert len(FAULTS) >= 40
    assert [
        name for name, count in Counter(fault.name for fault in FAULTS).items() if count > 1
    ] == []


@pytest.mark.matrix
def test_without_a_fault_nothing_is_noticed_and_with_one_it_is(tmp_path: Path) -> None:
    """The check itself: a sound copy passes."""
    root = copy_of_the_project(tmp_path)
    sound = run_deciding_tests(root)
    assert sound.returncode == 0, sound.stdout[-2000:]
    FAULTS[0].apply(root)
    assert run_deciding_tests(root).returncode == FAILED


@pytest.mark.matrix
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_fault_is_noticed(fault: Fault, tmp_path: Path) -> None:
    root = copy_of_the_project(tmp_path)
    fault.apply(root)
    done = run_deciding_tests(root)
    assert done.returncode == FAILED, f"nothing noticed: {fault.name}\n{done.stdout[-2000:]}"
