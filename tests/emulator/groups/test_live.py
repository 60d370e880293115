"""AVChatRooms: who is online, administrators, marks, bans."""

from __future__ import annotations

import pytest

from support.groups import come_in, import_accounts, make_group, refused
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator
from tencent_chat_emulator._commands.groups.members import live

NAMES = ("bob", "carol", "dave")


@pytest.fixture
def room(client: ChatClient, emulator: Emulator) -> str:
    """An AVChatRoom of alice, who is not there, with three others in it."""
    import_accounts(client, "alice", *NAMES)
    group_id = make_group(client, "AVChatRoom", owner="alice")
    come_in(emulator, group_id, *NAMES)
    return group_id


def online(client: ChatClient, room: str) -> list[str | None]:
    return [member.member_account for member in client.live_groups.iter_members(group_id=room)]


def banned(client: ChatClient, room: str) -> list[str | None]:
    return [member.member_account for member in client.groups.iter_banned_members(group_id=room, limit=2)]


def admins(client: ChatClient, room: str) -> list[str | None]:
    return [admin.admin_account for admin in client.live_groups.list_admins(group_id=room).admin_list or ()]


def mark(client: ChatClient, room: str, command: int = 1, **marks: list[int]) -> list[str | None]:
    answer = client.live_groups.set_member_marks(
        group_id=room,
        command_type=command,  # type: ignore[arg-type]
        member_list=[{"Member_Account": name, "Marks": own} for name, own in marks.items()],
    )
    return [member.member_account for member in answer.member_list or ()]


def test_who_is_online(client: ChatClient, emulator: Emulator, room: str) -> None:
    assert online(client, room) == ["bob", "carol", "dave"]
    emulator.leave(room, "carol")
    assert online(client, room) == ["bob", "dave"]
    assert client.live_groups.get_online_count(group_id=room).online_member_num == 2
    checked = client.live_groups.check_members(group_id=room, member_account=["carol", "dave", "eve", "bob"])
    assert checked.member_account == ["dave", "bob"]


def test_a_large_room_page_by_page(
    client: ChatClient, emulator: Emulator, room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_LATEST", 5)
    monkeypatch.setattr(live, "_PAGE", 2)
    names = [f"user{number}" for number in range(4)]
    import_accounts(client, *names)
    come_in(emulator, room, *names)
    assert online(client, room) == ["dave", *names]
    first = client.live_groups.list_members(group_id=room, timestamp=0)
    assert (len(first.member_list or ()), first.next_timestamp != 0) == (2, True)


def test_bans_end_with_time(client: ChatClient, emulator: Emulator, room: str) -> None:
    client.groups.ban_members(group_id=room, members_account=["bob", "carol", "alice"], duration=60)
    assert online(client, room) == ["dave"]
    assert banned(client, room) == ["bob", "carol", "alice"]
    assert emulator.calls[-1].answer["BannedAccountList"][0]["BannedUntil"] == int(emulator.clock.now()) + 60
    with refused(10007):
        emulator.join(room, "bob")
    client.groups.unban_members(group_id=room, members_account=["bob", "dave"])
    assert banned(client, room) == ["carol", "alice"]
    come_in(emulator, room, "bob")
    emulator.clock.advance(60)
    assert banned(client, room) == []
    come_in(emulator, room, "carol")


def test_administrators(client: ChatClient, emulator: Emulator, room: str) -> None:
    import_accounts(client, "erin", "frank")
    client.live_groups.update_admins(group_id=room, command_type=1, admin_account=["bob", "alice"])
    emulator.leave(room, "bob")
    client.live_groups.update_admins(group_id=room, command_type=1, admin_account=["bob", "carol", "dave", "erin"])
    assert admins(client, room) == ["bob", "alice", "carol", "dave", "erin"]
    with refused(10004):
        client.live_groups.update_admins(group_id=room, command_type=1, admin_account=["frank"])
    client.live_groups.update_admins(group_id=room, command_type=2, admin_account=["alice", "frank"])
    assert admins(client, room) == ["bob", "carol", "dave", "erin"]
    with refused(10019):
        client.live_groups.update_admins(group_id=room, command_type=1, admin_account=["eve"])


def test_marks(client: ChatClient, emulator: Emulator, room: str) -> None:
    assert mark(client, room, bob=[1000, 600], carol=[500], alice=[1000]) == ["bob", "carol"]
    assert online(client, room) == ["carol", "dave"]
    assert mark(client, room, 2, bob=[600]) == ["bob"]
    assert online(client, room) == ["bob", "carol", "dave"]
    # Mark 500 keeps somebody online.
    emulator.disconnect(room, "carol")
    emulator.disconnect(room, "bob")
    assert online(client, room) == ["carol", "dave"]
    emulator.reconnect(room, "bob")
    mark(client, room, dave=[600])
    emulator.disconnect(room, "dave")
    emulator.reconnect(room, "dave")
    assert online(client, room) == ["carol", "bob", "dave"]


def test_marks_that_are_refused(client: ChatClient, room: str) -> None:
    with refused(10004):
        mark(client, room, bob=[999])
    with refused(10004):
        mark(client, room, alice=[1000])
    mark(client, room, bob=list(range(1000, 1009)))
    with refused(10004):
        mark(client, room, carol=[1009, 1010])
    mark(client, room, carol=[1000, 1009])


@pytest.mark.parametrize("type_", ["Public", "Work", "Meeting", "Community"])
def test_other_types_are_refused(client: ChatClient, type_: str) -> None:
    import_accounts(client, "bob")
    group_id = make_group(client, type_, "bob")
    for call in (
        lambda: client.live_groups.list_members(group_id=group_id, timestamp=0),
        lambda: client.live_groups.get_online_count(group_id=group_id),
        lambda: client.live_groups.check_members(group_id=group_id, member_account=["bob"]),
        lambda: client.live_groups.list_admins(group_id=group_id),
        lambda: client.live_groups.update_admins(group_id=group_id, command_type=1, admin_account=["bob"]),
        lambda: mark(client, group_id, bob=[1000]),
        lambda: client.groups.ban_members(group_id=group_id, members_account=["bob"], duration=60),
        lambda: client.groups.unban_members(group_id=group_id, members_account=["bob"]),
        lambda: client.groups.list_banned_members(group_id=group_id, offset=0),
    ):
        with refused(10007):
            call()
