"""Members of groups: add, import, remove, change."""

from __future__ import annotations

from typing import cast

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused, obeying
from ...._memory.groups.groups import Group, Member
from ...._memory.groups.membership import enter, leave
from .. import answers
from ..lookup import (
    BAD_VALUE,
    DENIED,
    REJECTED,
    UNKNOWN_ACCOUNT,
    account_of,
    group_of,
    member_of,
    room_in,
    rules_of,
)
from ..profiles.profiles import change_own_fields
from .muting import check_can_be_muted, mute

FULL = 10014
NOT_ADDED, ADDED, MEMBER_ALREADY, WAITING = 0, 1, 2, 3


@behaviour(
    "group_open_http_svc/add_group_member",
    guesses=(
        "An account that was never imported has the Result 0; where that are all of them, the code is 10019.",
        "Where there is not room for all, nobody is added and the code is 10014.",
        "Where InviteJoinOption of the group is NeedPermission, the Result is 3 and the accounts are no members "
        "until they join with approval.",
        "Those whom a receiver refuses have the Result 0.",
    ),
)
def add_group_member(call: Context) -> Answer:
    group = group_of(call)
    rules = rules_of(group)
    if not rules.can_be_added:
        raise Refused(DENIED, f"Nobody can be added to a group of type {group.type}.")
    named = list(dict.fromkeys(item["Member_Account"] for item in call.body["MemberList"]))
    new = [name for name in named if name in call.memory.accounts and name not in group.members]
    if not new and not any(name in group.members for name in named):
        raise Refused(UNKNOWN_ACCOUNT, "None of the accounts exists.")
    check_room(call, group, len(new))
    refused = _refused_by_receiver(call, group, new) if new else ()
    let_in = [name for name in new if name not in refused]
    waiting = group.invite_join == "NeedPermission"
    results = dict.fromkeys(named, NOT_ADDED)
    results |= {name: MEMBER_ALREADY for name in named if name in group.members}
    results |= dict.fromkeys(let_in, WAITING if waiting else ADDED)
    if let_in and not waiting:
        for name in let_in:
            enter(call.memory, group, new_member(call, group, name))
        tell_of_new_members(call, group, let_in, "Invited", call.identifier)
    return {
        "MemberList": [
            {"Member_Account": item["Member_Account"], "Result": results[item["Member_Account"]]}
            for item in call.body["MemberList"]
        ]
    }


@behaviour(
    "group_open_http_svc/import_group_member",
    guesses=(
        "An account that was never imported, one for which there is no room, a JoinTime that is not between the "
        "creation of the group and now, and an admin in a Work group have the Result 0.",
        "Without UnreadMsgNum the member has read everything.",
    ),
)
def import_group_member(call: Context) -> Answer:
    group = group_of(call)
    rules = rules_of(group)
    if not rules.can_be_added:
        raise Refused(DENIED, f"Nobody can be imported into a group of type {group.type}.")
    results: list[int] = []
    for item in call.body["MemberList"]:
        user_id, role = item["Member_Account"], item.get("Role", "Member")
        joined = item.get("JoinTime")
        if user_id in group.members:
            results.append(MEMBER_ALREADY)
        elif (
            user_id not in call.memory.accounts
            or room_in(group) == 0
            or (joined is not None and not group.created < joined < call.now)
            or (role == "Admin" and not rules.has_admins)
        ):
            results.append(NOT_ADDED)
        else:
            member = new_member(call, group, user_id)
            member.role, member.joined = role, call.now if joined is None else joined
            set_unread(group, member, item.get("UnreadMsgNum", 0))
            enter(call.memory, group, member)
            results.append(ADDED)
    return {
        "MemberList": [
            {"Member_Account": item["Member_Account"], "Result": result}
            for item, result in zip(call.body["MemberList"], results, strict=True)
        ]
    }


@behaviour(
    "group_open_http_svc/delete_group_member",
    guesses=(
        "The owner is answered with 10007, and nobody is removed.",
        "A group whose last member is removed stays.",
    ),
)
def delete_group_member(call: Context) -> Answer:
    group = group_of(call)
    if not rules_of(group).can_be_added:
        raise Refused(BAD_VALUE, f"Nobody can be removed from a group of type {group.type}.")
    named = dict.fromkeys(call.body["MemberToDel_Account"])
    if group.owner in named:
        raise Refused(DENIED, f"The owner {group.owner} cannot be removed.")
    gone = [name for name in named if name in group.members]
    for name in gone:
        leave(call.memory, group, name, call.now)
    if gone:
        call.after(
            "Group.CallbackAfterMemberExit",
            {
                "GroupId": group.id,
                "Type": group.type,
                "ExitType": "Kicked",
                "Operator_Account": call.identifier,
                "ExitMemberList": answers.accounts(gone),
                "EventTime": call.now_ms,
            },
        )
    return {}


