"""What the commands of rooms look up first: the room, its members, accounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..._core.behaviours import DEVICES
from ..._core.context import Context, Refused
from ..._memory.accounts import Account
from ..._memory.rooms.rooms import Conference, LiveRoom, Room, RoomMember

INVALID, NOT_FOUND, NO_MEMBER, DENIED, BANNED = 100002, 100004, 100005, 100006, 100016
_ID_TAKEN, _ID_TAKEN_BY_OWNER, _ID_TAKEN_BY_GROUP = 100003, 100010, 100011
_MOST_BANNED = 100
_NUMBER = re.compile("[0-9]{0,18}")


def live_room_of(call: Context, room_id: str | None = None) -> LiveRoom:
    """Return the live room with that ID, or else the one that RoomId names.

    Refused with 100004 where there is none, with 100006 for a conference where the command's page has that code.
    """
    name: str = call.body["RoomId"] if room_id is None else room_id
    room = call.memory.rooms.live.get(name)
    if room is None:
        raise _missing(call, name, call.memory.rooms.conferences, "live room")
    return room


def conference_of(call: Context, room_id: str | None = None) -> Conference:
    """Return the conference with that ID, or else the one that RoomId names. Refused like `live_room_of`."""
    name: str = call.body["RoomId"] if room_id is None else room_id
    room = call.memory.rooms.conferences.get(name)
    if room is None:
        raise _missing(call, name, call.memory.rooms.live, "conference")
    return room


def room_of(call: Context, room_id: str | None = None) -> Room:
    """Return the room of any kind with that ID, or else the one that RoomId names. Refused with 100004."""
    name: str = call.body["RoomId"] if room_id is None else room_id
    room = call.memory.rooms.live.get(name) or call.memory.rooms.conferences.get(name)
    if room is None:
        raise Refused(NOT_FOUND, f"There is no room {name}.")
    return room


def account_of(call: Context, user_id: str) -> Account:
    """Return the account. Refused with 100002 for one that was never imported."""
    account = call.memory.accounts.get(user_id)
    if account is None:
        raise Refused(INVALID, f"The account {user_id} does not exist.")
    return account


def member_of(room: Room, user_id: str) -> RoomMember:
    """Return the member. Refused with 100005 for somebody who is not in the room."""
    member = room.members.get(user_id)
    if member is None:
        raise Refused(NO_MEMBER, f"The account {user_id} is not in the room {room.id}.")
    return member


def check_id(call: Context, room_id: str, owner: str) -> None:
    """Let an ID pass that is free. Refused with 100010 for a room of the owner's, else with 100003 or 100011."""
    rooms = call.memory.rooms
    room = rooms.live.get(room_id) or rooms.conferences.get(room_id)
    if room is not None:
        raise Refused(_ID_TAKEN_BY_OWNER if room.owner == owner else _ID_TAKEN)
    if room_id in call.memory.groups:
        raise Refused(_ID_TAKEN_BY_GROUP)


def is_banned(room: Room, user_id: str, now: int) -> bool:
    """Whether somebody may not come in at `now` (Unix seconds)."""
    ban = room.banned.get(user_id)
    return ban is not None and ban.until > now


def banned_page(call: Context, room: Room) -> dict[str, Any]:
    """Return the page of bans that Offset and Limit ask for."""
    bans = [(name, ban) for name, ban in room.banned.items() if ban.until > call.now]
    offset = max(0, call.body.get("Offset", 0))
    limit = call.body.get("Limit", 0)
    end = offset + (limit if limit > 0 else _MOST_BANNED)
    return {
        "BannedAccountList": [
            {"Member_Account": name, "BannedUntil": ban.until}
            | ({"Reason": ban.reason} if ban.reason and isinstance(room, LiveRoom) else {})
            for name, ban in bans[offset:end]
        ],
        "NextOffset": end if end < len(bans) else 0,
    }


def page_of(members: Sequence[RoomMember], after: str, limit: int) -> tuple[list[RoomMember], str]:
    """Return the next of `members`, and where to read on: empty after the last one. Refused with 100002."""
    if not _NUMBER.fullmatch(after):
        raise Refused(INVALID, "Next must be empty or that of an earlier answer.")
    position = int(after or 0)
    rest = [member for member in members if member.number > position]
    page = rest[:limit]
    return page, str(page[-1].number) if len(rest) > limit else ""


def origin(call: Context) -> dict[str, str]:
    """Return the parameters of webhooks that tell where something was done: by the app, or on a device."""
    if call.command.path.startswith(f"{DEVICES}/"):
        return {"OptPlatform": call.body.get("opt_platform", "Web")}
    return {}


def _missing(call: Context, name: str, others: dict[str, Any], kind: str) -> Refused:
    if name in others and DENIED in call.command.errors:
        return Refused(DENIED, f"The room {name} is no {kind}.")
    return Refused(NOT_FOUND, f"There is no {kind} {name}.")
