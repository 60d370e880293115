"""Permission groups of communities, their members, and what they may do in topics."""

from __future__ import annotations

from typing import Any

import pytest

from support.groups import import_accounts, make_group, refused
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator


def create(client: ChatClient, community: str, name: str = "Moderators", **arguments: Any) -> str:
    made = client.permission_groups.create(group_id=community, permission_group_name=name, permission=7, **arguments)
    assert made.permission_group_id is not None
    return made.permission_group_id


def add(client: ChatClient, community: str, own_id: str, *names: str) -> None:
    client.permission_groups.add_members(
        group_id=community, permission_group_id=own_id, member_list=[{"Member_Account": name} for name in names]
    )


def members(client: ChatClient, community: str, own_id: str, limit: int | None = None) -> list[str | None]:
    found = client.permission_groups.iter_members(group_id=community, permission_group_id=own_id, limit=limit)
    return [member.member_account for member in found]


def outcomes(emulator: Emulator, name: str, key: str) -> list[tuple[str, int]]:
    """Return what became of each item of the last call."""
    return [(item[key], item["ErrorCode"]) for item in emulator.calls[-1].answer[name]]


def test_permission_groups_are_created_and_changed(client: ChatClient, emulator: Emulator, community: str) -> None:
    own = create(client, community, permission_group_id="@PMG#_own", custom_string="mine")
    assert own == "@PMG#_own"
    made_up = create(client, community, "Guests")
    assert made_up.startswith("@PMG#_@PMG#")
    add(client, community, made_up, "bob")
    client.permission_groups.update(group_id=community, permission_group_id=own, permission=3)
    client.permission_groups.get(group_id=community, limit=20, next="")
    answer = emulator.calls[-1].answer
    assert answer["Next"] == ""
    assert answer["PermissionGroupInfoList"] == [
        {
            "ErrorCode": 0,
            "ErrorInfo": "",
            "PermissionGroupId": own,
            "PermissionGroupName": "Moderators",
            "CustomString": "mine",
            "Permission": 3,
            "MemberCount": 0,
        },
        {
            "ErrorCode": 0,
            "ErrorInfo": "",
            "PermissionGroupId": made_up,
            "PermissionGroupName": "Guests",
            "CustomString": "",
            "Permission": 7,
            "MemberCount": 1,
        },
    ]


def test_those_that_were_asked_for(client: ChatClient, emulator: Emulator, community: str) -> None:
    own = create(client, community)
    client.permission_groups.get(group_id=community, permission_group_id_list=["gone", own])
    assert outcomes(emulator, "PermissionGroupInfoList", "PermissionGroupId") == [("gone", 110006), (own, 0)]


@pytest.mark.parametrize("size", [1, 4, 5, 20])
def test_pages_of_permission_groups(client: ChatClient, community: str, size: int) -> None:
    made = [create(client, community, str(number)) for number in range(25)]
    found = client.permission_groups.iter_get(group_id=community, limit=size)
    assert [item.permission_group_id for item in found] == made


def test_those_that_go_do_not_move_pages(client: ChatClient, community: str) -> None:
    made = [create(client, community, str(number)) for number in range(5)]
    found: list[str | None] = []
    for item in client.permission_groups.iter_get(group_id=community, limit=2):
        found.append(item.permission_group_id)
        client.permission_groups.delete(group_id=community, permission_group_id_list=[item.permission_group_id or ""])
    assert found == made
    assert list(client.permission_groups.iter_get(group_id=community)) == []


def test_deleting_says_what_was_there(client: ChatClient, emulator: Emulator, community: str) -> None:
    own = create(client, community)
    client.permission_groups.delete(group_id=community, permission_group_id_list=[own, own])
    assert outcomes(emulator, "PermissionGroupResultList", "PermissionGroupId") == [(own, 0), (own, 110008)]
    create(client, community, permission_group_id=own)


def test_ids_in_use(client: ChatClient, community: str) -> None:
    create(client, community, permission_group_id="@PMG#_own")
    with refused(10021):
        create(client, community, permission_group_id="@PMG#_own")


def test_members_come_and_go(client: ChatClient, emulator: Emulator, community: str) -> None:
    own = create(client, community)
    add(client, community, own, "carol", "dave", "bob")
    assert emulator.calls[-1].answer["MemberList"] == [{"Member_Account": "carol"}, {"Member_Account": "bob"}]
    add(client, community, own, "carol")
    assert members(client, community, own) == ["carol", "bob"]
    client.permission_groups.remove_members(
        group_id=community,
        permission_group_id=own,
        member_list=[{"Member_Account": "carol"}, {"Member_Account": "stranger"}],
    )
    assert members(client, community, own) == ["bob"]
    client.groups.remove_members(group_id=community, member_to_del_account=["bob"])
    assert members(client, community, own) == []


