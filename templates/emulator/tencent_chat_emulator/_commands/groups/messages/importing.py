"""Importing messages from another service."""

from __future__ import annotations

import json
from copy import deepcopy
from itertools import takewhile
from typing import Any

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.groups.messages import GroupMessage, History
from ..lookup import BAD_VALUE, DENIED, group_of
from .places import Place, in_topic

TOO_LONG = 80002
MAX_BYTES = 12_000
WINDOW = 300
"""Seconds in which a message with the same Random counts as the same."""


@behaviour(
    "group_open_http_svc/import_group_msg",
    guesses=(
        "Senders are not looked up: a message of an account that is not there is imported.",
        "A message may have the time of the one before it, and that of the call.",
        "A message of a topic must be later than the latest one of its topic, and than the topic.",
        "A message whose Random was imported less than five minutes ago is answered like the first one.",
    ),
)
def import_group_msg(call: Context) -> Answer:
    group = group_of(call)
    topic_id = call.body.get("TopicId", "")
    messages = [
        (in_topic(group, message.get("TopicId", topic_id)), message)
        for message in call.body["MsgList"]
    ]
    if not messages[0][0].keeps_history:
        raise Refused(DENIED, "An AVChatRoom takes no imported messages.")
    known = group.history.last_seq
    results = [_import(call, place, message) for place, message in messages]
    if group.history.last_seq > known:
        for member in group.members.values():
            member.read_seq = group.history.last_seq
    return {"ImportMsgResult": results}


def _import(call: Context, place: Place, message: dict[str, Any]) -> dict[str, int]:
    sent, history = message["SendTime"], place.history
    known = _known(history, message.get("Random"), call.now)
    if known is not None:
        return {"MsgSeq": known.seq, "MsgTime": known.time, "Result": 0}
    created = place.group.created if place.topic is None else place.topic.created
    problem = 0
    if not max(created, history.last_time) <= sent <= call.now:
        problem = BAD_VALUE
    elif _size(message["MsgBody"]) > MAX_BYTES:
        problem = TOO_LONG
    if problem:
        return {"MsgSeq": 0, "MsgTime": sent, "Result": problem}
    seq = history.last_seq + 1
    random = message["Random"] if "Random" in message else call.memory.ids.number()
    history.imported[random] = seq
    history.add(
        GroupMessage(
            seq=seq,
            random=random,
            time=sent,
            sender=message["From_Account"],
            body=deepcopy(message["MsgBody"]),
            came=call.now,
        ),
        lists=call.body.get("RecentContactFlag") == 1 and place.group.type != "Community",
    )
    return {"MsgSeq": seq, "MsgTime": sent, "Result": 0}


def _known(history: History, random: int | None, now: int) -> GroupMessage | None:
    """Return the message that was imported lately with the same Random. `now` is in Unix seconds."""

    def is_old(random: int) -> bool:
        message = history.messages.get(history.imported[random])
        return message is None or message.came + WINDOW <= now

    for old in list(takewhile(is_old, history.imported)):
        del history.imported[old]
    return None if random is None else history.messages.get(history.imported.get(random, 0))


def _size(elements: list[Any]) -> int:
    text = json.dumps(elements, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-8", "surrogatepass"))
