"""Members of live rooms: owner, administrators, who is online, mutes, bans."""

from __future__ import annotations

import pytest

from support.groups import import_accounts, make_group, refused, told
from support.rooms import enter, last_answer, make_conference, make_live_room
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator
from tencent_chat_emulator._commands.rooms.live import members


def online(client: ChatClient, room_id: str) -> list[object]:
    return [member.member_account for member in client.live_rooms.iter_members(room_id=room_id)]


def admins(client: ChatClient, emulator: Emulator, room_id: str) -> list[str]:
    client.live_rooms.list_admins(room_id=room_id)
    return list(last_answer(emulator)["Admin_Account"])


def owner(client: ChatClient, emulator: Emulator, room_id: str) -> str:
    client.live_rooms.get(room_id=room_id)
    return str(last_answer(emulator)["RoomInfo"]["Owner_Account"])


@pytest.mark.usefixtures("receiver")
def test_another_owner(client: ChatClient, emulator: Emulator, live: str) -> None:
    client.live_rooms.update_admins(room_id=live, admin_account=["bob", "carol"], op_type="add")
    client.live_rooms.change_owner(room_id=live, new_owner_account="bob")
    client.live_rooms.change_owner(room_id=live, new_owner_account="bob")
    assert owner(client, emulator, live) == "bob"
    assert admins(client, emulator, live) == ["carol"]
    changed = {"RoomId": live, "CurrentOwner_Account": "bob", "OriginalOwner_Account": "alice"}
    assert told(emulator, "Live.CallbackAfterChangeOwner") == [changed | {"Operator_Account": "administrator"}]


def test_owners_that_are_refused(client: ChatClient, emulator: Emulator, live: str) -> None:
    client.live_rooms.ban_members(room_id=live, member_list_account=["bob"], duration=60)
    with refused(100016):
        client.live_rooms.change_owner(room_id=live, new_owner_account="bob")
    with refused(100002):
        client.live_rooms.change_owner(room_id=live, new_owner_account="nobody")
    assert owner(client, emulator, live) == "alice"


@pytest.mark.usefixtures("receiver")
def test_administrators(client: ChatClient, emulator: Emulator, live: str) -> None:
    import_accounts(client, "erin", "frank", "grace")
    client.live_rooms.update_admins(room_id=live, admin_account=["bob", "carol", "dave"], op_type="add")
    client.live_rooms.update_admins(room_id=live, admin_account=["bob", "erin", "frank"], op_type="add")
    with refused(100020):
        client.live_rooms.update_admins(room_id=live, admin_account=["grace"], op_type="add")
    with refused(100002):
        client.live_rooms.update_admins(room_id=live, admin_account=["nobody"], op_type="add")
    client.live_rooms.update_admins(room_id=live, admin_account=["carol", "grace"], op_type="delete")
    assert admins(client, emulator, live) == ["bob", "dave", "erin", "frank"]
    assert [(event["opType"], event["Admin_Account"]) for event in told(emulator, "Live.CallbackAfterModifyAdmin")] == [
        ("add", ["bob", "carol", "dave"]),
        ("add", ["bob", "erin", "frank"]),
        ("delete", ["carol", "grace"]),
    ]


def test_who_is_online(client: ChatClient, emulator: Emulator, live: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "_PAGE", 2)
    enter(emulator, live, "bob", "carol", "dave")
    assert online(client, live) == ["bob", "carol", "dave"]
    emulator.leave_room(live, "bob")
    enter(emulator, live, "bob")
    assert online(client, live) == ["carol", "dave", "bob"]
    first = client.live_rooms.list_members(room_id=live, next="").response
    assert first is not None
    assert (first.member_count, len(first.member_list or ()), bool(first.next)) == (3, 2, True)
    monkeypatch.setattr(members, "_LISTED", 2)
    assert online(client, live) == ["carol", "dave"]
    with refused(100002):
        client.live_rooms.list_members(room_id=live, next="elsewhere")