def test_members_have_their_profile_in_the_community(client: ChatClient, emulator: Emulator, community: str) -> None:
    own = create(client, community)
    add(client, community, own, "bob")
    client.groups.update_member(group_id=community, member_account="bob", name_card="Bobby", role="Admin")
    client.permission_groups.list_members(group_id=community, permission_group_id=own)
    (found,) = emulator.calls[-1].answer["MemberList"]
    assert (found["Member_Account"], found["NameCard"], found["Role"]) == ("bob", "Bobby", "Admin")


@pytest.mark.parametrize("size", [1, 7, 50, None])
def test_pages_of_members(client: ChatClient, community: str, size: int | None) -> None:
    own = create(client, community)
    names = [f"member{number}" for number in range(14)]
    import_accounts(client, *names)
    client.groups.add_members(group_id=community, member_list=[{"Member_Account": name} for name in names])
    add(client, community, own, *names)
    assert members(client, community, own, size) == names


@pytest.mark.parametrize("fields", [{"Next": "x"}, {"Next": "-1"}, {"Limit": 0}])
def test_pages_that_cannot_be(client: ChatClient, community: str, fields: dict[str, object]) -> None:
    body = {"GroupId": community, "Limit": 5, "Next": "", **fields}
    with refused(10004):
        client.call("group_open_http_svc/get_permission_group", body, validate=False)


def test_permissions_in_topics(client: ChatClient, emulator: Emulator, community: str) -> None:
    own = create(client, community)
    one, two = (client.topics.create(group_id=community, topic_name=name).topic_id or "" for name in ("one", "two"))

    def items(**permissions: int) -> list[dict[str, object]]:
        ids = {"one": one, "two": two, "gone": "gone"}
        return [{"TopicId": ids[name], "Permission": permission} for name, permission in permissions.items()]

    def permissions(*topic_ids: str) -> list[tuple[str, int, int | None]]:
        client.permission_groups.get_topics(
            group_id=community, permission_group_id=own, topic_id_list=topic_ids or None
        )
        found = emulator.calls[-1].answer["TopicPermissionResultList"]
        return [(item["TopicId"], item["ErrorCode"], item.get("Permission")) for item in found]

    place = {"group_id": community, "permission_group_id": own}
    client.permission_groups.add_topics(**place, topic_permission_list=items(one=1, gone=2))
    assert outcomes(emulator, "TopicPermissionResultList", "TopicId") == [(one, 0), ("gone", 110003)]
    client.permission_groups.add_topics(**place, topic_permission_list=items(one=4, two=2))
    assert outcomes(emulator, "TopicPermissionResultList", "TopicId") == [(one, 110010), (two, 0)]
    client.permission_groups.update_topics(**place, topic_permission_list=items(two=8, gone=1))
    assert outcomes(emulator, "TopicPermissionResultList", "TopicId") == [(two, 0), ("gone", 110011)]
    assert permissions() == [(one, 0, 1), (two, 0, 8)]
    assert permissions(two, "gone") == [(two, 0, 8), ("gone", 110011, None)]
    client.permission_groups.remove_topics(**place, extra={"TopicIdList": [one, "gone"]})
    assert permissions() == [(two, 0, 8)]
    client.topics.delete(group_id=community, topic_id_list=[two])
    assert permissions() == []
    with refused(10004):
        client.permission_groups.remove_topics(**place, extra={"TopicIdList": one})


def test_all_permissions_in_topics_are_removed(client: ChatClient, emulator: Emulator, community: str) -> None:
    own = create(client, community)
    topic_id = client.topics.create(group_id=community, topic_name="one").topic_id
    place = {"group_id": community, "permission_group_id": own}
    client.permission_groups.add_topics(**place, topic_permission_list=[{"TopicId": topic_id, "Permission": 1}])
    client.permission_groups.remove_topics(**place)
    client.permission_groups.get_topics(**place)
    assert emulator.calls[-1].answer["TopicPermissionResultList"] == []


@pytest.mark.parametrize("code", [10007, 10010, 110006])
def test_what_is_not_there(client: ChatClient, community: str, code: int) -> None:
    groups = {10007: make_group(client), 10010: "@TGS#_gone", 110006: community}
    place = {"group_id": groups[code], "permission_group_id": "gone"}
    topics = {"topic_permission_list": [{"TopicId": "gone", "Permission": 1}]}
    people = {"member_list": [{"Member_Account": "bob"}]}
    commands = client.permission_groups
    for command, arguments in (
        (commands.update, {}),
        (commands.add_members, people),
        (commands.remove_members, people),
        (commands.list_members, {}),
        (commands.add_topics, topics),
        (commands.update_topics, topics),
        (commands.remove_topics, {}),
        (commands.get_topics, {}),
    ):
        with refused(code):
            command(**place, **arguments)  # type: ignore[operator]
    if code != 110006:
        with refused(code):
            create(client, groups[code])
        with refused(code):
            commands.get(group_id=groups[code], limit=20)
        with refused(code):
            commands.delete(group_id=groups[code], permission_group_id_list=["gone"])
