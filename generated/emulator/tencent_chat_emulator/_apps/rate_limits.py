"""Limits on how often commands may be called."""

from __future__ import annotations

from collections import deque

from .._catalogue.catalogue import Catalogue, Command, RateLimit

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_TOO_MANY = 60007
_TOO_MANY_PUSHES = 90047
"""In a day."""


class RateLimits:
    """Counts the calls of an app, and says when one is too many."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._calls: dict[tuple[str, str], deque[float]] = {}

    def refusal(self, command: Command, now: float) -> int | None:
        """Count a call; return the code that it is refused with when it is too many. `now` is in Unix seconds."""
        for limit in command.rate_limits:
            if not self._admits((command.path, limit.per), limit.calls, now):
                return self._code(command, limit)
        return None

    def exceeds(self, now: float, what: str, most: int) -> bool:
        """Count one more of `what`, unless it is more than `most` in a second, and say whether it is.

        `now` is in Unix seconds.
        """
        return not self._admits((what, "second"), most, now)

    def clear(self) -> None:
        """Forget all calls."""
        self._calls.clear()

    def _admits(self, what: tuple[str, str], most: int, now: float) -> bool:
        calls = self._calls.setdefault(what, deque())
        while calls and calls[0] <= now - _SECONDS[what[1]]:
            calls.popleft()
        if len(calls) >= most:
            return False
        calls.append(now)
        return True

    def _code(self, command: Command, limit: RateLimit) -> int:
        if limit.per == "day" and _TOO_MANY_PUSHES in command.errors:
            return _TOO_MANY_PUSHES
        own = sorted(
            code for code in command.errors if self._catalogue.category(code) == "rate_limit"
        )
        return own[0] if own else _TOO_MANY
