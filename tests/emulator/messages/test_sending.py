"""Sending and importing one-to-one messages: whom they reach, what they count for, and what refuses them."""

from __future__ import annotations

from typing import Any

import pytest

from support.chat import Chat, text
from support.receiver import Receiver
from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator

OLD = 1_700_000_000
"""Unix seconds, long before the emulator's time."""
BEFORE, AFTER = "C2C.CallbackBeforeSendMsg", "C2C.CallbackAfterSendMsg"


def test_both_sides_have_a_message(client: ChatClient, chat: Chat, now: int) -> None:
    answer = client.messages.send(
        from_account="bob",
        to_account="alice",
        msg_seq=7,
        msg_random=8,
        msg_body=text("hi"),
        cloud_custom_data="data",
    )
    assert (answer.msg_time, answer.msg_key) == (now, f"7_8_{now}")
    assert answer.msg_id
    assert answer.msg_id.endswith(f"-{now}-8")
    (message,) = chat.history("alice", "bob")
    assert (message.from_account, message.to_account) == ("bob", "alice")
    assert (message.msg_seq, message.msg_random, message.msg_time_stamp) == (7, 8, now)
    assert (message.msg_key, message.cloud_custom_data) == (answer.msg_key, "data")
    assert (message.msg_flag_bits, message.is_peer_read) == (0, 0)
    assert chat.texts("bob", "alice") == chat.texts("alice", "bob") == ["hi"]
    assert (chat.unread("alice"), chat.unread("bob")) == (1, 0)
    assert (chat.listed("alice"), chat.listed("bob")) == (["bob"], ["alice"])


def test_without_a_sender_it_is_from_who_calls(emulator: Emulator, client: ChatClient, chat: Chat) -> None:
    client.messages.send(to_account="alice", msg_body=text("hi"))
    assert [it.from_account for it in chat.history("alice", emulator.identifier)] == [emulator.identifier]


def test_one_can_write_to_oneself(chat: Chat) -> None:
    chat.send("bob", "bob", "to do")
    assert chat.texts("bob", "bob") == ["to do"]
    assert chat.unread("bob") == 0
    assert chat.listed("bob") == ["bob"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to_account": "nobody"}, 90012),
        ({"from_account": "nobody"}, 20003),
        ({"msg_body": text("x" * 12_300)}, 93000),
        ({"msg_body": []}, 90002),
        ({"msg_body": "hi"}, 90007),
        ({"msg_body": [{"MsgType": "TIMTextElem", "MsgContent": {}}]}, 90002),
        ({"msg_body": [{"MsgType": "TIMCustomElem", "MsgContent": {"Data": "x"}}] * 2}, 90002),
        ({"msg_random": "one"}, 90005),
        ({"sync_other_machine": "1"}, 90031),
        ({"msg_life_time": "a day"}, 90044),
        ({"msg_time_stamp": -1}, 90006),
    ],
)
def test_sending_is_refused(client: ChatClient, chat: Chat, fields: dict[str, Any], code: int) -> None:
    call: dict[str, Any] = {"from_account": "bob", "to_account": "alice", "msg_body": text("hi")}
    with pytest.raises(ChatAPIError) as caught:
        client.messages.send(**call | fields, validate=False)
    assert caught.value.code == code
    assert chat.texts("alice", "bob") == []


def test_blocklists_and_mutes_do_not_stop_administrators(client: ChatClient, chat: Chat) -> None:
    client.blocklist.add(from_account="alice", to_account=["bob"])
    client.operations.set_mute(set_account="bob", c2_cmsg_nospeaking_time=60)
    chat.send("bob", "alice", "hi")
    assert chat.texts("alice", "bob") == ["hi"]


