"""Messages in live rooms, which nobody reads afterwards."""

from __future__ import annotations

import json
from typing import Any

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused, obeying
from ...._memory.rooms.rooms import LiveRoom
from ...groups.lookup import REJECTED
from ..lookup import account_of, live_room_of

_MUTED = 100601


@behaviour(
    "live_engine_http_srv/send_text_msg",
    guesses=(
        "A sender who was never imported is answered with 100002, a muted one with 100601.",
        "Where all are muted the owner may send, the administrators, and whoever calls.",
        "A sender need not be in the room.",
        "The webhooks of group messages are sent; what they reject is answered with 10016 or the app's own code.",
        "What a webhook drops is answered with MsgSeq 0 and counts in no total.",
        "No message is dropped for being one of too many.",
    ),
)
def send_text_msg(call: Context) -> Answer:
    body = call.body
    content: dict[str, Any] = {
        "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": body["TextContent"]}}]
    }
    if "ExtensionInfo" in body:
        content["CloudCustomData"] = body["ExtensionInfo"]
    return _send(call, body["Sender_Account"], content)


@behaviour(
    "live_engine_http_srv/send_custom_msg",
    guesses=("Without Sender_Account the sender is whoever calls.",),
)
def send_custom_msg(call: Context) -> Answer:
    body = call.body
    data = json.dumps({"BusinessId": body["BusinessId"], "Data": body["Data"]}, ensure_ascii=False)
    content = {"MsgBody": [{"MsgType": "TIMCustomElem", "MsgContent": {"Data": data}}]}
    return _send(call, body.get("Sender_Account", call.identifier), content)


def _send(call: Context, sender: str, content: dict[str, Any]) -> Answer:
    room = live_room_of(call)
    account_of(call, sender)
    _check_mutes(call, room, sender)
    event = {
        "GroupId": room.id,
        "Type": "Live",
        "From_Account": sender,
        "Operator_Account": call.identifier,
        "Random": call.memory.ids.number(32),
        "OnlineOnlyFlag": 0,
        "EventTime": call.now_ms,
    }
    dropped = {"Response": {"MsgTime": call.now, "MsgSeq": 0}}
    obey = obeying(REJECTED, dropped)
    verdict = call.before("Group.CallbackBeforeSendMsg", event | content, obey)
    content |= {name: verdict.changes[name] for name in content if name in verdict.changes}
    room.messages += 1
    sent = {"MsgTime": call.now, "MsgSeq": room.messages}
    call.after("Group.CallbackAfterSendMsg", {**event, **content, **sent})
    return {"Response": sent}


def _check_mutes(call: Context, room: LiveRoom, sender: str) -> None:
    if room.muted.get(sender, 0) > call.now:
        raise Refused(_MUTED, f"The account {sender} is muted in the room.")
    may_speak = sender in (room.owner, call.identifier) or sender in room.admins
    if room.profile["IsMessageDisabled"] and not may_speak:
        raise Refused(_MUTED, "All ordinary members are muted.")
