"""Sending gifts in live rooms."""

from __future__ import annotations

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused, Verdict, obeying
from ..lookup import INVALID, account_of, live_room_of
from .texts import gift_of

_REFUSED, _WEBHOOK_FAILED = 102003, 102004


@behaviour(
    "live_engine_http_srv/send_gift",
    guesses=(
        "A room that does not exist is answered with 100004, an account that was never imported with 100002.",
        "Neither sender nor receivers need to be in the room.",
        "Count is 1 where it is left out; less is answered with 100002.",
        "A gift for several receivers counts once: Coins is the price times Count.",
        "Live.CallbackBeforeSendGift is asked first; its code 1 is answered with 102003, no proper reply with 102004.",
    ),
)
def send_gift(call: Context) -> Answer:
    room, body, count = live_room_of(call), call.body, call.body.get("Count", 1)
    sender, receivers = body["From_Account"], list(body["ReceiverList_Account"])
    for name in (sender, *receivers):
        account_of(call, name)
    if count < 1:
        raise Refused(INVALID, "Count must be at least 1.")
    gift = gift_of(call)
    coins = gift.profile["Coins"] * count
    details = {
        "From_Account": sender,
        "To_Account": receivers,
        "Time": call.now,
        "GiftId": gift.id,
        "Count": count,
        "Coins": coins,
    }
    event = {"Operator_Account": call.identifier, "RoomId": room.id, "GiftWater": details}
    call.before("Live.CallbackBeforeSendGift", event, _obey)
    room.gifts += count
    room.coins += coins
    room.gift_senders[sender] = None
    return {}


def _obey(verdict: Verdict) -> None:
    obeying(_REFUSED)(verdict)
    if not verdict.is_proper:
        raise Refused(_WEBHOOK_FAILED)