@pytest.mark.parametrize(
    ("fields", "sender_has_it", "is_unread", "is_listed"),
    [
        ({}, True, True, True),
        ({"sync_other_machine": 1}, True, True, True),
        ({"sync_other_machine": 2}, False, True, True),
        ({"send_msg_control": ["NoUnread"]}, True, False, True),
        ({"send_msg_control": ["NoLastMsg"]}, True, True, False),
        ({"send_msg_control": ["WithMuteNotifications"]}, True, True, True),
    ],
)
def test_a_message_counts_for_what_it_says(
    chat: Chat, fields: dict[str, Any], sender_has_it: bool, is_unread: bool, is_listed: bool
) -> None:
    chat.send("bob", "alice", "hi", **fields)
    assert chat.texts("alice", "bob") == ["hi"]
    assert chat.texts("bob", "alice") == (["hi"] if sender_has_it else [])
    assert chat.listed("bob") == (["alice"] if is_listed and sender_has_it else [])
    assert chat.unread("alice") == int(is_unread)
    assert chat.listed("alice") == (["bob"] if is_listed else [])


@pytest.mark.parametrize("fields", [{"online_only_flag": True}, {"msg_life_time": 0}])
@pytest.mark.usefixtures("receiver")
def test_what_is_for_online_recipients_is_not_kept(emulator: Emulator, chat: Chat, fields: dict[str, Any]) -> None:
    assert chat.send("bob", "alice", "typing", **fields)
    assert (chat.texts("alice", "bob"), chat.unread("alice"), chat.listed("alice")) == ([], 0, [])
    assert [delivery.body["OnlineOnlyFlag"] for delivery in emulator.webhooks.delivered] == [1, 1]


@pytest.mark.parametrize(("life_time", "kept"), [(60, 60), (604_800, 604_800), (999_999, 604_800), (None, 604_800)])
def test_a_message_is_kept_for_its_life_time(emulator: Emulator, chat: Chat, life_time: int | None, kept: int) -> None:
    chat.send("bob", "alice", "hi", msg_life_time=life_time)
    emulator.clock.advance(kept - 1)
    assert (chat.texts("alice", "bob"), chat.unread("alice"), chat.listed("alice")) == (["hi"], 1, ["bob"])
    emulator.clock.advance(1)
    assert (chat.texts("alice", "bob"), chat.unread("alice"), chat.listed("alice")) == ([], 0, [])


def test_a_repeated_message_is_dropped_for_two_minutes(emulator: Emulator, client: ChatClient, chat: Chat) -> None:
    def send(words: str = "hi", seq: int = 1) -> str | None:
        return client.messages.send(
            from_account="bob", to_account="alice", msg_seq=seq, msg_random=2, msg_body=text(words)
        ).msg_key

    first = send()
    emulator.clock.advance(119)
    assert send() == first
    assert chat.texts("alice", "bob") == ["hi"]
    send("other words")
    send(seq=3)
    assert chat.texts("alice", "bob") == ["hi", "other words", "hi"]
    emulator.clock.advance(1)
    assert send() != first
    assert chat.texts("alice", "bob") == ["hi", "other words", "hi", "hi"]


def test_one_name_is_for_one_message(client: ChatClient, chat: Chat) -> None:
    for words in ("hi", "other words"):
        client.messages.send(from_account="bob", to_account="alice", msg_seq=1, msg_random=2, msg_body=text(words))
    assert chat.texts("alice", "bob") == ["hi"]


def test_no_more_than_250_of_a_conversation_are_unread(client: ChatClient, chat: Chat, now: int) -> None:
    for number in range(255):
        client.messages.import_message(
            sync_from_old_system=5,
            from_account="bob",
            to_account="alice",
            msg_seq=number,
            msg_random=number,
            msg_time_stamp=now,
            msg_body=text("hi"),
        )
    chat.send("carol", "alice", "hi")
    assert chat.unread("alice") == 251
    assert chat.unread("alice", "bob", "carol") == [250, 1]


