"""Processor time and memory of this process and all that it started, from /proc (Linux)."""

import os
from collections.abc import Iterator
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
MEBIBYTE = 1 << 20


def cpu_seconds(root: int | None = None) -> float:
    """Processor seconds used so far by a process tree, ended children that were waited for
    included. Take it twice; a child that ends unwaited in between is missing."""
    return sum(sum(fields[11:15]) / TICKS for fields in _tree(root or os.getpid()))


def resident(root: int | None = None) -> float:
    """MiB of memory in use by a process tree; pages that processes share count in each."""
    return sum(fields[21] * PAGE / MEBIBYTE for fields in _tree(root or os.getpid()))


def _tree(root: int) -> list[list[int]]:
    """The numbers of /proc/PID/stat (proc(5)) from the parent's id on, of each process."""
    found = dict(_all())
    wanted = {root}
    while True:
        more = {pid for pid, fields in found.items() if fields[1] in wanted} - wanted
        if not more:
            return [found[pid] for pid in wanted if pid in found]
        wanted |= more


def _all() -> Iterator[tuple[int, list[int]]]:
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            stat = (folder / "stat").read_text("ascii", "replace")
        except OSError:
            continue  # it ended meanwhile
        state, *numbers = stat.rpartition(")")[2].split()
        yield int(folder.name), [ord(state), *(int(number) for number in numbers)]
