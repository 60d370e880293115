"""What an app remembers, as JSON and back."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from .._catalogue.catalogue import Json
from .._memory.memory import Memory

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FORMAT = 1
"""Raised when an older snapshot can no longer be read."""


def take(memory: Memory, ahead: float) -> Json:
    """Return a snapshot: the memory, and by how many seconds the clock is ahead."""
    return {
        "format": FORMAT,
        "ahead": ahead,
        "memory": _adapter().dump_python(memory, mode="json", exclude_defaults=True),
    }


def read(snapshot: Any) -> tuple[Memory, float]:
    """Return the memory of a snapshot, and by how many seconds the clock was ahead.

    Raises ValueError for what is none.
    """
    from pydantic import ValidationError

    if not isinstance(snapshot, dict) or cast(Json, snapshot).keys() != {
        "format",
        "ahead",
        "memory",
    }:
        raise ValueError("this is no snapshot of the emulator")
    snapshot = cast(Json, snapshot)
    if snapshot["format"] != FORMAT:
        raise ValueError(
            f"the snapshot has format {snapshot['format']!r}, this emulator reads {FORMAT}"
        )
    try:
        return _adapter().validate_python(snapshot["memory"]), float(snapshot["ahead"])
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise ValueError(f"the snapshot does not fit at {place}: {first['msg']}") from None


@cache
def _adapter() -> TypeAdapter[Memory]:
    # Loaded when it is needed: nothing else of the emulator uses it.
    from pydantic import TypeAdapter

    return TypeAdapter(Memory)
