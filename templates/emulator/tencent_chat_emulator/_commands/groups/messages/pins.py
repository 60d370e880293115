"""Pinned messages."""

from __future__ import annotations

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ..lookup import BAD_VALUE, DENIED, account_of
from .places import NO_MESSAGE, Place, message_of, place_of

MOST = 10
TOO_MANY, PINNED_ALREADY = 10070, 10071


@behaviour(
    "group_open_http_svc/pin_message",
    guesses=(
        "An AVChatRoom is answered with 10007, a message that is not there or is recalled with 10030.",
        "A message that is pinned already is answered with 10071.",
        "In a community with topics the answer is 10004 without TopicId.",
        "A Pinner_Account that was never imported is answered with 10019; it need not be a member.",
    ),
)
def pin_message(call: Context) -> Answer:
    place = _place_with_pins(call)
    pinner, seq = call.body.get("Pinner_Account", call.identifier), call.body["MsgSeq"]
    account_of(call, pinner)
    if message_of(place, seq) is None:
        raise Refused(NO_MESSAGE)
    if seq in place.history.pinned:
        raise Refused(PINNED_ALREADY)
    if len(place.history.pinned) >= MOST:
        raise Refused(TOO_MANY)
    place.history.pinned[seq] = pinner
    return {}


@behaviour(
    "group_open_http_svc/unpin_message",
    guesses=(
        "A message that is not pinned is answered with 10030.",
        "The group, TopicId and UnPinner_Account are checked as by pin_message.",
    ),
)
def unpin_message(call: Context) -> Answer:
    place = _place_with_pins(call)
    account_of(call, call.body.get("UnPinner_Account", call.identifier))
    if place.history.pinned.pop(call.body["MsgSeq"], None) is None:
        raise Refused(NO_MESSAGE, "The message is not pinned.")
    return {}


@behaviour(
    "group_open_http_svc/get_pinned_messages",
    reads=True,
    guesses=("What was pinned latest comes first.",),
)
def get_pinned_messages(call: Context) -> Answer:
    pinned = _place_with_pins(call).history.pinned
    return {
        "PinnedMsgList": [
            {"MsgSeq": seq, "Pinner_Account": pinner} for seq, pinner in reversed(pinned.items())
        ]
    }


def _place_with_pins(call: Context) -> Place:
    place = place_of(call)
    if not place.keeps_history:
        raise Refused(DENIED, "An AVChatRoom has no pinned messages.")
    if place.group.supports_topics and place.topic is None:
        raise Refused(BAD_VALUE, "TopicId: is missing")
    return place
