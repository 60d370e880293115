"""AVChatRooms: who is online, administrators, marks, bans."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.groups.groups import Group
from ...._memory.groups.membership import leave
from ..lookup import BAD_VALUE, DENIED, account_of, group_of
from ..profiles.lists import limit_of
from .muting import later

_LATEST, _PAGE = 1000, 500
_MOST_ADMINS = 5
_FIRST_MARK, _HIDDEN = 1000, 600
_MOST_MARKS, _MOST_MARKED = 10, 1000
_MOST_BANNED = 100
_SET = 1

ALWAYS_ONLINE = 500
"""The mark of members whose connection does not count."""


@behaviour(
    "group_open_http_svc/ban_group_member",
    guesses=(
        "Another type of group is answered with 10007, a missing group with 10010, an account that was never "
        "imported with 10019.",
        "Who is banned is out of the group at once, and no webhook is sent.",
    ),
)
def ban_group_member(call: Context) -> Answer:
    group = live_group(call)
    names = call.body["Members_Account"]
    for name in names:
        account_of(call, name)
    until = later(call.now, call.body["Duration"])
    for name in names:
        group.disconnected.pop(name, None)
        if name in group.members:
            leave(call.memory, group, name, call.now)
        group.banned[name] = until
    return {}


@behaviour(
    "group_open_http_svc/unban_group_member",
    guesses=("An account that is not banned is no error.",),
)
def unban_group_member(call: Context) -> Answer:
    group = live_group(call)
    for name in call.body["Members_Account"]:
        group.banned.pop(name, None)
    return {}


@behaviour(
    "group_open_http_svc/get_group_ban_member",
    reads=True,
    guesses=("Without Limit a page holds 100.",),
)
def get_group_ban_member(call: Context) -> Answer:
    group = live_group(call)
    limit, offset = limit_of(call) or _MOST_BANNED, max(0, call.body["Offset"])
    banned = [(name, until) for name, until in group.banned.items() if until > call.now]
    end = offset + limit
    return {
        "BannedAccountList": [
            {"Member_Account": name, "BannedUntil": until} for name, until in banned[offset:end]
        ],
        "NextOffset": end if end < len(banned) else 0,
    }


@behaviour("group_open_http_svc/get_online_member_num", reads=True)
def get_online_member_num(call: Context) -> Answer:
    return {"OnlineMemberNum": len(live_group(call).members)}


@behaviour(
    "group_open_avchatroom_http_svc/get_members",
    reads=True,
    guesses=("Who comes and goes is seen at once.",),
)
def get_members(call: Context) -> Answer:
    group, after = live_group(call), call.body["Timestamp"]
    latest = list(group.members.values())[-_LATEST:]
    rest = [member for member in latest if member.number > after and _HIDDEN not in member.marks]
    page = rest[:_PAGE]
    return {
        "MemberList": [
            {"Member_Account": member.user_id, "JoinTime": member.joined} for member in page
        ],
        "NextTimestamp": page[-1].number if len(rest) > _PAGE else 0,
    }


@behaviour("group_open_avchatroom_http_svc/check_members", reads=True)
def check_members(call: Context) -> Answer:
    members = live_group(call).members
    return {"Member_Account": [name for name in call.body["Member_Account"] if name in members]}


@behaviour(
    "group_open_avchatroom_http_svc/modify_admin",
    guesses=(
        "A sixth administrator is answered with 10004, an account that was never imported with 10019, another "
        "type of group with 10007.",
        "Who is no administrator is dismissed without an error.",
    ),
)
def modify_admin(call: Context) -> Answer:
    group, names = live_group(call), call.body["Admin_Account"]
    if call.body["CommandType"] != _SET:
        group.admins = [name for name in group.admins if name not in names]
        return {}
    for name in names:
        account_of(call, name)
    admins = list(dict.fromkeys([*group.admins, *names]))
    if len(admins) > _MOST_ADMINS:
        raise Refused(BAD_VALUE, f"A group has at most {_MOST_ADMINS} administrators.")
    group.admins = admins
    return {}


@behaviour(
    "group_open_avchatroom_http_svc/get_admin_list",
    reads=True,
    guesses=("Another type of group is answered with 10007.",),
)
def get_admin_list(call: Context) -> Answer:
    profiles = {
        name: account.profile
        for name in live_group(call).admins
        if (account := call.memory.accounts.get(name))
    }
    return {
        "Admin_List": [
            {
                "Admin_Account": name,
                "NickName": profile.get("Tag_Profile_IM_Nick", ""),
                "Avatar": profile.get("Tag_Profile_IM_Image", ""),
            }
            for name, profile in profiles.items()
        ]
    }


@behaviour(
    "group_open_avchatroom_http_svc/modify_user_info",
    guesses=(
        "A mark below 1000 other than 500 and 600, an eleventh mark in the group, a mark on a 1001st member, and "
        "only members who are offline are answered with 10004.",
        "Mark 500, too, is for members who are online; who has it does not lose the connection.",
    ),
)
def modify_user_info(call: Context) -> Answer:
    group, body = live_group(call), call.body
    marks = {item["Member_Account"]: list(item["Marks"]) for item in body["MemberList"]}
    for mark in {mark: None for own in marks.values() for mark in own}:
        if mark < _FIRST_MARK and mark not in (ALWAYS_ONLINE, _HIDDEN):
            raise Refused(BAD_VALUE, f"{mark} is no mark: they begin at {_FIRST_MARK}.")
    online = {name: own for name, own in marks.items() if name in group.members}
    if not online:
        raise Refused(BAD_VALUE, "None of the members is online.")
    setting = body["CommandType"] == _SET
    if setting:
        _check_number_of_marks(group, online)
    for name, own in online.items():
        member = group.members[name]
        kept = [mark for mark in member.marks if mark not in own]
        member.marks = [*kept, *dict.fromkeys(own)] if setting else kept
    listed: list[dict[str, Any]] = [
        {"Member_Account": name, "Marks": own} for name, own in online.items()
    ]
    return {"CommandType": body["CommandType"], "MemberList": listed}


def live_group(call: Context, group_id: str | None = None) -> Group:
    """Return the AVChatRoom with that ID, or else the one that GroupId names. Refused with 10007 for another type."""
    group = group_of(call, group_id)
    if group.type != "AVChatRoom":
        raise Refused(DENIED, f"The group {group.id} is no AVChatRoom, but of type {group.type}.")
    return group


def _check_number_of_marks(group: Group, new: dict[str, list[int]]) -> None:
    numbers = Counter(
        mark
        for member in group.members.values()
        for mark in dict.fromkeys([*member.marks, *new.get(member.user_id, ())])
    )
    if len(numbers) > _MOST_MARKS:
        raise Refused(BAD_VALUE, f"A group has at most {_MOST_MARKS} different marks.")
    if numbers and max(numbers.values()) > _MOST_MARKED:
        raise Refused(BAD_VALUE, f"At most {_MOST_MARKED} members have a mark.")
