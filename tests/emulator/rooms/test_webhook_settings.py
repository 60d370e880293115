"""Webhooks as an app sets them for live rooms, rooms and calls."""

from __future__ import annotations

from typing import Any

import pytest

from support.groups import refused
from support.rooms import last_answer
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

URL = "https://example.com/callback"


def test_of_live_rooms(client: ChatClient, emulator: Emulator) -> None:
    for call in (
        client.live_rooms.get_webhooks,
        lambda: client.live_rooms.update_webhooks(url=URL, callback_command_list=[]),
    ):
        with refused(100301):
            call()
    client.live_rooms.create_webhooks(url=URL, callback_command_list=["Live.CallbackAfterCreateRoom"])
    with refused(100300):
        client.live_rooms.create_webhooks(url=URL, callback_command_list=[])
    client.live_rooms.get_webhooks()
    assert last_answer(emulator) == {"Url": URL, "CallbackCommandList": ["Live.CallbackAfterCreateRoom"]}
    client.live_rooms.update_webhooks(url=f"{URL}/2", callback_command_list=["Live.CallbackBeforeSendGift"])
    client.live_rooms.get_webhooks()
    assert last_answer(emulator) == {"Url": f"{URL}/2", "CallbackCommandList": ["Live.CallbackBeforeSendGift"]}
    # Those of other products are others.
    with refused(100301):
        client.rooms.get_webhooks()


def test_the_token_of_live_rooms(client: ChatClient, emulator: Emulator) -> None:
    with refused(100302):
        client.live_rooms.get_webhook_token()
    for fields in ({"token": "dummy"}, {"is_token_enable": True}):
        with refused(100002):
            client.live_rooms.set_webhook_token(**fields)
    client.live_rooms.set_webhook_token(token="dummy", is_token_enable=True)
    client.live_rooms.set_webhook_token(is_token_enable=False)
    client.live_rooms.get_webhook_token()
    assert last_answer(emulator) == {"Token": "dummy", "IsTokenEnable": False}
    client.live_rooms.delete_webhook_token()
    with refused(100302):
        client.live_rooms.delete_webhook_token()


def test_of_rooms(client: ChatClient, emulator: Emulator) -> None:
    for command in ("Room.CallbackAfterMemberLeave", "Room.CallbackAfterMemberEnter"):
        client.rooms.update_webhooks(url=URL, callback_command_list=[command])
        client.rooms.get_webhooks()
        assert last_answer(emulator) == {"Url": URL, "CallbackCommandList": [command]}


def test_of_calls(client: ChatClient, emulator: Emulator) -> None:
    for command in ("Call.CallbackAfterEndCall", "Call.CallbackAfterStartCall"):
        client.calls.set_webhooks(url=URL, callback_command_list=[command])
        client.calls.get_webhooks()
        assert last_answer(emulator) == {"Url": URL, "CallbackCommandList": [command]}
    client.calls.delete_webhooks()
    for call in (client.calls.get_webhooks, client.calls.delete_webhooks):
        with refused(100301):
            call()


@pytest.mark.parametrize("url", ["www.example.com", "ftp://example.com/", "http://", "http://[1"])
def test_addresses_that_are_none(client: ChatClient, url: str) -> None:
    fields: dict[str, Any] = {"url": url, "callback_command_list": []}
    for call in (client.live_rooms.create_webhooks, client.rooms.update_webhooks, client.calls.set_webhooks):
        with refused(100002):
            call(**fields)
