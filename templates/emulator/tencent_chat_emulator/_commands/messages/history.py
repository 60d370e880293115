"""The history of one-to-one conversations: reading, changing, recalling, deleting."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from ..._memory.direct_messages import DirectMessage
from .keys import rank_of
from .parties import named_message, party

_MAX_BYTES = 13 * 1024
"""Of the messages of one answer."""


@behaviour(
    "openim/admin_getroammsg",
    reads=True,
    guesses=(
        "Pages go from new to old, and each lists its messages from old to new, as in the page's sample.",
        "A MaxCnt below 1 and a malformed LastMsgKey are answered with 90001.",
        "A message that was recalled keeps its content.",
    ),
)
def admin_getroammsg(call: Context) -> Answer:
    operator = party(call, "Operator_Account", 90008)
    peer = party(call, "Peer_Account", 90003)
    most, last_key = call.body["MaxCnt"], call.body.get("LastMsgKey", "")
    if most < 1:
        raise Refused(90001, "MaxCnt must be at least 1.")
    end = (call.body["MaxTime"] + 1, -1, -1)
    if last_key:
        rank = rank_of(last_key)
        if rank is None:
            raise Refused(90001, f"LastMsgKey {last_key} is no MsgKey.")
        end = min(end, rank)
    page: list[dict[str, Any]] = []
    size, is_complete = 0, True
    for message in call.memory.direct_messages.between(operator, peer).before(end):
        if message.time < call.body["MinTime"]:
            break
        if not message.is_visible_to(operator, call.now):
            continue
        item = _item(message)
        size += len(json.dumps(item, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        if page and (len(page) == most or size > _MAX_BYTES):
            is_complete = False
            break
        page.insert(0, item)
    return {
        "Complete": int(is_complete),
        "MsgCnt": len(page),
        "LastMsgTime": page[0]["MsgTimeStamp"] if page else call.body["MinTime"],
        "LastMsgKey": page[0]["MsgKey"] if page else "",
        "MsgList": page,
    }


@behaviour("openim/admin_msgwithdraw")
def admin_msgwithdraw(call: Context) -> Answer:
    sender = party(call, "From_Account", 90008)
    receiver = party(call, "To_Account", 90003)
    message = named_message(call, sender, receiver, call.body["MsgKey"])
    if message.is_recalled:
        raise Refused(20023)
    message.is_recalled = True
    inbox = call.memory.direct_messages.inbox(receiver)
    inbox.forget_unread(sender, message.key)
    call.after(
        "C2C.CallbackAfterMsgWithDraw",
        {
            "From_Account": sender,
            "To_Account": receiver,
            "MsgKey": message.key,
            "UnreadMsgNum": inbox.all_unread(call.now),
        },
    )
    return {}


@behaviour(
    "openim/modify_c2c_msg",
    guesses=(
        "A message that does not exist is answered with 20022, a malformed MsgKey with 90054, a recalled message with "
        "20023, as when it is recalled.",
        "A sender that was never imported is answered with 20003.",
        "A call with neither MsgBody nor CloudCustomData is answered with 20001.",
    ),
)
def modify_c2c_msg(call: Context) -> Answer:
    sender = party(call, "From_Account", 20003)
    receiver = party(call, "To_Account", 90012)
    message = named_message(call, sender, receiver, call.body["MsgKey"])
    if message.is_recalled:
        raise Refused(20023)
    if "MsgBody" not in call.body and "CloudCustomData" not in call.body:
        raise Refused(20001, "Nothing to change: MsgBody and CloudCustomData are missing.")
    if "MsgBody" in call.body:
        message.body = deepcopy(call.body["MsgBody"])
    message.cloud_custom_data = call.body.get("CloudCustomData", message.cloud_custom_data)
    return {}


@behaviour(
    "openim/delete_c2c_msg_ramble",
    guesses=(
        "Accounts that were never imported are answered with 90008 and 90003, as when the history is read.",
        "A MsgKey of no message is passed over.",
        "A deleted message is no longer unread.",
    ),
)
def delete_c2c_msg_ramble(call: Context) -> Answer:
    operator = party(call, "Operator_Account", 90008)
    peer = party(call, "Peer_Account", 90003)
    messages = call.memory.direct_messages
    dialogue, inbox = messages.between(operator, peer), messages.inbox(operator)
    for key in call.body["MsgKeyList"]:
        if key in dialogue.messages:
            dialogue.messages[key].hide_from(operator)
            inbox.forget_unread(peer, key)
    invalid = [key for key in call.body["MsgKeyList"] if rank_of(key) is None]
    return {"InvalidMsgKeyList": invalid} if invalid else {}


def _item(message: DirectMessage) -> dict[str, Any]:
    data = message.cloud_custom_data
    return {
        "From_Account": message.sender,
        "To_Account": message.receiver,
        "MsgSeq": message.seq,
        "MsgRandom": message.random,
        "MsgTimeStamp": message.time,
        "MsgFlagBits": 8 if message.is_recalled else 0,
        "IsPeerRead": int(message.has_receipt),
        "MsgKey": message.key,
        "MsgBody": message.body,
    } | ({"CloudCustomData": data} if data else {})
