"""Reading lists on, page after page: after the number of the last item, which the answer gave."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

from ..._core.context import Refused
from .lookup import BAD_VALUE

T = TypeVar("T")


def start_of(field: str, cursor: str) -> int:
    """Return the number that a list is read on after. Refused with 10004 for what no answer gives."""
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 20):
        raise Refused(BAD_VALUE, f"{field}: must be empty or come from an answer")
    return int(cursor)


def page_of(numbered: Iterable[tuple[int, T]], start: int, size: int) -> tuple[list[T], str]:
    """Return up to `size` items, and with what to read on; empty after the last page. Refused with 10004.

    The numbers grow. What comes or goes between two pages does not move the others.
    """
    if size < 1:
        raise Refused(BAD_VALUE, f"A page of {size} items cannot be.")
    page = list(islice((entry for entry in numbered if entry[0] > start), size + 1))
    further = str(page[size - 1][0]) if len(page) > size else ""
    return [item for _, item in page[:size]], further
