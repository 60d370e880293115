"""Robots in live rooms and conferences. They are no members, and nobody sees them in lists of members."""

from __future__ import annotations

from collections.abc import Sequence

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from ..._memory.rooms.rooms import Room
from .lookup import NO_MEMBER, account_of, conference_of, live_room_of

_TOO_MANY = 100700
_MOST_ROBOTS = 3


@behaviour(
    "live_engine_http_srv/add_robot",
    guesses=(
        "A fourth robot is answered with 100700, an account that was never imported with 100002.",
        "A robot that is in the room already stays there.",
        "Robots are in no list of members and count in no number of them.",
    ),
)
def add_robots(call: Context) -> Answer:
    _add(call, live_room_of(call), call.body["RobotList_Account"])
    return {}


@behaviour("live_engine_http_srv/del_robot", guesses=("A robot that is not there is no error.",))
def remove_robots(call: Context) -> Answer:
    room = live_room_of(call)
    for name in call.body["RobotList_Account"]:
        room.robots.pop(name, None)
    return {}


@behaviour("live_engine_http_srv/get_robot", reads=True)
def list_robots(call: Context) -> Answer:
    names = list(live_room_of(call).robots)
    return {"Response": {"RobotList_Account": names, "Total": len(names), "Next": ""}}


@behaviour(
    "room_engine_http_srv/add_robot",
    guesses=("A conference takes as many robots as a live room, three.",),
)
def add_conference_robot(call: Context) -> Answer:
    _add(call, conference_of(call), [call.body["Member_Account"]])
    return {}


@behaviour("room_engine_http_srv/delete_robot")
def delete_conference_robot(call: Context) -> Answer:
    room, name = conference_of(call), call.body["Member_Account"]
    if name not in room.robots:
        raise Refused(NO_MEMBER, f"The robot {name} is not in the room {room.id}.")
    del room.robots[name]
    return {}


def _add(call: Context, room: Room, names: Sequence[str]) -> None:
    for name in names:
        account_of(call, name)
    if len(room.robots.keys() | set(names)) > _MOST_ROBOTS:
        raise Refused(_TOO_MANY, f"The room {room.id} takes {_MOST_ROBOTS} robots.")
    room.robots |= dict.fromkeys(names)
