"""Muting members of groups."""

from __future__ import annotations

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.groups.groups import Group, Member
from ..lookup import DENIED, NOT_FOUND, group_of, member_of, rules_of

FOR_GOOD = 2**32 - 1
"""As a time that means for ever; Unix seconds do not go beyond it."""


@behaviour(
    "group_open_http_svc/forbid_send_msg",
    guesses=(
        "Somebody who is no member, the owner, and a Work group are answered with 10007, and nobody is muted.",
        "A topic that does not exist is answered with 10010.",
    ),
)
def forbid_send_msg(call: Context) -> Answer:
    group, topic_id = group_of(call), _topic_id(call)
    members = [member_of(call, group, name) for name in call.body["Members_Account"]]
    for member in members:
        check_can_be_muted(group, member)
    seconds = call.body["MuteTime"]
    for member in members:
        if topic_id is None:
            mute(member, seconds, call.now)
        elif seconds:
            mutes = group.topic_mutes.setdefault(topic_id, {})
            mutes[member.user_id] = later(call.now, seconds)
        else:
            group.topic_mutes.get(topic_id, {}).pop(member.user_id, None)
    return {}


@behaviour(
    "group_open_http_svc/get_group_muted_account",
    reads=True,
    guesses=("Muted members who left are not listed until they are back.",),
)
def get_group_muted_account(call: Context) -> Answer:
    return {
        "MutedAccountList": [
            {"Member_Account": name, "MutedUntil": until} for name, until in _muted(call).items()
        ]
    }


@behaviour("group_open_http_svc/get_group_shutted_uin", reads=True)
def get_group_shutted_uin(call: Context) -> Answer:
    return {
        "ShuttedUinList": [
            {"Member_Account": name, "ShuttedUntil": until} for name, until in _muted(call).items()
        ]
    }


def check_can_be_muted(group: Group, member: Member) -> None:
    """Let members pass who can be muted. Refused with 10007 in Work groups and for owners."""
    if not rules_of(group).can_be_muted:
        raise Refused(DENIED, f"Members of a group of type {group.type} cannot be muted.")
    if member.user_id == group.owner:
        raise Refused(DENIED, f"The owner {group.owner} cannot be muted.")


def mute(member: Member, seconds: int, now: int) -> None:
    """Let a member not send for so long from `now` (Unix seconds) on; 0 ends that."""
    member.muted_until = later(now, seconds) if seconds else 0


def later(now: int, seconds: int) -> int:
    """Return the time so many seconds after `now`, in Unix seconds, or the end of time."""
    return min(now + seconds, FOR_GOOD)


def _muted(call: Context) -> dict[str, int]:
    group, topic_id = group_of(call), _topic_id(call)
    mutes = (
        {member.user_id: member.muted_until for member in group.members.values()}
        if topic_id is None
        else group.topic_mutes.get(topic_id, {})
    )
    return {name: until for name, until in mutes.items() if until > call.now}


def _topic_id(call: Context) -> str | None:
    """Return the topic that the body names. Refused with 10010 where there is none."""
    topic_id: str | None = call.body.get("TopicId") or None
    if topic_id is not None and topic_id not in group_of(call).topics:
        raise Refused(NOT_FOUND, f"There is no topic {topic_id}.")
    return topic_id
