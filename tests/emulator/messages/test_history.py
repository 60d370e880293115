"""The history of one-to-one conversations: pages, recalls, changes, and what one side deletes."""

from __future__ import annotations

from typing import Any

import pytest

from support.chat import LAST, Chat, text, words_of
from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator


def import_many(client: ChatClient, count: int, words: str = "") -> None:
    """Import messages with the times 1001, 1002 and so on."""
    for number in range(1, count + 1):
        client.messages.import_message(
            sync_from_old_system=2,
            from_account="bob" if number % 2 else "alice",
            to_account="alice" if number % 2 else "bob",
            msg_time_stamp=1000 + number,
            msg_body=text(f"{number}{words}"),
        )


class TestReading:
    def test_a_page_has_the_newest_and_the_next_goes_back(self, client: ChatClient) -> None:
        import_many(client, 5)
        ask: dict[str, Any] = {"operator_account": "alice", "peer_account": "bob", "max_cnt": 2, "min_time": 0}
        first = client.messages.get_history(**ask, max_time=LAST)
        assert [words_of(it) for it in first.msg_list or ()] == ["4", "5"]
        assert (first.complete, first.msg_cnt, first.last_msg_time) == (0, 2, 1004)
        second = client.messages.get_history(**ask, max_time=first.last_msg_time or 0, last_msg_key=first.last_msg_key)
        assert [words_of(it) for it in second.msg_list or ()] == ["2", "3"]
        last = client.messages.get_history(**ask, max_time=second.last_msg_time or 0, last_msg_key=second.last_msg_key)
        assert ([words_of(it) for it in last.msg_list or ()], last.complete) == (["1"], 1)

    @pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
    def test_the_iterator_reads_everything_once(self, client: ChatClient, size: int) -> None:
        import_many(client, 7)
        messages = client.messages.iter_history(
            operator_account="bob", peer_account="alice", max_cnt=size, min_time=0, max_time=LAST
        )
        assert sorted(words_of(it) for it in messages) == list("1234567")

    def test_messages_of_one_second_are_read_on(self, client: ChatClient, chat: Chat, now: int) -> None:
        for number in range(5):
            chat.send("bob", "alice", str(number))
        messages = client.messages.iter_history(
            operator_account="bob", peer_account="alice", max_cnt=2, min_time=now, max_time=now
        )
        assert sorted(words_of(it) for it in messages) == list("01234")

    def test_an_answer_has_up_to_13_kilobytes(self, client: ChatClient) -> None:
        import_many(client, 10, "x" * 4000)
        answer = client.messages.get_history(
            operator_account="bob", peer_account="alice", max_cnt=100, min_time=0, max_time=LAST
        )
        assert (answer.msg_cnt, answer.complete) == (3, 0)
        messages = client.messages.iter_history(
            operator_account="bob", peer_account="alice", max_cnt=100, min_time=0, max_time=LAST
        )
        assert len(list(messages)) == 10

    @pytest.mark.parametrize(
        ("first", "last", "found"), [(1002, 1004, ["2", "3", "4"]), (1006, LAST, []), (0, 1001, ["1"])]
    )
    def test_a_range_includes_both_ends(self, client: ChatClient, first: int, last: int, found: list[str]) -> None:
        import_many(client, 5)
        answer = client.messages.get_history(
            operator_account="alice", peer_account="bob", max_cnt=9, min_time=first, max_time=last
        )
        assert [words_of(it) for it in answer.msg_list or ()] == found
        assert answer.complete == 1

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"operator_account": "nobody"}, 90008),
            ({"peer_account": "nobody"}, 90003),
            ({"max_cnt": 0}, 90001),
            ({"last_msg_key": "first"}, 90001),
        ],
    )
    def test_it_is_refused(self, client: ChatClient, fields: dict[str, Any], code: int) -> None:
        ask = {"operator_account": "alice", "peer_account": "bob", "max_cnt": 1, "min_time": 0, "max_time": 1}
        with pytest.raises(ChatAPIError) as caught:
            client.messages.get_history(**ask | fields)
        assert caught.value.code == code


