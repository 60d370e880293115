"""What users do on their devices: enter a room and leave it."""

from __future__ import annotations

from ..._core.behaviours import Answer, act
from ..._core.context import Context, Refused
from ..._memory.rooms.rooms import Conference, LiveRoom, Room
from .lookup import BANNED, account_of, is_banned, member_of, room_of
from .membership import come_in, go_out, tell_of_members, tell_of_state

_FULL, _NEEDS_PASSWORD, _WRONG_PASSWORD = 100008, 100018, 100019


@act("enter_room")
def enter_room(call: Context) -> Answer:
    """Let the user come in; nothing happens where the user is in the room."""
    room, user_id = _room(call), call.identifier
    account_of(call, user_id)
    if user_id in room.members:
        return {}
    if is_banned(room, user_id, call.now):
        raise Refused(BANNED, f"The account {user_id} is banned from the room {room.id}.")
    most: int = room.profile["MaxMemberCount"]
    if not room.profile.get("IsUnlimitedRoomEnabled") and 0 < most <= len(room.members):
        raise Refused(_FULL, f"The room {room.id} has {most} members already.")
    if isinstance(room, LiveRoom):
        _enter_live(call, room)
    elif isinstance(room, Conference):
        _enter_conference(call, room)
    return {}


@act("leave_room")
def leave_room(call: Context) -> Answer:
    """Let the user leave, or with `is_lost` lose the connection."""
    room, user_id = _room(call), call.identifier
    member_of(room, user_id)
    if not call.body.get("is_lost"):
        go_out(call, room, [user_id], "Leave")
    elif isinstance(room, LiveRoom):
        room.disconnected[user_id] = None
        go_out(call, room, [user_id], "HeartbeatInterrupt")
    else:
        go_out(call, room, [user_id], "Expired")
    return {}


def _enter_live(call: Context, room: LiveRoom) -> None:
    user_id = call.identifier
    was_lost = user_id in room.disconnected
    room.disconnected.pop(user_id, None)
    come_in(room, user_id)
    if not was_lost:
        room.views += 1
    tell_of_state(call, room, [user_id], "Online", "HeartbeatRecover" if was_lost else "Enter")


def _enter_conference(call: Context, room: Conference) -> None:
    user_id, password = call.identifier, call.body.get("password")
    if room.has_password and user_id != room.owner and password != room.password:
        if not password:
            raise Refused(_NEEDS_PASSWORD, f"The room {room.id} has a password.")
        raise Refused(_WRONG_PASSWORD, f"The password is not that of the room {room.id}.")
    come_in(room, user_id)
    tell_of_members(call, room, "Room.CallbackAfterMemberEnter", [user_id], "Enter")


def _room(call: Context) -> Room:
    if "room_id" not in call.body:
        raise ValueError("room_id is missing")
    return room_of(call, call.body["room_id"])
