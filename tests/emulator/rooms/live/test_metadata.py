"""Metadata of live rooms."""

from __future__ import annotations

import pytest

from support.groups import refused, told
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator


def put(client: ChatClient, room_id: str, **values: str) -> None:
    client.live_rooms.set_metadata(
        room_id=room_id, metadata=[{"Key": key, "Value": value} for key, value in values.items()], validate=False
    )


def metadata(client: ChatClient, room_id: str, *keys: str) -> dict[str, str]:
    data = client.live_rooms.get_metadata(room_id=room_id, keys=keys).response
    assert data is not None
    return {item.key or "": item.value or "" for item in data.metadata or ()}


@pytest.mark.usefixtures("receiver")
def test_values_come_and_go(client: ChatClient, emulator: Emulator, live: str) -> None:
    put(client, live, topic="Roses", host="Alice")
    put(client, live, topic="Tulips", level="3")
    assert metadata(client, live) == {"topic": "Tulips", "host": "Alice", "level": "3"}
    assert metadata(client, live, "level", "other") == {"level": "3"}
    client.live_rooms.delete_metadata(room_id=live, keys=["host", "other"])
    assert metadata(client, live) == {"topic": "Tulips", "level": "3"}
    with refused(100503):
        client.live_rooms.delete_metadata(room_id=live, keys=["host", "other"])
    shared = {"Operator_Account": "administrator", "RoomId": live}
    assert told(emulator, "Live.CallbackAfterSetMetadata")[1] == shared | {
        "Metadata": [{"Key": "topic", "Value": "Tulips"}, {"Key": "level", "Value": "3"}]
    }
    assert told(emulator, "Live.CallbackAfterDelMetadata") == [shared | {"Keys": ["host"]}]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"x": "v" * 2049}, 100501),
        ({"k" * 51: "v"}, 100504),
        ({f"key-{number}": "v" for number in range(11)}, 100500),
        ({f"key-{number}": "v" for number in range(10)}, 100500),
        ({f"key-{number}": "v" * 2048 for number in range(8)}, 100502),
    ],
)
def test_what_is_too_much(client: ChatClient, live: str, values: dict[str, str], code: int) -> None:
    put(client, live, there="already")
    with refused(code):
        put(client, live, **values)
    assert metadata(client, live) == {"there": "already"}


def test_a_room_that_does_not_exist(client: ChatClient) -> None:
    for call in (
        lambda: put(client, "nowhere", key="value"),
        lambda: metadata(client, "nowhere"),
        lambda: client.live_rooms.delete_metadata(room_id="nowhere", keys=["key"]),
    ):
        with refused(100004):
            call()
