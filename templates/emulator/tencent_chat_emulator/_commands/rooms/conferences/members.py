"""Members of conference rooms: host, roles, marks, removal, bans."""

from __future__ import annotations

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.rooms.rooms import Conference, RoomMember
from ..lookup import (
    DENIED,
    INVALID,
    account_of,
    banned_page,
    conference_of,
    is_banned,
    member_of,
    page_of,
)
from ..membership import ban, go_out, unban

_TOO_MANY_MARKS = 100009
_MOST_MARKS = 10
_SET = "1"
_PAGE = 50


@behaviour(
    "room_engine_http_srv/change_room_owner",
    guesses=(
        "A From_Account that is not the host is answered with 100002.",
        "The old host becomes an ordinary member.",
        "It is told as a change of the room by no webhook.",
    ),
)
def change_room_owner(call: Context) -> Answer:
    room, body = conference_of(call), call.body
    if body["From_Account"] != room.owner:
        raise Refused(INVALID, f"The account {body['From_Account']} is not the host.")
    member_of(room, body["NewOwner_Account"]).role = "Member"
    room.owner = body["NewOwner_Account"]
    return {}


@behaviour("room_engine_http_srv/get_room_member_list", reads=True)
def get_room_member_list(call: Context) -> Answer:
    room, count = conference_of(call), call.body.get("Count", _PAGE)
    members = list(room.members.values())
    page, more = page_of(members, call.body.get("Next", ""), count if count > 0 else _PAGE)
    return {"Response": {"Next": more, "MemberList": [_shown(room, member) for member in page]}}


@behaviour(
    "room_engine_http_srv/update_room_member_info",
    guesses=(
        "Somebody who is not in the room is answered with 100005.",
        "A role for the host is answered with 100006.",
    ),
)
def update_room_member_info(call: Context) -> Answer:
    room, info = conference_of(call), call.body["MemberInfo"]
    member = member_of(room, info["Member_Account"])
    if "Role" in info and member.user_id == room.owner:
        raise Refused(DENIED, "The host keeps that role.")
    member.role = info.get("Role", member.role)
    member.name_card = info.get("NameCard", member.name_card)
    member.custom_info = info.get("CustomInfo", member.custom_info)
    return {}


@behaviour(
    "room_engine_http_srv/mark_room_member",
    guesses=("More than ten different marks in a room are answered with 100009.",),
)
def mark_room_member(call: Context) -> Answer:
    room, sets = conference_of(call), str(call.body["CommandType"]) == _SET
    marks = {name: list(member.marks) for name, member in room.members.items() if member.marks}
    for item in call.body["MemberList"]:
        name = member_of(room, item["Member_Account"]).user_id
        old = marks.get(name, [])
        marks[name] = (
            list(dict.fromkeys([*old, *item["Marks"]]))
            if sets
            else [mark for mark in old if mark not in item["Marks"]]
        )
    if len({mark for own in marks.values() for mark in own}) > _MOST_MARKS:
        raise Refused(_TOO_MANY_MARKS)
    for name, own in marks.items():
        room.members[name].marks = own
    return {}


@behaviour(
    "room_engine_http_srv/kick_user_out",
    guesses=(
        "Where one of them is not in the room, nobody is removed; the host is answered with 100006.",
    ),
)
def kick_user_out(call: Context) -> Answer:
    room, names = conference_of(call), list(dict.fromkeys(call.body["MemberList_Account"]))
    for name in names:
        member_of(room, name)
    _check_host_stays(room, names)
    go_out(call, room, names, "Kicked", call.body["Reason"])
    return {}


@behaviour(
    "room_engine_http_srv/ban_room_member",
    guesses=(
        "Somebody who is neither in the room nor banned from it is answered with 100005, the host with 100006, "
        "and nobody is banned.",
        "They are told as removed.",
    ),
)
def ban_room_member(call: Context) -> Answer:
    room, names = conference_of(call), call.body["MemberList_Account"]
    for name in names:
        if not is_banned(room, name, call.now):
            member_of(room, name)
    _check_host_stays(room, names)
    ban(call, room, names)
    return {}


@behaviour(
    "room_engine_http_srv/unban_room_member",
    guesses=(
        "Who is not banned is no error.",
        "An account that was never imported is answered with 100002.",
    ),
)
def unban_room_member(call: Context) -> Answer:
    room, names = conference_of(call), call.body["MemberList_Account"]
    for name in names:
        account_of(call, name)
    unban(room, names)
    return {}


@behaviour("room_engine_http_srv/get_banned_member_list", reads=True)
def get_banned_member_list(call: Context) -> Answer:
    return {"Response": banned_page(call, conference_of(call))}


def _check_host_stays(room: Conference, names: list[str]) -> None:
    if room.owner in names:
        raise Refused(DENIED, f"The host {room.owner} stays in the room.")


def _shown(room: Conference, member: RoomMember) -> dict[str, object]:
    return {
        "Member_Account": member.user_id,
        "NameCard": member.name_card,
        "Role": "Owner" if member.user_id == room.owner else member.role,
        "Marks": list(member.marks),
        "CustomInfo": member.custom_info,
    }
