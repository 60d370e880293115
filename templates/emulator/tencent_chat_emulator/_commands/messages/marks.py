"""Marks of conversations, and the conversation groups that an account sorts them into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from ..._memory.conversations import Arrangement, Mark
from .naming import (
    BAD_PARAMETER,
    TOO_MANY,
    check_partner,
    item_of,
    name_in,
    outcome,
    owner_of,
)

PAGE = 100
MAX_GROUPS = 20
MAX_MARKED = 1000
"""Conversations of an account that are marked or grouped."""
_BITS = 64
_STANDARD, _CUSTOM = 1, 2
_NO_SUCH_GROUP, _TOO_MANY_GROUPS, _BAD_COUNT = 51009, 51010, 51006
_MAX_ITEMS = 100
_RENAME = 1
_PUT_IN = 1


@behaviour(
    "recentcontact/mark_contact",
    guesses=(
        "A user that does not exist, a bit outside 1 to 64 and a missing field are answered in ResultItem.",
        "Of standard marks, bit 1 is the first digit of StandardMark, and the digits end with the last bit that is set.",
        "A bit that is both set and cleared is cleared.",
    ),
)
def mark_contact(call: Context) -> Answer:
    account = owner_of(call)
    results = [
        {"OptType": item["OptType"], "ContactItem": _echo(item["ContactItem"])}
        | outcome(call, partial(_mark, call, account, item))
        for item in call.body["MarkItem"]
    ]
    return {"ResultItem": results, "ErrorDisplay": ""}


@behaviour(
    "recentcontact/create_contact_group",
    guesses=(
        "A name that is taken is answered with 50002.",
        "A group without conversations, or with more than 100, is answered with 51006.",
        "A user that does not exist is answered in ResultItem with 50001.",
    ),
)
def create_contact_group(call: Context) -> Answer:
    account = owner_of(call)
    wanted = call.body["GroupContactItem"][0]
    name, items = wanted["GroupName"], wanted["ContactItem"]
    groups = call.memory.conversations.of(account).groups
    if name in groups:
        raise Refused(BAD_PARAMETER, f"There is a conversation group {name} already.")
    if len(groups) >= MAX_GROUPS:
        raise Refused(_TOO_MANY_GROUPS)
    if not 0 < len(items) <= _MAX_ITEMS:
        raise Refused(_BAD_COUNT)
    arrangement = call.memory.conversations.changed(account)
    arrangement.last_group += 1
    number = arrangement.groups[name] = arrangement.last_group
    results = [
        {"ContactItem": _echo(item)} | outcome(call, partial(_put_in, call, account, item, number))
        for item in items
    ]
    created = {"GroupItem": _group(name, number), "ResultItem": results}
    return {"GroupResultItem": [created], "ErrorDisplay": ""}


@behaviour(
    "recentcontact/update_contact_group",
    guesses=(
        "A new name that is taken is answered with 50002.",
        "Taking out a conversation that is not in the group succeeds.",
        "More than 100 conversations, or none, are answered with 51006.",
    ),
)
def update_contact_group(call: Context) -> Answer:
    account, update = owner_of(call), call.body["UpdateGroup"]
    name = update.get("OldGroupName")
    if not name:
        raise Refused(BAD_PARAMETER, "OldGroupName is missing.")
    number = call.memory.conversations.of(account).groups.get(name)
    if number is None:
        raise Refused(_NO_SUCH_GROUP)
    result = {"UpdateGroupType": update["UpdateGroupType"], "GroupId": number, "OldGroupName": name}
    if update["UpdateGroupType"] == _RENAME:
        result["GroupName"] = _rename(call, account, name, update.get("NewGroupName"))
    else:
        result["GroupName"] = name
        result["ContactResultItem"] = _regroup(call, account, number, update)
    return {"UpdateType": call.body["UpdateType"], "UpdateGroupResult": result}


@behaviour("recentcontact/del_contact_group")
def del_contact_group(call: Context) -> Answer:
    account, (name,) = owner_of(call), call.body["GroupName"]
    if name not in call.memory.conversations.of(account).groups:
        raise Refused(_NO_SUCH_GROUP)
    arrangement = call.memory.conversations.changed(account)
    number = arrangement.groups.pop(name)
    for conversation in list(arrangement.marks):
        _take_out(call, account, conversation, number)
    return {"GroupItem": [_group(name, number)]}


@behaviour(
    "recentcontact/get_contact_group",
    reads=True,
    guesses=(
        "A page has up to 100 conversations, in the order in which they were first marked or grouped.",
        "A StartIndex below 0 is answered with 50002.",
    ),
)
def get_contact_group(call: Context) -> Answer:
    arrangement = call.memory.conversations.of(owner_of(call))
    start = call.body["StartIndex"]
    if start < 0:
        raise Refused(BAD_PARAMETER, "StartIndex must not be below 0.")
    page = list(arrangement.marks.items())[start : start + PAGE]
    is_complete = start + PAGE >= len(arrangement.marks)
    return {
        "ContactItem": [_marked(name, mark) for name, mark in page],
        "GroupItem": _groups(arrangement, [mark for _, mark in page]),
        "CompleteFlag": int(is_complete),
        "NextStartIndex": 0 if is_complete else start + PAGE,
    }


@behaviour(
    "recentcontact/search_contact_group",
    reads=True,
    guesses=("A conversation that has neither marks nor conversation groups is not found.",),
)
def search_contact_group(call: Context) -> Answer:
    arrangement = call.memory.conversations.of(owner_of(call))
    names = dict.fromkeys(name_in(item) for item in call.body.get("ContactItem", ()))
    found = {name: arrangement.marks[name] for name in names if name in arrangement.marks}
    return {
        "ContactResultItem": [_marked(name, mark) for name, mark in found.items()],
        "GroupItem": _groups(arrangement, found.values()),
        "ErrorDisplay": "",
    }


def described(mark: Mark) -> dict[str, Any]:
    """Return the fields that say what a conversation is marked with; absent where nothing is set."""
    fields: dict[str, Any] = {}
    if mark.standard:
        fields["StandardMark"] = f"{mark.standard:b}"[::-1]
    if mark.custom:
        fields["CustomMark"] = mark.custom
    if mark.groups:
        fields["ContactGroupId"] = list(mark.groups)
    return fields


def _echo(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return a conversation as a call named it, its type as a number."""
    return dict(item) | {"Type": int(item["Type"])}


