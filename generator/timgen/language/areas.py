"""Areas: the chapters of the error table, as ranges of codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def area_of(code: int, areas: Mapping[str, Sequence[Sequence[int]]]) -> str | None:
    """Return the first area that has `code` in one of its ranges, each of which is a first and a last code."""
    for name, ranges in areas.items():
        if any(first <= code <= last for first, last in ranges):
            return name
    return None
