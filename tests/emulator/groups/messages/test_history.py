"""Reading the history of a group, hiding it, changing messages in it."""

from __future__ import annotations

import pytest

from support.group_messages import history, listed, send, text
from support.groups import make_group, refused
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

MONTH = 30 * 24 * 3600


def read(client: ChatClient, emulator: Emulator, group_id: str, number: int, **arguments: object) -> list[int]:
    """Return the sequence numbers of one page, of which everything that was asked for is in the answer."""
    client.groups.get_history(group_id=group_id, req_msg_number=number, **arguments)  # type: ignore[arg-type]
    answer = emulator.calls[-1].answer
    assert (answer["GroupId"], answer["IsFinished"]) == (group_id, 1)
    return [message["MsgSeq"] for message in answer["RspMsgList"]]


def test_pages_go_down_from_the_newest(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    for number in range(1, 8):
        send(client, group_id, f"number {number}")
    assert read(client, emulator, group_id, 3) == [7, 6, 5]
    assert read(client, emulator, group_id, 3, req_msg_seq=4) == [4, 3, 2]
    assert read(client, emulator, group_id, 3, req_msg_seq=1) == [1]
    assert read(client, emulator, group_id, 3, req_msg_seq=0) == []
    assert read(client, emulator, group_id, 2, req_msg_seq=4_294_967_295) == [7, 6]


@pytest.mark.parametrize("size", [1, 3, 20])
def test_reading_on_meets_every_message_once(client: ChatClient, group_id: str, size: int) -> None:
    sent = [send(client, group_id, str(number)) for number in range(25)]
    assert [seq for seq, _ in history(client, group_id, req_msg_number=size)] == sent[::-1]


def test_a_group_without_messages(client: ChatClient, group_id: str) -> None:
    assert history(client, group_id) == []


def test_recalled_messages_come_when_they_are_asked_for(client: ChatClient, group_id: str) -> None:
    for number in range(1, 31):
        send(client, group_id, str(number))
    for first in (2, 12):
        seqs = [{"MsgSeq": seq} for seq in range(first, first + 10)]
        client.groups.recall_messages(group_id=group_id, msg_seq_list=seqs)
    others = [*range(30, 21, -1), 1]
    assert history(client, group_id, req_msg_number=3) == [(seq, str(seq)) for seq in others]
    found = history(client, group_id, with_recalled_msg=True)
    assert [seq for seq, _ in found] == list(range(30, 0, -1))
    assert [seq for seq, words in found if words == "state 2"] == list(range(21, 1, -1))


def test_messages_expire(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    send(client, group_id, "first")
    client.groups.pin_message(group_id=group_id, msg_seq=1)
    emulator.clock.advance(MONTH - 1)
    send(client, group_id, "second")
    assert history(client, group_id) == [(2, "second"), (1, "first")]
    emulator.clock.advance(1)
    assert history(client, group_id) == [(2, "second"), (1, "state 1")]
    assert not client.groups.list_pinned_messages(group_id=group_id).pinned_msg_list
    with refused(10030):
        client.groups.update_message(group_id=group_id, msg_seq=1, msg_body=text("late"))
    assert send(client, group_id) == 3


def test_clearing_hides_from_members_only(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    for number in range(3):
        send(client, group_id, str(number))
    client.groups.clear_history(group_id=group_id, msg_seq=2)
    assert emulator.state.groups[group_id].history.hidden_seq == 2
    client.groups.clear_history(group_id=group_id, msg_seq=1)
    assert emulator.state.groups[group_id].history.hidden_seq == 2
    assert [name for name, _ in listed(client, "bob")] == [group_id]
    client.groups.clear_history(group_id=group_id)
    assert listed(client, "bob") == []
    assert len(history(client, group_id)) == 3


@pytest.mark.parametrize(("type_", "code"), [("AVChatRoom", 0), ("Community", 10007)])
def test_clearing_other_groups(client: ChatClient, type_: str, code: int) -> None:
    group_id = make_group(client, type_)
    if code:
        with refused(code):
            client.groups.clear_history(group_id=group_id)
    else:
        client.groups.clear_history(group_id=group_id)


def test_a_changed_message(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    send(client, group_id, "at nine", cloud_custom_data="draft")
    client.groups.update_message(group_id=group_id, msg_seq=1, msg_body=text("at ten"))
    assert history(client, group_id) == [(1, "at ten")]
    assert emulator.state.groups[group_id].history.messages[1].cloud_custom_data == "draft"
    client.groups.update_message(group_id=group_id, msg_seq=1, cloud_custom_data="final")
    assert history(client, group_id) == [(1, "at ten")]
    assert emulator.state.groups[group_id].history.messages[1].cloud_custom_data == "final"


def test_messages_that_cannot_be_changed(client: ChatClient, group_id: str, live_id: str) -> None:
    send(client, group_id)
    client.groups.recall_messages(group_id=group_id, msg_seq_list=[{"MsgSeq": 1}])
    for group, seq, code in (
        (group_id, 1, 10030),
        (group_id, 2, 10030),
        (live_id, 1, 10044),
        ("@TGS#gone", 1, 10010),
    ):
        with refused(code):
            client.groups.update_message(group_id=group, msg_seq=seq, msg_body=text("changed"))