@behaviour(
    "group_open_http_svc/modify_group_member_info",
    guesses=(
        "Somebody who is no member, a new role for the owner, an admin in a Work group, a mute of the owner or in "
        "a Work group, and any change in an AVChatRoom are answered with 10007.",
        "An empty Value deletes one of the app's own fields of the member.",
        "The webhook is sent only where role or name have another value than before.",
    ),
)
def modify_group_member_info(call: Context) -> Answer:
    body, group = call.body, group_of(call)
    rules = rules_of(group)
    if not rules.keeps_members:
        raise Refused(DENIED, f"A group of type {group.type} keeps no profiles of its members.")
    member = member_of(call, group, body["Member_Account"])
    role = body.get("Role", member.role)
    if member.role == "Owner" and role != "Owner":
        raise Refused(DENIED, "The role of the owner cannot be changed here.")
    if role == "Admin" and not rules.has_admins:
        raise Refused(DENIED, f"A group of type {group.type} has no admins.")
    if "MuteTime" in body:
        check_can_be_muted(group, member)
        mute(member, body["MuteTime"], call.now)
    name_card = body.get("NameCard", member.name_card)
    changed = ({"Role": role} if role != member.role else {}) | (
        {"NameCard": name_card} if name_card != member.name_card else {}
    )
    member.role, member.name_card = role, name_card
    member.msg_flag = body.get("MsgFlag", member.msg_flag)
    change_own_fields(member.custom, body.get("AppMemberDefinedData", ()))
    if changed:
        call.after(
            "Group.CallbackAfterMemberFieldChanged",
            {
                "GroupId": group.id,
                "Type": group.type,
                "Operator_Account": call.identifier,
                "Member_Account": member.user_id,
            }
            | changed
            | {"EventTime": call.now_ms},
        )
    return {}


@behaviour(
    "group_open_http_svc/change_group_owner",
    guesses=(
        "A new owner who is no member is answered with 10007.",
        "The former owner stays as an ordinary member.",
        "Handing a group to its owner succeeds and sends no webhook.",
    ),
)
def change_group_owner(call: Context) -> Answer:
    body, group = call.body, group_of(call)
    if not rules_of(group).keeps_members:
        raise Refused(DENIED, f"A group of type {group.type} cannot be handed over.")
    operator = body.get("From_Account", call.identifier)
    account_of(call, operator)
    new = member_of(call, group, body["NewOwner_Account"])
    former = group.owner
    if new.user_id == former:
        return {}
    if former:
        group.members[former].role = "Member"
    new.role, new.muted_until = "Owner", 0
    group.owner = new.user_id
    group.info_seq += 1
    group.info_changed = call.now
    call.after(
        "Group.CallbackAfterChangeGroupOwner",
        {
            "GroupId": group.id,
            "Type": group.type,
            "Operator_Account": operator,
            "OldOwner_Account": former,
            "NewOwner_Account": new.user_id,
            "EventTime": call.now_ms,
        },
    )
    return {}


@behaviour(
    "group_open_http_svc/set_unread_msg_num",
    guesses=("Somebody who is no member is answered with 10007.",),
)
def set_unread_msg_num(call: Context) -> Answer:
    group = group_of(call)
    if rules_of(group).counts_unread:
        member = member_of(call, group, call.body["Member_Account"])
        set_unread(group, member, call.body["UnreadMsgNum"])
    return {}


def new_member(call: Context, group: Group, user_id: str) -> Member:
    """Return who comes into the group now, and has nothing to read."""
    owner = user_id == group.owner
    return Member(
        user_id,
        "Owner" if owner else "Member",
        call.now,
        msg_flag=rules_of(group).msg_flag,
        read_seq=group.history.last_seq,
    )


def set_unread(group: Group, member: Member, number: int) -> None:
    """Let the last `number` messages of the group be unread, or all where it has fewer."""
    member.read_seq = max(0, group.history.last_seq - number)


def check_room(call: Context, group: Group, number: int) -> None:
    """Let so many come in as there is room for. Refused with 10014, and a webhook tells that the group is full."""
    room = room_in(group)
    if room is not None and number > room:
        _tell_that_it_is_full(call, group)
        raise Refused(FULL, f"There is room for {room} more members, not for {number}.")


def tell_of_new_members(
    call: Context, group: Group, user_ids: list[str], how: str, operator: str, **query: str
) -> None:
    """Send the webhooks on those who came in; `how` is Apply or Invited, `query` stands in the webhooks' URLs."""
    call.after(
        "Group.CallbackAfterNewMemberJoin",
        {
            "GroupId": group.id,
            "Type": group.type,
            "JoinType": how,
            "Operator_Account": operator,
            "NewMemberList": answers.accounts(user_ids),
            "EventTime": call.now_ms,
        },
        **query,
    )
    if room_in(group) == 0:
        _tell_that_it_is_full(call, group, **query)


def _tell_that_it_is_full(call: Context, group: Group, **query: str) -> None:
    call.always(
        "Group.CallbackAfterGroupFull", {"GroupId": group.id, "EventTime": call.now_ms}, **query
    )


def _refused_by_receiver(call: Context, group: Group, user_ids: list[str]) -> list[str]:
    verdict = call.before(
        "Group.CallbackBeforeInviteJoinGroup",
        {
            "GroupId": group.id,
            "Type": group.type,
            "Operator_Account": call.identifier,
            "DestinationMembers": answers.accounts(user_ids),
            "EventTime": call.now_ms,
        },
        obeying(REJECTED),
    )
    refused: object = verdict.changes.get("RefusedMembers_Account")
    return cast("list[str]", refused) if isinstance(refused, list) else []
