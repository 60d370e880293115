"""How the client's modules are ordered: few private rooms, each with few modules, and no circle of imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import tencent_chat

ROOT = Path(tencent_chat.__file__).parent
# Each imports from those before it only, whatever public modules it imports.
ROOMS = ("_tables", "_support", "_network", "_limits", "_bodies", "_calls", "_cli")
MOST_ROOMS = 8
MOST_MODULES = 12


def name_of(file: Path) -> str:
    """Return the name of a module below the package: `_calls.core`; a package has that of its folder."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {name_of(file): file for file in ROOT.rglob("*.py")}
PACKAGES = {name for name, file in MODULES.items() if file.name == "__init__.py"}


def imported_by(name: str) -> Iterator[str]:
    """Yield the modules of the package that a module imports: within functions and for type checkers, too."""
    file = MODULES[name]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        folder = file.parents[node.level - 1].relative_to(ROOT)
        place = [*folder.parts, *(node.module or "").split(".")]
        module = ".".join(part for part in place if part)
        for alias in node.names:
            inner = f"{module}.{alias.name}".removeprefix(".")
            yield inner if inner in MODULES else module


IMPORTS = {name: set(imported_by(name)) for name in MODULES}


def test_all_imports_are_seen() -> None:
    assert {"_tables.errors", "error_codes", "_support.loading"} <= IMPORTS["exceptions"]
    assert {"_calls.core", "_network.http_transport", "models.envelope"} <= IMPORTS["_calls.caller"]
    for name, file in MODULES.items():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            assert not any(other.partition(".")[0] == ROOT.name for other in names), name


def test_no_imports_go_in_circles() -> None:
    # What a package hands on it loads when it is asked for.
    graph = {name: imports for name, imports in IMPORTS.items() if name not in PACKAGES}
    TopologicalSorter(graph).prepare()


def test_modules_import_from_modules() -> None:
    """Not from packages that hand on what is theirs."""
    for name, imports in IMPORTS.items():
        assert not imports & PACKAGES or name in PACKAGES, name


def test_public_modules_stand_beside_few_private_names() -> None:
    private = {name.partition(".")[0] for name in MODULES if name.startswith("_")} - {"__main__"}
    assert private == set(ROOMS)
    assert len(private) <= MOST_ROOMS


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_hold_few_modules_and_say_which(room: str) -> None:
    for package in (name for name in PACKAGES if name.partition(".")[0] == room):
        file = MODULES[package]
        modules = [path for path in file.parent.glob("*.py") if path != file]
        assert 1 < len(modules) <= MOST_MODULES, package
        assert not any(path.name.startswith("_") for path in modules), package
        (only,) = ast.parse(file.read_text(encoding="utf-8")).body
        assert isinstance(only, ast.Expr), package
        assert isinstance(only.value, ast.Constant), package


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_stand_on_those_before_them(room: str) -> None:
    allowed = {*ROOMS[: ROOMS.index(room) + 1]}
    for name, imports in IMPORTS.items():
        if name.partition(".")[0] == room:
            rooms = {other.partition(".")[0] for other in imports}
            assert {other for other in rooms if other.startswith("_")} <= allowed, name
