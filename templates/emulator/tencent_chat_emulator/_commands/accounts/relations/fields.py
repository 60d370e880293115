"""Fields of friends: which there are, which values they take, and how they stand on the wire."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, cast

from ...._core.behaviours import Answer
from ...._memory.relations import MAX_LISTS, Contacts, Friend

_CUSTOM = re.compile(r"Tag_SNS_Custom_[A-Za-z]{1,8}")
_MAX_REMARK = 96
_STANDARD = (
    "Tag_SNS_IM_AddSource",
    "Tag_SNS_IM_Remark",
    "Tag_SNS_IM_Group",
    "Tag_SNS_IM_AddTime",
    "Tag_SNS_IM_AddWording",
)


def is_custom(tag: str) -> bool:
    """Whether the app can have such a field of its own."""
    return _CUSTOM.fullmatch(tag) is not None


def set_value(friend: Friend, tag: str, value: Any) -> bool:
    """Set a field; return False, and set nothing, where it does not take `value`."""
    match tag, value:
        case "Tag_SNS_IM_Remark", str() if len(value) <= _MAX_REMARK:
            friend.remark = value
        case "Tag_SNS_IM_Group", list():
            friend.lists = list(dict.fromkeys(cast("list[str]", value)))
        case _, str() | int() if is_custom(tag):
            friend.custom[tag] = value
        case _:
            return False
    return True


def has_room(contacts: Contacts, names: Sequence[str]) -> bool:
    """Whether those friend lists are there or can be added."""
    new = {name for name in names if name not in contacts.lists}
    return len(contacts.lists) + len(new) <= MAX_LISTS


def standard_items(friend: Friend) -> list[Answer]:
    """Return the standard fields that are set, as on the wire."""
    return [{"Tag": tag, "Value": value} for tag in _STANDARD if (value := value_of(friend, tag))]


def custom_items(friend: Friend) -> list[Answer]:
    """Return the app's own fields, as on the wire."""
    return [{"Tag": tag, "Value": value} for tag, value in friend.custom.items()]


def value_of(friend: Friend, tag: str) -> Any:
    """Return the value of a field; None, or an empty one, where it is not set."""
    match tag:
        case "Tag_SNS_IM_AddSource":
            return friend.source
        case "Tag_SNS_IM_Remark":
            return friend.remark
        case "Tag_SNS_IM_Group":
            return list(friend.lists)
        case "Tag_SNS_IM_AddTime":
            return friend.added
        case "Tag_SNS_IM_AddWording":
            return friend.wording
        case _:
            return friend.custom.get(tag)
