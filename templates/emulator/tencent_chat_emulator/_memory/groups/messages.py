"""Messages of groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..message_parts import Extensions, Stream

KEPT = 30 * 24 * 3600
"""Seconds that a message is kept, from when it came: those of the edition with everything in it."""


@dataclass(slots=True)
class GroupMessage:
    """A message of a group or of a topic."""

    seq: int
    """From 1, without gaps within the group or topic."""
    random: int
    time: int
    """When it was sent, in Unix seconds."""
    sender: str
    body: list[Any]
    """Elements, as on the wire."""
    cloud_custom_data: str = ""
    priority: str = "Normal"
    is_recalled: bool = False
    came: int = 0
    """When the service got it, in Unix seconds: later than `time` for an imported one."""
    recipients: list[str] = field(default_factory=list[str])
    """The only members to get it; empty for all."""
    supports_extensions: bool = False
    wants_receipts: bool = False
    readers: dict[str, int] = field(default_factory=dict[str, int])
    """Members who reported it as read, if it wants receipts, with when they did, in Unix seconds."""
    entered: int = 0
    """How many members had ever come into the group; later ones do not count as readers."""
    extensions: Extensions | None = None
    """None until the first is set."""


@dataclass(slots=True)
class History:
    """The messages of a group or of a topic."""

    last_seq: int = 0
    messages: dict[int, GroupMessage] = field(default_factory=dict[int, GroupMessage])
    """By sequence number, in order; expired ones are absent."""
    last_time: int = 0
    """When the latest message was sent, in Unix seconds; 0 for none."""
    first_seq: int = 1
    """The oldest sequence number that may be kept still."""
    hidden_seq: int = 0
    """Up to which sequence number members see nothing any more."""
    pinned: dict[int, str] = field(default_factory=dict[int, str])
    """Who pinned each message, by sequence number, in the order of pinning."""
    streams: dict[str, Stream] = field(default_factory=dict[str, Stream])
    """Messages that take more text, by StreamMsgID."""

    listed_seq: int = 0
    """The latest message that moved the conversation to the top of the members' lists."""
    listed_time: int = 0
    """When that was sent, in Unix seconds; 0 for none."""

    imported: dict[int, int] = field(default_factory=dict[int, int])
    """Sequence numbers of what was imported in the last minutes, by Random, the oldest first."""

    def add(self, message: GroupMessage, *, keep: bool = True, lists: bool = True) -> None:
        """Count a message on, which has the next sequence number.

        It is kept, and moves the conversation to the top of the members' lists, unless `keep` or `lists` say no.
        """
        if keep:
            self.messages[message.seq] = message
        self.last_seq, self.last_time = message.seq, message.time
        if lists:
            self.listed_seq, self.listed_time = message.seq, message.time

    def forget_expired(self, now: int) -> None:
        """Drop what has been kept long enough. `now` is in Unix seconds."""
        while (
            oldest := self.messages.get(self.first_seq)
        ) is not None and oldest.came + KEPT <= now:
            del self.messages[self.first_seq]
            self.pinned.pop(self.first_seq, None)
            self.first_seq += 1
