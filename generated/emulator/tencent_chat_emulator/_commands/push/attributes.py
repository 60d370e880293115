"""Attributes of users, to push by: their names, and the values that users have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from .users import check_users, failures, known_users

_BAD_ATTRIBUTE, _OTHER_TYPE, _BAD_BODY = 90033, 90035, 90001
_NUMBERS = "0123456789"
_USER_IDS = 0


@behaviour("timpush/set_attr_name", guesses=("Names that are not given stay as they are.",))
@behaviour(
    "all_member_push/im_set_attr_name",
    guesses=(
        "Attributes and tags are those of the service timpush.",
        "A number that is none of 0 to 9, and a name that is given twice, are answered with 90001.",
    ),
)
def set_attr_name(call: Context) -> Answer:
    push = call.memory.push
    given: dict[str, str] = call.body["AttrNames"]
    types: dict[str, int] = call.body.get("AttrTypes", {})
    code = _BAD_ATTRIBUTE if _BAD_ATTRIBUTE in call.command.errors else _BAD_BODY
    for number in (*given, *types):
        if number not in _NUMBERS or len(number) != 1:
            raise Refused(code, f"{number!r} is no number of an attribute.")
    for number in types:
        if number not in given:
            raise Refused(code, f"AttrTypes.{number} is not in AttrNames.")
        if push.attribute_types.get(number, types[number]) != types[number]:
            raise Refused(code, f"The type of attribute {number} cannot be changed.")
    names = push.attribute_names | given
    if len(set(names.values())) < len(names):
        raise Refused(code, "A name is given to two attributes.")
    push.attribute_names = dict(sorted(names.items()))
    for number in given:
        push.attribute_types.setdefault(number, types.get(number, _USER_IDS))
    return {}


@behaviour("timpush/get_attr_name", reads=True)
def get_attr_name(call: Context) -> Answer:
    push = call.memory.push
    types = {number: push.attribute_types[number] for number in push.attribute_names}
    return {"AttrNames": push.attribute_names, "AttrTypes": types}


@behaviour("all_member_push/im_get_attr_name", reads=True)
def im_get_attr_name(call: Context) -> Answer:
    return {"AttrNames": call.memory.push.attribute_names}


@behaviour(
    "timpush/set_attr",
    guesses=(
        "There are no RegistrationIDs; an attribute for them is answered with 90035 for the whole call.",
        "Values stay with the number of an attribute when its name changes.",
    ),
)
@behaviour(
    "all_member_push/im_set_attr",
    guesses=("A call that names an account that was never imported is answered with 90048.",),
)
def set_attr(call: Context) -> Answer:
    check_users(call, "UserAttrs")
    push, numbers = call.memory.push, _numbers(call)
    for item in call.body["UserAttrs"]:
        _check(call, item["Attrs"])
        for name in item["Attrs"]:
            if push.attribute_types[numbers[name]] != _USER_IDS:
                raise Refused(_OTHER_TYPE if _OTHER_TYPE in call.command.errors else _BAD_ATTRIBUTE)
    for item in known_users(call, "UserAttrs"):
        values = push.attributes.setdefault(item["To_Account"], {})
        values |= {numbers[name]: value for name, value in item["Attrs"].items()}
    return failures(call, "UserAttrs")


@behaviour("timpush/remove_attr")
@behaviour(
    "all_member_push/im_remove_attr",
    guesses=("A call that names an account that was never imported is answered with 90048.",),
)
def remove_attr(call: Context) -> Answer:
    check_users(call, "UserAttrs")
    push, numbers = call.memory.push, _numbers(call)
    for item in call.body["UserAttrs"]:
        _check(call, item["Attrs"])
    for item in known_users(call, "UserAttrs"):
        values = push.attributes.get(item["To_Account"], {})
        for name in item["Attrs"]:
            values.pop(numbers[name], None)
        if not values:
            push.attributes.pop(item["To_Account"], None)
    return failures(call, "UserAttrs")


@behaviour("timpush/get_attr", reads=True)
@behaviour(
    "all_member_push/im_get_attr",
    reads=True,
    guesses=("A call that names an account that was never imported is answered with 90048.",),
)
def get_attr(call: Context) -> Answer:
    check_users(call, "To_Account")
    found = [
        {"To_Account": user_id, "Attrs": attributes_of(call, user_id)}
        for user_id in known_users(call, "To_Account")
    ]
    return {"UserAttrs": found, **failures(call, "To_Account")}


def attributes_of(call: Context, user_id: str) -> dict[str, str]:
    """Return the values of an account by the names that the attributes have now."""
    names = call.memory.push.attribute_names
    values = call.memory.push.attributes.get(user_id, {})
    return {names[number]: values[number] for number in sorted(values)}


def _check(call: Context, names: Iterable[str]) -> None:
    known = call.memory.push.attribute_names.values()
    for name in names:
        if name not in known:
            raise Refused(_BAD_ATTRIBUTE, f"The app has no attribute {name!r}.")


def check_attributes(call: Context, condition: Mapping[str, Any]) -> None:
    """Refuse with 90033 a condition on attributes that the app has not named."""
    for field in ("AttrsAnd", "AttrsOr"):
        _check(call, condition.get(field, ()))


def _numbers(call: Context) -> dict[str, str]:
    return {name: number for number, name in call.memory.push.attribute_names.items()}
