"""Friend requests that users send and answer on their devices; the app's backend hears of them by webhooks only."""

from __future__ import annotations

from typing import cast

from ...._core.behaviours import Answer, act
from ...._core.context import Context, Passed, Verdict
from ...._memory.relations import MAX_FRIENDS, Friend
from .friends import WAITS, Way, add, refusal, tell_added
from .results import pairs

_FULL, _OTHER_FULL = 30010, 30014

_AGREE_AND_ADD, _AGREE, _REJECT = _ACTIONS = (
    "Response_Action_AgreeAndAdd",
    "Response_Action_Agree",
    "Response_Action_Reject",
)
"""What a user can answer: both become friends, only the asking user gets one, or nobody."""

_PLATFORM = "iOS"


@act("request_friend")
def request_friend(call: Context) -> Answer:
    """Ask another user to become a friend; ResultCode is that of sns/friend_add."""
    user_id = _user(call)
    way = Way(is_both=call.body.get("is_both", True))
    item = {
        "To_Account": _needed(call, "other"),
        "Remark": "",
        "GroupName": "",
        "AddSource": f"AddSource_Type_{_PLATFORM}",
        "AddWording": call.body.get("wording", ""),
    }
    call.before(
        "Sns.CallbackPrevFriendAdd",
        {
            "Requester_Account": user_id,
            "From_Account": user_id,
            "FriendItem": [item],
            "AddType": "Add_Type_Both" if way.is_both else "Add_Type_Single",
            "ForceAddFlags": 0,
            "EventTime": call.now_ms,
        },
        _obey,
        OptPlatform=_PLATFORM,
    )
    code = refusal(call, user_id, item, way)
    if code in (0, WAITS):
        added = add(call, user_id, item, way, waits=code == WAITS)
        tell_added(call, added, user_id)
    return {"ResultCode": code}


@act("answer_friend")
def answer_friend(call: Context) -> Answer:
    """Answer the friend request of another user."""
    user_id, asking, action = _user(call), _needed(call, "asking"), _needed(call, "action")
    relations = call.memory.relations
    if action not in _ACTIONS:
        raise ValueError(f"unknown action {action!r}: use {' or '.join(_ACTIONS)}")
    if user_id not in relations.seen(asking).requests:
        raise ValueError(f"no friend request of {asking!r} waits for the answer of {user_id!r}")
    call.before(
        "Sns.CallbackPrevFriendResponse",
        {
            "Requester_Account": user_id,
            "From_Account": user_id,
            "ResponseFriendItem": [{"To_Account": asking, "ResponseAction": action}],
            "EventTime": call.now_ms,
        },
        _obey,
        OptPlatform=_PLATFORM,
    )
    if code := _refusal(call, user_id, asking, action):
        return {"ResultCode": code}
    friend = relations.seen(asking).requests[user_id]
    relations.withdraw(asking, user_id)
    friend.added = call.now
    added: list[Answer] = []
    if action != _REJECT and not relations.is_friend(asking, user_id):
        relations.befriend(asking, user_id, friend)
        added += pairs(asking, [user_id])
    if action == _AGREE_AND_ADD and not relations.is_friend(user_id, asking):
        relations.befriend(user_id, asking, Friend(call.now, source=friend.source))
        added += pairs(user_id, [asking])
    tell_added(call, added, asking, by="friend_response")
    return {"ResultCode": 0}


def _refusal(call: Context, user_id: str, asking: str, action: str) -> int:
    """Return the code with which an answer is refused, or 0."""
    relations = call.memory.relations
    if action == _REJECT:
        return 0
    if len(relations.seen(asking).friends) >= MAX_FRIENDS:
        return _OTHER_FULL
    is_full = len(relations.seen(user_id).friends) >= MAX_FRIENDS
    return _FULL if is_full and action == _AGREE_AND_ADD else 0


def _obey(verdict: Verdict) -> None:
    """Answer with the code with which the app refuses."""
    items: object = verdict.changes.get("ResultItem")
    for item in cast("list[object]", items) if isinstance(items, list) else ():
        code = cast("dict[str, object]", item).get("ResultCode") if isinstance(item, dict) else 0
        if isinstance(code, int) and code:
            raise Passed(ResultCode=code)


def _user(call: Context) -> str:
    if call.identifier not in call.memory.accounts:
        raise ValueError(f"the account {call.identifier!r} was not imported")
    return call.identifier


def _needed(call: Context, field: str) -> str:
    if field not in call.body:
        raise ValueError(f"{field} is missing")
    return str(call.body[field])
