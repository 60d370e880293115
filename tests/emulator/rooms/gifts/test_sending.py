"""Sending gifts in live rooms. That they count is a test of totals."""

from __future__ import annotations

import pytest

from support.groups import refused
from support.receiver import Receiver
from support.rooms import last_answer
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

BEFORE = "Live.CallbackBeforeSendGift"


@pytest.fixture(autouse=True)
def rose(client: ChatClient) -> None:
    client.gifts.add(gift_id="rose", coins=10, default_name="Rose")


def send(
    client: ChatClient,
    room_id: str,
    *receivers: str,
    gift_id: str = "rose",
    sender: str = "bob",
    count: int | None = None,
) -> None:
    client.gifts.send(
        room_id=room_id, gift_id=gift_id, from_account=sender, receiver_list_account=receivers, count=count
    )


def coins(client: ChatClient, emulator: Emulator, room_id: str) -> int:
    client.live_rooms.get_stats(room_id=room_id)
    return int(last_answer(emulator)["TotalGiftCoins"])


def test_what_the_webhook_tells(client: ChatClient, emulator: Emulator, receiver: Receiver, live: str) -> None:
    send(client, live, "alice", "carol", count=3)
    details = {
        "From_Account": "bob",
        "To_Account": ["alice", "carol"],
        "Time": int(emulator.clock.now()),
        "GiftId": "rose",
        "Count": 3,
        "Coins": 30,
    }
    assert receiver.bodies(BEFORE) == [
        {"CallbackCommand": BEFORE, "Operator_Account": "administrator", "RoomId": live, "GiftWater": details}
    ]
    assert coins(client, emulator, live) == 30


@pytest.mark.parametrize(("reply", "code"), [(1, 102003), (7, 102004), (102100, 102100), (102200, 102200)])
def test_what_the_webhook_refuses(
    client: ChatClient, emulator: Emulator, receiver: Receiver, live: str, reply: int, code: int
) -> None:
    receiver.reject(BEFORE, reply, "Not enough coins")
    with refused(code):
        send(client, live, "alice")
    assert coins(client, emulator, live) == 0
    if code == reply:
        assert emulator.calls[-2].answer["ErrorInfo"] == "Not enough coins"


def test_a_webhook_that_fails(client: ChatClient, emulator: Emulator, receiver: Receiver, live: str) -> None:
    receiver.status = 500
    with refused(102004):
        send(client, live, "alice")
    assert coins(client, emulator, live) == 0


def test_refusals(client: ChatClient, emulator: Emulator, live: str) -> None:
    with refused(100004):
        send(client, "nowhere", "alice")
    with refused(102002):
        send(client, live, "alice", gift_id="tulip")
    with refused(100002):
        send(client, live, "alice", "nobody")
    with refused(100002):
        send(client, live, "alice", sender="nobody")
    with refused(100002):
        send(client, live, "alice", count=0)
    assert coins(client, emulator, live) == 0
