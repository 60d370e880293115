"""What the emulator takes: its start, calls over a socket, and memory when it knows a lot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.processes import Case, environment, in_turn
from benchmarks.table import Checkout, Pairs, Row

PROBES = Path(__file__).parent / "probes"
MESSAGES = 100_000


def measure(checkouts: Sequence[Checkout], rounds: int) -> Iterator[Row]:
    cases = {
        checkout.name: Case([sys.executable, str(PROBES / "emulator_start.py")], _environment(checkout))
        for checkout in checkouts
    }
    cases["client"] = Case([sys.executable, str(PROBES / "first_call.py")], _environment(checkouts[-1]))
    costs = {name: [cost.wall for cost in taken] for name, taken in in_turn(cases, rounds).items()}
    starts = [Pairs(costs[checkout.name], costs["client"]) for checkout in checkouts]
    yield Row("emulator: start, a call, stop, all in one process", "s", starts, "a first call alone")
    figures = [_rates(checkout) for checkout in checkouts]
    for name in figures[-1]:
        if name == "memory":
            yield Row(f"emulator: memory with {MESSAGES:,} messages", "MiB", [Pairs([one[name]]) for one in figures])
        else:
            yield Row(f"emulator: {name}, 32 tasks", "calls/s", [Pairs([one[name]]) for one in figures])


def _rates(checkout: Checkout) -> dict[str, float]:
    command = [sys.executable, str(PROBES / "emulator_rates.py"), str(MESSAGES)]
    output = subprocess.run(command, env=environment(_environment(checkout)), stdout=subprocess.PIPE, check=True).stdout
    figures: dict[str, float] = json.loads(output)
    return figures


def _environment(checkout: Checkout) -> dict[str, str]:
    packages = (checkout.root / "generated" / name for name in ("client", "emulator"))
    return {"PYTHONPATH": os.pathsep.join(map(str, packages))}
