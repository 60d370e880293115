"""The plan of the generator: stages in the order of the pipeline, each built on those before it alone.

The tests stand in folders like its own.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import timgen
from support.paths import ROOT

PACKAGE = Path(timgen.__file__).parent
STAGES = ("language", "reading", "checking", "modelling", "rendering", "publishing")
# What stands above the stages, each on those before it.
ABOVE = ("pipeline", "tools", "importing", "cli", "__main__")
MOST_FILES = 12
UNIT = ROOT / "tests" / "unit"
TESTS = {path.relative_to(UNIT): path for path in sorted(UNIT.rglob("test_*.py"))}
IN_ROOMS = [name for name in TESTS if len(name.parts) > 1]
MODULES = {
    ".".join(("timgen", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if "_data" not in path.parts
}


def imports(name: str) -> Iterator[str]:
    """Yield the modules of timgen that a module imports: at its top, inside of functions, or for types alone."""
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "timgen":
            assert node.level == 0
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else str(node.module)


def room(module: str) -> str:
    return (*module.split("."), "")[1]


def test_every_room_is_on_the_plan() -> None:
    assert {room(module) for module in MODULES} - {""} == {*STAGES, *ABOVE}


@pytest.mark.parametrize("module", MODULES)
def test_a_room_builds_on_those_before_it(module: str) -> None:
    order = ("", *STAGES, *ABOVE)
    before = order[: order.index(room(module)) + 1]
    assert {found for found in imports(module) if room(found) not in before} == set()


def test_no_stage_reads_the_vendors_pages() -> None:
    assert {
        module for module in MODULES if room(module) in STAGES for found in imports(module) if "importing" in found
    } == set()


@pytest.mark.parametrize("module", [module for module in MODULES if room(module) != "importing"])
def test_the_generator_knows_no_vendor(module: str) -> None:
    text = MODULES[module].read_text(encoding="utf-8")
    assert re.findall(r"(?i)tencent|usersig|sdkappid|openim|console\.tim|callbackcommand|actionstatus", text) == []


def test_no_circles() -> None:
    TopologicalSorter({module: set(imports(module)) for module in MODULES}).prepare()


def test_a_folder_is_seen_at_a_glance() -> None:
    folders = {path.parent for path in MODULES.values()}
    counts = {
        folder.name: len([path for path in folder.glob("*.py") if path.name != "__init__.py"]) for folder in folders
    }
    assert {name: count for name, count in counts.items() if count > MOST_FILES} == {}


@pytest.mark.parametrize("name", IN_ROOMS, ids=str)
def test_tests_stand_in_the_room_of_the_module_that_they_test(name: Path) -> None:
    tested = PACKAGE / name.with_name(name.stem.removeprefix("test_"))
    assert tested.with_suffix(".py").is_file() or (tested / "__init__.py").is_file()


def test_every_room_of_the_tests_is_one_of_the_generator() -> None:
    assert {name.parts[0] for name in IN_ROOMS} == {room for room in (*STAGES, *ABOVE) if (PACKAGE / room).is_dir()}


def test_a_folder_of_tests_is_seen_at_a_glance() -> None:
    counts = Counter(path.parent for path in TESTS.values())
    assert {folder.name: count for folder, count in counts.items() if count > MOST_FILES} == {}
