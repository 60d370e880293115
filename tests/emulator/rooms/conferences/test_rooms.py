"""Conference rooms: create, change, dissolve, look up."""

from __future__ import annotations

from typing import Any

import pytest

from support.groups import make_group, refused, told
from support.rooms import enter, last_answer, make_conference, make_live_room, seated
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator


def info(client: ChatClient, emulator: Emulator, room_id: str) -> dict[str, Any]:
    client.rooms.get(room_id=room_id)
    return dict(last_answer(emulator)["RoomInfo"])


def test_a_room_with_what_it_was_created_with(client: ChatClient, emulator: Emulator) -> None:
    now = int(emulator.clock.now())
    given: dict[str, Any] = {
        "RoomName": "Stand-up",
        "MaxMemberCount": 20,
        "ScheduleStartTime": now + 600,
        "ScheduleEndTime": now + 900,
        "IsVideoDisabled": True,
        "IsAudioDisabled": True,
        "IsMessageDisabled": True,
        "IsScreenSharingDisabled": True,
        "IsCloudRecordingDisabled": True,
        "CustomInfo": "custom",
        "IsSeatEnabled": True,
        "MaxSeatCount": 3,
        "TakeSeatMode": "ApplyToTake",
    }
    room_id = make_conference(client, **given)
    assert info(client, emulator, room_id) == {
        **given,
        "RoomId": room_id,
        "RoomType": "Conference",
        "Owner_Account": "alice",
        "RoomStatus": "NotStarted",
        "CreateTime": now,
        "MemberCount": 1,
    }
    assert len(seated(client, room_id)) == 3


def test_a_room_of_the_caller_that_begins_at_once(client: ChatClient, emulator: Emulator) -> None:
    client.rooms.create(room_info={"RoomId": "plain", "RoomType": "Conference"})
    shown, now = info(client, emulator, "plain"), int(emulator.clock.now())
    assert (shown["RoomName"], shown["Owner_Account"], shown["RoomStatus"]) == ("plain", "administrator", "Running")
    assert (shown["ScheduleStartTime"], shown["ScheduleEndTime"]) == (now, now + 3600)
    assert (shown["IsSeatEnabled"], shown["MaxSeatCount"]) == (False, 0)


def test_a_planned_room_begins(client: ChatClient, emulator: Emulator) -> None:
    room_id = make_conference(client, ScheduleStartTime=int(emulator.clock.now()) + 60)
    assert info(client, emulator, room_id)["RoomStatus"] == "NotStarted"
    emulator.clock.advance(60)
    assert info(client, emulator, room_id)["RoomStatus"] == "Running"


def test_refusals(client: ChatClient, emulator: Emulator, conference: str) -> None:
    now = int(emulator.clock.now())
    with refused(100010):
        make_conference(client, conference)
    with refused(100003):
        make_conference(client, conference, "bob")
    with refused(100003):
        make_conference(client, make_live_room(client), "bob")
    with refused(100011):
        make_conference(client, make_group(client))
    with refused(100002):
        make_conference(client, "other", "nobody")
    with refused(100002):
        make_conference(client, "other", ScheduleStartTime=now, ScheduleEndTime=now + 299)
    with refused(100002):
        client.rooms.create(
            room_info={"RoomId": "other", "RoomType": "Conference"}, schedule_invitee_list_account=["nobody"]
        )
    with refused(100004):
        client.rooms.get(room_id="other")


def test_changes(client: ChatClient, emulator: Emulator, conference: str) -> None:
    before = info(client, emulator, conference)
    changes: dict[str, object] = {"RoomName": "Late", "IsAudioDisabled": True, "CustomInfo": "more"}
    client.rooms.update(room_info={"RoomId": conference, **changes})
    assert info(client, emulator, conference) == before | changes


def test_a_room_that_is_gone(client: ChatClient, conference: str) -> None:
    client.rooms.delete(room_id=conference)
    for call in (
        lambda: client.rooms.delete(room_id=conference),
        lambda: client.rooms.get(room_id=conference),
        lambda: client.rooms.update(room_info={"RoomId": conference}),
    ):
        with refused(100004):
            call()
    make_conference(client, conference, "bob")


def test_live_rooms_are_no_conferences(client: ChatClient, live: str) -> None:
    with refused(100006):
        client.rooms.delete(room_id=live)
    with refused(100006):
        client.rooms.get(room_id=live)


@pytest.mark.usefixtures("receiver")
def test_webhooks(client: ChatClient, emulator: Emulator) -> None:
    client.rooms.create(
        room_info={"RoomId": "standup", "RoomType": "Conference", "Owner_Account": "alice"},
        schedule_invitee_list_account=["bob"],
    )
    room = info(client, emulator, "standup")
    assert room.pop("MemberCount") == 1
    enter(emulator, "standup", "bob")
    client.rooms.update(room_info={"RoomId": "standup", "RoomName": "Late"})
    client.rooms.delete(room_id="standup")
    operator = {"Operator_Account": "administrator"}
    assert told(emulator, "Room.CallbackAfterCreateRoom") == [
        operator | {"RoomInfo": room, "ScheduleInviteeList_Account": ["bob"]}
    ]
    assert told(emulator, "Room.CallbackAfterUpdateRoomInfo") == [operator | {"RoomInfo": room | {"RoomName": "Late"}}]
    assert told(emulator, "Room.CallbackAfterDestroyRoom") == [operator | {"RoomId": "standup"}]
