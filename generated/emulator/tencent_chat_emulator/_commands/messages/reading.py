"""What is read and what is unread of one-to-one conversations, and read receipts."""

from __future__ import annotations

from typing import Any

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from .parties import named_message, party


@behaviour(
    "openim/admin_set_msg_read",
    guesses=(
        "Messages of the second MsgReadTime become read as well.",
        "A MsgReadTime that is no number is answered with 90001.",
    ),
)
def admin_set_msg_read(call: Context) -> Answer:
    reader = party(call, "Report_Account", 90008)
    peer = party(call, "Peer_Account", 90003)
    time = _read_time(call)
    messages = call.memory.direct_messages
    inbox, dialogue = messages.inbox(reader), messages.between(reader, peer)
    for key in list(inbox.unread.get(peer, ())):
        if key not in dialogue.messages or dialogue.messages[key].time <= time:
            inbox.forget_unread(peer, key)
    call.after(
        "C2C.CallbackAfterMsgReport",
        {
            "Report_Account": reader,
            "Peer_Account": peer,
            "LastReadTime": time,
            "UnreadMsgNum": inbox.all_unread(call.now),
        },
    )
    return {}


@behaviour(
    "openim/c2c_msg_read_receipt",
    guesses=(
        "Accounts that were never imported are answered with 90008 and 90003, as when messages are marked as read.",
        "A message that does not exist is answered with 20022, a malformed MsgKey with 90054, and no receipt is sent.",
        "A message that is not from Peer_Account to Operator_Account is answered with 90001.",
        "The message stays unread, and one that asked for no receipt takes one too.",
    ),
)
def c2c_msg_read_receipt(call: Context) -> Answer:
    reader = party(call, "Operator_Account", 90008)
    peer = party(call, "Peer_Account", 90003)
    named = call.body["C2CMsgInfo"]
    for item in named:
        if item["From_Account"] != peer or item["To_Account"] != reader:
            raise Refused(90001, "From_Account must be Peer_Account, To_Account Operator_Account.")
    messages = [named_message(call, peer, reader, item["MsgKey"]) for item in named]
    for message in messages:
        message.has_receipt = True
    return {}


@behaviour("openim/get_c2c_unread_msg_num", reads=True)
def get_c2c_unread_msg_num(call: Context) -> Answer:
    inbox = call.memory.direct_messages.inbox(party(call, "To_Account", 90003))
    peers = call.body.get("Peer_Account")
    if not peers:
        return {"AllC2CUnreadMsgNum": inbox.all_unread(call.now)}
    answer: dict[str, Any] = {
        "C2CUnreadMsgNumList": [
            {"Peer_Account": peer, "C2CUnreadMsgNum": inbox.unread_from(peer, call.now)}
            for peer in peers
            if peer in call.memory.accounts
        ]
    }
    missing = [peer for peer in peers if peer not in call.memory.accounts]
    if missing:
        answer["ErrorList"] = [{"Peer_Account": peer, "ErrorCode": 70107} for peer in missing]
    return answer


def _read_time(call: Context) -> int:
    """Return MsgReadTime, which comes as a text or as a number, or the time of the call."""
    time = call.body.get("MsgReadTime", call.now)
    try:
        return int(time)
    except ValueError:
        raise Refused(90001, f"MsgReadTime {time} is no number of seconds.") from None
