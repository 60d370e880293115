"""Who is in a group: lists of members, chosen members, roles."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.accounts import Account
from ...._memory.groups.groups import Group, Member
from .. import answers
from ..lookup import BAD_VALUE, DENIED, group_of, rules_of
from ..paging import start_of
from ..profiles.lists import limit_of


@behaviour(
    "group_open_http_svc/get_group_member_info",
    reads=True,
    guesses=(
        "An AVChatRoom is answered with 10007.",
        "A community is answered with 10004 where Next is missing, or Offset is there.",
        "Offset counts the members with the roles asked for.",
        "The app's own fields are in the answer where they are named, or where no filter is given.",
    ),
)
def get_group_member_info(call: Context) -> Answer:
    body, group = call.body, _group_with_members(call)
    limit, offset = limit_of(call), max(0, body.get("Offset", 0))
    members = _with_roles(group.members.values(), body.get("MemberRoleFilter"))
    answer: dict[str, Any] = {"MemberNum": len(group.members)}
    if group.type == "Community":
        if "Next" not in body or offset:
            raise Refused(BAD_VALUE, "The members of a community are read with Next, not Offset.")
        after = start_of("Next", body["Next"])
        following = (member for member in members if member.number > after)
        page = list(islice(following, None if limit is None else limit + 1))
        more = limit is not None and len(page) > limit
        page = page[:limit]
        answer["Next"] = str(page[-1].number) if more else ""
    else:
        page = list(islice(members, offset, None if limit is None else offset + limit))
    fields = body.get("MemberInfoFilter")
    custom = body.get("AppDefinedDataFilter_GroupMember", None if fields is None else ())
    answer["MemberList"] = answers.members_of(group, page, call.now, fields, custom)
    answers.check_size(answer, len(page))
    return answer


@behaviour(
    "group_open_http_svc/get_specified_group_member_info",
    reads=True,
    guesses=("An AVChatRoom is answered with 10007.",),
)
def get_specified_group_member_info(call: Context) -> Answer:
    body, group = call.body, _group_with_members(call)
    named = dict.fromkeys(body["Member_List_Account"])
    members = _with_roles(
        (group.members[name] for name in named if name in group.members),
        body.get("MemberRoleFilter"),
    )
    fields = body.get("MemberInfoFilter")
    custom = body.get("AppDefinedDataFilter_GroupMember", ())
    return {
        "GroupId": group.id,
        "MemberList": [
            answers.member_profile(member, call.now, fields, custom)
            | _online_status(call.memory.accounts.get(member.user_id), fields)
            for member in members
        ],
    }


@behaviour("group_open_http_svc/get_role_in_group", reads=True)
def get_role_in_group(call: Context) -> Answer:
    group = _group_with_members(call)
    return {
        "UserIdList": [
            {
                "Member_Account": name,
                "Role": group.members[name].role if name in group.members else "NotMember",
            }
            for name in call.body["User_Account"]
        ]
    }


def _group_with_members(call: Context) -> Group:
    group = group_of(call)
    if not rules_of(group).keeps_members:
        raise Refused(DENIED, f"A group of type {group.type} has no list of members.")
    return group


def _with_roles(members: Iterable[Member], roles: list[str] | None) -> Iterable[Member]:
    return (member for member in members if roles is None or member.role in roles)


def _online_status(account: Account | None, fields: list[str] | None) -> dict[str, str]:
    if fields is not None and "OnlineStatus" not in fields:
        return {}
    if account is None or not account.platforms:
        return {"OnlineStatus": "Offline"}
    return {"OnlineStatus": "Online" if account.is_online else "PushOnline"}
