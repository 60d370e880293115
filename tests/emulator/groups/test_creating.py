"""Groups: create, import, disband."""

from __future__ import annotations

import pytest

from support.groups import import_accounts, make_group, members_of, refused, roles_of, told
from support.receiver import Receiver
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator


@pytest.fixture(autouse=True)
def people(client: ChatClient) -> None:
    import_accounts(client, "alice", "bob", "carol")


def profile(client: ChatClient, emulator: Emulator, group_id: str) -> dict[str, object]:
    client.groups.get(group_id_list=[group_id])
    (info,) = emulator.calls[-1].answer["GroupInfo"]
    return dict(info)


@pytest.mark.parametrize(
    ("asked", "type_", "beginning", "join", "most"),
    [
        ("Public", "Public", "@TGS#2", "NeedPermission", 2000),
        ("Work", "Private", "@TGS#1", "DisableApply", 2000),
        ("Private", "Private", "@TGS#1", "DisableApply", 2000),
        ("Meeting", "ChatRoom", "@TGS#3", "FreeAccess", 2000),
        ("AVChatRoom", "AVChatRoom", "@TGS#a", "FreeAccess", 0),
        ("Community", "Community", "@TGS#_@TGS#c", "FreeAccess", 100_000),
    ],
)
def test_each_type_has_its_defaults(
    client: ChatClient, emulator: Emulator, asked: str, type_: str, beginning: str, join: str, most: int
) -> None:
    group_id = make_group(client, asked)
    assert group_id.startswith(beginning)
    info = profile(client, emulator, group_id)
    assert (info["Type"], info["ApplyJoinOption"], info["MaxMemberNum"]) == (type_, join, most)
    assert (info["CreateTime"], info["MemberNum"], info["NextMsgSeq"]) == (int(emulator.clock.now()), 0, 1)


def test_everything_that_is_given_is_kept(client: ChatClient, emulator: Emulator) -> None:
    made = client.groups.create(
        type="Public",
        name="Hikers",
        group_id="order-1",
        owner_account="alice",
        introduction="Walks",
        notification="Sunday",
        face_url="http://face",
        max_member_count=500,
        apply_join_option="FreeAccess",
        app_defined_data=[{"Key": "Region", "Value": "north"}],
        member_list=[
            {
                "Member_Account": "bob",
                "Role": "Admin",
                "AppMemberDefinedData": [{"Key": "Boots", "Value": "red"}],
                "NameCard": "Bobby",
            },
            {"Member_Account": "carol"},
        ],
    )
    assert made.group_id == "order-1"
    info = profile(client, emulator, "order-1")
    members = info.pop("MemberList")
    assert isinstance(members, list)
    assert [(m["Member_Account"], m["Role"], m["NameCard"]) for m in members] == [
        ("alice", "Owner", ""),
        ("bob", "Admin", "Bobby"),
        ("carol", "Member", ""),
    ]
    assert members[1]["AppMemberDefinedData"] == [{"Key": "Boots", "Value": "red"}]
    assert info == {
        "GroupId": "order-1",
        "ErrorCode": 0,
        "ErrorInfo": "",
        "Type": "Public",
        "Name": "Hikers",
        "Introduction": "Walks",
        "Notification": "Sunday",
        "FaceUrl": "http://face",
        "Owner_Account": "alice",
        "CreateTime": int(emulator.clock.now()),
        "InfoSeq": 0,
        "LastInfoTime": int(emulator.clock.now()),
        "LastMsgTime": 0,
        "NextMsgSeq": 1,
        "MemberNum": 3,
        "MaxMemberNum": 500,
        "ApplyJoinOption": "FreeAccess",
        "InviteJoinOption": "DisableInvite",
        "MuteAllMember": "Off",
        "AppDefinedData": [{"Key": "Region", "Value": "north"}],
    }


def test_a_community_says_what_it_is(client: ChatClient, emulator: Emulator) -> None:
    made = client.groups.create(type="Community", name="Hikers", support_topic=True)
    assert (made.type, made.huge_group_flag) == ("Community", 0)
    assert profile(client, emulator, made.group_id or "")["EnablePermission"] == 0


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"owner_account": "eve"}, 10019),
        ({"member_list": [{"Member_Account": "eve"}]}, 10019),
        ({"type": "AVChatRoom", "member_list": [{"Member_Account": "bob"}]}, 10007),
        ({"type": "Work", "member_list": [{"Member_Account": "bob", "Role": "Admin"}]}, 10007),
        ({"max_member_count": 1, "member_list": [{"Member_Account": "bob"}, {"Member_Account": "carol"}]}, 10038),
        ({"max_member_count": 6001}, 10004),
        ({"max_member_count": -1}, 10004),
        ({"group_id": "@TGS#mine"}, 10004),
        ({"group_id": "größe"}, 10004),
        ({"type": "Community", "group_id": "mine"}, 10004),
    ],
)
def test_what_does_not_fit_is_refused(client: ChatClient, fields: dict[str, object], code: int) -> None:
    with refused(code):
        client.groups.create(**({"type": "Public", "name": "Hikers"} | fields))  # type: ignore[arg-type]
    assert client.groups.list_all().total_count == 0


