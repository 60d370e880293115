"""Battles between live rooms."""

from __future__ import annotations

import pytest

from support.groups import refused, told
from support.rooms import last_answer, make_live_room
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator


@pytest.fixture(autouse=True)
def rooms(client: ChatClient) -> None:
    """Rooms of alice, bob, carol and dave, called as they are."""
    for name in ("alice", "bob", "carol", "dave"):
        make_live_room(client, name, name)


def fight(client: ChatClient, challenger: str, *challenged: str, duration: int = 60_000) -> str:
    made = client.battles.create(from_room_id=challenger, to_room_id_list=challenged, duration=duration).response
    assert made is not None
    assert made.battle_id
    return made.battle_id


def scores(client: ChatClient, battle_id: str) -> dict[str | None, int | None]:
    battle = client.battles.get(battle_id=battle_id).response
    assert battle is not None
    assert battle.from_room_info is not None
    return {room.room_id: room.score for room in (battle.from_room_info, *(battle.to_room_list or ()))}


@pytest.mark.usefixtures("receiver")
def test_a_battle_from_start_to_end(client: ChatClient, emulator: Emulator) -> None:
    now = int(emulator.clock.now())
    battle_id = fight(client, "alice", "bob", "carol")
    assert last_answer(emulator)["Result"] == [
        {"RoomId": name, "ResultCode": 0, "ResultMessage": ""} for name in ("bob", "carol")
    ]
    client.battles.set_scores(battle_id=battle_id, op_type=1, score_list=[{"RoomId": "bob", "Score": 5}])
    client.battles.set_scores(
        battle_id=battle_id, op_type="1", score_list=[{"RoomId": "bob", "Score": 2}, {"RoomId": "dave", "Score": 1}]
    )
    assert last_answer(emulator)["Result"] == [{"RoomId": "bob", "ResultCode": 0}, {"RoomId": "dave", "ResultCode": 1}]
    client.battles.set_scores(battle_id=battle_id, op_type=2, score_list=[{"RoomId": "alice", "Score": 9}])
    assert scores(client, battle_id) == {"alice": 9, "bob": 7, "carol": 0}
    assert last_answer(emulator).items() >= {"StartTime": now, "EndTime": now + 60, "Status": 2}.items()
    emulator.clock.advance(60)
    assert scores(client, battle_id) == {"alice": 9, "bob": 7, "carol": 0}
    assert last_answer(emulator)["Status"] == 3
    with refused(100421):
        client.battles.set_scores(battle_id=battle_id, op_type=1, score_list=[{"RoomId": "bob", "Score": 5}])
    assert [delivery.command for delivery in emulator.webhooks.delivered] == [
        f"Live.CallbackAfter{what}" for what in ("CreateBattle", "StartBattle", "EndBattle")
    ]
    assert told(emulator, "Live.CallbackAfterEndBattle") == [
        {
            "BattleId": battle_id,
            "Duration": 60_000,
            "CreateTime": now,
            "StartTime": now,
            "EndTime": now + 60,
            "OpType": 0,
            "FromRoomInfo": {"RoomId": "alice", "Score": 9, "Owner_Account": "alice"},
            "ToRoomList": [
                {"RoomId": "bob", "Score": 7, "Owner_Account": "bob"},
                {"RoomId": "carol", "Score": 0, "Owner_Account": "carol"},
            ],
        }
    ]


def test_rooms_that_cannot_take_part(client: ChatClient, emulator: Emulator) -> None:
    first = fight(client, "alice", "bob")
    second = fight(client, "carol", "bob", "dave", "nowhere", "carol")
    assert [(item["RoomId"], item["ResultCode"]) for item in last_answer(emulator)["Result"]] == [
        ("bob", 3),
        ("dave", 0),
        ("nowhere", 5),
        ("carol", 5),
    ]
    assert scores(client, second) == {"carol": 0, "dave": 0}
    with refused(100415):
        fight(client, "alice", "bob")
    emulator.clock.advance(60)
    with refused(100412):
        fight(client, "alice", "nowhere")
    third = fight(client, "alice", "bob")
    assert first != third


def test_refusals(client: ChatClient) -> None:
    with refused(100004):
        fight(client, "nowhere", "bob")
    with refused(100002):
        fight(client, "alice", "bob", duration=0)
    with refused(100411):
        client.battles.get(battle_id="none")
    with refused(100411):
        client.battles.set_scores(battle_id="none", op_type=1, score_list=[{"RoomId": "bob", "Score": 5}])


def test_the_battle_of_a_room(client: ChatClient, emulator: Emulator) -> None:
    battle_id = fight(client, "alice", "bob")
    client.battles.get(battle_id="unknown", room_id="bob")
    assert last_answer(emulator)["BattleId"] == battle_id


@pytest.mark.usefixtures("receiver")
def test_a_battle_without_rooms_is_over(client: ChatClient, emulator: Emulator) -> None:
    battle_id = fight(client, "alice", "bob")
    client.live_rooms.delete(room_id="alice")
    client.battles.get(battle_id=battle_id)
    assert last_answer(emulator)["Status"] == 2
    client.live_rooms.delete(room_id="bob")
    client.battles.get(battle_id=battle_id)
    assert last_answer(emulator)["Status"] == 3
    assert [event["OpType"] for event in told(emulator, "Live.CallbackAfterEndBattle")] == [1]
