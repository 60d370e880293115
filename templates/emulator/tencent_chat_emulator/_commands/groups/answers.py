"""Groups and members as answers and webhooks show them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..._core.context import Refused
from ..._memory.groups.groups import Group, Member
from .lookup import RULES

Json = dict[str, Any]

MAX_BYTES = 1024 * 1024
TOO_LARGE = 10018
_SMALL = 1000
"""Rows that never make an answer too large."""
_OLDER_NAMES = {"ShutUpAllMember": "MuteAllMember", "ShutUpUntil": "MuteUntil"}


def group_profile(group: Group, names: Collection[str] | None) -> Json:
    """Return the profile fields called `names`, or all."""
    profile: Json = {
        "Type": group.type,
        "Name": group.name,
        "Introduction": group.introduction,
        "Notification": group.notification,
        "FaceUrl": group.face_url,
        "Owner_Account": group.owner,
        "CreateTime": group.created,
        "InfoSeq": group.info_seq,
        "LastInfoTime": group.info_changed,
        "LastMsgTime": group.history.last_time,
        "NextMsgSeq": group.history.last_seq + 1,
        "MemberNum": len(group.members),
        "MaxMemberNum": group.max_members,
        "ApplyJoinOption": group.apply_join,
        "MuteAllMember": "On" if group.is_muted else "Off",
    }
    if group.invite_join:
        profile["InviteJoinOption"] = group.invite_join
    if group.supports_topics:
        profile["EnablePermission"] = int(group.uses_permissions)
        profile["DefaultPermission"] = group.default_permission
    return _chosen(profile, names)


def members_of(
    group: Group,
    members: Iterable[Member],
    now: int,
    names: Collection[str] | None = None,
    custom: Collection[str] | None = None,
) -> list[Json]:
    """Return the fields of members called `names`, and the app's own ones called `custom`; None stands for all.

    Empty for a group that keeps no profiles of its members.
    """
    return [
        member_profile(member, now, names, custom)
        for member in members
        if RULES[group.type].keeps_members
    ]


def member_profile(
    member: Member,
    now: int,
    names: Collection[str] | None = None,
    custom: Collection[str] | None = None,
) -> Json:
    """Return the account of a member, its fields called `names`, and the app's own ones called `custom`."""
    profile: Json = {
        "Role": member.role,
        "JoinTime": member.joined,
        "MsgSeq": member.read_seq,
        "MsgFlag": member.msg_flag,
        "LastSendMsgTime": member.last_sent,
        "MuteUntil": member.muted_until if member.muted_until > now else 0,
        "NameCard": member.name_card,
    }
    own = custom_fields(member.custom, custom)
    return (
        {"Member_Account": member.user_id}
        | _chosen(profile, names)
        | ({"AppMemberDefinedData": own} if own else {})
    )


def custom_fields(fields: Mapping[str, str], names: Collection[str] | None = None) -> list[Json]:
    """Return the app's own fields called `names`, or all."""
    return [
        {"Key": key, "Value": value}
        for key, value in fields.items()
        if names is None or key in names
    ]


def accounts(user_ids: Iterable[str]) -> list[Json]:
    """Return members as webhooks list them."""
    return [{"Member_Account": user_id} for user_id in user_ids]


def check_size(answer: Json, rows: int) -> None:
    """Let an answer pass that is not too large. Refused with 10018."""
    if rows > _SMALL and len(json.dumps(answer, ensure_ascii=False).encode()) > MAX_BYTES:
        raise Refused(TOO_LARGE)


def _chosen(profile: Json, names: Collection[str] | None) -> Json:
    if names is None:
        return profile
    wanted = {_OLDER_NAMES.get(name, name) for name in names}
    return {name: value for name, value in profile.items() if name in wanted}
