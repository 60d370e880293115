"""Members come into rooms and go out of them, and the app is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..._core.context import Context
from ..._memory.memory import Memory
from ..._memory.rooms.rooms import Ban, LiveRoom, Room, RoomMember
from ..accounts.departures import when_deleted
from .lookup import origin
from .seating import stand_up, tell_of_seats

FOR_GOOD = 2**32 - 1
"""As a time that means for ever; Unix seconds do not go beyond it."""


def come_in(room: Room, user_id: str) -> None:
    """Make somebody a member who is none."""
    room.entered += 1
    room.members[user_id] = RoomMember(user_id, room.entered)


def go_out(call: Context, room: Room, names: Sequence[str], cause: str, reason: str = "") -> None:
    """Take members out of a room, and off their seats.

    `cause` is Leave, Kicked or, for a lost connection, HeartbeatInterrupt in live rooms and Expired in conferences.
    """
    for name in names:
        del room.members[name]
    # All of them, so that each leaves the seat.
    stood_up = [stand_up(room, name) for name in names]
    if isinstance(room, LiveRoom):
        tell_of_state(call, room, names, "Offline", cause)
    else:
        more = {"Reason": reason} if reason else {}
        tell_of_members(call, room, "Room.CallbackAfterMemberLeave", names, cause, **more)
    if any(stood_up):
        tell_of_seats(call, room)


def ban(call: Context, room: Room, names: Sequence[str]) -> None:
    """Keep accounts out for as long as the call says; those who are in the room leave it."""
    body = call.body
    until = min(call.now + body["Duration"], FOR_GOOD)
    for name in names:
        room.banned[name] = Ban(until, body.get("Reason", ""))
    present = [name for name in dict.fromkeys(names) if name in room.members]
    if present:
        go_out(call, room, present, "Kicked", body.get("Reason", ""))


def unban(room: Room, names: Sequence[str]) -> None:
    """Let accounts come in again."""
    for name in names:
        room.banned.pop(name, None)


def tell_of_state(
    call: Context, room: LiveRoom, names: Sequence[str], event: str, cause: str
) -> None:
    """Tell the app who is online in a live room now, or offline."""
    body = {
        "RoomId": room.id,
        "EventType": event,
        "EventCause": cause,
        "MemberList": [{"Member_Account": name} for name in names],
        "EventTime": call.now_ms,
    }
    call.after("Live.CallbackAfterMemberStateChanged", body, **origin(call))


def tell_of_members(
    call: Context, room: Room, webhook: str, names: Sequence[str], type_: str, **more: Any
) -> None:
    """Tell the app who came into a conference, or left it."""
    body = {
        "Operator_Account": call.identifier,
        "RoomId": room.id,
        "MemberCount": len(room.members),
        "Type": type_,
        "MemberList_Account": list(names),
        **more,
        "EventTime": call.now_ms,
    }
    call.after(webhook, body, **origin(call))


@when_deleted
def _forget(memory: Memory, user_id: str) -> None:
    for live in memory.rooms.live.values():
        live.muted.pop(user_id, None)
        live.disconnected.pop(user_id, None)
        if user_id in live.admins:
            live.admins.remove(user_id)
        _take_out(live, user_id)
    for conference in memory.rooms.conferences.values():
        _take_out(conference, user_id)


def _take_out(room: Room, user_id: str) -> None:
    room.robots.pop(user_id, None)
    room.banned.pop(user_id, None)
    if room.members.pop(user_id, None) is not None:
        stand_up(room, user_id)
