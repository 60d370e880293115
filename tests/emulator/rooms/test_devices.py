"""What users do on their devices: enter a room and leave it."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.calling import send
from support.groups import refused, told
from support.rooms import enter, make_conference, make_live_room
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator


@pytest.mark.usefixtures("receiver")
def test_a_live_room_tells_who_comes_and_goes(client: ChatClient, emulator: Emulator, live: str) -> None:
    emulator.enter_room(live, "bob", opt_platform="Android")
    emulator.enter_room(live, "bob")
    emulator.leave_room(live, "bob", is_lost=True)
    emulator.enter_room(live, "bob")
    emulator.leave_room(live, "bob")
    events = told(emulator, "Live.CallbackAfterMemberStateChanged")
    assert events[0] == {
        "RoomId": live,
        "EventType": "Online",
        "EventCause": "Enter",
        "MemberList": [{"Member_Account": "bob"}],
    }
    assert [(event["EventType"], event["EventCause"]) for event in events[1:]] == [
        ("Offline", "HeartbeatInterrupt"),
        ("Online", "HeartbeatRecover"),
        ("Offline", "Leave"),
    ]
    platforms = [
        delivery.query["OptPlatform"] for delivery in emulator.webhooks.delivered if "State" in delivery.command
    ]
    assert platforms == ["Android", "Web", "Web", "Web"]
    totals = client.live_rooms.get_stats(room_id=live).response
    assert totals is not None
    assert totals.total_viewers == 1


@pytest.mark.usefixtures("receiver")
def test_a_conference_tells_who_comes_and_goes(emulator: Emulator, conference: str) -> None:
    enter(emulator, conference, "bob")
    emulator.leave_room(conference, "bob", is_lost=True)
    enter(emulator, conference, "bob")
    emulator.leave_room(conference, "bob")
    shared = {"Operator_Account": "bob", "RoomId": conference, "MemberList_Account": ["bob"]}
    entered = shared | {"MemberCount": 2, "Type": "Enter"}
    assert told(emulator, "Room.CallbackAfterMemberEnter") == [entered, entered]
    assert told(emulator, "Room.CallbackAfterMemberLeave") == [
        shared | {"MemberCount": 1, "Type": type_} for type_ in ("Expired", "Leave")
    ]


def test_full_rooms(client: ChatClient, emulator: Emulator) -> None:
    conference, live = make_conference(client, MaxMemberCount=2), make_live_room(client, MaxMemberCount=1)
    for room_id in (conference, live):
        enter(emulator, room_id, "bob")
        with refused(100008):
            enter(emulator, room_id, "carol")
    client.live_rooms.update(room_info={"RoomId": live, "IsUnlimitedRoomEnabled": True})
    enter(emulator, live, "carol")


def test_passwords(client: ChatClient, emulator: Emulator, conference: str) -> None:
    client.rooms.update(room_info={"RoomId": conference, "IsPasswordEnabled": True, "Password": "4711"})
    with refused(100018):
        enter(emulator, conference, "bob")
    with refused(100019):
        emulator.enter_room(conference, "bob", password="1234")
    emulator.enter_room(conference, "bob", password="4711")
    client.rooms.update(room_info={"RoomId": conference, "IsPasswordEnabled": False})
    enter(emulator, conference, "carol")


def test_refusals(emulator: Emulator, live: str, conference: str) -> None:
    with refused(100004):
        enter(emulator, "nowhere", "bob")
    with refused(100002):
        enter(emulator, live, "nobody")
    for room_id in (live, conference):
        with refused(100005):
            emulator.leave_room(room_id, "bob")


def test_over_http(client: ChatClient, emulator: Emulator, live: str) -> None:
    order = {"act": "enter_room", "user_id": "bob", "room_id": live}
    assert send(emulator, "/_emulator/devices", order).json["ErrorCode"] == 0
    call = {"act": "start_call", "user_id": "bob", "callees": ["carol"], "media_type": "Audio"}
    call_id = send(emulator, "/_emulator/devices", call).json["CallId"]
    order = {"act": "take_call", "user_id": "carol", "call_id": call_id}
    assert send(emulator, "/_emulator/devices", order).json["ErrorCode"] == 0
    client.calls.end(call_id=call_id)
    for act, missing in (("leave_room", "room_id"), ("hang_up", "call_id")):
        answer = send(emulator, "/_emulator/devices", {"act": act, "user_id": "bob"})
        assert (answer.status, answer.json) == (400, {"error": f"{missing} is missing"})


def test_a_snapshot_holds_rooms(client: ChatClient, emulator: Emulator, live: str, conference: str) -> None:
    for room_id in (live, conference):
        enter(emulator, room_id, "bob")
        client.seats.add_user(room_id=room_id, index=0, member_account="bob")
    make_live_room(client, "other")
    client.battles.create(from_room_id=live, to_room_id_list=["other"], duration=60_000)
    emulator.start_call("alice", ["bob"])
    client.gifts.copy_defaults()
    before = emulator.snapshot()
    client.live_rooms.delete(room_id=live)
    client.rooms.delete(room_id=conference)
    emulator.restore(before)
    assert emulator.snapshot() == before
    emulator.leave_room(live, "bob")
    emulator.leave_room(conference, "bob")


def test_a_file_keeps_rooms_and_what_time_has_ended(tmp_path: Path) -> None:
    def connect(emulator: Emulator) -> ChatClient:
        return ChatClient(emulator.sdkappid, emulator.secret_key, base_url=emulator.url, retry=False)

    state = tmp_path / "state"
    with Emulator(state=state, now=0) as emulator, connect(emulator) as client:
        client.accounts.import_accounts(accounts=["alice", "bob"])
        for name in ("alice", "bob"):
            make_live_room(client, name, name)
        enter(emulator, "alice", "bob")
        client.battles.create(from_room_id="alice", to_room_id_list=["bob"], duration=60_000)
        call_id = emulator.start_call("alice", ["bob"])
        emulator.clock.advance(60)
        # A refused call, which is not kept, is the first to notice.
        with refused(101004):
            emulator.take_call(call_id, "bob")
        with refused(100411):
            client.battles.get(battle_id="none")
        client.battles.create(from_room_id="bob", to_room_id_list=["alice"], duration=60_000)
        client.calls.get_records(call_id=call_id)
        kept, copy = emulator.snapshot(), tmp_path / "copy"
        # As after a crash: nothing was put in order at the end.
        copy.write_bytes(state.read_bytes())
    with Emulator(state=copy) as emulator:
        assert emulator.snapshot() == kept