def test_an_id_in_use(client: ChatClient) -> None:
    client.groups.create(type="Public", name="Hikers", group_id="order-1", owner_account="alice")
    with refused(10025):
        client.groups.create(type="Public", name="Hikers", group_id="order-1", owner_account="alice")
    with refused(10021):
        client.groups.create(type="Public", name="Hikers", group_id="order-1", owner_account="bob")
    with refused(10021):
        client.groups.import_group(type="Public", name="Hikers", group_id="order-1", owner_account="alice")
    client.groups.delete(group_id="order-1")
    client.groups.create(type="Public", name="Hikers", group_id="order-1", owner_account="bob")


def test_a_group_that_is_disbanded_is_gone(client: ChatClient) -> None:
    group_id = make_group(client, "Public", "bob", owner="alice")
    client.groups.delete(group_id=group_id)
    with refused(10010):
        client.groups.delete(group_id=group_id)
    with refused(10010):
        client.groups.list_members(group_id=group_id)
    assert client.groups.list_joined(member_account="bob").total_count == 0
    with refused(10015):
        client.groups.delete(group_id="größe")


@pytest.mark.usefixtures("receiver")
def test_an_imported_group(client: ChatClient, emulator: Emulator) -> None:
    made = client.groups.import_group(type="Meeting", name="Old", owner_account="alice", create_time=1_700_000_000)
    info = profile(client, emulator, made.group_id or "")
    assert (info["CreateTime"], info["Type"]) == (1_700_000_000, "ChatRoom")
    assert roles_of(client, made.group_id or "", "alice", "bob") == {"alice": "Owner", "bob": "NotMember"}
    assert emulator.webhooks.delivered == ()
    with refused(10019):
        client.groups.import_group(type="Public", name="Old", owner_account="eve")


@pytest.mark.usefixtures("receiver")
def test_webhooks_around_the_creation(client: ChatClient, emulator: Emulator) -> None:
    make_group(client, "Work", owner="alice")
    group_id = make_group(client, "Work", "bob", owner="alice")
    shared = {
        "Operator_Account": emulator.identifier,
        "Owner_Account": "alice",
        "Type": "Private",
        "Name": "Hikers",
        "MemberList": [{"Member_Account": "bob"}],
    }
    assert told(emulator, "Group.CallbackBeforeCreateGroup")[1] == {"CreateGroupNum": 1} | shared
    assert told(emulator, "Group.CallbackAfterCreateGroup")[1] == {"GroupId": group_id} | shared


@pytest.mark.parametrize(("code", "answered"), [(1, 10016), (10150, 10150)])
def test_a_receiver_forbids_the_creation(client: ChatClient, receiver: Receiver, code: int, answered: int) -> None:
    receiver.reject("Group.CallbackBeforeCreateGroup", code, "enough groups")
    with refused(answered):
        make_group(client, "Public")
    assert client.groups.list_all().total_count == 0
    assert receiver.commands == ["Group.CallbackBeforeCreateGroup"]


@pytest.mark.usefixtures("receiver")
def test_the_webhook_after_a_group_is_disbanded(client: ChatClient, emulator: Emulator) -> None:
    public = make_group(client, "Public", "bob", owner="alice")
    community = make_group(client, "Community", "bob", owner="alice")
    for group_id in (public, community):
        client.groups.delete(group_id=group_id)
    first, second = told(emulator, "Group.CallbackAfterGroupDestroyed")
    assert first["MemberList"] == [{"Member_Account": "alice"}, {"Member_Account": "bob"}]
    assert (first["Owner_Account"], first["Name"], first["Type"]) == ("alice", "Hikers", "Public")
    assert "MemberList" not in second


def test_ids_are_the_same_for_the_same_calls(client: ChatClient, emulator: Emulator) -> None:
    ids = [make_group(client, "Public") for _ in range(3)]
    assert len(set(ids)) == 3
    emulator.reset()
    assert [make_group(client, "Public") for _ in range(3)] == ids


def test_a_member_list_with_the_owner_in_it(client: ChatClient) -> None:
    group_id = make_group(client, "Public", "bob", "alice", "bob", owner="alice")
    assert members_of(client, group_id) == ["alice", "bob"]
    assert roles_of(client, group_id, "alice") == {"alice": "Owner"}
