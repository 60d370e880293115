"""Rooms of Live and Room, with their members and seats."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .battles import Battle
from .webhook_settings import WebhookSettings


@dataclass(slots=True)
class RoomMember:
    """Somebody who is in a room."""

    user_id: str
    number: int = 0
    """Grows with everybody who comes into the room; lists are read on after it."""
    role: str = "Member"
    """Admin or Member, in conferences only. The host is what the room says."""
    name_card: str = ""
    custom_info: str = ""
    marks: list[int] = field(default_factory=list[int])


@dataclass(slots=True)
class Ban:
    """Why somebody may not come in, and until when, in Unix seconds."""

    until: int
    reason: str = ""


@dataclass(slots=True)
class Seat:
    """A seat of a room."""

    user_id: str = ""
    """Empty for a free one."""
    is_locked: bool = False
    is_video_disabled: bool = False
    is_audio_disabled: bool = False


@dataclass(slots=True)
class Room:
    """What live rooms and conferences have in common."""

    id: str
    owner: str
    created: int
    """Unix seconds."""
    profile: dict[str, Any] = field(default_factory=dict[str, Any])
    """What the app sets, by the names on the wire: RoomName, MaxMemberCount. All that there are."""
    members: dict[str, RoomMember] = field(default_factory=dict[str, RoomMember])
    """By UserID, in the order of coming in."""
    entered: int = 0
    """How many have ever come in."""
    banned: dict[str, Ban] = field(default_factory=dict[str, Ban])
    """By UserID."""
    robots: dict[str, None] = field(default_factory=dict[str, None])
    """UserIDs, in order."""
    seats: list[Seat] = field(default_factory=list[Seat])
    """Empty for a room without seats."""


@dataclass(slots=True)
class LiveRoom(Room):
    """A room of Live. Its members are those who are online; the owner need not be there."""

    number: int = 0
    """Grows with every room; lists are read on after it."""
    admins: list[str] = field(default_factory=list[str])
    muted: dict[str, int] = field(default_factory=dict[str, int])
    """Until when accounts may not send, in Unix seconds."""
    metadata: dict[str, str] = field(default_factory=dict[str, str])
    disconnected: dict[str, None] = field(default_factory=dict[str, None])
    """Who lost the connection, and did not come back yet."""
    views: int = 0
    """How often somebody came in; the connection's being back does not count."""
    messages: int = 0
    """How many were sent, which is the number of the last one."""
    gifts: int = 0
    coins: int = 0
    """What the gifts were worth together."""
    gift_senders: dict[str, None] = field(default_factory=dict[str, None])


@dataclass(slots=True)
class Conference(Room):
    """A room of Room."""

    has_password: bool = False
    password: str = ""


@dataclass(slots=True)
class Rooms:
    """Of the app. An ID is of a live room or of a conference, not of both."""

    live: dict[str, LiveRoom] = field(default_factory=dict[str, LiveRoom])
    """By RoomId."""
    conferences: dict[str, Conference] = field(default_factory=dict[str, Conference])
    """By RoomId."""
    made: int = 0
    """How many live rooms there have ever been."""
    battles: dict[str, Battle] = field(default_factory=dict[str, Battle])
    """By BattleId."""
    battle_of: dict[str, str] = field(default_factory=dict[str, str])
    """BattleId by RoomId, of the battles that go on."""
    webhooks: dict[str, WebhookSettings] = field(default_factory=dict[str, WebhookSettings])
    """By product: live, room or call."""
    token: str = ""
    """What webhooks of live rooms shall be signed with; empty for none."""
    uses_token: bool = False
