"""What is set for the app as a whole: who is muted everywhere, which files are banned, which words are blocked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

FOREVER = 4294967295
"""Seconds of a mute that does not end."""

Kind: TypeAlias = Literal["C2C", "Group"]
"""Of messages."""

DEFAULT_LIBRARY = "1cd0d0ed-0e2c-4d35-ae86-2a1a8697706d"
"""ID of the library of blocked words that an app has from the start."""


@dataclass(slots=True)
class Mute:
    """How long an account may send nothing in the whole app: when that ends, in Unix seconds; None for never."""

    c2c: int | None = 0
    group: int | None = 0

    def left(self, kind: Kind, now: int) -> int:
        """Return the seconds that it still lasts at `now` (Unix seconds): 0 when it is over, or `FOREVER`."""
        until = self.c2c if kind == "C2C" else self.group
        return FOREVER if until is None else max(until - now, 0)

    def start(self, kind: Kind, seconds: int, now: int) -> None:
        """Let it last that long from `now` (Unix seconds) on: 0 ends it, `FOREVER` does what it says."""
        until = None if seconds == FOREVER else now + seconds
        if kind == "C2C":
            self.c2c = until
        else:
            self.group = until


@dataclass(slots=True)
class Word:
    """A blocked word of cloud moderation."""

    id: str
    content: str
    label: str
    """Kind of offence: Ad."""
    added: int
    """Unix seconds."""


@dataclass(slots=True)
class Library:
    """A library of blocked words, which is made in the console."""

    id: str
    name: str = ""
    description: str = ""
    created: int = 0
    """Unix seconds."""
    suggestion: str = "Block"
    """What its words lead to: Block, Review or Pass."""
    words: dict[str, Word] = field(default_factory=dict[str, Word])
    """By the word itself."""


@dataclass(slots=True)
class LocalWord:
    """A blocked word of local moderation."""

    id: int
    keyword: str
    word_type: int = 1
    """1 for a plain word, 2 for a regular expression."""
    filter_type: int = 1
    """1 where it is replaced, 2 where the message is held back."""
    replacement: str = ""
    changed: int = 0
    """Unix seconds."""


def _libraries() -> dict[str, Library]:
    return {DEFAULT_LIBRARY: Library(DEFAULT_LIBRARY, "Default")}


@dataclass(slots=True)
class Settings:
    """Of the app."""

    mutes: dict[str, Mute] = field(default_factory=dict[str, Mute])
    """By UserID."""
    banned_files: dict[str, int] = field(default_factory=dict[str, int])
    """URLs, with when they were banned in Unix seconds."""
    libraries: dict[str, Library] = field(default_factory=_libraries)
    """By ID."""
    local_words: list[LocalWord] = field(default_factory=list[LocalWord])
    robots: dict[str, None] = field(default_factory=dict[str, None])
    """UserIDs of the chatbots that work, in the order of their creation."""
    last_word: int = 1000
    """Number of the last blocked word that was added."""
    broadcasts: int = 0
    """How many messages went to all audio-video groups."""


class _Remembering(Protocol):
    @property
    def settings(self) -> Settings: ...


def is_muted(memory: _Remembering, user_id: str, now: int, kind: Kind) -> bool:
    """Whether an account may send no such messages in the whole app at `now` (Unix seconds)."""
    mute = memory.settings.mutes.get(user_id)
    return mute is not None and mute.left(kind, now) > 0
