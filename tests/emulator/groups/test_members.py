"""Members of groups: add, import, remove, change."""

from __future__ import annotations

import pytest

from support.groups import import_accounts, make_group, members_of, refused, roles_of, told
from support.receiver import Receiver
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

JOIN = "Group.CallbackAfterNewMemberJoin"
INVITE = "Group.CallbackBeforeInviteJoinGroup"
FULL = "Group.CallbackAfterGroupFull"


@pytest.fixture(autouse=True)
def people(client: ChatClient) -> None:
    import_accounts(client, "alice", "bob", "carol", "dave")


@pytest.fixture
def group_id(client: ChatClient) -> str:
    """A public group of alice, its owner, and bob."""
    return make_group(client, "Public", "bob", owner="alice")


def add(client: ChatClient, group_id: str, *names: str) -> dict[str | None, object]:
    answer = client.groups.add_members(group_id=group_id, member_list=[{"Member_Account": name} for name in names])
    return {member.member_account: member.result for member in answer.member_list or ()}


def test_each_account_has_its_own_result(client: ChatClient, group_id: str) -> None:
    assert add(client, group_id, "carol", "bob", "eve") == {"carol": 1, "bob": 2, "eve": 0}
    assert members_of(client, group_id) == ["alice", "bob", "carol"]
    assert add(client, group_id, "carol") == {"carol": 2}


@pytest.mark.parametrize(
    ("type_", "names", "code"),
    [("AVChatRoom", ["carol"], 10007), ("Public", ["eve", "mallory"], 10019)],
)
def test_whom_nobody_can_add(client: ChatClient, type_: str, names: list[str], code: int) -> None:
    with refused(code):
        add(client, make_group(client, type_), *names)


