"""Which domain a call goes to: the region's own, or its backup while that one cannot be reached."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from .._support import fork

COOL_DOWN = 30.0
"""Seconds for which a domain that could not be reached is left alone."""


class Domains:
    """A circuit breaker for each base URL, the preferred one first. Safe to share between threads.

    Only a domain that could not be reached counts as failed. One that answered, with whatever
    error, or that may have received the request, does not.
    """

    def __init__(self, *base_urls: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.base_urls = base_urls
        self._clock = clock
        self._failed_at: dict[str, float] = {}
        self._lock = threading.Lock()
        fork.watch(self)

    def reset_after_fork(self) -> None:
        self._lock = threading.Lock()

    def choose(self) -> str:
        """Return the first base URL that is not known to fail; if all are, the one that failed first."""
        if not self._failed_at:
            return self.base_urls[0]
        with self._lock:
            now = self._clock()
            for base_url in self.base_urls:
                failed_at = self._failed_at.get(base_url)
                if failed_at is None:
                    return base_url
                if now - failed_at >= COOL_DOWN:
                    # This caller finds out whether it is back; the others go on to another domain.
                    self._failed_at[base_url] = now
                    return base_url
            return min(self.base_urls, key=lambda base_url: self._failed_at[base_url])

    def reached(self, base_url: str) -> None:
        """Note that a request got through to `base_url`."""
        if self._failed_at:
            with self._lock:
                self._failed_at.pop(base_url, None)

    def unreachable(self, base_url: str) -> bool:
        """Note that `base_url` could not be reached; return whether there is one that is not known to fail."""
        with self._lock:
            self._failed_at[base_url] = self._clock()
            return len(self._failed_at) < len(self.base_urls)
