"""What the generator takes: against another one on the same catalogue, and after an edit."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers import OPENAPI_PYTHON_CLIENT
from benchmarks.processes import Case, Cost, in_turn
from benchmarks.table import Checkout, Pairs, Row
from benchmarks.tenfold import copy_project, multiply

LIBRARIES = "python -c 'import click, yaml, jinja2'"
EDITED = "spec/v4/openim/sendmsg.yaml"
_STILL = 4.0
"""Seconds."""


@dataclass(frozen=True)
class Project:
    """A copy of a checkout's project, which its own generator works on."""

    checkout: Checkout
    root: Path

    def case(self, *arguments: str, prepare: Callable[[], None] = lambda: None) -> Case:
        command = [sys.executable, "-m", "timgen", "--root", str(self.root), *arguments]
        return Case(command, {"PYTHONPATH": str(self.checkout.root / "generator")}, prepare=prepare)

    def forget(self) -> None:
        """Leave nothing of earlier runs."""
        for folder in ("generated", ".timgen"):
            shutil.rmtree(self.root / folder, ignore_errors=True)

    def editing(self) -> Callable[[], None]:
        """Return what changes a command's summary, each time to another one."""
        file = self.root / EDITED
        original = file.read_text(encoding="utf-8")
        numbers = iter(range(1_000_000))

        def edit() -> None:
            text = original.replace("summary: ", f"summary: Edit {next(numbers)}, ", 1)
            file.write_text(text, encoding="utf-8")

        return edit


def measure(checkouts: Sequence[Checkout], folder: Path, rounds: int) -> Iterator[Row]:
    once = [Project(checkout, folder / f"once{n}") for n, checkout in enumerate(checkouts)]
    tenfold = [Project(checkout, folder / f"tenfold{n}") for n, checkout in enumerate(checkouts)]
    for project in (*once, *tenfold):
        copy_project(project.checkout.root, project.root)
    for project in tenfold:
        multiply(project.root, 10)
    yield from _cold(once, tenfold, folder, rounds)
    yield from _again(once, "", rounds)
    yield from _again(tenfold, "ten times the catalogue: ", rounds)


def _cold(once: Sequence[Project], tenfold: Sequence[Project], folder: Path, rounds: int) -> Iterator[Row]:
    cases = {_name(project): project.case("generate", prepare=project.forget) for project in once}
    document = once[-1].checkout.root / "generated/openapi/tencent-chat.json"
    command = [str(OPENAPI_PYTHON_CLIENT), "generate", "--path", str(document)]
    command += ["--output-path", str(folder / "peer"), "--overwrite"]
    # It formats what it wrote with the ruff that it finds.
    path = os.pathsep.join((str(OPENAPI_PYTHON_CLIENT.parent), os.environ["PATH"]))
    cases["peer"] = Case(command, {"PATH": path}, folder)
    costs = in_turn(cases, rounds)
    large = in_turn({_name(project): project.case("generate", prepare=project.forget) for project in tenfold}, 2)
    peer = "openapi-python-client"
    wall = [_pairs(costs[_name(project)], costs["peer"], "wall") for project in once]
    yield Row("generate, cold", "s", wall, peer)
    cpu = [_pairs(costs[_name(project)], costs["peer"], "cpu") for project in once]
    yield Row("generate, cold: processor", "s", cpu, peer)
    pairs = zip(once, tenfold, strict=True)
    walls = [_pairs(large[_name(ten)], costs[_name(one)][:2], "wall") for one, ten in pairs]
    yield Row("ten times the catalogue: generate, cold", "s", walls, "our own cold run")
    memory = [Pairs([cost.memory for cost in large[_name(project)]]) for project in tenfold]
    yield Row("ten times the catalogue: largest process", "MiB", memory)


def _again(projects: Sequence[Project], prefix: str, rounds: int) -> Iterator[Row]:
    """Measure runs after the first, each kind by itself: what one run leaves behind is the next one's start."""
    for what, command, is_edited in (
        ("generate, one command edited", "generate", True),
        ("generate, nothing changed", "generate", False),
        ("lint, one command edited", "lint", True),
        ("lint, nothing changed", "lint", False),
    ):
        cases = {
            _name(project): project.case(command, prepare=project.editing() if is_edited else lambda: None)
            for project in projects
        }
        cases["libraries"] = Case([sys.executable, "-c", "import click, yaml, jinja2"])
        if not is_edited:
            # What the edits before wrote lies still by then, as it does for somebody who comes back.
            time.sleep(_STILL)
        costs = in_turn(cases, rounds)
        pairs = [_pairs(costs[_name(project)], costs["libraries"], "wall") for project in projects]
        yield Row(f"{prefix}{what}", "s", pairs, LIBRARIES)


def _name(project: Project) -> str:
    return project.root.name


def _pairs(ours: Sequence[Cost], theirs: Sequence[Cost], figure: str) -> Pairs:
    return Pairs([getattr(cost, figure) for cost in ours], [getattr(cost, figure) for cost in theirs])