class TestBatch:
    def test_every_recipient_has_it(self, client: ChatClient, chat: Chat) -> None:
        answer = client.messages.send_batch(
            from_account="bob", to_account=["alice", "carol", "alice"], msg_body=text("hi all")
        )
        assert answer.action_status == "OK"
        assert answer.error_list is None
        assert {it.msg_key for it in chat.history("alice", "bob")} == {answer.msg_key}
        assert chat.texts("carol", "bob") == chat.texts("alice", "bob") == ["hi all"]
        assert (chat.unread("alice"), chat.unread("carol")) == (1, 1)
        assert set(chat.listed("bob")) == {"alice", "carol"}

    def test_recipients_that_do_not_exist_are_named(self, client: ChatClient, chat: Chat) -> None:
        answer = client.messages.send_batch(from_account="bob", to_account=["nobody", "alice"], msg_body=text("hi all"))
        assert (answer.action_status, answer.error_code) == ("SomeError", 0)
        assert [(it.to_account, it.error_code) for it in answer.error_list or ()] == [("nobody", 70107)]
        assert chat.texts("alice", "bob") == ["hi all"]

    @pytest.mark.parametrize(
        ("sender", "recipients", "code"), [("bob", ["nobody"], 90012), ("nobody", ["alice"], 90008)]
    )
    def test_it_is_refused(self, client: ChatClient, sender: str, recipients: list[str], code: int) -> None:
        with pytest.raises(ChatAPIError) as caught:
            client.messages.send_batch(from_account=sender, to_account=recipients, msg_body=text("hi"))
        assert caught.value.code == code

    @pytest.mark.usefixtures("receiver")
    def test_it_calls_no_webhook(self, emulator: Emulator, client: ChatClient) -> None:
        client.messages.send_batch(to_account=["alice"], msg_body=text("hi"))
        assert emulator.webhooks.delivered == ()


class TestImport:
    def send(self, client: ChatClient, kind: int, **fields: Any) -> None:
        call = {
            "sync_from_old_system": kind,
            "from_account": "bob",
            "to_account": "alice",
            "msg_seq": 1,
            "msg_random": 2,
            "msg_time_stamp": OLD,
            "msg_body": text("old"),
        }
        client.messages.import_message(**call | fields, validate=False)

    @pytest.mark.parametrize(("kind", "unread"), [(2, 0), (5, 1)])
    def test_history_is_read_and_live_messages_are_unread(
        self, client: ChatClient, chat: Chat, kind: int, unread: int
    ) -> None:
        self.send(client, kind)
        (message,) = chat.history("alice", "bob")
        assert (message.msg_time_stamp, message.msg_key) == (OLD, f"1_2_{OLD}")
        assert chat.unread("alice") == unread
        assert chat.listed("alice") == ["bob"]

    def test_they_stand_in_the_order_of_their_times(self, client: ChatClient, chat: Chat) -> None:
        chat.send("bob", "alice", "now")
        for time, seq, words in ((3, 1, "third"), (1, 1, "first"), (2, 9, "second, later"), (2, 8, "second")):
            self.send(client, 2, msg_time_stamp=time, msg_seq=seq, msg_body=text(words))
        assert chat.texts("alice", "bob") == ["first", "second", "second, later", "third", "now"]

    def test_the_first_of_a_name_stays(self, client: ChatClient, chat: Chat) -> None:
        self.send(client, 2)
        self.send(client, 5, msg_body=text("again"))
        self.send(client, 5, from_account="alice", to_account="bob")
        assert chat.texts("alice", "bob") == ["old"]
        assert chat.unread("alice") == chat.unread("bob") == 0

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"from_account": "nobody"}, 90048),
            ({"to_account": "nobody"}, 90012),
            ({"msg_time_stamp": 2**32}, 90006),
            ({"msg_time_stamp": "soon"}, 90006),
            ({"sync_from_old_system": 3}, 90030),
        ],
    )
    def test_it_is_refused(self, client: ChatClient, fields: dict[str, Any], code: int) -> None:
        with pytest.raises(ChatAPIError) as caught:
            self.send(client, 2, **fields)
        assert caught.value.code == code


