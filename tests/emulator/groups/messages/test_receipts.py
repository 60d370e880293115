"""Read receipts of messages in groups."""

from __future__ import annotations

from typing import Any

import pytest

from support.group_messages import send
from support.groups import import_accounts, make_group, refused, told
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

CHANGED = "Group.CallbackAfterReadReceipt"


def read(client: ChatClient, group_id: str, account: str, *seqs: int) -> None:
    client.groups.send_read_receipts(
        group_id=group_id, from_account=account, msg_seq_list=[{"MsgSeq": seq} for seq in seqs]
    )


def counted(client: ChatClient, emulator: Emulator, group_id: str, *seqs: int) -> list[dict[str, int]]:
    client.groups.get_read_receipts(group_id=group_id, msg_seq_list=[{"MsgSeq": seq} for seq in seqs])
    found: list[dict[str, int]] = emulator.calls[-1].answer["GroupMsgReceiptList"]
    return found


def members(client: ChatClient, group_id: str, seq: int, **arguments: Any) -> tuple[list[Any], list[Any]]:
    """Return those who have read a message, and those who have not."""
    pages = [
        client.groups.iter_receipt_members(group_id=group_id, msg_seq=seq, filter=which, **arguments)
        for which in (0, 1)
    ]
    readers, others = ([next(iter(item.model_dump().values())) for item in page] for page in pages)
    return readers, others


def test_members_read_a_message(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    send(client, group_id, from_account="alice", need_read_receipt=True)
    assert counted(client, emulator, group_id, 1) == [{"Code": 0, "MsgSeq": 1, "ReadNum": 0, "UnreadNum": 2}]
    read(client, group_id, "carol", 1)
    read(client, group_id, "carol", 1, 1)
    read(client, group_id, "alice", 1)
    assert counted(client, emulator, group_id, 1) == [{"Code": 0, "MsgSeq": 1, "ReadNum": 1, "UnreadNum": 1}]
    assert members(client, group_id, 1) == (["carol"], ["bob"])


def test_who_is_no_member_sends_to_all(client: ChatClient, group_id: str) -> None:
    send(client, group_id, need_read_receipt=True)
    assert members(client, group_id, 1) == ([], ["alice", "bob", "carol"])


def test_a_message_to_some_is_for_them_only(client: ChatClient, group_id: str) -> None:
    send(client, group_id, need_read_receipt=True, to_account=["carol"])
    read(client, group_id, "bob", 1)
    assert members(client, group_id, 1) == ([], ["carol"])


def test_later_members_do_not_count(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    send(client, group_id, need_read_receipt=True)
    client.groups.add_members(group_id=group_id, member_list=[{"Member_Account": "dave"}])
    send(client, group_id, need_read_receipt=True)
    assert [item["UnreadNum"] for item in counted(client, emulator, group_id, 1, 2)] == [3, 4]


def test_messages_without_receipts(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    send(client, group_id)
    send(client, group_id, need_read_receipt=True)
    assert counted(client, emulator, group_id, 1, 9, 2) == [
        {"Code": 10062, "MsgSeq": 1},
        {"Code": 10062, "MsgSeq": 9},
        {"Code": 0, "MsgSeq": 2, "ReadNum": 0, "UnreadNum": 3},
    ]
    with refused(10062):
        read(client, group_id, "bob", 2, 1)
    assert members(client, group_id, 2)[0] == []
    with refused(10062):
        members(client, group_id, 1)
    client.groups.recall_messages(group_id=group_id, msg_seq_list=[{"MsgSeq": 2}])
    assert counted(client, emulator, group_id, 2) == [{"Code": 10062, "MsgSeq": 2}]


def test_only_members_read(client: ChatClient, group_id: str) -> None:
    send(client, group_id, need_read_receipt=True)
    with refused(10007):
        read(client, group_id, "dave", 1)
    with refused(10019):
        read(client, group_id, "nobody", 1)


@pytest.mark.parametrize("type_", ["AVChatRoom", "Community"])
def test_groups_without_receipts(client: ChatClient, emulator: Emulator, type_: str) -> None:
    group_id = make_group(client, type_, owner="alice")
    with refused(10007):
        counted(client, emulator, group_id, 1)
    with refused(10007):
        members(client, group_id, 1)
    with refused(10007):
        read(client, group_id, "alice", 1)


@pytest.mark.parametrize("size", [1, 4, 5, 200])
def test_pages_of_members(client: ChatClient, group_id: str, size: int) -> None:
    names = [f"member{number}" for number in range(10)]
    import_accounts(client, *names)
    client.groups.add_members(group_id=group_id, member_list=[{"Member_Account": name} for name in names])
    send(client, group_id, from_account="alice", need_read_receipt=True)
    for name in names[::2]:
        read(client, group_id, name, 1)
    assert members(client, group_id, 1, count=size) == (names[::2], ["bob", "carol", *names[1::2]])


def test_members_who_go_do_not_move_pages(client: ChatClient, group_id: str) -> None:
    send(client, group_id, need_read_receipt=True)
    found: list[object] = []
    for item in client.groups.iter_receipt_members(group_id=group_id, msg_seq=1, filter=1, count=1):
        found.append(item.unread_account)  # type: ignore[union-attr]
        if len(found) == 1:
            read(client, group_id, "alice", 1)
    assert found == ["alice", "bob", "carol"]


@pytest.mark.parametrize(
    "fields", [{"Cursor": "x"}, {"Cursor": "-1"}, {"Cursor": "9" * 5000}, {"Count": 0}, {"MsgSeq": None}]
)
def test_pages_that_cannot_be(client: ChatClient, group_id: str, fields: dict[str, object]) -> None:
    send(client, group_id, need_read_receipt=True)
    body = {"GroupId": group_id, "MsgSeq": 1, "Filter": 0, "Cursor": "", "Count": 10, **fields}
    given = {name: value for name, value in body.items() if value is not None}
    with refused(10004):
        client.call("group_open_http_svc/get_group_msg_receipt_detail", given, validate=False)


@pytest.mark.usefixtures("receiver")
def test_webhooks_tell_of_changes(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    send(client, group_id, from_account="alice", need_read_receipt=True)
    send(client, group_id, from_account="alice")
    read(client, group_id, "bob", 1)
    read(client, group_id, "bob", 1)
    unread: dict[str, Any] = {"MsgSeq": 1, "ReadNum": 0, "UnreadNum": 2, "ReadReceiptMembers": []}
    one_read = {"MsgSeq": 1, "ReadNum": 1, "UnreadNum": 1, "ReadReceiptMembers": [{"Member_Account": "bob"}]}
    assert told(emulator, CHANGED) == [
        {"GroupId": group_id, "Type": "Public", "GroupMsgReceiptList": [state]} for state in (unread, one_read)
    ]
