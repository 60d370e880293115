"""What users do on their devices: join a group, leave it, lose their connection and get it back."""

from __future__ import annotations

from ...._core.behaviours import Answer, act
from ...._core.context import Context, Refused, obeying
from ...._memory.groups.groups import Group
from ...._memory.groups.membership import enter, forget_account, leave
from ...accounts.departures import when_deleted
from .. import answers
from ..lookup import DENIED, REJECTED, account_of, group_of, member_of, rules_of
from .live import ALWAYS_ONLINE, live_group
from .members import check_room, new_member, tell_of_new_members

ALREADY_MEMBER = 10013
OWNER_STAYS = 10009

when_deleted(forget_account)


@act("join_group")
def join_group(call: Context) -> Answer:
    """Let the user apply, with `approved` as somebody whom an admin lets in. `Joined` tells whether it is a member."""
    group, user_id = group_of(call, _group_id(call)), call.identifier
    account_of(call, user_id)
    approved: bool = call.body.get("approved", False)
    if user_id in group.members:
        raise Refused(ALREADY_MEMBER, f"The account {user_id} is in the group {group.id} already.")
    if group.banned.get(user_id, 0) > call.now:
        raise Refused(DENIED, f"The account {user_id} is banned from the group {group.id}.")
    if group.apply_join == "DisableApply" and not approved:
        raise Refused(DENIED, f"Nobody may apply to join the group {group.id}.")
    check_room(call, group, 1)
    call.before(
        "Group.CallbackBeforeApplyJoinGroup",
        {
            "GroupId": group.id,
            "Type": group.type,
            "Requestor_Account": user_id,
            "EventTime": call.now_ms,
        },
        obeying(REJECTED),
        **_query(call),
    )
    if group.apply_join == "NeedPermission" and not approved:
        return {"Joined": False}
    group.disconnected.pop(user_id, None)
    enter(call.memory, group, new_member(call, group, user_id))
    tell_of_new_members(call, group, [user_id], "Apply", user_id, **_query(call))
    return {"Joined": True}


@act("leave_group")
def leave_group(call: Context) -> Answer:
    group, user_id = group_of(call, _group_id(call)), call.identifier
    member_of(call, group, user_id)
    if user_id == group.owner and not rules_of(group).owner_can_leave:
        raise Refused(OWNER_STAYS, f"The owner {user_id} cannot leave the group {group.id}.")
    leave(call.memory, group, user_id, call.now)
    call.after(
        "Group.CallbackAfterMemberExit",
        {
            "GroupId": group.id,
            "Type": group.type,
            "ExitType": "Quit",
            "Operator_Account": user_id,
            "ExitMemberList": answers.accounts([user_id]),
            "EventTime": call.now_ms,
        },
        **_query(call),
    )
    return {}


@act("disconnect_from_group")
def disconnect_from_group(call: Context) -> Answer:
    """Let somebody in an AVChatRoom go offline, whose marks vanish."""
    group, user_id = live_group(call, _group_id(call)), call.identifier
    member = member_of(call, group, user_id)
    if ALWAYS_ONLINE not in member.marks:
        leave(call.memory, group, user_id, call.now)
        member.marks = []
        group.disconnected[user_id] = member
        _tell_of_state(call, group, user_id, "Offline")
    return {}


@act("reconnect_to_group")
def reconnect_to_group(call: Context) -> Answer:
    """Let somebody who went offline in an AVChatRoom come back."""
    group, user_id = live_group(call, _group_id(call)), call.identifier
    account_of(call, user_id)
    member = group.disconnected.pop(user_id, None)
    if member is None:
        raise Refused(DENIED, f"The account {user_id} is not offline in the group {group.id}.")
    enter(call.memory, group, member)
    _tell_of_state(call, group, user_id, "Online")
    return {}


def _group_id(call: Context) -> str:
    if "group_id" not in call.body:
        raise ValueError("group_id is missing")
    return str(call.body["group_id"])


def _tell_of_state(call: Context, group: Group, user_id: str, event: str) -> None:
    call.after(
        "Group.CallbackOnMemberStateChange",
        {
            "GroupId": group.id,
            "EventType": event,
            "MemberList": answers.accounts([user_id]),
        },
    )


def _query(call: Context) -> dict[str, str]:
    return {"OptPlatform": call.body.get("opt_platform", "Web")}
