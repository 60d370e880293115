"""Official accounts, their subscribers and their messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

KEPT = 30 * 24 * 3600
"""Seconds that a message is kept."""
ORDINARY, NEVER_STORED, RECALLED = 0, 1, 2
"""States of a message, as answers have them."""


@dataclass(slots=True)
class Subscriber:
    """An account that subscribed."""

    user_id: str
    number: int
    """Grows with every subscription to the official account."""
    since: int
    """Unix seconds."""
    custom_string: str = ""
    msg_flag: str = "AcceptAndNotify"


@dataclass(slots=True)
class OfficialMessage:
    """A message to all subscribers."""

    seq: int
    """From 1, without gaps within the official account."""
    random: int
    time: int
    """Unix seconds."""
    body: list[Any]
    """Elements, as on the wire; empty for one that was never stored."""
    cloud_custom_data: str = ""
    state: int = ORDINARY

    @property
    def key(self) -> str:
        """Its MsgKey."""
        return f"{self.seq}_1_{self.time}"


@dataclass(slots=True)
class OfficialAccount:
    """An official account."""

    id: str
    owner: str
    """UserID."""
    profile: dict[str, Any]
    """Fields that the app sets, by wire name: all of them."""
    created: int
    """Unix seconds."""
    entered: int = 0
    """How many subscriptions there have ever been."""
    subscribers: dict[str, Subscriber] = field(default_factory=dict[str, Subscriber])
    """By UserID, the oldest subscription first."""
    last_seq: int = 0
    last_time: int = 0
    """When the latest message was sent, in Unix seconds; 0 for none."""
    first_seq: int = 1
    """The oldest sequence number that may be kept still."""
    messages: dict[int, OfficialMessage] = field(default_factory=dict[int, OfficialMessage])
    """By sequence number, in order; expired ones are absent."""

    @property
    def room(self) -> int:
        """How many more subscribers it can take."""
        most: int = self.profile["MaxSubscriberNum"]
        return max(0, most - len(self.subscribers))

    def subscribe(self, user_id: str, now: int) -> None:
        """Take a new subscriber. `now` is in Unix seconds."""
        self.entered += 1
        self.subscribers[user_id] = Subscriber(user_id, self.entered, now)

    def add(self, message: OfficialMessage) -> None:
        """Put a message, which has the next sequence number, into the history, and drop expired ones."""
        self.messages[message.seq] = message
        self.last_seq, self.last_time = message.seq, message.time
        while self.messages[self.first_seq].time + KEPT <= message.time:
            del self.messages[self.first_seq]
            self.first_seq += 1

    def has_expired(self, now: int) -> bool:
        """Whether messages were sent that are kept no more. `now` is in Unix seconds."""
        oldest = self.messages.get(self.first_seq)
        return self.first_seq > 1 or (oldest is not None and oldest.time + KEPT <= now)

    def message(self, key: str, now: int) -> OfficialMessage | None:
        """Return the message with that MsgKey, if it is kept. `now` is in Unix seconds."""
        seq = key.partition("_")[0]
        is_number = seq.isascii() and seq.isdigit() and len(seq) <= 10
        message = self.messages.get(int(seq)) if is_number else None
        is_kept = message is not None and message.key == key and now < message.time + KEPT
        return message if is_kept else None

    def before(self, seq: int, now: int) -> Iterator[OfficialMessage]:
        """Yield the messages that are kept and older than that of number `seq`, the newest first."""
        for number in range(min(seq - 1, self.last_seq), self.first_seq - 1, -1):
            message = self.messages[number]
            if message.time + KEPT <= now:
                return
            yield message


@dataclass(slots=True)
class OfficialAccounts:
    """Of the app."""

    accounts: dict[str, OfficialAccount] = field(default_factory=dict[str, OfficialAccount])
    """By ID."""
    subscribed: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """IDs of official accounts by UserID, the oldest subscription first."""

    def subscribe(self, account: OfficialAccount, user_id: str, now: int) -> None:
        """Let somebody subscribe who has not. `now` is in Unix seconds."""
        account.subscribe(user_id, now)
        self.subscribed.setdefault(user_id, []).append(account.id)

    def unsubscribe(self, account: OfficialAccount, user_id: str) -> None:
        """Let a subscriber go."""
        del account.subscribers[user_id]
        self._forget_subscription(user_id, account.id)

    def remove(self, account: OfficialAccount) -> None:
        """Close an official account."""
        del self.accounts[account.id]
        for user_id in account.subscribers:
            self._forget_subscription(user_id, account.id)

    def forget(self, user_id: str) -> None:
        """Drop what an account subscribed to."""
        for account_id in self.subscribed.pop(user_id, ()):
            del self.accounts[account_id].subscribers[user_id]

    def _forget_subscription(self, user_id: str, account_id: str) -> None:
        ids = self.subscribed[user_id]
        ids.remove(account_id)
        if not ids:
            del self.subscribed[user_id]
