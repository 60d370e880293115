"""Faults: what the emulator may do to a call instead of answering it properly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Ending: TypeAlias = Literal["whole", "half", "reset"]
"""How far an answer gets: sent whole, half of its body before the connection ends, or nothing but a reset."""

MAX_LATENCY = 600.0
"""Seconds."""


@dataclass(frozen=True)
class Fault:
    """What happens to a call. Without `after`, nothing but `latency` lets it take effect."""

    code: int | None = None
    """Answer with this error code."""
    status: int | None = None
    """Answer with this HTTP status and a gateway's page."""
    html: bool = False
    """Answer with an HTML page and status 200."""
    half: bool = False
    """End the connection in the middle of the answer."""
    reset: bool = False
    """Reset the connection instead of answering."""
    latency: float = 0.0
    """Seconds to wait before anything else."""
    after: bool = False
    """Let the call take effect first."""

    def __post_init__(self) -> None:
        plain = {"html": self.html, "half": self.half, "reset": self.reset}
        coded = {"code": self.code, "status": self.status}
        kinds = [name for name, value in coded.items() if value is not None]
        kinds += [name for name, value in plain.items() if value]
        if len(kinds) > 1:
            raise ValueError(f"a fault is one of {' and '.join(kinds)}, not both")
        if not kinds and not self.latency:
            raise ValueError("a fault needs code=, status=, html=, half=, reset= or latency=")
        if self.code is not None and (type(self.code) is not int or self.code < 1):
            raise ValueError(f"code: {self.code!r} is not a positive integer")
        if self.status is not None and (
            type(self.status) is not int or not 400 <= self.status <= 599
        ):
            raise ValueError(f"status: {self.status!r} is not an integer from 400 to 599")
        if not _is_seconds(self.latency):
            raise ValueError(
                f"latency: {self.latency!r} is not a number of seconds from 0 to {MAX_LATENCY:.0f}"
            )

    @property
    def prevents(self) -> bool:
        """Whether the call takes no effect."""
        return not self.after and (self.code, self.status, self.html, self.reset) != (
            None,
            None,
            False,
            False,
        )


def _is_seconds(value: Any) -> bool:
    is_number = (
        isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)
    )
    return is_number and 0 <= value <= MAX_LATENCY


@dataclass(eq=False)
class _Waiting:
    fault: Fault
    command: str | None
    times: int


class Faults:
    """Faults waiting for the calls that they are meant for, first in, first out."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []

    def add(self, fault: Fault, command: str | None, times: int) -> None:
        """Let `fault` meet the next `times` calls, those of `command` (`openim/sendmsg`) when it is given."""
        self._waiting.append(_Waiting(fault, command, times))

    def take(self, command: str) -> Fault | None:
        """Remove and return the first fault meant for a call of `command`."""
        waiting = next((entry for entry in self._waiting if entry.command in (None, command)), None)
        if waiting is None:
            return None
        waiting.times -= 1
        if not waiting.times:
            self._waiting.remove(waiting)
        return waiting.fault

    def clear(self) -> None:
        """Forget all faults."""
        self._waiting.clear()
