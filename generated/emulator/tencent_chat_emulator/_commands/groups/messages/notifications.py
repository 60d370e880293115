"""What goes to many and stays nowhere: notifications of the system, and messages to all audio-video groups."""

from __future__ import annotations

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context
from ..lookup import account_of
from .places import place_of


@behaviour(
    "group_open_http_svc/send_group_system_notification",
    reads=True,
    guesses=("Recipients who are not in the group are passed over.",),
)
def send_group_system_notification(call: Context) -> Answer:
    place_of(call)
    return {}


@behaviour(
    "group_open_http_svc/send_broadcast_msg",
    guesses=(
        "A sender who was never imported is answered with 10019.",
        "The sequence numbers of broadcasts rise from 1 in the app.",
    ),
)
def send_broadcast_msg(call: Context) -> Answer:
    account_of(call, call.body.get("From_Account", call.identifier))
    call.memory.settings.broadcasts += 1
    return {"MsgSeq": call.memory.settings.broadcasts}
