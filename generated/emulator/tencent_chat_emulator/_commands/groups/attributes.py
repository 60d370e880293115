"""Attributes of groups."""

from __future__ import annotations

from typing import Any

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from ..._memory.groups.groups import Group
from .lookup import DENIED, group_of

MOST, MOST_BYTES = 16, 16_000
MOST_CHANGES = 5
"""In a second, of one group."""
TOO_MANY, TOO_LARGE, TOO_OFTEN, NOT_THERE = 10047, 10048, 10049, 10050


@behaviour("group_open_http_svc/set_group_attr")
def set_group_attr(call: Context) -> Answer:
    group, given = group_of(call), _given(call)
    _write(call, group, given)
    _tell(call, group, "set")
    return {}


@behaviour("group_open_http_svc/modify_group_attr")
def modify_group_attr(call: Context) -> Answer:
    group, given = group_of(call), _given(call)
    _write(call, group, group.attributes | given)
    _tell(call, group, "modify")
    return {}


@behaviour(
    "group_open_http_svc/delete_group_attr",
    guesses=("If one of several attributes is not there, 10050 is answered and none is deleted.",),
)
def delete_group_attr(call: Context) -> Answer:
    group = group_of(call)
    keys = dict.fromkeys(item["key"] for item in call.body["GroupAttr"])
    for key in keys:
        if key not in group.attributes:
            raise Refused(NOT_THERE, f"The group has no attribute {key}.")
    _count(call, group)
    for key in keys:
        del group.attributes[key]
    _tell(call, group, "delete")
    return {}


@behaviour("group_open_http_svc/clear_group_attr")
def clear_group_attr(call: Context) -> Answer:
    group = group_of(call)
    if group.type == "Community":
        raise Refused(DENIED, "The attributes of a community cannot be cleared.")
    _count(call, group)
    group.attributes.clear()
    _tell(call, group, "clear")
    return {}


@behaviour("group_open_attr_http_svc/get_group_attr", reads=True)
def get_group_attr(call: Context) -> Answer:
    attributes = group_of(call).attributes
    return {"GroupAttrAry": [{"key": key, "value": value} for key, value in attributes.items()]}


def _given(call: Context) -> dict[str, str]:
    """Return the attributes of the request; of a key given twice, the last."""
    return {item["key"]: item["value"] for item in call.body["GroupAttr"]}


def _write(call: Context, group: Group, attributes: dict[str, str]) -> None:
    """Let the group have these attributes only. Refused where they are too many or too large."""
    if len(attributes) > MOST:
        raise Refused(TOO_MANY)
    size = sum(len(value.encode("utf-8", "surrogatepass")) for value in attributes.values())
    if size > MOST_BYTES:
        raise Refused(TOO_LARGE)
    _count(call, group)
    group.attributes = attributes


def _count(call: Context, group: Group) -> None:
    """Count a change. Refused with 10049 where rates are limited, and there are too many."""
    if call.exceeds(f"attributes of {group.id}", MOST_CHANGES):
        raise Refused(TOO_OFTEN)


def _tell(call: Context, group: Group, change: str) -> None:
    given: list[dict[str, Any]] = call.body.get("GroupAttr", [])
    body = {
        "GroupId": group.id,
        "Type": group.type,
        "Operator_Account": call.identifier,
        "OptionType": change,
        "GroupAttr": given,
        "EventTime": call.now_ms,
    }
    call.after("Group.CallbackAfterGroupAttrChanged", body)
