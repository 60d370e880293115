"""What users do on their devices: join a group, leave it, lose their connection and get it back."""

from __future__ import annotations

import pytest

from support.groups import come_in, import_accounts, make_group, members_of, refused, told
from support.receiver import Receiver
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator, Refused

APPLY = "Group.CallbackBeforeApplyJoinGroup"


@pytest.fixture(autouse=True)
def people(client: ChatClient) -> None:
    import_accounts(client, "alice", "bob", "carol")


@pytest.mark.parametrize(("type_", "joined"), [("Public", False), ("Meeting", True), ("Community", True)])
def test_who_gets_in_at_once(client: ChatClient, emulator: Emulator, type_: str, joined: bool) -> None:
    group_id = make_group(client, type_)
    assert emulator.join(group_id, "bob") is joined
    assert client.groups.list_joined(member_account="bob").total_count == int(joined)
    assert joined or emulator.join(group_id, "bob", approved=True)


def test_what_the_group_says_decides(client: ChatClient, emulator: Emulator) -> None:
    group_id = make_group(client, "Public")
    client.groups.update(group_id=group_id, apply_join_option="FreeAccess")
    assert emulator.join(group_id, "bob")
    client.groups.update(group_id=group_id, apply_join_option="DisableApply")
    with refused(10007):
        emulator.join(group_id, "carol")


def test_refusals(client: ChatClient, emulator: Emulator) -> None:
    work, meeting = make_group(client, "Work"), make_group(client, "Meeting", "bob", owner="alice")
    with refused(10007):
        emulator.join(work, "bob")
    with refused(10010):
        emulator.join("gone", "bob")
    with refused(10019):
        emulator.join(meeting, "eve")
    with refused(10013):
        emulator.join(meeting, "bob")
    client.groups.update(group_id=meeting, max_member_num=2)
    with pytest.raises(Refused, match="10014 There is room for 0 more members"):
        emulator.join(meeting, "carol")


def test_leaving(client: ChatClient, emulator: Emulator) -> None:
    group_id = make_group(client, "Public", "bob", owner="alice")
    emulator.leave(group_id, "bob")
    assert members_of(client, group_id) == ["alice"]
    with refused(10009):
        emulator.leave(group_id, "alice")
    with refused(10007):
        emulator.leave(group_id, "bob")
    work = make_group(client, "Work", "bob", owner="alice")
    emulator.leave(work, "alice")
    answer = client.groups.get(group_id_list=[work])
    assert [group.owner_account for group in answer.group_info or ()] == [""]


def test_webhooks_around_a_join(client: ChatClient, emulator: Emulator, receiver: Receiver) -> None:
    group_id = make_group(client, "Meeting")
    emulator.join(group_id, "bob", opt_platform="iOS")
    emulator.leave(group_id, "bob", opt_platform="iOS")
    shared = {"GroupId": group_id, "Type": "ChatRoom"}
    bob = [{"Member_Account": "bob"}]
    assert told(emulator, APPLY) == [shared | {"Requestor_Account": "bob"}]
    assert told(emulator, "Group.CallbackAfterNewMemberJoin") == [
        shared | {"JoinType": "Apply", "Operator_Account": "bob", "NewMemberList": bob}
    ]
    assert told(emulator, "Group.CallbackAfterMemberExit") == [
        shared | {"ExitType": "Quit", "Operator_Account": "bob", "ExitMemberList": bob}
    ]
    platforms = [delivery.query["OptPlatform"] for delivery in emulator.webhooks.delivered]
    assert (platforms.count("RESTAPI"), platforms.count("iOS")) == (2, 3)
    receiver.reject(APPLY, 10102, "not you")
    with pytest.raises(Refused, match="10102 not you"):
        emulator.join(group_id, "bob")
    assert members_of(client, group_id) == []


@pytest.mark.usefixtures("receiver")
def test_connections_in_a_live_group(client: ChatClient, emulator: Emulator) -> None:
    room = make_group(client, "AVChatRoom", owner="alice")
    come_in(emulator, room, "alice", "bob")
    so_far = len(emulator.webhooks.delivered)
    emulator.disconnect(room, "alice")
    assert client.live_groups.get_online_count(group_id=room).online_member_num == 1
    emulator.reconnect(room, "alice")
    assert client.live_groups.get_online_count(group_id=room).online_member_num == 2
    assert [delivery.body for delivery in emulator.webhooks.delivered[so_far:]] == [
        {
            "CallbackCommand": "Group.CallbackOnMemberStateChange",
            "GroupId": room,
            "EventType": event,
            "MemberList": [{"Member_Account": "alice"}],
        }
        for event in ("Offline", "Online")
    ]
    answer = client.groups.get(group_id_list=[room])
    assert [group.owner_account for group in answer.group_info or ()] == ["alice"]


def test_connections_count_in_live_groups_only(client: ChatClient, emulator: Emulator) -> None:
    group_id = make_group(client, "Public", "bob")
    with refused(10007):
        emulator.disconnect(group_id, "bob")
    with refused(10007):
        emulator.reconnect(make_group(client, "AVChatRoom"), "bob")
