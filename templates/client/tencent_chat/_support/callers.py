"""Who uses this package."""

from __future__ import annotations

from .loading import PACKAGE

# Attributes of models are set by way of pydantic.
_INSIDE = (f"{PACKAGE}.", "pydantic.")


def level_outside() -> int:
    """Return how many calls below the caller's the code of somebody else is, as `warnings.warn` counts."""
    from inspect import currentframe

    level, frame = 0, currentframe()
    while frame is not None and str(frame.f_globals.get("__name__")).startswith(_INSIDE):
        level, frame = level + 1, frame.f_back
    return level