class TestRecall:
    def test_a_recalled_message_is_marked(self, client: ChatClient, chat: Chat) -> None:
        key = chat.send("bob", "alice", "oops")
        chat.send("bob", "alice", "hi")
        client.messages.recall(from_account="bob", to_account="alice", msg_key=key)
        for account, peer in (("alice", "bob"), ("bob", "alice")):
            assert [it.msg_flag_bits for it in chat.history(account, peer)] == [8, 0]
        assert chat.unread("alice") == 1

    def test_it_is_recalled_once(self, client: ChatClient, chat: Chat) -> None:
        key = chat.send("bob", "alice", "oops")
        client.messages.recall(from_account="bob", to_account="alice", msg_key=key)
        with pytest.raises(ChatAPIError) as caught:
            client.messages.recall(from_account="bob", to_account="alice", msg_key=key)
        assert caught.value.code == 20023

    @pytest.mark.parametrize(
        ("sender", "recipient", "key", "code"),
        [
            ("bob", "alice", "1_2_3", 20022),
            ("bob", "alice", "first", 90054),
            ("bob", "nobody", "1_2_3", 90003),
            ("nobody", "alice", "1_2_3", 90008),
        ],
    )
    def test_it_is_refused(self, client: ChatClient, sender: str, recipient: str, key: str, code: int) -> None:
        with pytest.raises(ChatAPIError) as caught:
            client.messages.recall(from_account=sender, to_account=recipient, msg_key=key)
        assert caught.value.code == code

    def test_the_direction_counts(self, client: ChatClient, chat: Chat) -> None:
        key = chat.send("bob", "alice", "oops")
        with pytest.raises(ChatAPIError) as caught:
            client.messages.recall(from_account="alice", to_account="bob", msg_key=key)
        assert caught.value.code == 20022

    @pytest.mark.usefixtures("receiver")
    def test_the_app_hears_of_it(self, emulator: Emulator, client: ChatClient, chat: Chat) -> None:
        key = chat.send("bob", "alice", "oops")
        chat.send("carol", "alice", "hi")
        client.messages.recall(from_account="bob", to_account="alice", msg_key=key)
        told = emulator.webhooks.delivered[-1].body
        assert told == {
            "CallbackCommand": "C2C.CallbackAfterMsgWithDraw",
            "From_Account": "bob",
            "To_Account": "alice",
            "MsgKey": key,
            "UnreadMsgNum": 1,
        }


class TestChange:
    @pytest.mark.parametrize(
        ("fields", "left"),
        [
            ({"msg_body": text("new")}, ("new", "data")),
            ({"cloud_custom_data": "other"}, ("old", "other")),
            ({"msg_body": text("new"), "cloud_custom_data": ""}, ("new", None)),
        ],
    )
    def test_what_is_named_changes_for_both(
        self, client: ChatClient, chat: Chat, fields: dict[str, Any], left: tuple[str, str | None]
    ) -> None:
        key = chat.send("bob", "alice", "old", cloud_custom_data="data")
        client.messages.update(from_account="bob", to_account="alice", msg_key=key, **fields)
        for account, peer in (("alice", "bob"), ("bob", "alice")):
            (message,) = chat.history(account, peer)
            assert (words_of(message), message.cloud_custom_data) == left

    def test_a_batch_stays_as_it_is_for_the_others(self, client: ChatClient, chat: Chat) -> None:
        answer = client.messages.send_batch(from_account="bob", to_account=["alice", "carol"], msg_body=text("old"))
        client.messages.update(
            from_account="bob", to_account="alice", msg_key=answer.msg_key or "", msg_body=text("new")
        )
        assert (chat.texts("alice", "bob"), chat.texts("carol", "bob")) == (["new"], ["old"])

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"from_account": "nobody"}, 20003),
            ({"to_account": "nobody"}, 90012),
            ({"msg_key": "1_2_3"}, 20022),
            ({"msg_key": "first"}, 90054),
            ({"msg_body": None}, 20001),
        ],
    )
    def test_it_is_refused(self, client: ChatClient, chat: Chat, fields: dict[str, Any], code: int) -> None:
        key = chat.send("bob", "alice", "old")
        call = {"from_account": "bob", "to_account": "alice", "msg_key": key, "msg_body": text("new")}
        with pytest.raises(ChatAPIError) as caught:
            client.messages.update(**call | fields)
        assert caught.value.code == code
        assert chat.texts("alice", "bob") == ["old"]

    def test_what_is_recalled_stays(self, client: ChatClient, chat: Chat) -> None:
        key = chat.send("bob", "alice", "old")
        client.messages.recall(from_account="bob", to_account="alice", msg_key=key)
        with pytest.raises(ChatAPIError) as caught:
            client.messages.update(from_account="bob", to_account="alice", msg_key=key, cloud_custom_data="x")
        assert caught.value.code == 20023


