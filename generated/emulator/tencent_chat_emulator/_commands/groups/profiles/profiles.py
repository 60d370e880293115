"""Profiles of groups: get and change."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.groups.groups import Group
from .. import answers
from ..lookup import BAD_VALUE, account_of, group_of, rules_of

_ANNOUNCED = {
    "Name": "name",
    "Introduction": "introduction",
    "Notification": "notification",
    "FaceUrl": "face_url",
}
"""Fields that a webhook tells of, and what they are called in the memory."""


@behaviour(
    "group_open_http_svc/get_group_info",
    reads=True,
    guesses=(
        "Where ResponseFilter is given, what no filter names is absent, members included.",
        "An AVChatRoom has an empty list of members; its number of members is that of those online.",
    ),
)
def get_group_info(call: Context) -> Answer:
    wanted = call.body.get("ResponseFilter") or None
    infos: list[dict[str, Any]] = []
    rows = 0
    for group_id in call.body["GroupIdList"]:
        try:
            group = group_of(call, group_id)
        except Refused as refused:
            infos.append(
                {"GroupId": group_id, "ErrorCode": refused.code, "ErrorInfo": refused.info}
            )
        else:
            infos.append(
                {"GroupId": group_id, "ErrorCode": 0, "ErrorInfo": ""}
                | group_fields(call, group, wanted)
            )
            rows += len(group.members)
    answer = {"GroupInfo": infos}
    answers.check_size(answer, rows)
    return answer


@behaviour(
    "group_open_http_svc/modify_group_base_info",
    guesses=(
        "A MaxMemberNum beyond what the type allows, or below the number of members, is answered with 10004; "
        "for an AVChatRoom it has no effect.",
        "ApplyJoinOption has no effect for Work groups and communities, InviteJoinOption none for an AVChatRoom.",
        "HistoryMsgBeforeJoin has no effect: no command shows what members can read.",
        "A From_Account that was never imported is answered with 10019.",
        "The webhook is sent only where one of its fields has another value than before.",
    ),
)
def modify_group_base_info(call: Context) -> Answer:
    body, group = call.body, group_of(call)
    rules = rules_of(group)
    operator = body.get("From_Account", call.identifier)
    account_of(call, operator)
    most = body.get("MaxMemberNum") if rules.most_members else None
    if most is not None and not max(1, len(group.members)) <= most <= rules.most_members:
        raise Refused(BAD_VALUE, f"The group cannot have room for {most} members.")
    changed = {
        name: body[name]
        for name, attribute in _ANNOUNCED.items()
        if name in body and body[name] != getattr(group, attribute)
    }
    for name, value in changed.items():
        setattr(group, _ANNOUNCED[name], value)
    if most is not None:
        group.max_members = most
    if rules.can_change_apply_join:
        group.apply_join = body.get("ApplyJoinOption", group.apply_join)
    if rules.invite_join:
        group.invite_join = body.get("InviteJoinOption", group.invite_join)
    if "MuteAllMember" in body:
        group.is_muted = body["MuteAllMember"] == "On"
    if group.supports_topics:
        group.uses_permissions = bool(body.get("EnablePermission", group.uses_permissions))
    if group.uses_permissions:
        group.default_permission = body.get("DefaultPermission", group.default_permission)
    change_own_fields(group.custom, body.get("AppDefinedData", ()))
    group.info_seq += 1
    group.info_changed = call.now
    if changed:
        call.after(
            "Group.CallbackAfterGroupInfoChanged",
            {"GroupId": group.id, "Type": group.type, "Operator_Account": operator}
            | changed
            | {"EventTime": call.now_ms},
        )
    return {}


def group_fields(call: Context, group: Group, wanted: dict[str, Any] | None) -> dict[str, Any]:
    """Return what the filters in `wanted` let through; None stands for all."""
    if wanted is None:
        wanted = {
            "GroupBaseInfoFilter": None,
            "MemberInfoFilter": None,
            "AppDefinedDataFilter_Group": None,
            "AppDefinedDataFilter_GroupMember": None,
        }
    fields = answers.group_profile(group, wanted.get("GroupBaseInfoFilter", ()))
    own = answers.custom_fields(group.custom, wanted.get("AppDefinedDataFilter_Group", ()))
    if own:
        fields["AppDefinedData"] = own
    if "MemberInfoFilter" in wanted or "AppDefinedDataFilter_GroupMember" in wanted:
        fields["MemberList"] = answers.members_of(
            group,
            group.members.values(),
            call.now,
            wanted.get("MemberInfoFilter", ()),
            wanted.get("AppDefinedDataFilter_GroupMember", ()),
        )
    return fields


def change_own_fields(fields: dict[str, str], items: Collection[dict[str, Any]]) -> None:
    """Set the app's own fields of a group or a member; an empty value deletes one."""
    for item in items:
        if item["Value"]:
            fields[item["Key"]] = item["Value"]
        else:
            fields.pop(item["Key"], None)
