"""Who is whose friend: add, import, delete, check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context
from ...._memory.relations import MAX_FRIENDS, MAX_REQUESTS, Friend
from .fields import has_room, is_custom
from .results import INVALID, NOT_FOUND, account_of, answered, pairs, result

_FORBIDDEN, _FULL, _TOO_MANY_LISTS = 30009, 30010, 30011
_TOO_MANY_REQUESTS, _OTHER_FULL = 30012, 30014
_FRIENDS_ALREADY = 30015
_BLOCKED, _REFUSES, _BLOCKED_BY, WAITS = 30515, 30516, 30525, 30539
_NO_FRIEND = 31704


@dataclass(frozen=True)
class Way:
    """How a friend is added."""

    is_both: bool
    """Whether both get a friend."""
    is_forced: bool = False
    """Whether an administrator passes over what the two may and want."""


@behaviour(
    "sns/friend_add",
    guesses=(
        "Accounts that are friends already get 30015, also with ForceAddFlags.",
        "An account that adds itself gets 30001.",
        "Only a request for both sides asks the other user (30516, 30539); one for one side never does.",
        "ForceAddFlags passes over AllowType and AdminForbidType, not over blocklists and limits.",
        "An account without AllowType lets everybody add it.",
        "At most 100 requests of one user wait (30012); a second one to the same user replaces the first.",
        "A friend list that is not there is added.",
        "AddSource holds for both sides.",
    ),
)
def friend_add(call: Context) -> Answer:
    user_id = account_of(call)
    way = Way(
        is_both=call.body.get("AddType", "Add_Type_Both") == "Add_Type_Both",
        is_forced=bool(call.body.get("ForceAddFlags")),
    )
    results: list[Answer] = []
    added: list[Answer] = []
    for item in call.body["AddFriendItem"]:
        code = refusal(call, user_id, item, way)
        if code in (0, WAITS):
            added += add(call, user_id, item, way, waits=code == WAITS)
        results.append(result(call, item["To_Account"], code))
    tell_added(call, added, user_id, administrator=call.identifier, is_forced=way.is_forced)
    return answered("ResultItem", results)


def tell_added(
    call: Context,
    added: Sequence[Answer],
    initiator: str,
    *,
    by: str = "friend_add",
    administrator: str = "",
    is_forced: bool = False,
) -> None:
    """Let Sns.CallbackFriendAdd be sent, if there are new friends: pairs of From_Account and To_Account."""
    if added:
        call.after(
            "Sns.CallbackFriendAdd",
            {
                "PairList": [{**pair, "Initiator_Account": initiator} for pair in added],
                "ClientCmd": by,
                "Admin_Account": administrator,
                "ForceFlag": int(is_forced),
            },
        )


def refusal(call: Context, user_id: str, item: Mapping[str, Any], way: Way) -> int:
    """Return the code of a friend who cannot be added, or not before the other user agrees (30539); else 0."""
    relations, accounts = call.memory.relations, call.memory.accounts
    other = item["To_Account"]
    if other not in accounts:
        return NOT_FOUND
    if other == user_id:
        return INVALID
    forth, back = relations.is_friend(user_id, other), relations.is_friend(other, user_id)
    if forth and (back or not way.is_both):
        return _FRIENDS_ALREADY
    if relations.has_blocked(user_id, other):
        return _BLOCKED
    if relations.has_blocked(other, user_id):
        return _BLOCKED_BY
    forbid = accounts[user_id].profile.get("Tag_Profile_IM_AdminForbidType")
    if forbid == "AdminForbid_Type_SendOut" and not way.is_forced:
        return _FORBIDDEN
    if not forth and len(relations.seen(user_id).friends) >= MAX_FRIENDS:
        return _FULL
    if way.is_both and not back and len(relations.seen(other).friends) >= MAX_FRIENDS:
        return _OTHER_FULL
    if not has_room(relations.seen(user_id), _lists(item)):
        return _TOO_MANY_LISTS
    return 0 if way.is_forced or not way.is_both else _wish(call, user_id, other)


def _wish(call: Context, user_id: str, other: str) -> int:
    """Return what the other user wants to happen with friend requests: 0, 30516, 30539 (or 30012: no more wait)."""
    match call.memory.accounts[other].profile.get("Tag_Profile_IM_AllowType"):
        case "AllowType_Type_DenyAny":
            return _REFUSES
        case "AllowType_Type_NeedConfirm":
            waiting = call.memory.relations.seen(user_id).requests
            is_full = other not in waiting and len(waiting) >= MAX_REQUESTS
            return _TOO_MANY_REQUESTS if is_full else WAITS
        case _:
            return 0


def add(
    call: Context, user_id: str, item: Mapping[str, Any], way: Way, *, waits: bool
) -> list[Answer]:
    """Make friends, or let the request wait; return the new pairs."""
    relations, other = call.memory.relations, item["To_Account"]
    source = item.get("AddSource", "")
    friend = Friend(
        call.now,
        source=source,
        wording=item.get("AddWording", ""),
        remark=item.get("Remark", ""),
        lists=_lists(item),
    )
    if waits:
        relations.request(user_id, other, friend)
        return []
    added: list[Answer] = []
    if not relations.is_friend(user_id, other):
        relations.befriend(user_id, other, friend)
        added += pairs(user_id, [other])
    if way.is_both and not relations.is_friend(other, user_id):
        relations.befriend(other, user_id, Friend(call.now, source=source))
        added += pairs(other, [user_id])
    return added


@behaviour(
    "sns/friend_import",
    guesses=(
        "A friend who is there already is replaced by what is imported.",
        "An account that imports itself gets 30001, as does a tag that the app cannot have.",
        "Neither blocklists nor the wishes of the other user matter.",
    ),
)
def friend_import(call: Context) -> Answer:
    user_id = account_of(call)
    results = [_import(call, user_id, item) for item in call.body["AddFriendItem"]]
    return answered("ResultItem", results)


@behaviour(
    "sns/friend_delete",
    guesses=(
        "Without DeleteType only the user's own contacts change.",
        "Delete_Type_Both of somebody who is no friend of the user changes nothing on the other side (31704).",
    ),
)
def friend_delete(call: Context) -> Answer:
    user_id = account_of(call)
    results: list[Answer] = []
    deleted: list[Answer] = []
    for other in call.body["To_Account"]:
        if other not in call.memory.accounts:
            results.append(result(call, other, NOT_FOUND))
        elif not call.memory.relations.is_friend(user_id, other):
            results.append(result(call, other, _NO_FRIEND))
        else:
            deleted += _delete(call, user_id, other)
            results.append(result(call, other))
    _tell_deleted(call, deleted)
    return {"ResultItem": results, "ErrorDisplay": ""}


@behaviour("sns/friend_delete_all")
def friend_delete_all(call: Context) -> Answer:
    user_id = account_of(call)
    deleted: list[Answer] = []
    for other in list(call.memory.relations.seen(user_id).friends):
        deleted += _delete(call, user_id, other)
    _tell_deleted(call, deleted)
    return {"ErrorDisplay": ""}


@behaviour("sns/friend_check", reads=True)
def friend_check(call: Context) -> Answer:
    user_id = account_of(call)
    return answered("InfoItem", [_check(call, user_id, other) for other in call.body["To_Account"]])


def _import(call: Context, user_id: str, item: Mapping[str, Any]) -> Answer:
    seen, other = call.memory.relations.seen(user_id), item["To_Account"]
    custom = {field.get("Tag", ""): field.get("Value", "") for field in item.get("CustomItem", ())}
    lists = list(dict.fromkeys(item.get("GroupName", ())))
    if other not in call.memory.accounts:
        return result(call, other, NOT_FOUND)
    if other == user_id or not all(map(is_custom, custom)):
        return result(call, other, INVALID)
    if other not in seen.friends and len(seen.friends) >= MAX_FRIENDS:
        info = "Err_SNS_FriendImport_My_Friend_Num_Exceed_Threshold"
        return result(call, other, _FULL, info)
    if not has_room(seen, lists):
        return result(call, other, _TOO_MANY_LISTS)
    friend = Friend(
        item.get("AddTime", call.now),
        source=item["AddSource"],
        wording=item.get("AddWording", ""),
        remark=item.get("Remark", ""),
        lists=lists,
        custom=custom,
    )
    call.memory.relations.befriend(user_id, other, friend)
    return result(call, other)


def _delete(call: Context, user_id: str, other: str) -> list[Answer]:
    """Delete a friend, on the other side too where the call says so; return the pairs that are no more."""
    relations = call.memory.relations
    relations.unfriend(user_id, other)
    deleted = pairs(user_id, [other])
    is_both = call.body.get("DeleteType") == "Delete_Type_Both"
    if is_both and relations.is_friend(other, user_id):
        relations.unfriend(other, user_id)
        deleted += pairs(other, [user_id])
    return deleted


def _tell_deleted(call: Context, deleted: Sequence[Answer]) -> None:
    if deleted:
        call.after("Sns.CallbackFriendDelete", {"PairList": deleted})


def _check(call: Context, user_id: str, other: str) -> Answer:
    relations = call.memory.relations
    if other not in call.memory.accounts:
        return result(call, other, NOT_FOUND, Relation="CheckResult_Type_NoRelation")
    forth = relations.is_friend(user_id, other)
    back = call.body["CheckType"] == "CheckResult_Type_Both" and relations.is_friend(other, user_id)
    relation = {
        (True, True): "BothWay",
        (True, False): "AWithB",
        (False, True): "BWithA",
        (False, False): "NoRelation",
    }[forth, back]
    return result(call, other, Relation=f"CheckResult_Type_{relation}")


def _lists(item: Mapping[str, Any]) -> list[str]:
    return [item["GroupName"]] if item.get("GroupName") else []
