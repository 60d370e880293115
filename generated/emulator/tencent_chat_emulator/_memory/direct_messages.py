"""One-to-one messages: stored once for both sides, with what each side sees of them."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .message_parts import Extensions, Stream

WEEK = 7 * 24 * 3600
"""Seconds that messages are kept unless they say less."""
MAX_LISTED = 100
"""Conversations that an account keeps."""
MAX_UNREAD = 250
"""Messages of a conversation that count as unread; later ones are kept, but not counted."""
MAX_UNREAD_CONVERSATIONS = 100

Rank: TypeAlias = tuple[int, int, int]
"""Time, sequence number and random number: the order of messages, and all that a MsgKey says."""


@dataclass(slots=True)
class DirectMessage:
    """A message from one account to another."""

    sender: str
    receiver: str
    seq: int
    random: int
    time: int
    """Unix seconds."""
    until: int
    """When it leaves the history, in Unix seconds."""
    body: list[Any]
    """Elements, as on the wire; replaced as a whole, as messages of one batch share it."""
    cloud_custom_data: str = ""
    is_recalled: bool = False
    has_receipt: bool = False
    """Whether the receiver sent a read receipt."""
    hidden_from_sender: bool = False
    hidden_from_receiver: bool = False
    extensions: Extensions | None = None
    """None for a message that supports none."""

    @property
    def key(self) -> str:
        """Its MsgKey."""
        return f"{self.seq}_{self.random}_{self.time}"

    @property
    def rank(self) -> Rank:
        return self.time, self.seq, self.random

    def is_visible_to(self, account: str, now: int) -> bool:
        """Whether one of the two has it in the history."""
        hidden = (self.hidden_from_sender and account == self.sender) or (
            self.hidden_from_receiver and account == self.receiver
        )
        return not hidden and now < self.until

    def hide_from(self, account: str) -> None:
        """Remove it from the history of one of the two."""
        self.hidden_from_sender |= account == self.sender
        self.hidden_from_receiver |= account == self.receiver


@dataclass(slots=True)
class Dialogue:
    """The messages between two accounts."""

    messages: dict[str, DirectMessage] = field(default_factory=dict[str, DirectMessage])
    """By MsgKey."""
    order: list[str] = field(default_factory=list[str])
    """MsgKeys by rank."""
    streams: dict[str, Stream] = field(default_factory=dict[str, Stream])
    """Messages that take more text, by what later calls name them."""

    def add(self, message: DirectMessage, now: int) -> None:
        """Put a message in its place, and drop those that nobody can ask for any more."""
        while self.order and _is_gone(self.messages[self.order[0]], now):
            del self.messages[self.order.pop(0)]
        self.messages[message.key] = message
        insort(self.order, message.key, key=self._rank)

    def before(self, rank: Rank) -> Iterator[DirectMessage]:
        """Yield the messages that stand before `rank`, the newest first."""
        for index in range(bisect_left(self.order, rank, key=self._rank) - 1, -1, -1):
            yield self.messages[self.order[index]]

    def newest_first(self) -> Iterator[DirectMessage]:
        """Yield all messages."""
        for key in reversed(self.order):
            yield self.messages[key]

    def _rank(self, key: str) -> Rank:
        return self.messages[key].rank


@dataclass(slots=True)
class Listed:
    """A conversation in the list of an account."""

    time: int
    """Of its latest message, in Unix seconds."""
    until: int
    """When it leaves the list, in Unix seconds."""


@dataclass(slots=True)
class Inbox:
    """What an account has of its conversations with others."""

    listed: dict[str, Listed] = field(default_factory=dict[str, Listed])
    """By the other account."""
    unread: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    """By the other account, then by MsgKey: until when the message counts, in Unix seconds."""

    def refresh(self, peer: str, listed: Listed) -> None:
        """Let the conversation with `peer` stand in the list, in place of the oldest one when it is full."""
        known = self.listed.get(peer, listed)
        self.listed[peer] = Listed(max(known.time, listed.time), max(known.until, listed.until))
        if len(self.listed) > MAX_LISTED:
            del self.listed[min(self.listed, key=lambda name: self.listed[name].time)]

    def count_unread(self, message: DirectMessage, now: int) -> None:
        """Count a message that came as unread, as far as there is room."""
        keys = self.unread.get(message.sender)
        if keys is None:
            if len(self.unread) >= MAX_UNREAD_CONVERSATIONS:
                return
            keys = self.unread[message.sender] = {}
        if len(keys) >= MAX_UNREAD and next(iter(keys.values())) <= now:
            keys = self.unread[message.sender] = {
                key: until for key, until in keys.items() if now < until
            }
        if len(keys) < MAX_UNREAD:
            keys[message.key] = message.until

    def unread_from(self, peer: str, now: int) -> int:
        """Return how many messages of `peer` are unread."""
        return sum(now < until for until in self.unread.get(peer, {}).values())

    def all_unread(self, now: int) -> int:
        """Return how many messages are unread."""
        return sum(self.unread_from(peer, now) for peer in self.unread)

    def forget_unread(self, peer: str, key: str) -> None:
        """Count a message no longer as unread, if it is."""
        keys = self.unread.get(peer, {})
        keys.pop(key, None)
        if not keys:
            self.unread.pop(peer, None)


@dataclass(slots=True)
class DirectMessages:
    """Of all pairs of accounts."""

    dialogues: dict[str, dict[str, Dialogue]] = field(
        default_factory=dict[str, dict[str, Dialogue]]
    )
    """By the two accounts, the one that sorts first outside."""
    inboxes: dict[str, Inbox] = field(default_factory=dict[str, Inbox])
    """By account."""

    def between(self, one: str, other: str) -> Dialogue:
        """Return the messages of two accounts; an empty dialogue where there are none."""
        first, second = sorted((one, other))
        return self.dialogues.get(first, {}).get(second) or Dialogue()

    def inbox(self, account: str) -> Inbox:
        """Return what an account has; an empty inbox where it has nothing."""
        return self.inboxes.get(account) or Inbox()

    def find(self, sender: str, receiver: str, key: str, now: int) -> DirectMessage | None:
        """Return the message from `sender` to `receiver` of that MsgKey, if it is kept."""
        message = self.between(sender, receiver).messages.get(key)
        if message is None or message.sender != sender or message.until <= now:
            return None
        return message

    def keep(
        self, message: DirectMessage, now: int, *, counts: bool = True, lists: bool = True
    ) -> None:
        """Keep a message: in the history, as unread where it `counts`, in both lists where it `lists`."""
        sender, receiver = message.sender, message.receiver
        first, second = sorted((sender, receiver))
        pairs = self.dialogues.setdefault(first, {})
        pairs.setdefault(second, Dialogue()).add(message, now)
        listed = Listed(message.time, message.until)
        if lists:
            self._opened(receiver).refresh(sender, listed)
        if lists and not message.hidden_from_sender:
            self._opened(sender).refresh(receiver, listed)
        if counts and sender != receiver:
            self._opened(receiver).count_unread(message, now)

    def forget(self, account: str) -> None:
        """Take from an account all that it sees; its messages stay with the others."""
        self.inboxes.pop(account, None)
        for first, pairs in self.dialogues.items():
            for dialogue in pairs.values() if first == account else (pairs.get(account),):
                for message in dialogue.messages.values() if dialogue else ():
                    message.hide_from(account)

    def _opened(self, account: str) -> Inbox:
        return self.inboxes.setdefault(account, Inbox())


def _is_gone(message: DirectMessage, now: int) -> bool:
    # The files with the messages of an hour go back a week, whatever left the history before.
    return max(message.until, message.time + WEEK) <= now
