"""Robots in live rooms and conferences."""

from __future__ import annotations

from support.groups import refused
from support.rooms import last_answer
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator


def robots(client: ChatClient, emulator: Emulator, room_id: str) -> list[str]:
    client.live_rooms.list_robots(room_id=room_id)
    assert last_answer(emulator)["Total"] == len(last_answer(emulator)["RobotList_Account"])
    return list(last_answer(emulator)["RobotList_Account"])


def test_robots_of_a_live_room(client: ChatClient, emulator: Emulator, live: str) -> None:
    client.live_rooms.add_robots(room_id=live, robot_list_account=["bob", "carol"])
    client.live_rooms.add_robots(room_id=live, robot_list_account=["carol", "dave"])
    assert robots(client, emulator, live) == ["bob", "carol", "dave"]
    with refused(100700):
        client.live_rooms.add_robots(room_id=live, robot_list_account=["alice"])
    client.live_rooms.remove_robots(room_id=live, robot_list_account=["carol", "alice"])
    assert robots(client, emulator, live) == ["bob", "dave"]
    assert list(client.live_rooms.iter_members(room_id=live)) == []


def test_robots_of_a_conference(client: ChatClient, conference: str) -> None:
    for name in ("bob", "carol", "dave"):
        client.rooms.add_robot(room_id=conference, member_account=name)
    with refused(100700):
        client.rooms.add_robot(room_id=conference, member_account="alice")
    client.rooms.remove_robot(room_id=conference, member_account="bob")
    with refused(100005):
        client.rooms.remove_robot(room_id=conference, member_account="bob")
    client.rooms.add_robot(room_id=conference, member_account="alice")


def test_refusals(client: ChatClient, live: str, conference: str) -> None:
    with refused(100002):
        client.live_rooms.add_robots(room_id=live, robot_list_account=["nobody"])
    with refused(100006):
        client.live_rooms.add_robots(room_id=conference, robot_list_account=["bob"])
    with refused(100006):
        client.live_rooms.remove_robots(room_id=conference, robot_list_account=["bob"])
    with refused(100006):
        client.live_rooms.list_robots(room_id=conference)
    with refused(100006):
        client.rooms.add_robot(room_id=live, member_account="bob")
    with refused(100004):
        client.rooms.remove_robot(room_id="nowhere", member_account="bob")
