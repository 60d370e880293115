"""Creating, importing and disbanding groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused, obeying
from ...._memory.groups.groups import Group, Member
from ...._memory.groups.membership import disband, enter, found
from .. import answers
from ..lookup import (
    BAD_VALUE,
    DENIED,
    REJECTED,
    RULES,
    account_of,
    can_be_id,
    group_of,
    rules_of,
    type_in_answers,
)

ID_IN_USE, OWN_ID_IN_USE = 10021, 10025
TOO_MANY_MEMBERS = 10038
_COMMUNITY = "@TGS#_"
_RESERVED = "@TGS#"
_BEGINNINGS = {
    "Private": "@TGS#1",
    "Public": "@TGS#2",
    "ChatRoom": "@TGS#3",
    "AVChatRoom": "@TGS#a",
    "Community": "@TGS#_@TGS#c",
}


@behaviour(
    "group_open_http_svc/create_group",
    guesses=(
        "An ID in use is answered with 10025 where the group belongs to the account that would own the new one, "
        "or else to the caller; with 10021 where it belongs to somebody else.",
        "An ID that is not allowed for the type, and a MaxMemberCount beyond what the type allows, are answered "
        "with 10004.",
        "An owner or a member that was never imported is answered with 10019.",
        "An admin in a group whose type has no admins is answered with 10007.",
        "Without ApplyJoinOption everybody may join a Meeting group or an AVChatRoom; for Work groups and "
        "communities the field has no effect.",
        "The app has the largest edition: up to 6,000 members, 100,000 in a community, any number of groups.",
    ),
)
def create_group(call: Context) -> Answer:
    body = call.body
    group, members = _new_group(call), _first_members(call)
    _check_id_is_free(call, group, with_own_code=True)
    created = call.memory.groups_created.get(_creator(call), {})
    announced = {
        "Operator_Account": call.identifier,
        "Owner_Account": group.owner,
        "Type": group.type,
        "Name": group.name,
        "MemberList": answers.accounts(
            member.user_id for member in members if member.user_id != group.owner
        ),
    }
    call.before(
        "Group.CallbackBeforeCreateGroup",
        announced | {"CreateGroupNum": created.get(group.type, 0), "EventTime": call.now_ms},
        obeying(REJECTED),
    )
    if "GroupId" not in body:
        group.id = _new_id(call, group.type)
    found(call.memory, group)
    for member in members:
        enter(call.memory, group, member)
    call.memory.groups_created.setdefault(_creator(call), created)[group.type] = (
        created.get(group.type, 0) + 1
    )
    fields = answers.custom_fields(group.custom)
    call.after(
        "Group.CallbackAfterCreateGroup",
        {"GroupId": group.id}
        | announced
        | ({"UserDefinedDataList": fields} if fields else {})
        | {"EventTime": call.now_ms},
    )
    return {"GroupId": group.id} | (
        {"HugeGroupFlag": 0, "Type": group.type} if group.type == "Community" else {}
    )


@behaviour(
    "group_open_http_svc/import_group",
    guesses=(
        "An AVChatRoom is answered with 10004, as any type that the schema lacks; the page says 10007.",
        "Without MaxMemberCount a community takes 100,000 members, and every other group 2,000.",
    ),
)
def import_group(call: Context) -> Answer:
    group = _new_group(call)
    _check_id_is_free(call, group, with_own_code=False)
    group.created = call.body.get("CreateTime", call.now)
    if "GroupId" not in call.body:
        group.id = _new_id(call, group.type)
    found(call.memory, group)
    if group.owner:
        enter(call.memory, group, _member(call, group.type, group.owner, "Owner"))
        group.members[group.owner].joined = group.created
    return {"GroupId": group.id}


@behaviour("group_open_http_svc/destroy_group")
def destroy_group(call: Context) -> Answer:
    group = group_of(call)
    listed = group.type != "Community"
    members = answers.accounts(group.members if rules_of(group).keeps_members else ())
    disband(call.memory, group)
    call.after(
        "Group.CallbackAfterGroupDestroyed",
        {
            "GroupId": group.id,
            "Type": group.type,
            "Owner_Account": group.owner,
            "Name": group.name,
        }
        | ({"MemberList": members} if listed else {})
        | {"EventTime": call.now_ms},
    )
    return {}


def _new_group(call: Context) -> Group:
    """Return the group that the body describes, without members; its ID is empty where none is asked for."""
    body = call.body
    type_ = type_in_answers(body["Type"])
    rules = RULES[type_]
    most = body.get("MaxMemberCount") or rules.default_members
    if most < 0 or (rules.most_members and most > rules.most_members):
        raise Refused(
            BAD_VALUE, f"MaxMemberCount must be between 1 and {rules.most_members} for this type."
        )
    owner = body.get("Owner_Account", "")
    if owner:
        account_of(call, owner)
    has_topics = type_ == "Community" and bool(body.get("SupportTopic"))
    uses_permissions = has_topics and bool(body.get("EnablePermission"))
    return Group(
        id=body.get("GroupId", ""),
        type=type_,
        name=body["Name"],
        owner=owner,
        created=call.now,
        introduction=body.get("Introduction", ""),
        notification=body.get("Notification", ""),
        face_url=body.get("FaceUrl", ""),
        max_members=most if rules.most_members else 0,
        apply_join=(rules.can_change_apply_join and body.get("ApplyJoinOption"))
        or rules.apply_join,
        invite_join=(rules.invite_join and body.get("InviteJoinOption")) or rules.invite_join,
        supports_topics=has_topics,
        custom=own_fields(body.get("AppDefinedData", ())),
        info_changed=call.now,
        uses_permissions=uses_permissions,
        default_permission=body.get("DefaultPermission", 0) if uses_permissions else 0,
    )


def _first_members(call: Context) -> list[Member]:
    """Return the members that the body names, the owner first."""
    body = call.body
    type_, owner = type_in_answers(body["Type"]), body.get("Owner_Account", "")
    rules = RULES[type_]
    listed: list[dict[str, Any]] = body.get("MemberList", [])
    if not rules.keeps_members:
        if listed:
            raise Refused(DENIED, f"A group of type {type_} takes no members here.")
        return []
    members = {owner: _member(call, type_, owner, "Owner")} if owner else {}
    for item in listed:
        user_id = item["Member_Account"]
        account_of(call, user_id)
        role = item.get("Role", "Member")
        if role == "Admin" and not rules.has_admins:
            raise Refused(DENIED, f"A group of type {type_} has no admins.")
        members.setdefault(user_id, _member(call, type_, user_id, role))
        _fill(members[user_id], item)
    most = body.get("MaxMemberCount") or rules.default_members
    if len(members) > most:
        raise Refused(TOO_MANY_MEMBERS, f"The group can hold {most} members, not {len(members)}.")
    return list(members.values())


def _member(call: Context, type_: str, user_id: str, role: str) -> Member:
    return Member(user_id, role, call.now, msg_flag=RULES[type_].msg_flag)


def _fill(member: Member, item: Mapping[str, Any]) -> None:
    member.joined = item.get("JoinTime", member.joined)
    member.msg_flag = item.get("MsgFlag", member.msg_flag)
    member.read_seq = item.get("MsgSeq", member.read_seq)
    member.last_sent = item.get("LastSendMsgTime", member.last_sent)
    member.muted_until = item.get("MuteUntil", member.muted_until)
    member.name_card = item.get("NameCard", member.name_card)
    member.custom |= own_fields(item.get("AppMemberDefinedData", ()))


def own_fields(items: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the app's own fields of a group or member by name; those without a value are absent."""
    return {item["Key"]: item["Value"] for item in items if item["Value"]}


