"""The history of a group: reading it, hiding it from members, changing messages in it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.groups.messages import GroupMessage, History
from ..lookup import DENIED, group_of
from .places import NO_HISTORY, NO_MESSAGE, message_of, place_of

_PRIORITIES = {"High": 1, "Normal": 2, "Low": 3, "Lowest": 4}
_PLACEHOLDER, _RECALLED = 1, 2


@behaviour(
    "group_open_http_svc/group_msg_get_simple",
    reads=True,
    guesses=(
        "The history of an AVChatRoom is answered with 10044.",
        "IsFinished is always 1: an answer has room for 20 messages of any size.",
        "Recalled messages that were not asked for are left out, and older ones take their place.",
    ),
)
def group_msg_get_simple(call: Context) -> Answer:
    place = place_of(call)
    if not place.keeps_history:
        raise Refused(NO_HISTORY)
    history = place.history
    newest = min(call.body.get("ReqMsgSeq", history.last_seq), history.last_seq)
    return {
        "GroupId": place.group.id,
        "IsFinished": 1,
        "RspMsgList": _page(
            history, newest, call.body["ReqMsgNumber"], call.body.get("WithRecalledMsg") == 1
        ),
    }


@behaviour(
    "group_open_http_svc/clear_group_msg",
    guesses=("A community, which is not to be cleared, is answered with 10007.",),
)
def clear_group_msg(call: Context) -> Answer:
    group = group_of(call)
    if group.type == "Community":
        raise Refused(DENIED, "The history of a community cannot be cleared.")
    history = group.history
    seq = min(call.body.get("MsgSeq", history.last_seq), history.last_seq)
    history.hidden_seq = max(history.hidden_seq, seq)
    return {}


@behaviour(
    "openim/modify_group_msg",
    guesses=(
        "A group that is not there is answered with 10010, a message that is not there with 10030.",
        "A recalled message counts as one that is not there.",
        "An AVChatRoom is answered with 10044.",
    ),
)
def modify_group_msg(call: Context) -> Answer:
    place = place_of(call)
    if not place.keeps_history:
        raise Refused(NO_HISTORY)
    message = message_of(place, call.body["MsgSeq"])
    if message is None:
        raise Refused(NO_MESSAGE)
    if "MsgBody" in call.body:
        message.body = deepcopy(call.body["MsgBody"])
    if "CloudCustomData" in call.body:
        message.cloud_custom_data = call.body["CloudCustomData"]
    return {}


def _page(history: History, newest: int, size: int, with_recalled: bool) -> list[dict[str, Any]]:
    """Return up to `size` messages from `newest` down."""
    page: list[dict[str, Any]] = []
    seq = newest
    while seq > 0 and len(page) < size:
        message = history.messages.get(seq)
        if message is None or with_recalled or not message.is_recalled:
            page.append(_in_answer(message or GroupMessage(seq, 0, 0, "", [])))
        seq -= 1
    return page


def _in_answer(message: GroupMessage) -> dict[str, Any]:
    """Return a message as answers have it; one without a sender stands for one that has expired."""
    state = 0 if message.sender else _PLACEHOLDER
    return {
        "From_Account": message.sender,
        "IsPlaceMsg": _RECALLED if message.is_recalled else state,
        "MsgBody": [] if message.is_recalled else message.body,
        "MsgPriority": _PRIORITIES.get(message.priority, _PRIORITIES["Normal"]),
        "MsgRandom": message.random,
        "MsgSeq": message.seq,
        "MsgTimeStamp": message.time,
    }