def test_mutes_end_with_time(client: ChatClient, emulator: Emulator, live: str) -> None:
    def muted() -> dict[object, int]:
        client.live_rooms.list_muted_members(room_id=live)
        return {item["Member_Account"]: item["MutedUntil"] for item in last_answer(emulator)["MutedAccountList"]}

    def speak() -> None:
        client.live_rooms.send_text_message(room_id=live, sender_account="bob", text_content="Hello")

    now = int(emulator.clock.now())
    client.live_rooms.mute_members(room_id=live, member_list_account=["bob", "carol"], mute_time=60)
    assert muted() == {"bob": now + 60, "carol": now + 60}
    with refused(100601):
        speak()
    client.live_rooms.mute_members(room_id=live, member_list_account=["carol", "dave"], mute_time=0)
    assert muted() == {"bob": now + 60}
    emulator.clock.advance(60)
    assert muted() == {}
    speak()
    with refused(100002):
        client.live_rooms.mute_members(room_id=live, member_list_account=["nobody"], mute_time=60)


@pytest.mark.usefixtures("receiver")
def test_bans_end_with_time(client: ChatClient, emulator: Emulator, live: str) -> None:
    now = int(emulator.clock.now())
    enter(emulator, live, "bob", "carol")
    client.live_rooms.ban_members(
        room_id=live, member_list_account=["bob", "dave", "alice"], duration=60, reason="Noise"
    )
    assert online(client, live) == ["carol"]
    banned = list(client.live_rooms.iter_banned_members(room_id=live, limit=2))
    assert [(item.member_account, item.reason) for item in banned] == [
        ("bob", "Noise"),
        ("dave", "Noise"),
        ("alice", "Noise"),
    ]
    assert last_answer(emulator)["BannedAccountList"][0]["BannedUntil"] == now + 60
    with refused(100016):
        enter(emulator, live, "bob")
    client.live_rooms.unban_members(room_id=live, member_list_account=["bob", "carol"])
    enter(emulator, live, "bob")
    emulator.clock.advance(60)
    assert list(client.live_rooms.iter_banned_members(room_id=live)) == []
    enter(emulator, live, "dave")
    with refused(100002):
        client.live_rooms.ban_members(room_id=live, member_list_account=["nobody"], duration=60)
    kicked = [
        delivery.body
        for delivery in emulator.webhooks.delivered
        if delivery.command == "Live.CallbackAfterMemberStateChanged" and delivery.body["EventCause"] == "Kicked"
    ]
    assert [(event["EventType"], event["MemberList"]) for event in kicked] == [("Offline", [{"Member_Account": "bob"}])]


def test_rooms_of_other_kinds(client: ChatClient) -> None:
    conference, group = make_conference(client), make_group(client, "AVChatRoom")
    # Only some pages have a code for it.
    for room_id, specific in ((conference, 100006), (group, 100004)):
        with refused(specific):
            client.live_rooms.list_members(room_id=room_id, next="")
        with refused(specific):
            client.live_rooms.ban_members(room_id=room_id, member_list_account=["bob"], duration=60)
        for call in (
            lambda room_id=room_id: client.live_rooms.list_admins(room_id=room_id),
            lambda room_id=room_id: client.live_rooms.list_banned_members(room_id=room_id),
            lambda room_id=room_id: client.live_rooms.list_muted_members(room_id=room_id),
            lambda room_id=room_id: client.live_rooms.change_owner(room_id=room_id, new_owner_account="bob"),
            lambda room_id=room_id: client.live_rooms.unban_members(room_id=room_id, member_list_account=["bob"]),
        ):
            with refused(100004):
                call()


def test_a_deleted_account_is_out_of_all_rooms(client: ChatClient, emulator: Emulator, live: str) -> None:
    conference = make_conference(client)
    for room_id in (live, conference):
        enter(emulator, room_id, "bob", "carol")
    make_live_room(client, "other")
    client.seats.add_user(room_id=live, index=0, member_account="bob")
    client.live_rooms.update_admins(room_id=live, admin_account=["bob"], op_type="add")
    client.accounts.delete(delete_item=[{"UserID": "bob"}])
    assert online(client, live) == ["carol"]
    assert admins(client, emulator, live) == []
    assert [member.member_account for member in client.rooms.iter_members(room_id=conference)] == ["alice", "carol"]
    seats = client.seats.list_all(room_id=live).response
    assert seats is not None
    assert all(seat.member_account is None for seat in seats.seat_list or ())
