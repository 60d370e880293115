"""Live rooms: create, change, dissolve, look up, list, totals."""

from __future__ import annotations

from typing import Any

import pytest

from support.groups import make_group, refused, told
from support.rooms import enter, last_answer, make_conference, make_live_room, seated
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator


def info(client: ChatClient, emulator: Emulator, room_id: str) -> dict[str, Any]:
    client.live_rooms.get(room_id=room_id)
    return dict(last_answer(emulator)["RoomInfo"])


def test_a_room_with_what_it_was_created_with(client: ChatClient, emulator: Emulator) -> None:
    given: dict[str, Any] = {
        "RoomName": "Gardening",
        "TakeSeatMode": "ApplyToTake",
        "IsMessageDisabled": True,
        "IsPublicVisible": False,
        "CoverURL": "https://example.com/1.png",
        "Category": [1, 2],
        "ActivityStatus": 3,
        "MaxMemberCount": 400,
    }
    room_id = make_live_room(client, **given)
    assert last_answer(emulator) == {"RoomId": room_id}
    shown = info(client, emulator, room_id)
    assert shown.items() >= {**given, "RoomId": room_id, "Owner_Account": "alice", "RoomType": "Live"}.items()
    assert shown["CreateTime"] == int(emulator.clock.now())


def test_a_room_of_the_caller_with_nothing_said(client: ChatClient, emulator: Emulator) -> None:
    client.live_rooms.create(room_info={"RoomId": "plain", "RoomType": "Live"})
    shown = info(client, emulator, "plain")
    assert (shown["RoomName"], shown["Owner_Account"]) == ("plain", "administrator")
    assert (shown["TakeSeatMode"], shown["IsPublicVisible"], shown["IsMessageDisabled"]) == ("FreeToTake", True, False)


@pytest.mark.parametrize(
    ("given", "seats"),
    [
        ({}, 9),
        ({"IsSeatEnabled": False, "MaxSeatCount": 8}, 0),
        ({"IsSeatEnabled": True, "MaxSeatCount": 5}, 5),
        ({"SeatTemplate": "VideoFixedFloat7Seats", "MaxSeatCount": 3}, 7),
        ({"SeatTemplate": "Karaoke", "MaxSeatCount": 3}, 3),
    ],
)
def test_how_many_seats_a_room_has(client: ChatClient, emulator: Emulator, given: dict[str, Any], seats: int) -> None:
    room_id = make_live_room(client, **given)
    assert len(seated(client, room_id)) == info(client, emulator, room_id)["MaxSeatCount"] == seats


def test_ids_that_are_taken(client: ChatClient, live: str) -> None:
    with refused(100010):
        make_live_room(client, live)
    with refused(100003):
        make_live_room(client, live, "bob")
    with refused(100003):
        make_live_room(client, make_conference(client), "bob")
    with refused(100011):
        make_live_room(client, make_group(client))


def test_the_id_of_a_room_is_no_groups(client: ChatClient, live: str) -> None:
    for room_id in (live, make_conference(client)):
        with refused(10021):
            client.groups.create(type="Public", name="Hikers", group_id=room_id)


def test_what_no_room_can_have(client: ChatClient) -> None:
    with refused(100002):
        make_live_room(client, owner="nobody")
    with refused(100002):
        make_live_room(client, MaxSeatCount=51)


def test_changes(client: ChatClient, emulator: Emulator, live: str) -> None:
    before = info(client, emulator, live)
    changes: dict[str, object] = {"RoomName": "Late", "Notice": "At eight.", "MaxMemberCount": 2, "Category": [7]}
    client.live_rooms.update(room_info={"RoomId": live, **changes})
    assert info(client, emulator, live) == before | changes


def test_a_room_that_is_gone(client: ChatClient, live: str) -> None:
    client.live_rooms.delete(room_id=live)
    for call in (
        lambda: client.live_rooms.delete(room_id=live),
        lambda: client.live_rooms.get(room_id=live),
        lambda: client.live_rooms.update(room_info={"RoomId": live}),
        lambda: client.live_rooms.get_stats(room_id=live),
        lambda: client.live_rooms.get_statistic(room_id=live),
    ):
        with refused(100004):
            call()
    make_live_room(client, live, "bob")


