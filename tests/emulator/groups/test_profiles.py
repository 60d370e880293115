"""Profiles of groups: get and change."""

from __future__ import annotations

import pytest

from support.groups import import_accounts, make_group, refused, told
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator


@pytest.fixture
def group_id(client: ChatClient) -> str:
    import_accounts(client, "alice", "bob")
    return make_group(client, "Public", "bob", owner="alice")


def info(client: ChatClient, emulator: Emulator, group_id: str, **filters: list[str]) -> dict[str, object]:
    client.groups.get(group_id_list=[group_id], response_filter=filters or None)
    (found,) = emulator.calls[-1].answer["GroupInfo"]
    return dict(found)


def test_filters_leave_what_they_name(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    client.groups.update(
        group_id=group_id, app_defined_data=[{"Key": "Region", "Value": "north"}, {"Key": "Level", "Value": "1"}]
    )
    client.groups.update_member(
        group_id=group_id, member_account="bob", app_member_defined_data=[{"Key": "Boots", "Value": "red"}]
    )
    found = info(
        client,
        emulator,
        group_id,
        GroupBaseInfoFilter=["Type", "ShutUpAllMember"],
        MemberInfoFilter=["Role"],
        AppDefinedDataFilter_Group=["Region"],
        AppDefinedDataFilter_GroupMember=["Boots"],
    )
    assert found == {
        "GroupId": group_id,
        "ErrorCode": 0,
        "ErrorInfo": "",
        "Type": "Public",
        "MuteAllMember": "Off",
        "AppDefinedData": [{"Key": "Region", "Value": "north"}],
        "MemberList": [
            {"Member_Account": "alice", "Role": "Owner"},
            {"Member_Account": "bob", "Role": "Member", "AppMemberDefinedData": [{"Key": "Boots", "Value": "red"}]},
        ],
    }
    only_base = info(client, emulator, group_id, GroupBaseInfoFilter=["Name"])
    assert only_base == {"GroupId": group_id, "ErrorCode": 0, "ErrorInfo": "", "Name": "Hikers"}


def test_each_group_has_its_own_outcome(client: ChatClient, group_id: str) -> None:
    answer = client.groups.get(group_id_list=[group_id, "gone", "größe"])
    assert [group.error_code for group in answer.group_info or ()] == [0, 10010, 10015]
    assert [failure.item for failure in answer.failures] == ["gone", "größe"]


def test_what_is_changed_is_seen(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    emulator.clock.advance(60)
    client.groups.update(
        group_id=group_id,
        name="Climbers",
        introduction="Up",
        notification="Now",
        face_url="http://face",
        max_member_num=2,
        apply_join_option="DisableApply",
        mute_all_member="On",
        invite_join_option="FreeAccess",
        app_defined_data=[{"Key": "Region", "Value": "north"}],
    )
    found = info(client, emulator, group_id)
    expected = {
        "Name": "Climbers",
        "Introduction": "Up",
        "Notification": "Now",
        "FaceUrl": "http://face",
        "MaxMemberNum": 2,
        "ApplyJoinOption": "DisableApply",
        "MuteAllMember": "On",
        "InviteJoinOption": "FreeAccess",
        "InfoSeq": 1,
        "LastInfoTime": int(emulator.clock.now()),
        "AppDefinedData": [{"Key": "Region", "Value": "north"}],
    }
    assert {name: found[name] for name in expected} == expected
    client.groups.update(group_id=group_id, app_defined_data=[{"Key": "Region", "Value": ""}])
    later = info(client, emulator, group_id)
    assert "AppDefinedData" not in later
    assert (later["Name"], later["InfoSeq"]) == ("Climbers", 2)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"max_member_num": 1}, 10004),
        ({"max_member_num": 6001}, 10004),
        ({"from_account": "eve"}, 10019),
        ({"group_id": "gone"}, 10010),
    ],
)
def test_what_does_not_fit_is_refused(
    client: ChatClient, emulator: Emulator, group_id: str, fields: dict[str, object], code: int
) -> None:
    with refused(code):
        client.groups.update(**({"group_id": group_id, "name": "Climbers"} | fields))  # type: ignore[arg-type]
    assert info(client, emulator, group_id)["Name"] == "Hikers"


def test_options_that_a_type_lacks_have_no_effect(client: ChatClient, emulator: Emulator) -> None:
    room = make_group(client, "AVChatRoom")
    client.groups.update(group_id=room, max_member_num=5, invite_join_option="FreeAccess")
    assert info(client, emulator, room)["MaxMemberNum"] == 0
    assert "InviteJoinOption" not in info(client, emulator, room)
    work = make_group(client, "Work")
    client.groups.update(group_id=work, apply_join_option="FreeAccess", enable_permission=True)
    assert info(client, emulator, work)["ApplyJoinOption"] == "DisableApply"
    assert "EnablePermission" not in info(client, emulator, work)


def test_permissions_of_a_community_with_topics(client: ChatClient, emulator: Emulator) -> None:
    made = client.groups.create(type="Community", name="Hikers", support_topic=True)
    assert made.group_id
    client.groups.update(group_id=made.group_id, default_permission=3)
    assert info(client, emulator, made.group_id)["DefaultPermission"] == 0
    client.groups.update(group_id=made.group_id, enable_permission=True, default_permission=3)
    found = info(client, emulator, made.group_id)
    assert (found["EnablePermission"], found["DefaultPermission"]) == (1, 3)


@pytest.mark.usefixtures("receiver")
def test_a_webhook_tells_what_changed(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    client.groups.update(group_id=group_id, name="Climbers", introduction="", from_account="alice")
    client.groups.update(group_id=group_id, name="Climbers", mute_all_member="On")
    assert told(emulator, "Group.CallbackAfterGroupInfoChanged") == [
        {"GroupId": group_id, "Type": "Public", "Operator_Account": "alice", "Name": "Climbers"}
    ]
