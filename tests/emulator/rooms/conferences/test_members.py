"""Members of conference rooms: host, roles, marks, removal, bans."""

from __future__ import annotations

import pytest

from support.groups import import_accounts, refused, told
from support.rooms import enter, last_answer
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator


@pytest.fixture
def room(emulator: Emulator, conference: str) -> str:
    """Alice's, with bob, carol and dave in it."""
    enter(emulator, conference, "bob", "carol", "dave")
    return conference


def names(client: ChatClient, room_id: str) -> list[object]:
    return [member.member_account for member in client.rooms.iter_members(room_id=room_id)]


def roles(client: ChatClient, room_id: str) -> dict[object, str | None]:
    return {member.member_account: member.role for member in client.rooms.iter_members(room_id=room_id)}


def mark(client: ChatClient, room_id: str, command: int | str = 1, **marks: list[int]) -> None:
    client.rooms.set_member_marks(
        room_id=room_id,
        command_type=command,  # type: ignore[arg-type]
        member_list=[{"Member_Account": name, "Marks": own} for name, own in marks.items()],
    )


def marks(client: ChatClient, room_id: str) -> dict[object, list[int]]:
    return {item.member_account: list(item.marks or ()) for item in client.rooms.iter_members(room_id=room_id)}


def test_a_large_room_page_by_page(client: ChatClient, emulator: Emulator, room: str) -> None:
    assert names(client, room) == ["alice", "bob", "carol", "dave"]
    pages = [member.member_account for member in client.rooms.iter_members(room_id=room, count=2)]
    assert pages == ["alice", "bob", "carol", "dave"]
    people = [f"user{number}" for number in range(50)]
    import_accounts(client, *people)
    enter(emulator, room, *people)
    client.rooms.list_members(room_id=room)
    assert len(last_answer(emulator)["MemberList"]) == 50
    assert names(client, room)[4:] == people


def test_another_host(client: ChatClient, room: str) -> None:
    client.rooms.update_member(room_id=room, member_info={"Member_Account": "bob", "Role": "Admin"})
    client.rooms.change_owner(room_id=room, from_account="alice", new_owner_account="bob")
    assert roles(client, room) == {"alice": "Member", "bob": "Owner", "carol": "Member", "dave": "Member"}
    with refused(100002):
        client.rooms.change_owner(room_id=room, from_account="alice", new_owner_account="carol")
    with refused(100005):
        client.rooms.change_owner(room_id=room, from_account="bob", new_owner_account="erin")


def test_what_a_member_is_called(client: ChatClient, emulator: Emulator, room: str) -> None:
    client.rooms.update_member(
        room_id=room, member_info={"Member_Account": "bob", "NameCard": "B.", "Role": "Admin", "CustomInfo": "x"}
    )
    client.rooms.update_member(room_id=room, member_info={"Member_Account": "bob", "NameCard": "Bob"})
    client.rooms.update_member(room_id=room, member_info={"Member_Account": "alice", "NameCard": "A."})
    client.rooms.list_members(room_id=room, count=2)
    assert last_answer(emulator)["MemberList"] == [
        {"Member_Account": "alice", "NameCard": "A.", "Role": "Owner", "Marks": [], "CustomInfo": ""},
        {"Member_Account": "bob", "NameCard": "Bob", "Role": "Admin", "Marks": [], "CustomInfo": "x"},
    ]
    with refused(100006):
        client.rooms.update_member(room_id=room, member_info={"Member_Account": "alice", "Role": "Member"})
    with refused(100005):
        client.rooms.update_member(room_id=room, member_info={"Member_Account": "erin", "Role": "Member"})


