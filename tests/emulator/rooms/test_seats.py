"""Seats of live rooms and conferences."""

from __future__ import annotations

import pytest

from support.groups import refused, told
from support.rooms import enter, last_answer, make_conference, make_live_room, seated
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator


@pytest.fixture
def room(client: ChatClient, emulator: Emulator) -> str:
    """A live room with three seats, bob and carol on the first ones; dave stands."""
    room_id = make_live_room(client, "karaoke", SeatTemplate="Karaoke", MaxSeatCount=3)
    enter(emulator, room_id, "bob", "carol", "dave")
    client.seats.add_user(room_id=room_id, index=0, member_account="bob")
    client.seats.add_user(room_id=room_id, index=1, member_account="carol")
    return room_id


def test_who_sits_where(client: ChatClient, room: str) -> None:
    assert seated(client, room) == ["bob", "carol", None]
    client.seats.remove_user(room_id=room, member_account="bob")
    client.seats.add_user(room_id=room, index=2, member_account="bob")
    assert seated(client, room) == [None, "carol", "bob"]


def test_who_cannot_be_seated(client: ChatClient, emulator: Emulator, room: str) -> None:
    for index, name, code in ((2, "alice", 100005), (2, "bob", 100203), (0, "dave", 100210), (3, "dave", 100252)):
        with refused(code):
            client.seats.add_user(room_id=room, index=index, member_account=name)
    client.seats.lock(room_id=room, index=2, forbid_taken=True)
    with refused(100200):
        client.seats.add_user(room_id=room, index=2, member_account="dave")
    client.seats.lock(room_id=room, index=2, forbid_taken=False)
    client.seats.add_user(room_id=room, index=2, member_account="dave")
    enter(emulator, room, "alice")
    with refused(100205):
        client.seats.add_user(room_id=room, index=2, member_account="alice")


def test_locks(client: ChatClient, emulator: Emulator, room: str) -> None:
    client.seats.lock(room_id=room, index=0, forbid_video=True)
    client.seats.lock(room_id=room, index=0, forbid_audio=True)
    client.seats.lock(room_id=room, index=1, forbid_taken=True)
    assert seated(client, room) == ["bob", None, None]
    first, second, _ = last_answer(emulator)["SeatList"]
    assert (first["IsTakenDisabled"], first["IsVideoDisabled"], first["IsAudioDisabled"]) == (False, True, True)
    assert (second["IsTakenDisabled"], second["IsVideoDisabled"]) == (True, False)


@pytest.mark.parametrize(("policy", "seats"), [(1, [None, "bob", None]), (2, ["carol", "bob", None])])
def test_moving_to_a_taken_seat(client: ChatClient, room: str, policy: int, seats: list[object]) -> None:
    client.seats.move_user(room_id=room, seat_index=1, member_account="bob", policy=policy)  # type: ignore[arg-type]
    assert seated(client, room) == seats


def test_moving(client: ChatClient, room: str) -> None:
    with refused(100201):
        client.seats.move_user(room_id=room, seat_index=1, member_account="bob", policy=0)
    client.seats.move_user(room_id=room, seat_index=0, member_account="bob", policy=0)
    client.seats.lock(room_id=room, index=2, forbid_taken=True)
    client.seats.move_user(room_id=room, seat_index=2, member_account="bob", policy=0)
    assert seated(client, room) == [None, "carol", "bob"]
    for name, code in (("alice", 100005), ("dave", 100206)):
        with refused(code):
            client.seats.move_user(room_id=room, seat_index=0, member_account=name, policy=0)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_switching(client: ChatClient, room: str) -> None:
    client.seats.switch(room_id=room, to_index=2, member_account="bob")
    client.seats.switch(room_id=room, to_index=2, member_account="bob")
    assert seated(client, room) == [None, "carol", "bob"]
    client.seats.lock(room_id=room, index=0, forbid_taken=True)
    for index, code in ((0, 100200), (1, 100201), (-1, 100252)):
        with refused(code):
            client.seats.switch(room_id=room, to_index=index, member_account="bob")


def test_who_leaves_the_room_leaves_the_seat(client: ChatClient, emulator: Emulator, room: str) -> None:
    emulator.leave_room(room, "bob")
    client.live_rooms.ban_members(room_id=room, member_list_account=["carol"], duration=60)
    assert seated(client, room) == [None, None, None]
    with refused(100206):
        client.seats.remove_user(room_id=room, member_account="bob")


def test_rooms_without_seats(client: ChatClient) -> None:
    with refused(100004):
        client.seats.list_all(room_id="nowhere")
    room_id = make_conference(client)
    assert seated(client, room_id) == []
    with refused(100211):
        client.seats.lock(room_id=room_id, index=0, forbid_taken=True)
    with refused(100211):
        client.seats.add_user(room_id=room_id, index=0, member_account="alice")


@pytest.mark.usefixtures("receiver")
def test_webhooks(client: ChatClient, emulator: Emulator, conference: str, live: str) -> None:
    client.seats.add_user(room_id=conference, index=1, member_account="alice")
    client.seats.lock(room_id=conference, index=1, forbid_audio=True)
    client.seats.lock(room_id=conference, index=1, forbid_audio=True)
    client.seats.remove_user(room_id=conference, member_account="alice")
    enter(emulator, live, "bob")
    client.seats.add_user(room_id=live, index=0, member_account="bob")
    emulator.leave_room(live, "bob", opt_platform="iOS")
    events = told(emulator, "Mic.CallbackAfterSeatInfoChanged")
    assert [event.get("Operator_Account") for event in events] == ["administrator"] * 3 + [None] * 2
    assert [event["SeatList"][1].get("Member_Account") for event in events[:3]] == ["alice", "alice", None]
    assert [event["SeatList"][1]["IsAudioDisabled"] for event in events[:3]] == [False, True, True]
    assert [len(event["SeatList"]) for event in events] == [4, 4, 4, 9, 9]
    platforms = [
        delivery.query["OptPlatform"] for delivery in emulator.webhooks.delivered if "Mic." in delivery.command
    ]
    assert platforms == ["RESTAPI"] * 4 + ["iOS"]
