"""What messages of both kinds can have: extensions, and text that is still coming in."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Extension:
    """The value of a key."""

    value: str
    seq: int
    """Version of the extensions with which it was set."""


@dataclass(slots=True)
class Extensions:
    """Pairs of keys and values that are attached to a message."""

    pairs: dict[str, Extension] = field(default_factory=dict[str, Extension])
    """By key, in the order of their versions."""
    seq: int = 0
    """Version of the whole: how often it was changed."""
    clear_seq: int = 0
    """Version with which all pairs were cleared last; 0 if never."""
    minute: int = 0
    """Minute of the last change, counted from the Unix epoch."""
    changes: int = 0
    """How many there were in that minute."""


@dataclass(slots=True)
class Stream:
    """A message that takes more text."""

    message: str
    """MsgKey, in a group the MsgSeq."""
    index: int = 0
    """Number of the last fragment."""
    time: int = 0
    """When it came, in Unix milliseconds."""
    size: int = 0
    """Bytes of its text, where the text itself is not kept."""


@dataclass(slots=True)
class Desk:
    """Sessions of the desk product, as far as calls tell of them."""

    ended: dict[str, int] = field(default_factory=dict[str, int])
    """When sessions ended, in Unix seconds, by SessionId."""
    streams: dict[str, dict[str, Stream]] = field(default_factory=dict[str, dict[str, Stream]])
    """Messages that take more text, by SessionId and MsgKey."""
