"""How the emulator's modules are ordered: rooms that stand on those before them, few modules in each, no circle."""

from __future__ import annotations

from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import tencent_chat_emulator
from support.package_rooms import Rooms, room_of
from tencent_chat_emulator._catalogue.catalogue import Catalogue
from tencent_chat_emulator._core.carrying import behaviours

EMULATOR = Rooms(Path(tencent_chat_emulator.__file__).parent)
# Each imports from those before it only. What loads behaviours names their folder, no module in it.
ROOMS = ("_catalogue", "_checks", "_memory", "_core", "_webhooks", "_apps", "_commands", "_http")
MOST_MODULES = 12


def test_rooms_are_on_the_plan() -> None:
    assert EMULATOR.private == set(ROOMS)
    assert not list(EMULATOR.absolute_imports())


def test_no_imports_go_in_circles() -> None:
    TopologicalSorter(EMULATOR.without_packages()).prepare()


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_stand_on_those_before_them(room: str) -> None:
    allowed = {*ROOMS[: ROOMS.index(room) + 1]}
    for name, imports in EMULATOR.without_packages().items():
        if room_of(name) == room:
            assert {room_of(other) for other in imports if other.startswith("_")} - {"_commands"} <= allowed, name


def test_folders_hold_few_modules() -> None:
    for name in EMULATOR.packages:
        folder = EMULATOR.modules[name].parent
        assert len([path for path in folder.glob("*.py") if path.name != "__init__.py"]) <= MOST_MODULES, name


def test_behaviours_are_of_commands_that_there_are() -> None:
    assert set(behaviours()) <= set(Catalogue().paths)