def test_the_public_rooms_most_entered_first(client: ChatClient, emulator: Emulator) -> None:
    client.accounts.import_account(user_id="alice", nick="Alice")
    for number in range(5):
        make_live_room(client, f"room-{number}")
    make_live_room(client, "hidden", IsPublicVisible=False)
    enter(emulator, "room-3", "bob", "carol")
    enter(emulator, "room-1", "bob")
    expected = ["room-3", "room-1", "room-0", "room-2", "room-4"]
    assert [room.room_id for room in client.live_rooms.iter_all(count=2)] == expected
    ascending = [room.room_id for room in client.live_rooms.iter_all(count=2, sort_direction="ascend")]
    assert ascending == ["room-0", "room-2", "room-4", "room-1", "room-3"]
    assert [room.room_id for room in client.live_rooms.iter_all(next="0")] == expected
    client.live_rooms.list_all(next="", count=1)
    [first] = last_answer(emulator)["RoomList"]
    assert (first["ViewCount"], first["OnlineCount"], first["OwnerName"]) == (2, 2, "Alice")
    with refused(100002):
        client.live_rooms.list_all(next="elsewhere", count=1)


def test_totals_add_up(client: ChatClient, emulator: Emulator, live: str) -> None:
    client.gifts.add(gift_id="rose", coins=10, default_name="Rose")
    enter(emulator, live, "bob", "carol")
    emulator.leave_room(live, "bob")
    enter(emulator, live, "bob")
    for sender, count in (("bob", 2), ("bob", None), ("carol", 1)):
        client.gifts.send(
            room_id=live, gift_id="rose", from_account=sender, receiver_list_account=["alice"], count=count
        )
    client.live_rooms.send_text_message(room_id=live, sender_account="bob", text_content="Hello")
    totals = {
        "TotalViewers": 3,
        "TotalGiftsSent": 4,
        "TotalGiftCoins": 40,
        "TotalUniqueGiftSenders": 2,
        "TotalLikesReceived": 0,
    }
    client.live_rooms.get_stats(room_id=live)
    assert last_answer(emulator) == totals | {"TotalMsgCount": 1}
    client.live_rooms.get_statistic(room_id=live)
    assert last_answer(emulator) == totals | {"TotalMsgCount": 1}
    client.live_rooms.delete(room_id=live)
    assert last_answer(emulator) == {"Statistic": totals}


@pytest.mark.usefixtures("receiver")
def test_webhooks(client: ChatClient, emulator: Emulator) -> None:
    live = make_live_room(client, MaxMemberCount=5)
    client.live_rooms.update(room_info={"RoomId": live, "RoomName": "Late"})
    client.live_rooms.delete(room_id=live)
    room = {
        "RoomName": live,
        "RoomType": "Live",
        "Owner_Account": "alice",
        "MaxMemberCount": 5,
        "IsMessageDisabled": False,
        "CustomInfo": "",
        "IsSeatEnabled": True,
        "MaxSeatCount": 9,
        "TakeSeatMode": "FreeToTake",
        "CreateTime": int(emulator.clock.now()),
        "IsPublicVisible": True,
        "CoverURL": "",
        "Category": [],
        "ActivityStatus": 0,
        "ViewCount": 0,
        "IsUnlimitedRoomEnabled": False,
    }
    operator = {"Operator_Account": "administrator"}
    assert told(emulator, "Live.CallbackAfterCreateRoom") == [operator | {"RoomInfo": {"RoomId": live, **room}}]
    room["RoomName"] = "Late"
    assert told(emulator, "Live.CallbackAfterUpdateRoomInfo") == [operator | {"RoomInfo": {"RoomId": live, **room}}]
    [destroyed] = told(emulator, "Live.CallbackAfterDestroyRoom")
    assert destroyed.pop("Statistic")["TotalViewers"] == 0
    assert destroyed == operator | {"RoomId": live, "EventType": "DestroyByUser", "RoomInfo": room}
