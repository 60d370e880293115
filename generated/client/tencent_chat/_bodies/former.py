"""Former names of request fields: bodies may have them, and are sent with the present ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .reading import Path

_ITEM, _ANY = "[]", "*"


class Former:
    """The former names of a command; see `Command.former`."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._by_place: dict[tuple[str, ...], dict[str, str]] = {}
        for path, present in names.items():
            *place, old = path.replace(_ITEM, f".{_ITEM}").split(".")
            self._by_place.setdefault(tuple(place), {})[old] = present

    def at(self, path: Path) -> Mapping[str, str]:
        """Return the present names by the former ones for the object at `path`, whose names are the present ones."""
        for place, names in self._by_place.items():
            if len(place) == len(path) and all(map(_leads, place, path)):
                return names
        return {}


def _leads(step: str, taken: str | int) -> bool:
    return step == _ITEM if isinstance(taken, int) else step in (taken, _ANY)
