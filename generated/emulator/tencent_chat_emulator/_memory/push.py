"""Attributes, tags and tasks of push, and what became of each push."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

KEPT = 30 * 86400
"""Seconds that a push is counted."""

Channel: TypeAlias = str
"""EventType and PushPlatform of a way to a device: `1/4`."""


@dataclass(slots=True)
class Counts:
    """How far pushes got; each number is part of the one before."""

    total: int = 0
    sent: int = 0
    delivered: int = 0
    clicked: int = 0


@dataclass(slots=True)
class Pushed:
    """A push, or the pushes of a chat message."""

    id: str
    """TaskId, or MsgId of the chat message."""
    time: int
    """Unix seconds."""
    data_id: str = ""
    event: dict[str, Any] = field(default_factory=dict[str, Any])
    """What webhooks say of it."""
    counts: dict[Channel, Counts] = field(default_factory=dict[Channel, Counts])
    devices: dict[str, dict[str, Channel]] = field(default_factory=dict[str, dict[str, Channel]])
    """Of the recipients who have any: the channel by platform."""
    clicks: list[str] = field(default_factory=list[str])
    """Recipients who clicked, in order."""
    is_revocable: bool = False
    is_revoked: bool = False
    sender: str = ""
    message_key: str = ""
    """MsgKey of the message that went into the history; empty for none."""
    recipients: list[str] = field(default_factory=list[str])
    """Who got that message."""

    def count(self, channel: Channel) -> Counts:
        """Return the numbers of a channel, to be changed."""
        return self.counts.setdefault(channel, Counts())


@dataclass(slots=True)
class Scheduled:
    """A push that is to be sent later."""

    id: int
    type: str
    """All, Tag or User."""
    at: int
    """Unix seconds."""
    created: int
    """Unix seconds."""
    content: dict[str, Any]
    """As on the wire."""
    push_id: str = ""
    """TaskId of the push; empty before."""
    error: str = ""
    """Why the push was not sent."""

    @property
    def is_pending(self) -> bool:
        return not (self.push_id or self.error)


@dataclass(slots=True)
class Push:
    """Of the app."""

    attribute_names: dict[str, str] = field(default_factory=dict[str, str])
    """By number, `0` to `9`."""
    attribute_types: dict[str, int] = field(default_factory=dict[str, int])
    """By number: 0 for UserIDs, 1 for RegistrationIDs."""
    attributes: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """By UserID: values by the number of the attribute."""
    tags: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """By UserID."""
    tag_uses: dict[str, int] = field(default_factory=dict[str, int])
    """How many accounts have each tag."""
    pushes: dict[str, Pushed] = field(default_factory=dict[str, Pushed])
    """By TaskId, the oldest first."""
    chat_pushes: dict[str, Pushed] = field(default_factory=dict[str, Pushed])
    """By MsgId, the oldest first."""
    tasks: dict[int, Scheduled] = field(default_factory=dict[int, Scheduled])
    """By ID."""
    last_task: int = 0
    """The highest ID given."""
    waiting: dict[str, int] = field(default_factory=dict[str, int])
    """Accounts that lost their connection on a phone or tablet, with when they first did, in Unix seconds."""

    def set_tags(self, user_id: str, tags: list[str]) -> None:
        """Give an account these tags instead of those that it has."""
        for tag in self.tags.pop(user_id, ()):
            self.tag_uses[tag] -= 1
            if not self.tag_uses[tag]:
                del self.tag_uses[tag]
        for tag in tags:
            self.tag_uses[tag] = self.tag_uses.get(tag, 0) + 1
        if tags:
            self.tags[user_id] = tags

    def forget(self, user_id: str) -> None:
        """Drop what an account has; pushes to it stay counted."""
        self.set_tags(user_id, [])
        self.attributes.pop(user_id, None)
        self.waiting.pop(user_id, None)


def keep(pushes: dict[str, Pushed], push: Pushed) -> None:
    """Remember a push, and drop those that are not counted any more."""
    pushes[push.id] = push
    while (oldest := next(iter(pushes.values()))).time + KEPT <= push.time:
        del pushes[oldest.id]


def sent_between(pushes: dict[str, Pushed], start: int, end: int) -> Iterator[Pushed]:
    """Yield the pushes from `start` to `end`, both in Unix seconds."""
    return (push for push in pushes.values() if start <= push.time <= end)
