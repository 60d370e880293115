"""What the emulator's tests of rooms have in common."""

from __future__ import annotations

from typing import Any

from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

PEOPLE = ("alice", "bob", "carol", "dave")


def make_live_room(client: ChatClient, room_id: str = "garden", owner: str = "alice", **info: Any) -> str:
    """Create a live room; return its ID."""
    client.live_rooms.create(room_info={"RoomId": room_id, "RoomType": "Live", "Owner_Account": owner, **info})
    return room_id


def make_conference(client: ChatClient, room_id: str = "standup", owner: str = "alice", **info: Any) -> str:
    """Create a conference; return its ID."""
    client.rooms.create(room_info={"RoomId": room_id, "RoomType": "Conference", "Owner_Account": owner, **info})
    return room_id


def enter(emulator: Emulator, room_id: str, *names: str) -> None:
    """Let accounts come in as their clients do."""
    for name in names:
        emulator.enter_room(room_id, name)


def seated(client: ChatClient, room_id: str) -> list[object]:
    """Return who is on the seats, None for a free one."""
    data = client.seats.list_all(room_id=room_id).response
    return [seat.member_account for seat in data.seat_list or ()] if data else []


def last_answer(emulator: Emulator) -> Any:
    """Return what is below Response in the last answer."""
    return emulator.calls[-1].answer["Response"]