def test_marks(client: ChatClient, room: str) -> None:
    mark(client, room, bob=[1000, 1001], carol=[1000])
    mark(client, room, "1", bob=[1001, 1002])
    mark(client, room, 2, bob=[1000], dave=[1000])
    assert marks(client, room) == {"alice": [], "bob": [1001, 1002], "carol": [1000], "dave": []}
    mark(client, room, alice=[1003, 1004, 1005], dave=[1006, 1007, 1008], carol=[1009])
    with refused(100009):
        mark(client, room, bob=[1001], dave=[1010])
    with refused(100005):
        mark(client, room, bob=[1000], erin=[1000])
    assert marks(client, room)["bob"] == [1001, 1002]


@pytest.mark.usefixtures("receiver")
def test_members_are_removed(client: ChatClient, emulator: Emulator, room: str) -> None:
    client.seats.add_user(room_id=room, index=0, member_account="bob")
    client.rooms.remove_members(room_id=room, member_list_account=["bob", "carol"], reason="The meeting is full.")
    assert names(client, room) == ["alice", "dave"]
    for people, code in ((["dave", "bob"], 100005), (["dave", "alice"], 100006)):
        with refused(code):
            client.rooms.remove_members(room_id=room, member_list_account=people, reason="")
    assert names(client, room) == ["alice", "dave"]
    enter(emulator, room, "bob")
    assert told(emulator, "Room.CallbackAfterMemberLeave") == [
        {
            "Operator_Account": "administrator",
            "RoomId": room,
            "MemberCount": 2,
            "Type": "Kicked",
            "MemberList_Account": ["bob", "carol"],
            "Reason": "The meeting is full.",
        }
    ]
    assert [
        seats["SeatList"][0].get("Member_Account") for seats in told(emulator, "Mic.CallbackAfterSeatInfoChanged")
    ] == [
        "bob",
        None,
    ]


def test_bans_end_with_time(client: ChatClient, emulator: Emulator, room: str) -> None:
    client.rooms.ban_members(room_id=room, member_list_account=["bob", "carol"], reason="Noise", duration=60)
    client.rooms.ban_members(room_id=room, member_list_account=["bob", "dave"], reason="Noise", duration=90)
    assert names(client, room) == ["alice"]
    banned = {
        item.member_account: item.banned_until for item in client.rooms.iter_banned_members(room_id=room, limit=2)
    }
    assert list(banned) == ["bob", "carol", "dave"]
    with refused(100016):
        enter(emulator, room, "bob")
    client.rooms.unban_members(room_id=room, member_list_account=["bob", "alice"])
    enter(emulator, room, "bob")
    emulator.clock.advance(60)
    enter(emulator, room, "carol")
    assert [item.member_account for item in client.rooms.iter_banned_members(room_id=room)] == ["dave"]


def test_bans_that_are_refused(client: ChatClient, room: str) -> None:
    for people, code in ((["bob", "erin"], 100005), (["bob", "alice"], 100006)):
        with refused(code):
            client.rooms.ban_members(room_id=room, member_list_account=people, reason="", duration=60)
    with refused(100002):
        client.rooms.unban_members(room_id=room, member_list_account=["nobody"])
    assert names(client, room) == ["alice", "bob", "carol", "dave"]


def test_rooms_of_other_kinds(client: ChatClient, live: str) -> None:
    for room_id, code in ((live, 100006), ("nowhere", 100004)):
        with refused(code):
            client.rooms.remove_members(room_id=room_id, member_list_account=["bob"], reason="")
        with refused(code):
            client.rooms.ban_members(room_id=room_id, member_list_account=["bob"], reason="", duration=60)
        with refused(code):
            client.rooms.unban_members(room_id=room_id, member_list_account=["bob"])
        with refused(100004):
            client.rooms.list_members(room_id=room_id)
        with refused(100004):
            client.rooms.list_banned_members(room_id=room_id)
        with refused(100004):
            mark(client, room_id, bob=[1000])
        with refused(100004):
            client.rooms.update_member(room_id=room_id, member_info={"Member_Account": "bob"})
        with refused(100004):
            client.rooms.change_owner(room_id=room_id, from_account="alice", new_owner_account="bob")
