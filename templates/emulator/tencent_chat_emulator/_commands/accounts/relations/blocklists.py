"""Blocklists: add, delete, check, list."""

from __future__ import annotations

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.relations import MAX_BLOCKED
from .results import INVALID, NOT_FOUND, account_of, answered, pairs, result, succeeded

_FULL = 30013


@behaviour(
    "sns/black_list_add",
    guesses=(
        "An account that blocks itself gets 30001.",
        "Friends who are lost by a block are not told with Sns.CallbackFriendDelete.",
        "A block ends friend requests between the two; follows stay.",
    ),
)
def black_list_add(call: Context) -> Answer:
    user_id = account_of(call)
    results = [_block(call, user_id, other) for other in call.body["To_Account"]]
    if blocked := succeeded(results):
        call.after("Sns.CallbackBlackListAdd", {"PairList": pairs(user_id, blocked)})
    return answered("ResultItem", results)


@behaviour(
    "sns/black_list_delete",
    guesses=("Unblocking an account that is not blocked succeeds, and is not told.",),
)
def black_list_delete(call: Context) -> Answer:
    user_id = account_of(call)
    relations = call.memory.relations
    results: list[Answer] = []
    unblocked: list[str] = []
    for other in call.body["To_Account"]:
        if other not in call.memory.accounts:
            results.append(result(call, other, NOT_FOUND))
            continue
        if relations.has_blocked(user_id, other):
            relations.unblock(user_id, other)
            unblocked.append(other)
        results.append(result(call, other))
    if unblocked:
        call.after("Sns.CallbackBlackListDelete", {"PairList": pairs(user_id, unblocked)})
    return answered("ResultItem", results)


@behaviour("sns/black_list_check", reads=True)
def black_list_check(call: Context) -> Answer:
    user_id = account_of(call)
    results = [_check(call, user_id, other) for other in call.body["To_Account"]]
    return answered("BlackListCheckItem", results)


@behaviour(
    "sns/black_list_get",
    reads=True,
    guesses=(
        "LastSequence changes nothing: the whole list comes whatever it is.",
        "A negative StartIndex and a MaxLimited below 1 get 30001.",
    ),
)
def black_list_get(call: Context) -> Answer:
    seen = call.memory.relations.seen(account_of(call))
    start, size = call.body["StartIndex"], call.body["MaxLimited"]
    if start < 0 or size < 1:
        raise Refused(INVALID, "StartIndex must be at least 0, MaxLimited at least 1.")
    blocked = list(seen.blocked.items())
    end = start + size
    return {
        "BlackListItem": [
            {"To_Account": other, "AddBlackTimeStamp": since} for other, since in blocked[start:end]
        ],
        "StartIndex": end if end < len(blocked) else 0,
        "CurruentSequence": seen.block_sequence,
        "ErrorDisplay": "",
    }


def _block(call: Context, user_id: str, other: str) -> Answer:
    relations = call.memory.relations
    if other not in call.memory.accounts:
        return result(call, other, NOT_FOUND)
    if other == user_id:
        return result(call, other, INVALID)
    if relations.has_blocked(user_id, other):
        return result(call, other, INVALID, "Err_SNS_BlackListAdd_Already_Exist")
    if len(relations.seen(user_id).blocked) >= MAX_BLOCKED:
        return result(call, other, _FULL)
    relations.block(user_id, other, call.now)
    return result(call, other)


def _check(call: Context, user_id: str, other: str) -> Answer:
    relations = call.memory.relations
    if other not in call.memory.accounts:
        return result(call, other, NOT_FOUND, Relation="BlackCheckResult_Type_NO")
    forth = relations.has_blocked(user_id, other)
    back = call.body["CheckType"] == "BlackCheckResult_Type_Both" and relations.has_blocked(
        other, user_id
    )
    relation = {
        (True, True): "BothWay",
        (True, False): "AWithB",
        (False, True): "BWithA",
        (False, False): "NO",
    }[forth, back]
    return result(call, other, Relation=f"BlackCheckResult_Type_{relation}")
