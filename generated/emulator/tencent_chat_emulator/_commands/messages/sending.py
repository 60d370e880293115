"""Sending and importing one-to-one messages."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused, Verdict, obeying
from ..._memory.direct_messages import WEEK, DirectMessage
from ..._memory.message_parts import Extensions
from ..push.chat_messages import DIRECT, push_message
from .keys import client_id
from .parties import party, sender_of

_LATEST = 2**32 - 1


@behaviour(
    "openim/sendmsg",
    guesses=(
        "A sender that was never imported is answered with 20003.",
        "A message leaves the history after MsgLifeTime, and with it the unread count.",
        "MsgTimeStamp, which the page names no more, is the time of the message.",
        "Of two messages of the same two accounts with equal MsgSeq, MsgRandom and time, which have one MsgKey, "
        "the second is dropped whatever it says, and the call succeeds.",
        "A message to oneself is not unread.",
        "A message in the name of a user to a chatbot triggers Bot.OnC2CMessage beside the webhook of all messages.",
    ),
)
def sendmsg(call: Context) -> Answer:
    sender = sender_of(call, 20003)
    message = _drafted(call, sender, party(call, "To_Account", 90012))
    answer = {
        "MsgTime": message.time,
        "MsgKey": message.key,
        "MsgId": client_id(sender, message.time, message.random),
    }
    if _is_known(call, message):
        return answer
    forbidden = call.body.get("ForbidCallbackControl", ())
    if "ForbidBeforeSendMsgCallback" not in forbidden:
        asked = _event(call, message) | {"MsgId": answer["MsgId"]}
        verdict = call.before("C2C.CallbackBeforeSendMsg", asked, obeying(20006, answer))
        _change(message, verdict)
    _deliver(call, message)
    unread = call.memory.direct_messages.inbox(message.receiver).all_unread(call.now)
    told = _event(call, message) | {
        "SendMsgResult": 0,
        "ErrorInfo": "send msg succeed",
        "UnreadMsgNum": unread,
    }
    if "ForbidAfterSendMsgCallback" not in forbidden:
        call.after("C2C.CallbackAfterSendMsg", told)
    if call.memory.accounts[message.receiver].is_robot:
        call.after("Bot.OnC2CMessage", told | {"EventTime": call.now_ms})
    _push(call, message, [message.receiver])
    return answer


@behaviour(
    "openim/batchsendmsg",
    guesses=(
        "A recipient that is named twice gets the message once.",
        "A message leaves the history after MsgLifeTime, and with it the unread count.",
    ),
)
def batchsendmsg(call: Context) -> Answer:
    sender = sender_of(call, 90008)
    names = list(dict.fromkeys(call.body["To_Account"]))
    reached = [name for name in names if name in call.memory.accounts]
    if not reached:
        raise Refused(90012, "None of the accounts in To_Account exists.")
    draft = _drafted(call, sender, reached[0])
    fresh: list[str] = []
    for name in reached:
        message = replace(draft, receiver=call.memory.accounts[name].user_id)
        if not _is_known(call, message):
            _deliver(call, message)
            fresh.append(name)
    _push(call, draft, fresh)
    answer: dict[str, Any] = {
        "MsgKey": draft.key,
        "MsgId": client_id(sender, draft.time, draft.random),
    }
    missed = [name for name in names if name not in call.memory.accounts]
    if missed:
        answer |= {"ActionStatus": "SomeError", "ErrorCode": 0, "ErrorInfo": ""}
        answer["ErrorList"] = [{"To_Account": name, "ErrorCode": 70107} for name in missed]
    return answer


@behaviour(
    "openim/importmsg",
    guesses=(
        "A sender that was never imported is answered with 90048.",
        "An imported message is kept for a week after the call, whatever its MsgTimeStamp.",
        "A MsgTimeStamp that is no time of 32 bits is answered with 90006.",
    ),
)
def importmsg(call: Context) -> Answer:
    sender = party(call, "From_Account", 90048)
    message = _drafted(call, sender, party(call, "To_Account", 90012))
    if not _is_known(call, message):
        is_live = call.body["SyncFromOldSystem"] == 5
        call.memory.direct_messages.keep(message, call.now, counts=is_live)
    return {}


def _drafted(call: Context, sender: str, receiver: str) -> DirectMessage:
    """Return the message that the body of a call describes."""
    body = call.body
    time = body.get("MsgTimeStamp", call.now)
    if not 0 <= time <= _LATEST:
        raise Refused(90006, f"MsgTimeStamp must be from 0 to {_LATEST}.")
    return DirectMessage(
        sender=sender,
        receiver=receiver,
        seq=body["MsgSeq"] if "MsgSeq" in body else call.memory.ids.number(32),
        random=body["MsgRandom"],
        time=time,
        until=call.now + min(body.get("MsgLifeTime", WEEK), WEEK),
        body=deepcopy(body["MsgBody"]),
        cloud_custom_data=body.get("CloudCustomData", ""),
        hidden_from_sender=body.get("SyncOtherMachine") == 2,
        extensions=Extensions() if body.get("SupportMessageExtension") == 1 else None,
    )


def _is_known(call: Context, message: DirectMessage) -> bool:
    dialogue = call.memory.direct_messages.between(message.sender, message.receiver)
    return message.key in dialogue.messages


def _is_online_only(call: Context) -> bool:
    return call.body.get("OnlineOnlyFlag") == 1 or call.body.get("MsgLifeTime") == 0


def _change(message: DirectMessage, verdict: Verdict) -> None:
    """Give a message what the receiver of a webhook put in its place."""
    body, data = verdict.changes.get("MsgBody"), verdict.changes.get("CloudCustomData")
    if isinstance(body, list) and body:
        message.body = body
    if isinstance(data, str):
        message.cloud_custom_data = data


def _deliver(call: Context, message: DirectMessage) -> None:
    if not _is_online_only(call):
        control = call.body.get("SendMsgControl", ())
        call.memory.direct_messages.keep(
            message, call.now, counts="NoUnread" not in control, lists="NoLastMsg" not in control
        )


def _push(call: Context, message: DirectMessage, receivers: list[str]) -> None:
    """Push a message to those who lost their connection."""
    if not _is_online_only(call):
        event = {
            "EventTime": call.now,
            "From_Account": message.sender,
            "MsgKey": message.key,
            "MsgSeq": message.seq,
            "MsgRandom": message.random,
            "MsgTime": message.time,
        }
        name = client_id(message.sender, message.time, message.random)
        push_message(call, name, DIRECT, receivers, event)


def _event(call: Context, message: DirectMessage) -> dict[str, Any]:
    """Return what webhooks around sending say of a message."""
    data = message.cloud_custom_data
    return {
        "From_Account": message.sender,
        "To_Account": message.receiver,
        "MsgSeq": message.seq,
        "MsgRandom": message.random,
        "MsgTime": message.time,
        "MsgKey": message.key,
        "OnlineOnlyFlag": int(_is_online_only(call)),
        "MsgBody": message.body,
    } | ({"CloudCustomData": data} if data else {})
