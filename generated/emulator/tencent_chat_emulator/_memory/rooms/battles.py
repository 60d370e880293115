"""Battles between live rooms."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Battle:
    """A battle, which ends when its time is over."""

    id: str
    duration: int
    """Milliseconds."""
    started: int
    """Unix seconds."""
    ends: int
    """When it ends, or ended: Unix seconds."""
    is_over: bool = False
    scores: dict[str, int] = field(default_factory=dict[str, int])
    """By RoomId, first that of the room that challenged the others."""
    owners: dict[str, str] = field(default_factory=dict[str, str])
    """Of the rooms as they were at the start, by RoomId."""
