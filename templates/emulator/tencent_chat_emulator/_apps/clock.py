"""The time of an application."""

from __future__ import annotations

import time


class Clock:
    """Goes with the real time, or stands still at `now` (Unix seconds) until it is moved."""

    def __init__(self, now: float | None = None) -> None:
        self._fixed = now
        self.ahead = 0.0
        """Seconds by which it was moved."""

    def now(self) -> float:
        """Return Unix seconds."""
        return (time.time() if self._fixed is None else self._fixed) + self.ahead

    def advance(self, seconds: float) -> None:
        """Move the clock on. Raises ValueError for less than nothing: what happened stays in the past."""
        if not seconds >= 0:
            raise ValueError(f"a clock goes forward, not by {seconds!r} seconds")
        self.ahead += seconds
