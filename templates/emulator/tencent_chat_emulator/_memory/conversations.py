"""What accounts set for their conversations: pins, marks, conversation groups."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Mark:
    """What an account marked a conversation with."""

    standard: int = 0
    """Bit 1 is the lowest."""
    custom: str = ""
    groups: list[int] = field(default_factory=list[int])
    """Numbers of the conversation groups that hold it."""
    changed: int = 0
    """Unix seconds."""

    @property
    def is_empty(self) -> bool:
        return not (self.standard or self.custom or self.groups)


@dataclass(slots=True)
class Arrangement:
    """What one account set. Conversations are named C2Cbob and GROUPorder-1."""

    pinned: list[str] = field(default_factory=list[str])
    """Conversations."""
    marks: dict[str, Mark] = field(default_factory=dict[str, Mark])
    """By conversation."""
    groups: dict[str, int] = field(default_factory=dict[str, int])
    """Numbers of conversation groups by name."""
    last_group: int = 0
    """The highest number given."""
    deleted: dict[str, int] = field(default_factory=dict[str, int])
    """By GroupId, the last MsgSeq of the group when its conversation was deleted."""


@dataclass(slots=True)
class Conversations:
    """Of all accounts."""

    arrangements: dict[str, Arrangement] = field(default_factory=dict[str, Arrangement])
    """By account."""

    def of(self, account: str) -> Arrangement:
        """Return what an account set; an empty arrangement where it set nothing."""
        return self.arrangements.get(account) or Arrangement()

    def changed(self, account: str) -> Arrangement:
        """Return what an account set, to be changed."""
        return self.arrangements.setdefault(account, Arrangement())