class TestWebhooks:
    @pytest.mark.usefixtures("receiver")
    def test_the_app_hears_before_and_after(self, emulator: Emulator, chat: Chat, now: int) -> None:
        chat.send("bob", "alice", "hi", msg_seq=7, msg_random=8, cloud_custom_data="data")
        before, after = (delivery.body for delivery in emulator.webhooks.delivered)
        message = {
            "From_Account": "bob",
            "To_Account": "alice",
            "MsgSeq": 7,
            "MsgRandom": 8,
            "MsgTime": now,
            "MsgKey": f"7_8_{now}",
            "OnlineOnlyFlag": 0,
            "MsgBody": text("hi"),
            "CloudCustomData": "data",
        }
        assert before.pop("MsgId").endswith(f"-{now}-8")
        assert before == {"CallbackCommand": BEFORE, **message}
        assert after == {
            "CallbackCommand": AFTER,
            **message,
            "SendMsgResult": 0,
            "ErrorInfo": "send msg succeed",
            "UnreadMsgNum": 1,
        }

    @pytest.mark.parametrize(
        ("code", "info", "answered"), [(1, "not here", 20006), (120_001, "no advertising", 120_001)]
    )
    def test_a_rejected_message_is_not_sent(
        self, emulator: Emulator, receiver: Receiver, chat: Chat, code: int, info: str, answered: int
    ) -> None:
        receiver.reject(BEFORE, code, info)
        with pytest.raises(ChatAPIError) as caught:
            chat.send("bob", "alice", "hi")
        assert caught.value.code == answered
        assert code == 1 or caught.value.info == info
        assert (chat.texts("alice", "bob"), chat.unread("alice")) == ([], 0)
        assert [delivery.command for delivery in emulator.webhooks.delivered] == [BEFORE]

    def test_a_dropped_message_is_sent_for_its_sender_only(
        self, emulator: Emulator, receiver: Receiver, chat: Chat
    ) -> None:
        receiver.reject(BEFORE, 2)
        assert chat.send("bob", "alice", "hi")
        assert chat.texts("alice", "bob") == []
        assert [delivery.command for delivery in emulator.webhooks.delivered] == [BEFORE]

    def test_a_changed_message_is_sent_changed(self, emulator: Emulator, receiver: Receiver, chat: Chat) -> None:
        receiver.reply(BEFORE, MsgBody=text("ho"), CloudCustomData="gold")
        chat.send("bob", "alice", "hi")
        (message,) = chat.history("alice", "bob")
        assert (chat.texts("alice", "bob"), message.cloud_custom_data) == (["ho"], "gold")
        after = emulator.webhooks.delivered[1].body
        assert (after["MsgBody"], after["CloudCustomData"]) == (text("ho"), "gold")

    @pytest.mark.parametrize(
        ("forbidden", "sent"),
        [
            (["ForbidBeforeSendMsgCallback"], [AFTER]),
            (["ForbidAfterSendMsgCallback"], [BEFORE]),
            (["ForbidBeforeSendMsgCallback", "ForbidAfterSendMsgCallback"], []),
        ],
    )
    @pytest.mark.usefixtures("receiver")
    def test_a_message_can_forbid_them(
        self, emulator: Emulator, chat: Chat, forbidden: list[str], sent: list[str]
    ) -> None:
        chat.send("bob", "alice", "hi", forbid_callback_control=forbidden)
        assert [delivery.command for delivery in emulator.webhooks.delivered] == sent
        assert chat.texts("alice", "bob") == ["hi"]

    @pytest.mark.usefixtures("receiver")
    def test_the_bot_service_hears_of_messages_to_its_bots(
        self, emulator: Emulator, client: ChatClient, chat: Chat
    ) -> None:
        client.bots.create(user_id="@RBT#helper")
        chat.send("bob", "@RBT#helper", "help!")
        told = emulator.webhooks.delivered[-1]
        assert told.command == "Bot.OnC2CMessage"
        assert (told.body["To_Account"], told.body["MsgBody"]) == ("@RBT#helper", text("help!"))
