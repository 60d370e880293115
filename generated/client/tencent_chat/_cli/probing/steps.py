"""What became of one step on the way to the service."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

State: TypeAlias = Literal["ok", "failed", "warning", "skipped"]


class Step(NamedTuple):
    """A step and what became of it."""

    name: str
    state: State
    detail: str
    seconds: float | None = None
    hints: tuple[str, ...] = ()
    """What is wrong and what to do, each in one sentence or two."""
