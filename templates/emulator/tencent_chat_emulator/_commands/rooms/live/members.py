"""Members of live rooms: owner, administrators, who is online, mutes, bans."""

from __future__ import annotations

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ..lookup import BANNED, account_of, banned_page, is_banned, live_room_of, page_of
from ..membership import FOR_GOOD, ban, unban

_TOO_MANY_ADMINS = 100020
_MOST_ADMINS = 5
_LISTED, _PAGE = 1000, 500


@behaviour(
    "live_engine_http_srv/change_room_owner",
    guesses=(
        "An account that was never imported is answered with 100002, one that is banned with 100016.",
        "The new owner need not be in the room, and is no administrator of it any more.",
    ),
)
def change_room_owner(call: Context) -> Answer:
    room, owner = live_room_of(call), call.body["NewOwner_Account"]
    account_of(call, owner)
    if is_banned(room, owner, call.now):
        raise Refused(BANNED)
    if owner == room.owner:
        return {}
    body = {
        "RoomId": room.id,
        "CurrentOwner_Account": owner,
        "OriginalOwner_Account": room.owner,
        "Operator_Account": call.identifier,
        "EventTime": call.now_ms,
    }
    room.owner = owner
    if owner in room.admins:
        room.admins.remove(owner)
    call.after("Live.CallbackAfterChangeOwner", body)
    return {}


@behaviour(
    "live_engine_http_srv/modify_admin",
    guesses=(
        "An account that was never imported is answered with 100002; it need not be in the room.",
        "Who is an administrator already stays one; to dismiss who is none is no error.",
    ),
)
def modify_admin(call: Context) -> Answer:
    room, body = live_room_of(call), call.body
    names, adds = list(dict.fromkeys(body["Admin_Account"])), body["OpType"] == "add"
    if adds:
        for name in names:
            account_of(call, name)
        admins = list(dict.fromkeys([*room.admins, *names]))
    else:
        admins = [name for name in room.admins if name not in names]
    if len(admins) > _MOST_ADMINS:
        raise Refused(_TOO_MANY_ADMINS)
    room.admins = admins
    told = {
        "RoomId": room.id,
        "Admin_Account": names,
        "opType": body["OpType"],
        "Operator_Account": call.identifier,
        "EventTime": call.now_ms,
    }
    call.after("Live.CallbackAfterModifyAdmin", told)
    return {}


@behaviour("live_engine_http_srv/get_admin_list", reads=True)
def get_admin_list(call: Context) -> Answer:
    return {"Response": {"Admin_Account": list(live_room_of(call).admins)}}


@behaviour(
    "live_engine_http_srv/get_member_list",
    reads=True,
    guesses=("It is up to date at once; of more than 1000 members the first ones are listed.",),
)
def get_member_list(call: Context) -> Answer:
    room = live_room_of(call)
    listed = list(room.members.values())[:_LISTED]
    page, more = page_of(listed, call.body["Next"], _PAGE)
    return {
        "Response": {
            "MemberList": [{"Member_Account": member.user_id} for member in page],
            "Next": more,
            "MemberCount": len(room.members),
        }
    }


@behaviour(
    "live_engine_http_srv/mute_member",
    guesses=(
        "An account that was never imported is answered with 100002; it need not be in the room.",
        "A mute goes on while the member is out of the room.",
    ),
)
def mute_member(call: Context) -> Answer:
    room, seconds = live_room_of(call), call.body["MuteTime"]
    names = call.body["MemberList_Account"]
    for name in names:
        account_of(call, name)
    for name in names:
        if seconds > 0:
            room.muted[name] = min(call.now + seconds, FOR_GOOD)
        else:
            room.muted.pop(name, None)
    return {}


@behaviour(
    "live_engine_http_srv/get_muted_member_list",
    reads=True,
    guesses=("All are listed, as no answer says where to read on.",),
)
def get_muted_member_list(call: Context) -> Answer:
    muted = [
        {"Member_Account": name, "MutedUntil": until}
        for name, until in live_room_of(call).muted.items()
        if until > call.now
    ]
    return {"Response": {"MutedAccountList": muted}}


@behaviour(
    "live_engine_http_srv/ban_member",
    guesses=(
        "Who is in the room is out of it at once.",
        "An account that was never imported is answered with 100002; it need not be in the room.",
    ),
)
def ban_member(call: Context) -> Answer:
    room, names = live_room_of(call), call.body["MemberList_Account"]
    for name in names:
        account_of(call, name)
    ban(call, room, names)
    return {}


@behaviour("live_engine_http_srv/unban_member", guesses=("Who is not banned is no error.",))
def unban_member(call: Context) -> Answer:
    unban(live_room_of(call), call.body["MemberList_Account"])
    return {}


@behaviour("live_engine_http_srv/get_banned_member_list", reads=True)
def get_banned_member_list(call: Context) -> Answer:
    return {"Response": banned_page(call, live_room_of(call))}
