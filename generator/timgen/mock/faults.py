"""Faults: what the service may do to a call instead of answering it properly.

| text          | what the caller sees                                                        |
| ------------- | --------------------------------------------------------------------------- |
| `code=60008`  | HTTP 200 with that error code                                               |
| `latency=2.5` | the proper answer, that many seconds later                                  |
| `status=502`  | that HTTP status (400 to 599) with a gateway's HTML page                    |
| `html`        | HTTP 200 with an HTML page                                                  |
| `truncate`    | the proper answer's header and half of its body, then the end of connection |
| `reset`       | the connection is reset once the request has been read                      |
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class CodeFault:
    """Answer with an error code."""

    code: int


@dataclass(frozen=True)
class LatencyFault:
    """Answer late."""

    seconds: float


@dataclass(frozen=True)
class StatusFault:
    """Answer as a failing gateway does."""

    status: int


@dataclass(frozen=True)
class HtmlFault:
    """Answer with a page instead of JSON."""


@dataclass(frozen=True)
class TruncateFault:
    """Break off in the middle of the body."""


@dataclass(frozen=True)
class ResetFault:
    """Reset the connection instead of answering."""


Fault: TypeAlias = CodeFault | LatencyFault | StatusFault | HtmlFault | TruncateFault | ResetFault

MAX_LATENCY = 600.0
"""Seconds."""

_PLAIN: dict[str, Fault] = {"html": HtmlFault(), "truncate": TruncateFault(), "reset": ResetFault()}


def parse_fault(text: str) -> Fault:
    """Return the fault that `text` names; the module's table lists them.

    Raises ValueError with a sentence for people when it names none.
    """
    if text in _PLAIN:
        return _PLAIN[text]
    name, _, value = text.partition("=")
    match name:
        case "code":
            return CodeFault(_integer(name, value))
        case "status":
            status = _integer(name, value)
            if not 400 <= status <= 599:
                raise ValueError(f"fault status: {status} is not between 400 and 599")
            return StatusFault(status)
        case "latency":
            return LatencyFault(_seconds(value))
        case _:
            raise ValueError(f"unknown fault {text!r}: use code=N, latency=SECONDS, status=N, html, truncate or reset")


def _integer(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) > 0):
        raise ValueError(f"fault {name}: {text!r} is not a positive integer, as in {name}=502")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= MAX_LATENCY:
        raise ValueError(f"fault latency: {text!r} is not a number of seconds from 0 to {MAX_LATENCY:.0f}")
    return seconds


@dataclass(eq=False)
class _Waiting:
    fault: Fault
    command: str | None
    times: int


class FaultQueue:
    """Faults waiting for the calls that they are meant for, first in, first out. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []

    def add(self, fault: Fault, command: str | None, times: int) -> None:
        """Let `fault` meet the next `times` calls, those of `command` (`openim/sendmsg`) when it is given."""
        with self._lock:
            self._waiting.append(_Waiting(fault, command, times))

    def take(self, command: str) -> Fault | None:
        """Remove and return the first fault meant for a call of `command`."""
        with self._lock:
            waiting = next((entry for entry in self._waiting if entry.command in (None, command)), None)
            if waiting is None:
                return None
            waiting.times -= 1
            if not waiting.times:
                self._waiting.remove(waiting)
            return waiting.fault

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._waiting.clear()
