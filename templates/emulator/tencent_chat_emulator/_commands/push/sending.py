"""Pushes to all users, to those with certain tags or attributes, and to given users; revoking them."""

from __future__ import annotations

import json
from collections.abc import Callable

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from ..._memory.push import Pushed
from .conditions import check_condition
from .pushing import check_sender, push_to_all, push_to_users, wants_offline
from .scheduling import run_due_tasks
from .users import UNKNOWN, failures

_BAD_BODY, _TOO_OFTEN, _TOO_LARGE = 90001, 90024, 90056
_MOST_BYTES = 10 * 1024
_NOT_FOUND, _REVOKED_BEFORE, _TOO_OLD, _NO_INFO = 90049, 90050, 90052, 90053
_REVOCABLE_FOR = 86400


@behaviour(
    "all_member_push/im_push",
    guesses=(
        "A From_Account that was never imported is answered with 90008.",
        "A push of these cannot be revoked; its TaskId is counted by the statistics of timpush.",
        "An empty list in a condition is no condition.",
        "Chatbots get no push.",
    ),
)
def im_push(call: Context) -> Answer:
    check_sender(call, call.body)
    check_condition(call, call.body.get("Condition", {}))
    _check_pace(call)
    offline = call.body.get("MsgLifeTime", 0) > 0 and wants_offline(call.body)
    return _once(
        call, lambda: push_to_all(call, call.body, call.now, offline=offline, is_revocable=False)
    )


@behaviour(
    "timpush/push",
    guesses=(
        "A From_Account that was never imported is answered with 90008.",
        "A push with neither MsgBody nor OfflinePushInfo is answered with 90001.",
        "MsgBody goes into the history only with OnlineOnlyFlag 0; the sender does not see it there.",
        "A push with a MsgRandom that came in the same second is dropped, and answered as before.",
        "TagsNot also counts without TagsOr.",
        "An empty list in a condition is no condition.",
        "Chatbots get no push.",
    ),
)
def push(call: Context) -> Answer:
    if "MsgBody" not in call.body and "OfflinePushInfo" not in call.body:
        raise Refused(_BAD_BODY, "OfflinePushInfo: is missing")
    if len(json.dumps(call.body, ensure_ascii=False).encode("utf-8", "replace")) > _MOST_BYTES:
        raise Refused(_TOO_LARGE)
    check_sender(call, call.body)
    check_condition(call, call.body.get("Condition", {}))
    _check_pace(call)
    offline = wants_offline(call.body)
    return _once(call, lambda: push_to_all(call, call.body, call.now, offline=offline))


@behaviour(
    "timpush/webpush",
    guesses=(
        "Web users are those who are online on Web; nobody else counts.",
        "A push without WebInfo is answered with 90001.",
        "A From_Account that was never imported is answered with 90008.",
        "A push with a MsgRandom that came in the same second is dropped, and answered as before.",
    ),
)
def webpush(call: Context) -> Answer:
    if "WebInfo" not in call.body:
        raise Refused(_BAD_BODY, "WebInfo: is missing")
    check_sender(call, call.body)
    check_condition(call, call.body.get("Condition", {}))
    _check_pace(call)
    return _once(call, lambda: push_to_all(call, call.body, call.now, offline=False, only_web=True))


@behaviour(
    "timpush/batch",
    guesses=(
        "A From_Account that was never imported is answered with 90008.",
        "A call whose recipients are all unknown is refused with 70107.",
        "There are no RegistrationIDs.",
    ),
)
def batch(call: Context) -> Answer:
    if call.body["MsgRandom"] == 0:
        raise Refused(_BAD_BODY, "Invalid format of MsgRandom", TaskId="")
    check_sender(call, call.body)
    missed = failures(call, "To_Account")
    if not any(name in call.memory.accounts for name in call.body["To_Account"]):
        raise Refused(UNKNOWN, None, TaskId="", **missed)
    return {**_once(call, lambda: push_to_users(call, call.body, call.now)), **missed}


@behaviour(
    "timpush/revoke",
    guesses=(
        "Every push has arrived by the time of the call; what revoking changes is the history, where its message is "
        "recalled.",
        "OfflinePushInfo with PushFlag 1 counts as none.",
        "A push to all users of the service all_member_push is answered with 90049.",
    ),
)
def revoke(call: Context) -> Answer:
    found = call.memory.push.pushes.get(call.body["TaskId"])
    if found is None or not found.is_revocable:
        raise Refused(_NOT_FOUND)
    if found.is_revoked:
        raise Refused(_REVOKED_BEFORE)
    if found.time + _REVOCABLE_FOR < call.now:
        raise Refused(_TOO_OLD)
    has_info = "OfflinePushInfo" in call.body and wants_offline(call.body)
    if not found.message_key and not has_info:
        raise Refused(_NO_INFO)
    run_due_tasks(call)
    found.is_revoked = True
    for user_id in found.recipients:
        message = call.memory.direct_messages.find(
            found.sender, user_id, found.message_key, call.now
        )
        if message is not None:
            message.is_recalled = True
            inbox = call.memory.direct_messages.inbox(user_id)
            inbox.forget_unread(found.sender, message.key)
    return {}


def _check_pace(call: Context) -> None:
    """Refuse with 90024 a second push to many in a second, whichever command it comes by."""
    if call.exceeds("pushes", 1):
        raise Refused(_TOO_OFTEN)


def _once(call: Context, start: Callable[[], Pushed]) -> Answer:
    """Start a push, unless one with its MsgRandom came in the same second."""
    run_due_tasks(call)
    recent, random = call.memory.recent, call.body.get("MsgRandom")
    key = json.dumps([call.command.path, random])
    known = None if random is None else recent.answer(key, call.now)
    if known is not None:
        return known
    answer = {"TaskId": start().id}
    if random is not None:
        recent.keep(key, answer, call.now, 1)
    return answer
