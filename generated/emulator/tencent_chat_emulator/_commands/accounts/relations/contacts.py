"""What contacts hold about friends: update, list, read."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from itertools import islice
from typing import Any

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.relations import Friend
from ..profiles import profile_items
from .fields import custom_items, has_room, set_value, standard_items, value_of
from .results import INVALID, NOT_FOUND, account_of, answered, result

_TOO_MANY_LISTS = 30011
_PAGE = 100


@behaviour(
    "sns/friend_update",
    guesses=(
        "An account that is no friend gets 30001, as does a value that the field does not take.",
        "Of several fields of a friend, all are set or none.",
        "A friend list that is not there is added.",
    ),
)
def friend_update(call: Context) -> Answer:
    user_id = account_of(call)
    results = [_update(call, user_id, item) for item in call.body["UpdateItem"]]
    return answered("ResultItem", results)


@behaviour(
    "sns/friend_get",
    reads=True,
    guesses=(
        "A page has 100 friends; on the last one NextStartIndex is 0.",
        "Sequences begin at 0 and grow with every change.",
        "A negative StartIndex gets 30001.",
    ),
)
def friend_get(call: Context) -> Answer:
    seen = call.memory.relations.seen(account_of(call))
    start = call.body["StartIndex"]
    if start < 0:
        raise Refused(INVALID, "StartIndex must be at least 0.")
    # Who has the sequence as it is now has the fields, too.
    has_standard = 0 < seen.standard_sequence == call.body.get("StandardSequence")
    has_custom = 0 < seen.custom_sequence == call.body.get("CustomSequence")
    end = start + _PAGE
    is_last = end >= len(seen.friends)
    return {
        "UserDataItem": [
            {
                "To_Account": other,
                "ValueItem": [
                    *(() if has_standard else standard_items(friend)),
                    *(() if has_custom else custom_items(friend)),
                ],
            }
            for other, friend in islice(seen.friends.items(), start, end)
        ],
        "StandardSequence": seen.standard_sequence,
        "CustomSequence": seen.custom_sequence,
        "FriendNum": len(seen.friends),
        "CompleteFlag": int(is_last),
        "NextStartIndex": 0 if is_last else end,
        "ErrorDisplay": "",
    }


@behaviour(
    "sns/friend_get_list",
    reads=True,
    guesses=("An account that was never imported gets 30003, not 30001.",),
)
def friend_get_list(call: Context) -> Answer:
    user_id = account_of(call)
    results = [_read(call, user_id, other) for other in call.body["To_Account"]]
    return answered("InfoItem", results)


def _update(call: Context, user_id: str, item: Mapping[str, Any]) -> Answer:
    other = item["To_Account"]
    if other not in call.memory.accounts:
        return result(call, other, NOT_FOUND)
    if not call.memory.relations.is_friend(user_id, other):
        return result(call, other, INVALID, "Err_SNS_FriendUpdate_Friend_Not_Exist")
    mine = call.memory.relations.of(user_id)
    before, after = mine.friends[other], deepcopy(mine.friends[other])
    if not all(set_value(after, field["Tag"], field["Value"]) for field in item["SnsItem"]):
        return result(call, other, INVALID)
    if not has_room(mine, after.lists):
        info = "Err_SNS_FriendUpdate_Group_Num_Exceed_Threshold"
        return result(call, other, _TOO_MANY_LISTS, info)
    call.memory.relations.add_lists(user_id, after.lists)
    mine.friends[other] = after
    mine.list_sequence += after.lists != before.lists
    mine.custom_sequence += after.custom != before.custom
    mine.standard_sequence += standard_items(after) != standard_items(before)
    return result(call, other)


def _read(call: Context, user_id: str, other: str) -> Answer:
    account = call.memory.accounts.get(other)
    if account is None:
        return result(call, other, NOT_FOUND)
    friend = call.memory.relations.seen(user_id).friends.get(other)
    if friend is None:
        return result(call, other, INVALID, "Err_SNS_FriendGetList_Friend_Not_Exist")
    fields: list[Answer] = []
    for tag in call.body["TagList"]:
        fields += profile_items(account, [tag]) or _friend_items(friend, tag)
    return result(call, other, SnsProfileItem=fields)


def _friend_items(friend: Friend, tag: str) -> list[Answer]:
    value = value_of(friend, tag)
    return [] if value in (None, "", []) else [{"Tag": tag, "Value": value}]