class TestDeletion:
    def test_only_one_side_loses_it(self, client: ChatClient, chat: Chat) -> None:
        keys = [chat.send("bob", "alice", words) for words in ("one", "two", "three")]
        client.messages.delete(operator_account="alice", peer_account="bob", msg_key_list=[keys[0], keys[2]])
        assert chat.texts("alice", "bob") == ["two"]
        assert chat.texts("bob", "alice") == ["one", "two", "three"]
        assert chat.unread("alice") == 1

    def test_malformed_names_are_told(self, client: ChatClient, chat: Chat) -> None:
        key = chat.send("bob", "alice", "hi")
        answer = client.messages.delete(
            operator_account="bob", peer_account="alice", msg_key_list=["4713", key, "1_2_3"]
        )
        assert answer.invalid_msg_key_list == ["4713"]
        assert (chat.texts("bob", "alice"), chat.texts("alice", "bob")) == ([], ["hi"])

    @pytest.mark.parametrize(("operator", "peer", "code"), [("nobody", "alice", 90008), ("alice", "nobody", 90003)])
    def test_it_is_refused(self, client: ChatClient, operator: str, peer: str, code: int) -> None:
        with pytest.raises(ChatAPIError) as caught:
            client.messages.delete(operator_account=operator, peer_account=peer, msg_key_list=["1_2_3"])
        assert caught.value.code == code


def test_old_messages_make_room(emulator: Emulator, chat: Chat) -> None:
    chat.send("bob", "alice", "old")
    emulator.clock.advance(7 * 24 * 3600)
    chat.send("bob", "alice", "new")
    assert chat.texts("alice", "bob") == ["new"]
    assert len(emulator.state.direct_messages.between("alice", "bob").messages) == 1


def test_who_is_deleted_and_comes_back_begins_anew(client: ChatClient, chat: Chat) -> None:
    chat.send("bob", "alice", "hi")
    client.conversations.pin(
        from_account="alice", operation_type=1, recent_contact_item=[{"Type": 1, "To_Account": "bob"}]
    )
    client.accounts.delete(delete_item=[{"UserID": "alice"}])
    client.accounts.import_account(user_id="alice")
    assert (chat.texts("alice", "bob"), chat.unread("alice"), chat.listed("alice")) == ([], 0, [])
    assert chat.texts("bob", "alice") == ["hi"]
    chat.send("bob", "alice", "welcome")
    assert chat.texts("alice", "bob") == ["welcome"]


def test_a_snapshot_holds_messages_and_conversations(emulator: Emulator, client: ChatClient, chat: Chat) -> None:
    chat.send("bob", "alice", "one", cloud_custom_data="data", support_message_extension=True)
    key = chat.send("alice", "bob", "two")
    client.messages.recall(from_account="alice", to_account="bob", msg_key=key)
    client.conversations.mark(
        from_account="alice",
        mark_item=[{"OptType": 2, "ContactItem": {"Type": 1, "To_Account": "bob"}, "CustomMark": "vip"}],
    )
    before = chat.history("alice", "bob")
    snapshot = emulator.snapshot()
    emulator.reset()
    emulator.restore(snapshot)
    assert chat.history("alice", "bob") == before
    assert (chat.unread("alice"), chat.unread("bob"), chat.listed("alice")) == (1, 0, ["bob"])
    assert [it.custom_mark for it in client.conversations.iter_groups(from_account="alice")] == ["vip"]
    assert emulator.snapshot() == snapshot
