"""Who is in a group: lists of members, chosen members, roles."""

from __future__ import annotations

import pytest

from support.groups import import_accounts, make_group, refused, roles_of
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator
from tencent_chat_emulator._commands.groups import answers

NAMES = tuple(f"user{number}" for number in range(7))


@pytest.fixture(autouse=True)
def people(client: ChatClient) -> None:
    import_accounts(client, "alice", *NAMES)


def test_pages_by_offset(client: ChatClient) -> None:
    group_id = make_group(client, "Public", *NAMES, owner="alice")
    found = client.groups.iter_members(group_id=group_id, limit=3)
    assert [member.member_account for member in found] == ["alice", *NAMES]
    plain = client.groups.iter_members(group_id=group_id, limit=3, member_role_filter=["Member"])
    assert [member.member_account for member in plain] == [*NAMES]
    page = client.groups.list_members(group_id=group_id, limit=3, offset=6)
    assert (page.member_num, len(page.member_list or ())) == (8, 2)


def test_pages_of_a_community(client: ChatClient) -> None:
    group_id = make_group(client, "Community", *NAMES, owner="alice")
    found = client.groups.iter_members(group_id=group_id, limit=3, next="")
    assert [member.member_account for member in found] == ["alice", *NAMES]
    first = client.groups.list_members(group_id=group_id, limit=4, next="")
    assert (first.member_num, bool(first.next)) == (8, True)
    # Who leaves in between is not there, and nobody is left out for it.
    client.groups.remove_members(group_id=group_id, member_to_del_account=NAMES[:4])
    rest = client.groups.list_members(group_id=group_id, limit=4, next=first.next)
    assert [member.member_account for member in rest.member_list or ()] == [*NAMES[4:]]
    assert rest.next == ""


@pytest.mark.parametrize("fields", [{}, {"next": "", "offset": 1}, {"next": "?"}, {"next": "", "limit": -1}])
def test_how_a_community_is_not_read(client: ChatClient, fields: dict[str, object]) -> None:
    group_id = make_group(client, "Community")
    with refused(10004):
        client.groups.list_members(group_id=group_id, **fields)  # type: ignore[arg-type]


def test_filters_leave_what_they_name(client: ChatClient, emulator: Emulator) -> None:
    group_id = make_group(client, "Public", "user0", owner="alice")
    own = [{"Key": "Boots", "Value": "red"}, {"Key": "Hat", "Value": "blue"}]
    client.groups.update_member(group_id=group_id, member_account="alice", app_member_defined_data=own)
    asked: list[tuple[dict[str, object], dict[str, object]]] = [
        ({"member_info_filter": ["Role", "ShutUpUntil"]}, {"Role": "Owner", "MuteUntil": 0}),
        (
            {"member_info_filter": ["Role"], "app_defined_data_filter_group_member": ["Hat"]},
            {"Role": "Owner", "AppMemberDefinedData": own[1:]},
        ),
    ]
    for filters, fields in asked:
        client.groups.list_members(group_id=group_id, member_role_filter=["Owner"], **filters)  # type: ignore[arg-type]
        assert emulator.calls[-1].answer["MemberList"] == [{"Member_Account": "alice"} | fields]
    client.groups.list_members(group_id=group_id)
    assert emulator.calls[-1].answer["MemberList"][0]["AppMemberDefinedData"] == own


def test_an_answer_that_would_be_too_large(client: ChatClient, monkeypatch: pytest.MonkeyPatch) -> None:
    group_id = make_group(client, "Public", *NAMES)
    monkeypatch.setattr(answers, "_SMALL", 1)
    monkeypatch.setattr(answers, "MAX_BYTES", 500)
    with refused(10018):
        client.groups.list_members(group_id=group_id)
    with refused(10018):
        client.groups.get(group_id_list=[group_id])
    client.groups.list_members(group_id=group_id, limit=2)


def test_chosen_members(client: ChatClient, emulator: Emulator) -> None:
    group_id = make_group(client, "Public", "user0", owner="alice")
    answer = client.groups.get_members(group_id=group_id, member_list_account=["user0", "user1", "alice"])
    assert answer.group_id == group_id
    assert [(member.member_account, member.online_status) for member in answer.member_list or ()] == [
        ("user0", "Offline"),
        ("alice", "Offline"),
    ]
    client.groups.get_members(
        group_id=group_id,
        member_list_account=["user0", "alice"],
        member_info_filter=["JoinTime"],
        member_role_filter=["Member"],
    )
    assert emulator.calls[-1].answer["MemberList"] == [
        {"Member_Account": "user0", "JoinTime": int(emulator.clock.now())}
    ]


def test_roles(client: ChatClient) -> None:
    group_id = make_group(client, "Public", "user0", owner="alice")
    assert roles_of(client, group_id, "alice", "user0", "user1", "eve") == {
        "alice": "Owner",
        "user0": "Member",
        "user1": "NotMember",
        "eve": "NotMember",
    }


def test_a_live_group_has_no_list(client: ChatClient) -> None:
    room = make_group(client, "AVChatRoom")
    with refused(10007):
        client.groups.list_members(group_id=room)
    with refused(10007):
        client.groups.get_members(group_id=room, member_list_account=["alice"])
    with refused(10007):
        client.groups.get_roles(group_id=room, user_account=["alice"])
    with refused(10010):
        client.groups.get_roles(group_id="gone", user_account=["alice"])
