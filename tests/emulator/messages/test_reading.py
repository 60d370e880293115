"""What is read: marking conversations, read receipts, and counts of unread messages."""

from __future__ import annotations

from typing import Any

import pytest

from support.chat import Chat
from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator


def test_a_conversation_is_marked_for_its_reader_only(client: ChatClient, chat: Chat) -> None:
    chat.send("bob", "alice", "hi")
    chat.send("alice", "bob", "hi")
    chat.send("carol", "alice", "hi")
    client.messages.mark_read(report_account="alice", peer_account="bob")
    assert chat.unread("alice", "bob", "carol") == [0, 1]
    assert (chat.unread("alice"), chat.unread("bob")) == (1, 1)
    chat.send("bob", "alice", "more in the same second")
    assert chat.unread("alice", "bob") == [1]


@pytest.mark.parametrize("kind", [int, str])
@pytest.mark.parametrize(("ahead", "unread"), [(-1, 2), (0, 1), (10, 0)])
def test_messages_up_to_a_time_are_marked(
    emulator: Emulator, client: ChatClient, chat: Chat, kind: Any, ahead: int, unread: int, now: int
) -> None:
    chat.send("bob", "alice", "first")
    emulator.clock.advance(10)
    chat.send("bob", "alice", "second")
    client.messages.mark_read(report_account="alice", peer_account="bob", msg_read_time=kind(now + ahead))
    assert chat.unread("alice") == unread


@pytest.mark.parametrize(
    ("reader", "peer", "time", "code"),
    [("nobody", "bob", None, 90008), ("alice", "nobody", None, 90003), ("alice", "bob", "soon", 90001)],
)
def test_marking_is_refused(client: ChatClient, reader: str, peer: str, time: Any, code: int) -> None:
    with pytest.raises(ChatAPIError) as caught:
        client.messages.mark_read(report_account=reader, peer_account=peer, msg_read_time=time, validate=False)
    assert caught.value.code == code


@pytest.mark.usefixtures("receiver")
def test_the_app_hears_of_it(emulator: Emulator, client: ChatClient, chat: Chat) -> None:
    chat.send("bob", "alice", "hi")
    chat.send("carol", "alice", "hi")
    client.messages.mark_read(report_account="alice", peer_account="bob")
    assert emulator.webhooks.delivered[-1].body == {
        "CallbackCommand": "C2C.CallbackAfterMsgReport",
        "Report_Account": "alice",
        "Peer_Account": "bob",
        "LastReadTime": int(emulator.clock.now()),
        "UnreadMsgNum": 1,
    }


def test_accounts_that_do_not_exist_are_named(client: ChatClient, chat: Chat) -> None:
    chat.send("bob", "alice", "hi")
    answer = client.messages.get_unread_counts(to_account="alice", peer_account=["bob", "nobody"])
    assert [(it.peer_account, it.c2c_unread_msg_num) for it in answer.c2c_unread_msg_num_list or ()] == [("bob", 1)]
    assert [(it.peer_account, it.error_code) for it in answer.error_list or ()] == [("nobody", 70107)]
    with pytest.raises(ChatAPIError) as caught:
        client.messages.get_unread_counts(to_account="nobody")
    assert caught.value.code == 90003


class TestReceipts:
    def receipt(self, client: ChatClient, key: str, **fields: Any) -> None:
        call = {"operator_account": "alice", "peer_account": "bob"} | fields
        client.messages.send_read_receipts(
            **call, c2c_msg_info=[{"From_Account": "bob", "To_Account": "alice", "MsgKey": key}]
        )

    def test_the_sender_sees_it(self, client: ChatClient, chat: Chat) -> None:
        first = chat.send("bob", "alice", "one", is_need_read_receipt=True)
        chat.send("bob", "alice", "two", is_need_read_receipt=True)
        self.receipt(client, first)
        assert [it.is_peer_read for it in chat.history("bob", "alice")] == [1, 0]
        assert chat.unread("alice") == 2

    @pytest.mark.parametrize(
        ("key", "fields", "code"),
        [
            ("1_2_3", {}, 20022),
            ("first", {}, 90054),
            ("1_2_3", {"operator_account": "nobody"}, 90008),
            ("1_2_3", {"peer_account": "nobody"}, 90003),
            ("1_2_3", {"peer_account": "carol"}, 90001),
        ],
    )
    def test_it_is_refused(self, client: ChatClient, key: str, fields: dict[str, Any], code: int) -> None:
        with pytest.raises(ChatAPIError) as caught:
            self.receipt(client, key, **fields)
        assert caught.value.code == code