def _marked(name: str, mark: Mark) -> dict[str, Any]:
    return item_of(name) | described(mark) | {"Timestamp": mark.changed}


def _group(name: str, number: int) -> dict[str, Any]:
    return {"GroupName": name, "GroupId": number}


def _groups(arrangement: Arrangement, marks: Iterable[Mark]) -> list[dict[str, Any]]:
    """Return the conversation groups that hold the conversations of `marks`."""
    numbers = {number for mark in marks for number in mark.groups}
    return [
        _group(name, number) for name, number in arrangement.groups.items() if number in numbers
    ]


def _mark(call: Context, account: str, item: Mapping[str, Any]) -> None:
    name = name_in(item["ContactItem"])
    check_partner(call, name)
    set_bits, cleared = (_bits(item.get(field, ())) for field in ("SetMark", "ClearMark"))
    mark = _mark_of(call, account, name)
    if item["OptType"] != _CUSTOM:
        mark.standard = (mark.standard | set_bits) & ~cleared
    if item["OptType"] != _STANDARD:
        mark.custom = item.get("CustomMark", "")
    _changed(call, account, name, mark)


def _bits(numbers: Iterable[int]) -> int:
    bits = 0
    for number in numbers:
        if not 1 <= number <= _BITS:
            raise Refused(
                BAD_PARAMETER, f"There is no mark {number}; bits are counted from 1 to 64."
            )
        bits |= 1 << number - 1
    return bits


def _put_in(call: Context, account: str, item: Mapping[str, Any], number: int) -> None:
    name = name_in(item)
    check_partner(call, name)
    mark = _mark_of(call, account, name)
    if number not in mark.groups:
        mark.groups.append(number)
    _changed(call, account, name, mark)


def _take_out(call: Context, account: str, name: str, number: int) -> None:
    mark = call.memory.conversations.of(account).marks.get(name)
    if mark is not None and number in mark.groups:
        mark.groups.remove(number)
        _changed(call, account, name, mark)


def _mark_of(call: Context, account: str, name: str) -> Mark:
    marks = call.memory.conversations.of(account).marks
    if name not in marks and len(marks) >= MAX_MARKED:
        raise Refused(TOO_MANY)
    return marks.get(name) or Mark()


def _changed(call: Context, account: str, name: str, mark: Mark) -> None:
    mark.changed = call.now
    marks = call.memory.conversations.changed(account).marks
    if mark.is_empty:
        marks.pop(name, None)
    else:
        marks[name] = mark


def _rename(call: Context, account: str, name: str, new_name: str | None) -> str:
    groups = call.memory.conversations.of(account).groups
    if not new_name:
        raise Refused(BAD_PARAMETER, "NewGroupName is missing.")
    if new_name in groups and new_name != name:
        raise Refused(BAD_PARAMETER, f"There is a conversation group {new_name} already.")
    call.memory.conversations.changed(account).groups = {
        new_name if known == name else known: number for known, number in groups.items()
    }
    return new_name


def _regroup(
    call: Context, account: str, number: int, update: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Put conversations in and take them out, and return what became of each."""
    items = update.get("ContactUpdateItem", ())
    if not 0 < len(items) <= _MAX_ITEMS:
        raise Refused(_BAD_COUNT)
    return [
        {"ContactOptType": item["ContactOptType"], "ContactItem": _echo(item["ContactItem"])}
        | outcome(call, partial(_update, call, account, item, number))
        for item in items
    ]


def _update(call: Context, account: str, item: Mapping[str, Any], number: int) -> None:
    if item["ContactOptType"] == _PUT_IN:
        _put_in(call, account, item["ContactItem"], number)
    else:
        _take_out(call, account, name_in(item["ContactItem"]), number)