def _check_id_is_free(call: Context, group: Group, *, with_own_code: bool) -> None:
    """Let an ID pass that no group has and that fits the type."""
    if "GroupId" not in call.body:
        return
    name = group.id
    fits = name.startswith(_COMMUNITY if group.type == "Community" else _RESERVED) == (
        group.type == "Community"
    )
    if not can_be_id(name) or not fits:
        raise Refused(
            BAD_VALUE,
            f"A group of type {group.type} cannot have the ID {name!r}: it must be of printable ASCII, and "
            f"{_COMMUNITY} begins the ID of every community, {_RESERVED} no other.",
        )
    rooms = call.memory.rooms
    if name in rooms.live or name in rooms.conferences:
        raise Refused(ID_IN_USE, f"There is a room {name} already.")
    other = call.memory.groups.get(name)
    if other is None:
        return
    own = with_own_code and other.owner == _creator(call)
    raise Refused(OWN_ID_IN_USE if own else ID_IN_USE, f"There is a group {name} already.")


def _creator(call: Context) -> str:
    return str(call.body.get("Owner_Account", call.identifier))


def _new_id(call: Context, type_: str) -> str:
    while True:
        name = _BEGINNINGS[type_] + call.memory.ids.text(10 if type_ == "Community" else 8)
        if name not in call.memory.groups:
            return name
