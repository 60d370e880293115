"""Friend requests that users send and answer on their devices, which the app's backend hears of by webhooks only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...._core.behaviours import Answer
from ...._core.context import Context, Verdict
from ...._memory.relations import MAX_FRIENDS, Friend
from .friends import add_friends, tell_friends
from .results import INVALID, NOT_FOUND, account_of, answered, pairs, result

_FULL, _OTHER_FULL = 30010, 30014

AGREE_AND_ADD, AGREE, REJECT = ANSWERS = (
    "Response_Action_AgreeAndAdd",
    "Response_Action_Agree",
    "Response_Action_Reject",
)
"""What a user can answer: both become friends, only the asking user gets one, or nobody."""


def request_friends(call: Context) -> Answer:
    """Carry out a friend request of From_Account; the body is that of sns/friend_add."""
    user_id, body = account_of(call), call.body
    items = [
        {
            field: item.get(field, "")
            for field in ("To_Account", "Remark", "GroupName", "AddSource", "AddWording")
        }
        for item in body["AddFriendItem"]
    ]
    verdict = call.before(
        "Sns.CallbackPrevFriendAdd",
        {
            "Requester_Account": user_id,
            "From_Account": user_id,
            "FriendItem": items,
            "AddType": body.get("AddType", "Add_Type_Both"),
            "ForceAddFlags": 0,
            "EventTime": call.now_ms,
        },
        OptPlatform="iOS",
    )
    return add_friends(call, user_id, _refused(verdict), "")


def answer_friends(call: Context) -> Answer:
    """Carry out answers of From_Account to friend requests.

    ResponseFriendItem has items with To_Account, who asked, and ResponseAction, one of `ANSWERS`.
    """
    user_id, items = account_of(call), call.body["ResponseFriendItem"]
    verdict = call.before(
        "Sns.CallbackPrevFriendResponse",
        {
            "Requester_Account": user_id,
            "From_Account": user_id,
            "ResponseFriendItem": [dict(item) for item in items],
            "EventTime": call.now_ms,
        },
        OptPlatform="iOS",
    )
    refused = _refused(verdict)
    results: list[Answer] = []
    for item in items:
        asking = item["To_Account"]
        code = refused.get(asking) or _refusal(call, user_id, item)
        results.append(result(call, asking, code))
        if not code:
            tell_friends(call, _answer(call, user_id, item), asking, "", "friend_response")
    return answered("ResultItem", results)


def _refused(verdict: Verdict) -> dict[str, int]:
    """Return the codes with which the app refuses, by account."""
    return {
        item["To_Account"]: item["ResultCode"]
        for item in verdict.changes.get("ResultItem", ())
        if item.get("ResultCode")
    }


def _refusal(call: Context, user_id: str, item: Mapping[str, Any]) -> int:
    """Return the code of an answer that cannot be given, or 0."""
    relations, asking = call.memory.relations, item["To_Account"]
    if asking not in call.memory.accounts:
        return NOT_FOUND
    if user_id not in relations.seen(asking).requests:
        return INVALID
    action = item["ResponseAction"]
    if action == REJECT:
        return 0
    if len(relations.seen(asking).friends) >= MAX_FRIENDS:
        return _OTHER_FULL
    is_full = len(relations.seen(user_id).friends) >= MAX_FRIENDS
    return _FULL if is_full and action == AGREE_AND_ADD else 0


def _answer(call: Context, user_id: str, item: Mapping[str, Any]) -> list[Answer]:
    """Give an answer; return the new pairs."""
    relations, asking = call.memory.relations, item["To_Account"]
    friend = relations.seen(asking).requests[user_id].friend
    relations.withdraw(asking, user_id)
    if item["ResponseAction"] == REJECT:
        return []
    friend.added = call.now
    added: list[Answer] = []
    if not relations.is_friend(asking, user_id):
        relations.befriend(asking, user_id, friend)
        added += pairs(asking, [user_id])
    is_both = item["ResponseAction"] == AGREE_AND_ADD
    if is_both and not relations.is_friend(user_id, asking):
        relations.befriend(user_id, asking, Friend(call.now, source=friend.source))
        added += pairs(user_id, [asking])
    return added
