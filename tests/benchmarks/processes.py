"""Whole processes, measured in turn, so that whatever else the machine does falls on all of them alike."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Case:
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    folder: Path | None = None
    prepare: Callable[[], None] = lambda: None
    """Runs before, and is not measured."""


@dataclass(frozen=True)
class Cost:
    """What a process took, its children included."""

    wall: float
    """Seconds until it ended."""
    cpu: float
    """Seconds of processors."""
    memory: float
    """MiB of the largest process when it was largest."""


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a measured process: Python keeps what it compiled, as it does for users."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | dict(more)


def in_turn(cases: Mapping[str, Case], rounds: int) -> dict[str, list[Cost]]:
    """Run every case once to warm up, then all of them one after the other, `rounds` times."""
    for case in cases.values():
        run(case)
    costs: dict[str, list[Cost]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, case in cases.items():
            costs[name].append(run(case))
    return costs


def run(case: Case) -> Cost:
    """Run it; end the program when it fails."""
    case.prepare()
    start = time.perf_counter()
    process = subprocess.Popen(
        case.command,
        env=environment(case.environment),
        cwd=case.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    with process.stderr as stderr:
        complaints = stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(case.command)} failed:\n{complaints.decode()}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
