"""Calls of the last minutes that the service would drop if they came again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MAX_RECENT = 100_000


@dataclass(slots=True)
class Recent:
    """Answers, by what the service knows a call by."""

    answers: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    until: dict[str, float] = field(default_factory=dict[str, float])
    """When each is forgotten, in Unix seconds; the oldest first."""

    def answer(self, key: str, now: float) -> dict[str, Any] | None:
        """Return what the same call was answered with, if it is not forgotten. `now` is in Unix seconds."""
        return self.answers[key] if now < self.until.get(key, 0) else None

    def keep(self, key: str, answer: dict[str, Any], now: float, window: float) -> None:
        """Remember the answer to a call for `window` seconds."""
        self.forget(key)
        self.answers[key], self.until[key] = answer, now + window
        while len(self.until) > MAX_RECENT or self._oldest()[1] <= now:
            self.forget(self._oldest()[0])

    def forget(self, key: str) -> None:
        """Drop a call, if it is known."""
        self.answers.pop(key, None)
        self.until.pop(key, None)

    def _oldest(self) -> tuple[str, float]:
        return next(iter(self.until.items()))
