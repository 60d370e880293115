"""Messages of groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class GroupMessage:
    """A message of a group or of a topic."""

    seq: int
    """From 1, without gaps within the group or topic."""
    random: int
    time: int
    """Unix seconds."""
    sender: str
    body: list[Any]
    """Elements, as on the wire."""
    cloud_custom_data: str = ""
    priority: str = ""
    is_recalled: bool = False


@dataclass(slots=True)
class History:
    """The messages of a group or of a topic."""

    last_seq: int = 0
    messages: dict[int, GroupMessage] = field(default_factory=dict[int, GroupMessage])
    """By sequence number, in order; deleted ones are absent."""
