"""Friend lists: add, delete, read."""

from __future__ import annotations

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.relations import Contacts
from .fields import has_room
from .results import NOT_FOUND, account_of, answered, result

_TOO_MANY_LISTS, _NO_FRIEND = 30011, 32216


@behaviour(
    "sns/group_add",
    guesses=(
        "A list that is there already stays, and takes the friends of the call.",
        "When not all of the lists fit, none is added (30011).",
    ),
)
def group_add(call: Context) -> Answer:
    user_id, names = account_of(call), call.body["GroupName"]
    if not has_room(call.memory.relations.seen(user_id), names):
        raise Refused(_TOO_MANY_LISTS)
    call.memory.relations.add_lists(user_id, names)
    mine = call.memory.relations.of(user_id)
    results = [_put(call, mine, other, names) for other in call.body.get("To_Account", ())]
    fields = {"CurrentSequence": mine.list_sequence, "ErrorDisplay": ""}
    return {**answered("ResultItem", results), **fields} if results else fields


@behaviour(
    "sns/group_delete",
    guesses=("Deleting a list that is not there succeeds.",),
)
def group_delete(call: Context) -> Answer:
    mine = call.memory.relations.of(account_of(call))
    gone = [name for name in mine.lists if name in call.body["GroupName"]]
    mine.lists = [name for name in mine.lists if name not in gone]
    mine.list_sequence += bool(gone)
    held = [friend for friend in mine.friends.values() if set(gone).intersection(friend.lists)]
    for friend in held:
        friend.lists = [name for name in friend.lists if name not in gone]
    mine.standard_sequence += bool(held)
    return {"CurrentSequence": mine.list_sequence, "ErrorDisplay": ""}


@behaviour(
    "sns/group_get",
    reads=True,
    guesses=("Names of lists that are not there are passed over.",),
)
def group_get(call: Context) -> Answer:
    seen, wanted = call.memory.relations.seen(account_of(call)), call.body.get("GroupName")
    names_friends = call.body.get("NeedFriend") == "Need_Friend_Type_Yes" and not wanted
    holding: dict[str, list[str]] = {name: [] for name in seen.lists}
    for other, friend in seen.friends.items():
        for name in friend.lists:
            holding[name].append(other)
    return {
        "ResultItem": [
            {
                "GroupName": name,
                "FriendNumber": len(others),
                **({"To_Account": others} if names_friends else {}),
            }
            for name, others in holding.items()
            if not wanted or name in wanted
        ],
        "CurrentSequence": seen.list_sequence,
        "ErrorDisplay": "",
    }


def _put(call: Context, mine: Contacts, other: str, names: list[str]) -> Answer:
    """Put a friend into friend lists."""
    friend = mine.friends.get(other)
    if other not in call.memory.accounts:
        return result(call, other, NOT_FOUND)
    if friend is None:
        return result(call, other, _NO_FRIEND, "Err_SNS_GroupAdd_ToTinyId_Not_Friend")
    new = [name for name in dict.fromkeys(names) if name not in friend.lists]
    friend.lists += new
    mine.list_sequence += bool(new)
    mine.standard_sequence += bool(new)
    return result(call, other)
