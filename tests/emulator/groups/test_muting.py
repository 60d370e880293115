"""Muting members of groups."""

from __future__ import annotations

import pytest

from support.groups import come_in, import_accounts, make_group, refused
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator


@pytest.fixture(autouse=True)
def people(client: ChatClient) -> None:
    import_accounts(client, "alice", "bob", "carol")


@pytest.fixture
def group_id(client: ChatClient) -> str:
    return make_group(client, "Public", "bob", "carol", owner="alice")


def muted(client: ChatClient, group_id: str) -> list[str | None]:
    answer = client.groups.list_muted_members(group_id=group_id)
    return [member.member_account for member in answer.muted_account_list or ()]


def test_mutes_end_with_time(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    client.groups.mute_members(group_id=group_id, members_account=["bob"], mute_time=60)
    client.groups.mute_members(group_id=group_id, members_account=["carol"], mute_time=4294967295)
    client.groups.list_muted_members(group_id=group_id)
    assert emulator.calls[-1].answer["MutedAccountList"] == [
        {"Member_Account": "bob", "MutedUntil": int(emulator.clock.now()) + 60},
        {"Member_Account": "carol", "MutedUntil": 4294967295},
    ]
    client.groups.list_shutted_members(group_id=group_id)
    assert [member["Member_Account"] for member in emulator.calls[-1].answer["ShuttedUinList"]] == ["bob", "carol"]
    emulator.clock.advance(60)
    assert muted(client, group_id) == ["carol"]
    answer = client.groups.get_members(group_id=group_id, member_list_account=["bob"])
    assert [member.mute_until for member in answer.member_list or ()] == [0]


def test_a_mute_is_lifted(client: ChatClient, group_id: str) -> None:
    client.groups.mute_members(group_id=group_id, members_account=["bob", "carol"], mute_time=60)
    client.groups.mute_members(group_id=group_id, members_account=["bob"], mute_time=0)
    assert muted(client, group_id) == ["carol"]


def test_who_leaves_and_comes_back_is_muted_still(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    client.groups.mute_members(group_id=group_id, members_account=["bob"], mute_time=60)
    client.groups.remove_members(group_id=group_id, member_to_del_account=["bob"])
    assert muted(client, group_id) == []
    client.groups.add_members(group_id=group_id, member_list=[{"Member_Account": "bob"}])
    assert muted(client, group_id) == ["bob"]
    emulator.clock.advance(60)
    assert muted(client, group_id) == []


@pytest.mark.parametrize(
    ("type_", "names", "code"),
    [
        ("Public", ["bob", "alice"], 10007),
        ("Public", ["eve"], 10019),
        ("Work", ["bob"], 10007),
    ],
)
def test_who_cannot_be_muted(client: ChatClient, type_: str, names: list[str], code: int) -> None:
    group_id = make_group(client, type_, "bob", owner="alice")
    with refused(code):
        client.groups.mute_members(group_id=group_id, members_account=names, mute_time=60)
    assert muted(client, group_id) == []


def test_who_is_no_member_cannot_be_muted(client: ChatClient) -> None:
    with refused(10007):
        client.groups.mute_members(group_id=make_group(client), members_account=["bob"], mute_time=60)


def test_members_of_a_live_group_are_muted(client: ChatClient, emulator: Emulator) -> None:
    room = make_group(client, "AVChatRoom", owner="alice")
    come_in(emulator, room, "bob")
    client.groups.mute_members(group_id=room, members_account=["bob"], mute_time=60)
    assert muted(client, room) == ["bob"]


def test_mutes_of_a_topic_are_its_own(client: ChatClient, emulator: Emulator) -> None:
    made = client.groups.create(
        type="Community", name="Hikers", support_topic=True, member_list=[{"Member_Account": "bob"}]
    )
    group_id = made.group_id or ""
    topic_id = client.topics.create(group_id=group_id, topic_name="Boots").topic_id or ""

    def muted_there() -> list[str | None]:
        answer = client.groups.list_muted_members(group_id=group_id, topic_id=topic_id)
        return [member.member_account for member in answer.muted_account_list or ()]

    def mute(seconds: int) -> None:
        client.groups.mute_members(group_id=group_id, topic_id=topic_id, members_account=["bob"], mute_time=seconds)

    mute(60)
    assert (muted_there(), muted(client, group_id)) == (["bob"], [])
    emulator.clock.advance(60)
    assert muted_there() == []
    mute(60)
    mute(0)
    assert muted_there() == []


def test_a_topic_that_is_not_there(client: ChatClient, group_id: str) -> None:
    with refused(10010):
        client.groups.mute_members(
            group_id=group_id, topic_id=f"{group_id}@TOPIC#_x", members_account=["bob"], mute_time=60
        )
    with refused(10010):
        client.groups.list_muted_members(group_id=group_id, topic_id=f"{group_id}@TOPIC#_x")
