"""Lists of groups: all of the app, and those that somebody is in."""

from __future__ import annotations

import pytest

from support.groups import come_in, import_accounts, make_group, refused
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator


@pytest.fixture(autouse=True)
def people(client: ChatClient) -> None:
    import_accounts(client, "alice", "bob")


def joined(client: ChatClient, **fields: object) -> list[str | None]:
    answer = client.groups.list_joined(member_account="bob", **fields)  # type: ignore[arg-type]
    return [group.group_id for group in answer.group_id_list or ()]


def test_all_groups_page_by_page(client: ChatClient) -> None:
    ids = [make_group(client, "Public" if number % 2 else "Meeting") for number in range(7)]
    assert list(client.groups.iter_all(limit=3)) == ids
    assert list(client.groups.iter_all(limit=2, group_type="ChatRoom")) == ids[::2]
    first = client.groups.list_all(limit=2, group_type="Public")
    assert (first.total_count, first.next != 0) == (3, True)
    client.groups.delete(group_id=ids[1])
    rest = client.groups.list_all(limit=5, next=first.next, group_type="Public")
    assert ([group.group_id for group in rest.group_id_list or ()], rest.next) == ([ids[5]], 0)


def test_a_page_that_ends_with_the_last_group_is_the_last_one(client: ChatClient) -> None:
    ids = [make_group(client) for _ in range(4)]
    answer = client.groups.list_all(limit=4)
    assert (len(answer.group_id_list or ()), answer.next) == (len(ids), 0)


def test_the_groups_that_somebody_is_in(client: ChatClient, emulator: Emulator) -> None:
    public = make_group(client, "Public", "bob")
    work = make_group(client, "Work", "bob")
    room = make_group(client, "AVChatRoom")
    community = client.groups.create(
        type="Community", name="Hikers", support_topic=True, member_list=[{"Member_Account": "bob"}]
    ).group_id
    make_group(client, "Public", "alice")
    come_in(emulator, room, "bob")
    assert joined(client) == [public, community]
    assert joined(client, with_no_active_groups=True) == [public, work, community]
    assert joined(client, with_huge_groups=True) == [public, community, room]
    assert joined(client, group_type="AVChatRoom") == [room]
    assert joined(client, group_type="Work", with_no_active_groups=True) == [work]
    assert joined(client, group_type="Community", support_topic=True) == [community]
    assert joined(client, group_type="Community", support_topic=False) == []


def test_a_work_group_in_which_somebody_spoke_is_listed(client: ChatClient) -> None:
    work = make_group(client, "Work", "bob")
    assert joined(client) == []
    text = {"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}}
    client.groups.send_message(group_id=work, from_account="bob", msg_body=[text])
    assert joined(client) == [work]


def test_pages_of_them(client: ChatClient) -> None:
    ids = [make_group(client, "Public", "bob") for _ in range(5)]
    assert [group.group_id for group in client.groups.iter_joined(member_account="bob", limit=2)] == ids
    answer = client.groups.list_joined(member_account="bob", limit=1, offset=4)
    assert (answer.total_count, len(answer.group_id_list or ())) == (5, 1)


def test_filters_let_fields_through(client: ChatClient, emulator: Emulator) -> None:
    group_id = make_group(client, "Public", "bob")
    client.groups.list_joined(
        member_account="bob",
        response_filter={
            "GroupBaseInfoFilter": ["Type", "MemberNum"],
            "SelfInfoFilter": ["Role", "MsgFlag"],
        },
    )
    assert emulator.calls[-1].answer["GroupIdList"] == [
        {
            "GroupId": group_id,
            "Type": "Public",
            "MemberNum": 1,
            "SelfInfo": {"Role": "Member", "MsgFlag": "AcceptAndNotify"},
        }
    ]


def test_refusals(client: ChatClient) -> None:
    with refused(10019):
        client.groups.list_joined(member_account="eve")
    with refused(10004):
        client.groups.list_joined(member_account="bob", support_topic=True)
    with refused(10004):
        client.groups.list_all(limit=-1)
