"""Webhooks: where they go, how they are signed, and how long a receiver is waited for."""

from __future__ import annotations

import time

import pytest

from support.receiver import Receiver
from tencent_chat import webhooks
from tencent_chat_emulator import Emulator

EVENT = {"From_Account": "bob", "To_Account": "eve", "MsgBody": []}
COMMAND = "C2C.CallbackAfterSendMsg"


def test_one_is_sent_by_hand(emulator: Emulator, receiver: Receiver) -> None:
    delivery = emulator.webhooks.send(COMMAND, EVENT, OptPlatform="iOS")
    (received,) = receiver.received
    assert received.body == {"CallbackCommand": COMMAND, **EVENT}
    assert received.query == {
        "SdkAppid": str(emulator.sdkappid),
        "CallbackCommand": COMMAND,
        "contenttype": "json",
        "ClientIP": "127.0.0.1",
        "OptPlatform": "iOS",
    }
    assert (delivery.status, delivery.problem, delivery.reply["ErrorCode"]) == (200, "", 0)
    assert emulator.webhooks.delivered == (delivery,)


def test_the_client_reads_and_verifies_it(emulator: Emulator, receiver: Receiver) -> None:
    emulator.webhooks.send_to(receiver.url, token="a-token")
    emulator.webhooks.send(COMMAND, EVENT)
    (received,) = receiver.received
    webhooks.verify(received.query, "a-token", sdkappid=emulator.sdkappid)
    event = webhooks.parse(received.query, received.content)
    assert isinstance(event, webhooks.AfterSendMessageEvent)
    with pytest.raises(webhooks.WebhookError):
        webhooks.verify(received.query, "another token")


def test_a_slow_receiver_is_not_waited_for(emulator: Emulator, receiver: Receiver) -> None:
    receiver.delay = 5
    started = time.monotonic()
    delivery = emulator.webhooks.send(COMMAND, EVENT)
    assert 1.9 < time.monotonic() - started < 4
    assert (delivery.status, delivery.problem) == (None, "no reply within 2 s")


def test_what_is_no_reply_is_told(emulator: Emulator, receiver: Receiver) -> None:
    receiver.status = 500
    assert emulator.webhooks.send(COMMAND, EVENT).problem == "HTTP status 500"
    emulator.webhooks.send_to("http://127.0.0.1:9/")
    assert "not reached" in emulator.webhooks.send(COMMAND, EVENT).problem


def test_mistakes_are_told(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="nobody receives webhooks"):
        emulator.webhooks.send(COMMAND, EVENT)
    with pytest.raises(ValueError, match="no URL"):
        emulator.webhooks.send_to("localhost:80")
    with pytest.raises(ValueError, match="unknown webhook"):
        emulator.webhooks.send_to("http://localhost", only=["C2C.Nothing"])
