"""Live rooms: create, change, dissolve, look up, list, totals."""

from __future__ import annotations

import re
from typing import Any

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.rooms.rooms import LiveRoom
from ..lookup import INVALID, account_of, check_id, live_room_of
from ..seating import make_seats
from . import answers
from .battles import leave_battle

_DEFAULT_SEATS = 9
_SEATS_BY_TEMPLATE = {
    "VideoDynamicGrid9Seats": 9,
    "VideoDynamicFloat7Seats": 7,
    "VideoFixedGrid9Seats": 9,
    "VideoFixedFloat7Seats": 7,
    "VideoLandscape4Seat": 4,
}
"""Of the templates whose number of seats is not the app's choice."""
_DEFAULTS: dict[str, Any] = {
    "RoomType": "Live",
    "TakeSeatMode": "FreeToTake",
    "SeatTemplate": "VideoDynamicGrid9Seats",
    "IsMessageDisabled": False,
    "IsPublicVisible": True,
    "CoverURL": "",
    "Category": [],
    "ActivityStatus": 0,
    "Notice": "",
    "MaxMemberCount": 0,
    "IsUnlimitedRoomEnabled": False,
    "IsSeatEnabled": True,
    "KeepOwnerOnSeat": False,
}
_PAGE = 20
_CURSOR = re.compile("([0-9]{1,18})-([0-9]{1,18})")


@behaviour(
    "live_engine_http_srv/create_room",
    guesses=(
        "An owner who was never imported is answered with 100002.",
        "The ID of a room that is gone is free at once; 100012 is for rate limits only.",
        "A room has the nine seats of VideoDynamicGrid9Seats unless the call says otherwise.",
        "Without MaxMemberCount, which is 0 then, a room takes any number of members; the app may have any number of rooms.",
        "More than 50 seats are answered with 100002.",
        "The owner is not in the room before entering it.",
    ),
)
def create_room(call: Context) -> Answer:
    given: dict[str, Any] = call.body["RoomInfo"]
    room_id, owner = given["RoomId"], given.get("Owner_Account", call.identifier)
    account_of(call, owner)
    check_id(call, room_id, owner)
    profile = {**_DEFAULTS, "RoomName": room_id, **_known(given, _CREATABLE)}
    seats = make_seats(_seat_count(given) if profile["IsSeatEnabled"] else 0)
    profile["MaxSeatCount"] = len(seats)
    rooms = call.memory.rooms
    rooms.made += 1
    room = LiveRoom(room_id, owner, call.now, profile, seats=seats, number=rooms.made)
    rooms.live[room_id] = room
    _tell(call, room, "Live.CallbackAfterCreateRoom")
    return {"Response": {"RoomId": room_id}}


@behaviour("live_engine_http_srv/update_room_info")
def update_room_info(call: Context) -> Answer:
    given = call.body["RoomInfo"]
    room = live_room_of(call, given["RoomId"])
    room.profile |= _known(given, _CHANGEABLE)
    _tell(call, room, "Live.CallbackAfterUpdateRoomInfo")
    return {}


@behaviour(
    "live_engine_http_srv/destroy_room",
    guesses=("Rooms do not close by themselves.",),
)
def destroy_room(call: Context) -> Answer:
    room = live_room_of(call)
    del call.memory.rooms.live[room.id]
    leave_battle(call, room.id)
    shown = answers.in_webhooks(room)
    del shown["RoomId"]
    body = {
        "Operator_Account": call.identifier,
        "RoomId": room.id,
        "EventType": "DestroyByUser",
        "RoomInfo": shown,
        "Statistic": answers.totals(room),
        "EventTime": call.now_ms,
    }
    call.after("Live.CallbackAfterDestroyRoom", body)
    return {"Response": {"Statistic": answers.totals(room)}}


@behaviour(
    "live_engine_http_srv/get_room_info",
    reads=True,
    guesses=(
        "Of the fields that only the vendor's client knows those are answered that follow from calls.",
    ),
)
def get_room_info(call: Context) -> Answer:
    return {"Response": {"RoomInfo": answers.info(live_room_of(call))}}


@behaviour(
    "live_engine_http_srv/get_room_list",
    reads=True,
    guesses=("Of rooms that were entered equally often the older one comes first.",),
)
def get_room_list(call: Context) -> Answer:
    sign = 1 if call.body.get("SortDirection") == "ascend" else -1
    rooms = [room for room in call.memory.rooms.live.values() if room.profile["IsPublicVisible"]]
    rooms.sort(key=lambda room: (sign * room.views, room.number))
    after = call.body["Next"]
    # "0" is what the vendor's client begins with.
    if after not in ("", "0"):
        views, number = _position(after)
        rooms = [
            room for room in rooms if (sign * room.views, room.number) > (sign * views, number)
        ]
    count = call.body["Count"]
    page = rooms[: count if count > 0 else _PAGE]
    more = len(rooms) > len(page)
    return {
        "Response": {
            "RoomList": [answers.row(call, room) for room in page],
            "Next": f"{page[-1].views}-{page[-1].number}" if more else "",
        }
    }


@behaviour(
    "live_engine_http_srv/get_room_stats",
    reads=True,
    guesses=("Nobody sends likes.",),
)
def get_room_stats(call: Context) -> Answer:
    room = live_room_of(call)
    return {"Response": {**answers.totals(room), "TotalMsgCount": room.messages}}


@behaviour("live_engine_http_srv/get_room_statistic", reads=True)
def get_room_statistic(call: Context) -> Answer:
    return get_room_stats(call)


_CHANGEABLE = (
    "RoomName",
    "MaxMemberCount",
    "IsMessageDisabled",
    "CoverURL",
    "Category",
    "ActivityStatus",
    "IsPublicVisible",
    "TakeSeatMode",
    "Notice",
    "IsUnlimitedRoomEnabled",
)
_CREATABLE = (
    *_CHANGEABLE,
    "SeatTemplate",
    "IsSeatEnabled",
    "SeatLayoutTemplateId",
    "KeepOwnerOnSeat",
)


def _known(given: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields of a call that a room keeps, copied."""
    kept = {name: given[name] for name in names if name in given}
    return kept | ({"Category": list(kept["Category"])} if "Category" in kept else {})


def _seat_count(given: dict[str, Any]) -> int:
    wanted: int = given.get("MaxSeatCount", _DEFAULT_SEATS)
    return _SEATS_BY_TEMPLATE.get(given.get("SeatTemplate", ""), wanted)


def _position(cursor: str) -> tuple[int, int]:
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise Refused(INVALID, "Next must be empty or that of an earlier answer.")
    return int(found[1]), int(found[2])


def _tell(call: Context, room: LiveRoom, webhook: str) -> None:
    body = {
        "Operator_Account": call.identifier,
        "RoomInfo": answers.in_webhooks(room),
        "EventTime": call.now_ms,
    }
    call.after(webhook, body)
