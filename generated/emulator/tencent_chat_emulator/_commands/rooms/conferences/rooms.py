"""Conference rooms: create, change, dissolve, look up."""

from __future__ import annotations

from typing import Any

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.rooms.rooms import Conference
from ..lookup import INVALID, account_of, check_id, conference_of
from ..membership import come_in
from ..seating import make_seats

_HOUR, _SHORTEST = 3600, 300
_DEFAULTS: dict[str, Any] = {
    "RoomType": "Conference",
    "MaxMemberCount": 300,
    "IsVideoDisabled": False,
    "IsAudioDisabled": False,
    "IsMessageDisabled": False,
    "IsScreenSharingDisabled": False,
    "IsCloudRecordingDisabled": False,
    "CustomInfo": "",
    "IsSeatEnabled": False,
    "TakeSeatMode": "FreeToTake",
}
_CHANGEABLE = (
    "RoomName",
    "MaxMemberCount",
    "IsVideoDisabled",
    "IsAudioDisabled",
    "IsMessageDisabled",
    "IsScreenSharingDisabled",
    "IsCloudRecordingDisabled",
    "CustomInfo",
    "TakeSeatMode",
)
_CREATABLE = (*_CHANGEABLE, "IsSeatEnabled", "ScheduleStartTime")
_DEFAULT_SEATS = 16


@behaviour(
    "room_engine_http_srv/create_room",
    guesses=(
        "Hosts and invited accounts that were never imported are answered with 100002.",
        "A plan of less than five minutes is answered with 100002.",
        "The host is a member from the start, which no webhook tells.",
        "Rooms have seats only where IsSeatEnabled says so, 16 of them unless MaxSeatCount says how many.",
        "Without MaxMemberCount a room takes 300 members.",
    ),
)
def create_room(call: Context) -> Answer:
    given: dict[str, Any] = call.body["RoomInfo"]
    room_id, owner = given["RoomId"], given.get("Owner_Account", call.identifier)
    invited = list(call.body.get("ScheduleInviteeList_Account", ()))
    for name in (owner, *invited):
        account_of(call, name)
    check_id(call, room_id, owner)
    profile = {
        **_DEFAULTS,
        "RoomName": room_id,
        "ScheduleStartTime": call.now,
        **_known(given, _CREATABLE),
    }
    start = profile["ScheduleStartTime"]
    profile["ScheduleEndTime"] = end = given.get("ScheduleEndTime", start + _HOUR)
    if end - start < _SHORTEST:
        raise Refused(INVALID, "ScheduleEndTime must be five minutes after the start, or later.")
    seats = make_seats(given.get("MaxSeatCount", _DEFAULT_SEATS) if profile["IsSeatEnabled"] else 0)
    profile["MaxSeatCount"] = len(seats)
    room = Conference(room_id, owner, call.now, profile, seats=seats)
    call.memory.rooms.conferences[room_id] = room
    come_in(room, owner)
    _tell(call, room, "Room.CallbackAfterCreateRoom", ScheduleInviteeList_Account=invited)
    return {}


@behaviour(
    "room_engine_http_srv/update_room_info",
    guesses=("A password is kept while IsPasswordEnabled is false.",),
)
def update_room_info(call: Context) -> Answer:
    given = call.body["RoomInfo"]
    room = conference_of(call, given["RoomId"])
    room.profile |= _known(given, _CHANGEABLE)
    room.has_password = given.get("IsPasswordEnabled", room.has_password)
    room.password = given.get("Password", room.password)
    _tell(call, room, "Room.CallbackAfterUpdateRoomInfo")
    return {}


@behaviour(
    "room_engine_http_srv/destroy_room",
    guesses=("Rooms do not go away when their time is over.",),
)
def destroy_room(call: Context) -> Answer:
    room = conference_of(call)
    del call.memory.rooms.conferences[room.id]
    body = {
        "Operator_Account": call.identifier,
        "RoomId": room.id,
        "EventTime": call.now_ms,
    }
    call.after("Room.CallbackAfterDestroyRoom", body)
    return {}


@behaviour("room_engine_http_srv/get_room_info", reads=True)
def get_room_info(call: Context) -> Answer:
    room = conference_of(call)
    return {"Response": {"RoomInfo": {**_info(call, room), "MemberCount": len(room.members)}}}


def _info(call: Context, room: Conference) -> dict[str, Any]:
    has_begun = room.profile["ScheduleStartTime"] <= call.now
    return {
        "RoomId": room.id,
        "Owner_Account": room.owner,
        "CreateTime": room.created,
        **room.profile,
        "RoomStatus": "Running" if has_begun else "NotStarted",
    }


def _known(given: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}


def _tell(call: Context, room: Conference, webhook: str, **more: list[str]) -> None:
    body = {
        "Operator_Account": call.identifier,
        "RoomInfo": _info(call, room),
        **more,
        "EventTime": call.now_ms,
    }
    call.after(webhook, body)
