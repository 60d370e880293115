"""Recalling messages of a group."""

from __future__ import annotations

import pytest

from support.group_messages import history, send
from support.groups import refused, told
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

RECALLED = "Group.CallbackAfterRecallMsg"


def recall(client: ChatClient, emulator: Emulator, group_id: str, *seqs: int) -> list[tuple[int, int]]:
    """Return sequence numbers with the codes that they were answered with."""
    client.groups.recall_messages(group_id=group_id, msg_seq_list=[{"MsgSeq": seq} for seq in seqs])
    return [(item["MsgSeq"], item["RetCode"]) for item in emulator.calls[-1].answer["RecallRetList"]]


def test_each_message_has_an_outcome(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    for number in range(3):
        send(client, group_id, str(number))
    assert recall(client, emulator, group_id, 1, 7, 3) == [(1, 0), (7, 10030), (3, 0)]
    assert history(client, group_id) == [(2, "1")]
    assert recall(client, emulator, group_id, 1, 2, 2) == [(1, 10030), (2, 0), (2, 10030)]


@pytest.mark.usefixtures("receiver")
def test_a_webhook_tells_what_was_recalled(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    for _ in range(2):
        send(client, group_id)
    recall(client, emulator, group_id, 2, 9, 1)
    recall(client, emulator, group_id, 1, 2)
    assert told(emulator, RECALLED) == [
        {
            "GroupId": group_id,
            "Type": "Public",
            "Operator_Account": "administrator",
            "MsgSeqList": [{"MsgSeq": 2}, {"MsgSeq": 1}],
        }
    ]


def test_a_live_group_recalls_nothing(client: ChatClient, live_id: str) -> None:
    send(client, live_id)
    with refused(10033):
        client.groups.recall_messages(group_id=live_id, msg_seq_list=[{"MsgSeq": 1}])


def test_what_somebody_sent_lately(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    for sender in ("bob", "carol", "bob"):
        send(client, group_id, sender, from_account=sender)
    client.groups.delete_messages_by_sender(group_id=group_id, sender_account="bob")
    assert history(client, group_id) == [(2, "carol")]
    assert history(client, group_id, with_recalled_msg=True) == [(3, "state 2"), (2, "carol"), (1, "state 2")]
    assert recall(client, emulator, group_id, 3) == [(3, 10030)]
    client.groups.delete_messages_by_sender(group_id=group_id, sender_account="nobody")


def test_only_the_newest_thousand_are_looked_through(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    send(client, group_id, "old", from_account="bob")
    send(client, group_id, "new", from_account="bob")
    emulator.state.groups[group_id].history.last_seq = 1001
    client.groups.delete_messages_by_sender(group_id=group_id, sender_account="bob")
    messages = emulator.state.groups[group_id].history.messages
    assert [messages[seq].is_recalled for seq in (1, 2)] == [False, True]


@pytest.mark.usefixtures("receiver")
def test_that_is_silent(client: ChatClient, emulator: Emulator, group_id: str, live_id: str) -> None:
    send(client, group_id, from_account="bob")
    client.groups.delete_messages_by_sender(group_id=group_id, sender_account="bob")
    client.groups.delete_messages_by_sender(group_id=live_id, sender_account="bob")
    assert told(emulator, RECALLED) == []
    with refused(10010):
        client.groups.delete_messages_by_sender(group_id="@TGS#gone", sender_account="bob")
