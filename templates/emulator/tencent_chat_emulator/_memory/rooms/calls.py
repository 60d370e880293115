"""Calls of CallKit: those that go on, and records of those that have ended."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class OngoingCall:
    """A call that goes on."""

    id: str
    caller: str
    media_type: str
    """Video or Audio."""
    call_type: str
    """SingleCall or MultiCall."""
    started: int
    """Unix seconds."""
    deadline: int
    """How long it waits for those who have not answered: Unix milliseconds."""
    chat_group_id: str = ""
    room_id: str = ""
    room_id_type: int = 2
    """1 for a number, 2 for a text."""
    accepted: int = 0
    """When it was first answered, in Unix seconds; 0 for not yet."""
    members: dict[str, str] = field(default_factory=dict[str, str])
    """Calling or Waiting by UserID, of those who are still in it."""
    called: list[str] = field(default_factory=list[str])
    """All who ever belonged to it, the caller first."""


@dataclass(slots=True)
class EndedCall:
    """A call that has ended, and how."""

    call: OngoingCall
    ended: int
    """Unix seconds."""
    result: str
    """NormalEnd, Cancel, Reject or NotAnswer."""


@dataclass(slots=True)
class Calls:
    """Of the app."""

    ongoing: dict[str, OngoingCall] = field(default_factory=dict[str, OngoingCall])
    """By CallId."""
    ended: dict[str, EndedCall] = field(default_factory=dict[str, EndedCall])
    """By CallId, in the order in which the ends were noticed."""
