"""How the client's modules are ordered: few private rooms, each with few modules, and no circle of imports."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import tencent_chat
from support.package_rooms import Rooms, room_of

CLIENT = Rooms(Path(tencent_chat.__file__).parent)
# Each imports from those before it only, whatever public modules it imports.
ROOMS = ("_tables", "_support", "_network", "_limits", "_bodies", "_calls", "_cli")
MOST_ROOMS = 8
MOST_MODULES = 12


def test_all_imports_are_seen() -> None:
    assert {"_tables.errors", "error_codes", "_support.loading"} <= CLIENT.imports["exceptions"]
    assert {"_calls.core", "_network.http_transport", "models.envelope"} <= CLIENT.imports["_calls.caller"]
    assert not list(CLIENT.absolute_imports())


def test_no_imports_go_in_circles() -> None:
    TopologicalSorter(CLIENT.without_packages()).prepare()


def test_modules_import_from_modules() -> None:
    """Not from packages that hand on what is theirs."""
    for name, imports in CLIENT.imports.items():
        assert not imports & CLIENT.packages or name in CLIENT.packages, name


def test_public_modules_stand_beside_few_private_names() -> None:
    assert CLIENT.private == set(ROOMS)
    assert len(ROOMS) <= MOST_ROOMS


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_hold_few_modules_and_say_which(room: str) -> None:
    for package in (name for name in CLIENT.packages if room_of(name) == room):
        file = CLIENT.modules[package]
        modules = [path for path in file.parent.glob("*.py") if path != file]
        assert 1 < len(modules) <= MOST_MODULES, package
        assert not any(path.name.startswith("_") for path in modules), package
        (only,) = ast.parse(file.read_text(encoding="utf-8")).body
        assert isinstance(only, ast.Expr), package
        assert isinstance(only.value, ast.Constant), package


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_stand_on_those_before_them(room: str) -> None:
    allowed = {*ROOMS[: ROOMS.index(room) + 1]}
    for name, imports in CLIENT.imports.items():
        if room_of(name) == room:
            assert {room_of(other) for other in imports if other.startswith("_")} <= allowed, name
