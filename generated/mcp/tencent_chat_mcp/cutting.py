"""Answers that are too long for a conversation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, NamedTuple, cast

LONGEST = 20_000
"""Characters of an answer as JSON."""

_LONG_TEXT = 500


class _Place(NamedTuple):
    """Where something stands that can be halved."""

    length: int
    path: str
    holder: Any
    key: str | int


def cut(told: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return what is told of an answer in a bearable length, and what was left out: sentences.

    The longest lists lose their ends, and then the longest texts.
    """
    shortened = deepcopy(told)
    left_out: dict[str, str] = {}
    while _length(shortened) > LONGEST:
        places = list(_places(shortened, list)) or list(_places(shortened, str))
        if not places:
            beginning = json.dumps(told, ensure_ascii=False)[:LONGEST]
            return {"beginning": beginning}, ["only the beginning of the JSON is here"]
        place = max(places, key=lambda place: place.length)
        value = place.holder[place.key]
        kept = value[: len(value) // 2]
        place.holder[place.key] = kept
        parts = "entries" if isinstance(value, list) else "characters"
        left_out[place.path] = f"{place.path} has its first {len(kept)} {parts} only"
    return shortened, list(left_out.values())


def _places(value: object, kind: type, path: str = "") -> Iterator[_Place]:
    """Yield the lists of several entries, or the long texts."""
    if isinstance(value, dict):
        names = cast("dict[str, object]", value)
        steps: list[tuple[str | int, str]] = [
            (name, f"{path}.{name}".lstrip(".")) for name in names
        ]
    elif isinstance(value, list):
        steps = [(index, f"{path}[{index}]") for index in range(len(cast("list[object]", value)))]
    else:
        return
    holder = cast(Any, value)
    for key, inside in steps:
        inner = holder[key]
        if isinstance(inner, kind) and len(cast("list[object] | str", inner)) > (
            1 if kind is list else _LONG_TEXT
        ):
            yield _Place(_length(inner), inside, holder, key)
        yield from _places(inner, kind, inside)


def _length(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False))