def test_who_has_to_be_approved_waits(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    client.groups.update(group_id=group_id, invite_join_option="NeedPermission")
    assert add(client, group_id, "carol") == {"carol": 3}
    assert members_of(client, group_id) == ["alice", "bob"]
    assert emulator.join(group_id, "carol", approved=True)
    assert add(client, group_id, "carol") == {"carol": 2}


def test_a_full_group(client: ChatClient, emulator: Emulator, group_id: str, receiver: Receiver) -> None:
    emulator.webhooks.send_to(receiver.url, only=[FULL])
    client.groups.update(group_id=group_id, max_member_num=3)
    with refused(10014):
        add(client, group_id, "carol", "dave")
    assert [delivery.body["GroupId"] for delivery in emulator.webhooks.delivered] == [group_id]
    assert add(client, group_id, "carol") == {"carol": 1}
    assert len(emulator.webhooks.delivered) == 2
    with refused(10014):
        add(client, group_id, "dave")
    assert add(client, group_id, "carol") == {"carol": 2}
    client.groups.remove_members(group_id=group_id, member_to_del_account=["carol"])
    assert add(client, group_id, "dave") == {"dave": 1}


def test_webhooks_around_new_members(client: ChatClient, emulator: Emulator, group_id: str, receiver: Receiver) -> None:
    receiver.reply(INVITE, RefusedMembers_Account=["dave"])
    assert add(client, group_id, "bob", "carol", "dave") == {"bob": 2, "carol": 1, "dave": 0}
    assert add(client, group_id, "carol") == {"carol": 2}
    shared = {"GroupId": group_id, "Type": "Public", "Operator_Account": emulator.identifier}
    destinations = [{"Member_Account": "carol"}, {"Member_Account": "dave"}]
    assert told(emulator, INVITE) == [shared | {"DestinationMembers": destinations}]
    assert told(emulator, JOIN) == [shared | {"JoinType": "Invited", "NewMemberList": destinations[:1]}]


@pytest.mark.parametrize(("code", "answered"), [(1, 10016), (10103, 10103)])
def test_a_receiver_forbids_new_members(
    client: ChatClient, group_id: str, receiver: Receiver, code: int, answered: int
) -> None:
    receiver.reject(INVITE, code)
    with refused(answered):
        add(client, group_id, "carol")
    assert members_of(client, group_id) == ["alice", "bob"]


@pytest.mark.usefixtures("receiver")
def test_imported_members(client: ChatClient, emulator: Emulator) -> None:
    group_id = client.groups.import_group(type="Public", name="Old", create_time=1_700_000_000).group_id or ""
    answer = client.groups.import_members(
        group_id=group_id,
        member_list=[
            {"Member_Account": "alice", "Role": "Admin", "JoinTime": 1_700_000_100},
            {"Member_Account": "bob", "JoinTime": 1_600_000_000},
            {"Member_Account": "alice"},
            {"Member_Account": "eve"},
            {"Member_Account": "carol"},
        ],
    )
    assert [member.result for member in answer.member_list or ()] == [1, 0, 2, 0, 1]
    assert [(failure.item, failure.code) for failure in answer.failures] == [("bob", 0), ("eve", 0)]
    members = client.groups.list_members(group_id=group_id).member_list or ()
    assert [(member.member_account, member.role) for member in members] == [("alice", "Admin"), ("carol", "Member")]
    assert emulator.calls[-1].answer["MemberList"][0]["JoinTime"] == 1_700_000_100
    assert emulator.webhooks.delivered == ()
    with refused(10007):
        client.groups.import_members(group_id=make_group(client, "AVChatRoom"), member_list=[{"Member_Account": "bob"}])


@pytest.mark.usefixtures("receiver")
def test_members_are_removed(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    client.groups.remove_members(group_id=group_id, member_to_del_account=["bob", "carol", "eve"])
    assert members_of(client, group_id) == ["alice"]
    assert client.groups.list_joined(member_account="bob").total_count == 0
    client.groups.remove_members(group_id=group_id, member_to_del_account=["bob"])
    assert told(emulator, "Group.CallbackAfterMemberExit") == [
        {
            "GroupId": group_id,
            "Type": "Public",
            "ExitType": "Kicked",
            "Operator_Account": emulator.identifier,
            "ExitMemberList": [{"Member_Account": "bob"}],
        }
    ]


def test_who_cannot_be_removed(client: ChatClient, group_id: str) -> None:
    with refused(10007):
        client.groups.remove_members(group_id=group_id, member_to_del_account=["bob", "alice"])
    assert members_of(client, group_id) == ["alice", "bob"]
    with refused(10004):
        client.groups.remove_members(group_id=make_group(client, "AVChatRoom"), member_to_del_account=["bob"])


def test_what_is_changed_is_seen(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    client.groups.update_member(
        group_id=group_id,
        member_account="bob",
        role="Admin",
        msg_flag="Discard",
        name_card="Bobby",
        mute_time=60,
        app_member_defined_data=[{"Key": "Boots", "Value": "red"}, {"Key": "Hat", "Value": "blue"}],
    )
    client.groups.update_member(
        group_id=group_id, member_account="bob", app_member_defined_data=[{"Key": "Hat", "Value": ""}]
    )
    client.groups.list_members(group_id=group_id, member_role_filter=["Admin"])
    now = int(emulator.clock.now())
    assert emulator.calls[-1].answer["MemberList"] == [
        {
            "Member_Account": "bob",
            "Role": "Admin",
            "JoinTime": now,
            "MsgSeq": 0,
            "MsgFlag": "Discard",
            "LastSendMsgTime": 0,
            "MuteUntil": now + 60,
            "NameCard": "Bobby",
            "AppMemberDefinedData": [{"Key": "Boots", "Value": "red"}],
        }
    ]


@pytest.mark.parametrize(
    ("type_", "account", "fields", "code"),
    [
        ("Public", "carol", {"name_card": "C"}, 10007),
        ("Public", "eve", {"name_card": "E"}, 10019),
        ("Public", "alice", {"role": "Member"}, 10007),
        ("Public", "alice", {"mute_time": 60}, 10007),
        ("Work", "bob", {"role": "Admin"}, 10007),
        ("Work", "bob", {"mute_time": 60}, 10007),
    ],
)
def test_what_cannot_be_changed(
    client: ChatClient, type_: str, account: str, fields: dict[str, object], code: int
) -> None:
    group_id = make_group(client, type_, "bob", owner="alice")
    with refused(code):
        client.groups.update_member(group_id=group_id, member_account=account, **fields)  # type: ignore[arg-type]
    assert roles_of(client, group_id, "alice", "bob") == {"alice": "Owner", "bob": "Member"}


def test_members_of_a_live_group_have_no_profile(client: ChatClient, emulator: Emulator) -> None:
    room = make_group(client, "AVChatRoom", owner="alice")
    emulator.join(room, "bob")
    with refused(10007):
        client.groups.update_member(group_id=room, member_account="bob", name_card="B")


@pytest.mark.usefixtures("receiver")
def test_a_webhook_tells_of_role_and_name(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    client.groups.update_member(group_id=group_id, member_account="bob", role="Admin", name_card="Bobby")
    client.groups.update_member(group_id=group_id, member_account="bob", role="Admin", msg_flag="Discard")
    assert told(emulator, "Group.CallbackAfterMemberFieldChanged") == [
        {
            "GroupId": group_id,
            "Type": "Public",
            "Operator_Account": emulator.identifier,
            "Member_Account": "bob",
            "Role": "Admin",
            "NameCard": "Bobby",
        }
    ]


@pytest.mark.usefixtures("receiver")
def test_a_group_is_handed_over(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    client.groups.change_owner(group_id=group_id, new_owner_account="bob", from_account="alice")
    assert roles_of(client, group_id, "alice", "bob") == {"alice": "Member", "bob": "Owner"}
    client.groups.change_owner(group_id=group_id, new_owner_account="bob")
    assert told(emulator, "Group.CallbackAfterChangeGroupOwner") == [
        {
            "GroupId": group_id,
            "Type": "Public",
            "Operator_Account": "alice",
            "OldOwner_Account": "alice",
            "NewOwner_Account": "bob",
        }
    ]


def test_a_group_without_an_owner_gets_one(client: ChatClient) -> None:
    group_id = make_group(client, "Meeting", "bob")
    client.groups.change_owner(group_id=group_id, new_owner_account="bob")
    assert roles_of(client, group_id, "bob") == {"bob": "Owner"}


@pytest.mark.parametrize(
    ("type_", "account", "code"),
    [("Public", "carol", 10007), ("Public", "eve", 10019), ("AVChatRoom", "bob", 10007)],
)
def test_to_whom_a_group_is_not_handed_over(client: ChatClient, type_: str, account: str, code: int) -> None:
    with refused(code):
        client.groups.change_owner(group_id=make_group(client, type_, owner="alice"), new_owner_account=account)


def read_up_to(client: ChatClient, group_id: str, name: str) -> int | None:
    (member,) = client.groups.get_members(group_id=group_id, member_list_account=[name]).member_list or ()
    return member.msg_seq


def speak(client: ChatClient, group_id: str, number: int) -> None:
    text = {"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}}
    for _ in range(number):
        client.groups.send_message(group_id=group_id, from_account="alice", msg_body=[text])


@pytest.mark.parametrize(("unread", "read"), [(0, 3), (2, 1), (3, 0), (10, 0)])
def test_unread_messages(client: ChatClient, group_id: str, unread: int, read: int) -> None:
    speak(client, group_id, 3)
    client.groups.set_unread_count(group_id=group_id, member_account="bob", unread_msg_num=unread)
    assert read_up_to(client, group_id, "bob") == read
    client.groups.import_members(group_id=group_id, member_list=[{"Member_Account": "carol", "UnreadMsgNum": unread}])
    assert read_up_to(client, group_id, "carol") == read


def test_new_members_have_nothing_to_read(client: ChatClient, group_id: str) -> None:
    speak(client, group_id, 3)
    add(client, group_id, "carol")
    assert read_up_to(client, group_id, "carol") == 3


def test_where_there_are_no_unread_counts(client: ChatClient, group_id: str) -> None:
    with refused(10007):
        client.groups.set_unread_count(group_id=group_id, member_account="carol", unread_msg_num=5)
    meeting = make_group(client, "Meeting", "bob", owner="alice")
    before = read_up_to(client, meeting, "bob")
    client.groups.set_unread_count(group_id=meeting, member_account="bob", unread_msg_num=5)
    client.groups.set_unread_count(group_id=meeting, member_account="carol", unread_msg_num=5)
    assert read_up_to(client, meeting, "bob") == before


def test_who_leaves_is_in_no_permission_group(client: ChatClient) -> None:
    made = client.groups.create(
        type="Community", name="Hikers", support_topic=True, member_list=[{"Member_Account": "bob"}]
    )
    group_id = made.group_id or ""
    client.groups.update(group_id=group_id, enable_permission=True)
    guides = client.permission_groups.create(group_id=group_id, permission_group_name="guides", permission=1)
    permission_group_id = guides.permission_group_id or ""
    client.permission_groups.add_members(
        group_id=group_id, permission_group_id=permission_group_id, member_list=[{"Member_Account": "bob"}]
    )
    client.groups.remove_members(group_id=group_id, member_to_del_account=["bob"])
    members = client.permission_groups.iter_members(group_id=group_id, permission_group_id=permission_group_id)
    assert list(members) == []
