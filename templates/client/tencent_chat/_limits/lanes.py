"""Where calls queue for a rate limit, and whether Redis keeps count of them."""

from __future__ import annotations

import threading
import time
from collections import deque

from ..commands import RateLimit
from ..exceptions import ThrottledError

SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}

_PAUSE = 5.0
"""Seconds for which Redis is left alone once it has failed."""


class Lane:
    """Where the calls of one command of one app queue, and when the latest of them began."""

    def __init__(self, sdkappid: int, command: str, limits: tuple[RateLimit, ...]) -> None:
        self.sdkappid = sdkappid
        self.command = command
        self.limits = limits
        self._windows = [(SECONDS[limit.per], deque[float](maxlen=limit.calls)) for limit in limits]
        self._room_at = 0.0
        self.reset()

    def reset(self) -> None:
        self._lock = threading.Lock()
        self.turn = Turn()

    def take(self) -> float:
        """Count a call of this process and return 0, or the seconds until there is room for one."""
        with self._lock:
            now = time.monotonic()
            room_at = max(
                starts[0] + seconds if len(starts) == starts.maxlen else 0.0
                for seconds, starts in self._windows
            )
            if room_at > now:
                self._room_at = room_at
                return room_at - now
            self._count(now)
            return 0.0

    def taken_elsewhere(self, delay: float) -> float:
        """Note what Redis said, so that this process knows when it is on its own."""
        with self._lock:
            now = time.monotonic()
            if delay:
                self._room_at = now + delay
            else:
                self._count(now)
            return delay

    def _count(self, now: float) -> None:
        for _, starts in self._windows:
            starts.append(now)

    def throttled(self, delay: float | None = None) -> ThrottledError:
        """Return the error for a call that must wait for `delay`, by default for whoever is first in the queue."""
        seconds = max(self._room_at - time.monotonic(), 0.0) if delay is None else delay
        return ThrottledError(self.command, " and ".join(map(_text, self.limits)), seconds)


class Turn:
    """A lock that goes to the thread that has waited longest; threading.Lock may go to the same one again and again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    def acquire(self, seconds: float) -> bool:
        """Wait for at most `seconds`; return whether it is this thread's turn."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            gate = threading.Lock()
            gate.acquire()
            self._waiting.append(gate)
        opened = False
        try:
            opened = gate.acquire(timeout=min(seconds, threading.TIMEOUT_MAX))
        finally:
            if not opened:
                self._leave(gate)
        return opened

    def release(self) -> None:
        with self._lock:
            self._pass_on()

    def _leave(self, gate: threading.Lock) -> None:
        with self._lock:
            if gate in self._waiting:
                self._waiting.remove(gate)
            else:
                # The turn came at the last moment.
                self._pass_on()

    def _pass_on(self) -> None:
        if self._waiting:
            self._waiting.popleft().release()
        else:
            self._taken = False


class Outage:
    """Whether Redis fails, and when it is worth another try."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next_try = 0.0
        """By the monotonic clock; 0 while Redis works."""

    def lasts(self) -> bool:
        """Return False when Redis should be asked. During an outage one caller is told so after each pause."""
        if not self._next_try:
            return False
        with self._lock:
            now = time.monotonic()
            if now < self._next_try:
                return True
            if self._next_try:
                self._next_try = now + _PAUSE
            return False

    def begin(self, reason: str) -> None:
        with self._lock:
            is_new = not self._next_try
            self._next_try = time.monotonic() + _PAUSE
        if is_new:
            _log(
                f"Redis fails ({reason}): until it is back, this process keeps the rate limits on its own"
            )

    def end(self) -> None:
        if not self._next_try:
            return
        with self._lock:
            was_on, self._next_try = bool(self._next_try), 0.0
        if was_on:
            _log("Redis is back: the rate limits are shared again")


def _log(text: str) -> None:
    from .._support.log import logger

    logger.warning(text)


def _text(limit: RateLimit) -> str:
    plan = f" (plan {limit.plan})" if limit.plan else ""
    return f"{limit.calls} call{'s' if limit.calls > 1 else ''} per {limit.per}{plan}"
