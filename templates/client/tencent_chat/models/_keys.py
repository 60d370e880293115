"""Objects whose keys are the app's own: which values have which keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from .._bodies.rules import sets_of
from .._support.loading import unforked

if TYPE_CHECKING:
    from pydantic import TypeAdapter


class Key(NamedTuple):
    """Keys that match a pattern, or all others where there is none, and the type of their values."""

    pattern: str | None
    kind: Any
    is_open: bool = False
    """Whether requests may have other values than those of the sets in the type."""
    prefixes: tuple[str, ...] = ()


class Value(NamedTuple):
    """What a value has to be."""

    adapter: TypeAdapter[Any]
    sets: Mapping[type, tuple[object, ...]]
    """All values there are, by their type; pydantic alone takes others."""
    prefixes: tuple[str, ...]


class Keys:
    """What the values of an object have to be, by their keys."""

    def __init__(self, keys: Callable[[], Iterable[Key]]) -> None:
        # Only called when needed: some of the types stand further below.
        self._keys = keys

    @cached_property
    def _values(self) -> list[tuple[re.Pattern[str] | None, Value]]:
        return [
            (re.compile(key.pattern) if key.pattern else None, _value(key)) for key in self._keys()
        ]

    def of(self, key: str) -> Iterable[Value]:
        """Return what the value of `key` has to be, all of it."""
        found = [value for pattern, value in self._values if pattern and pattern.search(key)]
        return found or [value for pattern, value in self._values if not pattern]


def _value(key: Key) -> Value:
    with unforked():
        from pydantic import TypeAdapter

        adapter = TypeAdapter[Any](key.kind)
    return Value(adapter, {} if key.is_open else sets_of(key.kind), key.prefixes)
