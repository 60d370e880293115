"""Numbers by which the service tells the order of messages."""

from __future__ import annotations

import threading
import time

from .._support import fork


class Rising:
    """Gives 32-bit numbers, each greater than all before it.

    They begin with the time, so that they rise over a restart too.
    """

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()
        fork.watch(self)

    def reset_after_fork(self) -> None:
        self._lock = threading.Lock()

    def number(self) -> int:
        """Return the next number."""
        with self._lock:
            # Only what is given wraps: a clock that stands at the end would give the same number twice.
            self._last = max(self._last + 1, int(time.time()))
            return self._last % 2**32
