"""Recalling messages of a group."""

from __future__ import annotations

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.groups.messages import History
from .places import NO_MESSAGE, message_of, place_of

UNSUPPORTED = 10033
NEWEST = 1000
"""How many messages `delete_group_msg_by_sender` looks through."""


@behaviour(
    "group_open_http_svc/group_msg_recall",
    guesses=(
        "A message that is recalled already is answered with 10030, like one that is not there.",
        "A recalled message is not pinned any more.",
    ),
)
def group_msg_recall(call: Context) -> Answer:
    place = place_of(call)
    if not place.keeps_history:
        raise Refused(UNSUPPORTED)
    recalled: list[int] = []
    results: list[dict[str, int]] = []
    for item in call.body["MsgSeqList"]:
        seq = item["MsgSeq"]
        found = message_of(place, seq) is not None
        results.append({"MsgSeq": seq, "RetCode": 0 if found else NO_MESSAGE})
        if found:
            _recall(place.history, seq)
            recalled.append(seq)
    if recalled:
        body = {
            **place.in_webhooks,
            "Operator_Account": call.identifier,
            "MsgSeqList": [{"MsgSeq": seq} for seq in recalled],
            "EventTime": call.now_ms,
        }
        call.after("Group.CallbackAfterRecallMsg", body)
    return {"RecallRetList": results}


@behaviour(
    "group_open_http_svc/delete_group_msg_by_sender",
    guesses=("A sender who sent nothing, or is no account, is no error.",),
)
def delete_group_msg_by_sender(call: Context) -> Answer:
    history = place_of(call).history
    for seq in range(history.last_seq, max(history.last_seq - NEWEST, 0), -1):
        message = history.messages.get(seq)
        if message is not None and message.sender == call.body["Sender_Account"]:
            _recall(history, seq)
    return {}


def _recall(history: History, seq: int) -> None:
    history.messages[seq].is_recalled = True
    history.pinned.pop(seq, None)
