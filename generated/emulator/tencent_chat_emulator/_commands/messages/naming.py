"""How conversations are named: by calls and answers, and in memory (C2Cbob, GROUPorder-1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..._core.context import Context, Refused

BAD_PARAMETER = 50002
NO_ACCOUNT = 50001
NO_GROUP = 51007
TOO_MANY = 51008

_WITH_USER, _WITH_GROUP = "C2C", "GROUP"


def with_user(user_id: str) -> str:
    """Return the name of the conversation with a user."""
    return _WITH_USER + user_id


def with_group(group_id: str) -> str:
    """Return the name of the conversation with a group."""
    return _WITH_GROUP + group_id


def owner_of(call: Context) -> str:
    """Return From_Account, whose conversations a call is about. Refused when it was never imported."""
    name: str = call.body["From_Account"]
    if name not in call.memory.accounts:
        raise Refused(NO_ACCOUNT, f"The account {name} does not exist.")
    return name


def name_in(item: Mapping[str, Any], group_field: str = "ToGroupId") -> str:
    """Return the name of the conversation that an object names. Refused when a field is missing."""
    if "Type" not in item:
        raise Refused(BAD_PARAMETER, "Type is missing.")
    field, name = ("To_Account", with_user) if int(item["Type"]) == 1 else (group_field, with_group)
    if not item.get(field):
        raise Refused(BAD_PARAMETER, f"{field} is missing, which goes with Type {item['Type']}.")
    return name(item[field])


def check_partner(call: Context, name: str, no_group: int = NO_GROUP) -> None:
    """Refuse a conversation with a user or a group that does not exist, a group with the code `no_group`."""
    if name.startswith(_WITH_USER):
        user_id = name.removeprefix(_WITH_USER)
        if user_id not in call.memory.accounts:
            raise Refused(NO_ACCOUNT, f"The account {user_id} does not exist.")
    elif name.removeprefix(_WITH_GROUP) not in call.memory.groups:
        raise Refused(no_group, f"There is no group {name.removeprefix(_WITH_GROUP)}.")


def item_of(name: str, group_field: str = "ToGroupId") -> dict[str, Any]:
    """Return the object that names a conversation in answers."""
    if name.startswith(_WITH_USER):
        return {"Type": 1, "To_Account": name.removeprefix(_WITH_USER)}
    return {"Type": 2, group_field: name.removeprefix(_WITH_GROUP)}


def outcome(call: Context, change: Callable[[], None]) -> dict[str, Any]:
    """Carry out one of several changes, and return ResultCode and ResultInfo."""
    try:
        change()
    except Refused as refusal:
        info = refusal.info or call.catalogue.message(call.command.service, refusal.code)
        return {"ResultCode": refusal.code, "ResultInfo": info}
    return {"ResultCode": 0, "ResultInfo": ""}
