"""Extensions of one-to-one messages and of messages in groups."""

from __future__ import annotations

from typing import Any

import pytest

from support.chat import Chat, text
from tencent_chat import ChatAPIError, ChatClient
from tencent_chat.models.message_extension import MessageExtension
from tencent_chat_emulator import Emulator

SET, DELETE, CLEAR = 1, 2, 3


class Pairs:
    """The extensions of one message."""

    def __init__(self, client: ChatClient, message: str) -> None:
        self.messages = client.messages
        self.message: dict[str, Any] = {"from_account": "bob", "to_account": "alice", "msg_key": message}

    def change(self, operation: int, **pairs: str) -> list[int | None]:
        """Return the code of each pair."""
        named = [{"Key": key, "Value": value, "Seq": 0} for key, value in pairs.items()]
        answer = self.messages.set_extensions(**self.message, operate_type=operation, extension_list=named or None)
        return [it.error_code for it in answer.extension_list or ()]

    def read(self, start: int | None = None) -> list[tuple[str, str, int | None]]:
        """Return keys, values and versions from a version on."""
        answer = self.messages.get_extensions(**self.message, start_seq=start)
        return seen(answer.extension_list)


def seen(pairs: list[MessageExtension] | None) -> list[tuple[str, str, int | None]]:
    return [(pair.key, pair.value, pair.seq) for pair in pairs or ()]


@pytest.fixture
def pairs(client: ChatClient, chat: Chat) -> Pairs:
    return Pairs(client, chat.send("bob", "alice", "vote!", support_message_extension=True))


def test_pairs_are_set_and_read(client: ChatClient, pairs: Pairs) -> None:
    assert pairs.change(SET, k1="v1", k2="v2") == [0, 0]
    assert pairs.change(SET, k3="v3") == [0]
    assert pairs.read() == [("k1", "v1", 1), ("k2", "v2", 1), ("k3", "v3", 2)]
    assert pairs.read(2) == [("k3", "v3", 2)]
    answer = client.messages.get_extensions(**pairs.message)
    assert (answer.complete_flag, answer.latest_seq, answer.clear_seq) == (1, 2, 0)


def test_a_pair_that_is_set_again_is_the_newest(pairs: Pairs) -> None:
    pairs.change(SET, k1="v1", k2="v2")
    pairs.change(SET, k1="other")
    assert pairs.read() == [("k2", "v2", 1), ("k1", "other", 2)]


def test_pairs_are_deleted(client: ChatClient, pairs: Pairs) -> None:
    pairs.change(SET, k1="v1", k2="v2")
    answer = client.messages.set_extensions(
        **pairs.message, operate_type=DELETE, extension_list=[{"Key": "k1", "Value": "", "Seq": 1}]
    )
    assert seen([it.extension for it in answer.extension_list or () if it.extension]) == [("k1", "", 2)]
    assert pairs.read() == [("k2", "v2", 1)]


def test_all_pairs_are_cleared(client: ChatClient, pairs: Pairs) -> None:
    pairs.change(SET, k1="v1")
    assert pairs.change(CLEAR) == []
    answer = client.messages.get_extensions(**pairs.message)
    assert (answer.extension_list, answer.latest_seq, answer.clear_seq) == ([], 2, 2)


def test_two_hundred_stand_on_a_page_and_three_hundred_on_a_message(client: ChatClient, pairs: Pairs) -> None:
    for start in range(0, 300, 20):
        pairs.change(SET, **{f"k{number}": "v" for number in range(start, start + 20)})
    assert pairs.change(SET, one_more="v", k0="v") == [10004, 0]
    first = client.messages.get_extensions(**pairs.message)
    assert (len(first.extension_list or ()), first.complete_flag) == (200, 0)
    last = (first.extension_list or ())[-1].seq
    second = client.messages.get_extensions(**pairs.message, start_seq=last)
    assert second.complete_flag == 1
    known = {pair.key for answer in (first, second) for pair in answer.extension_list or ()}
    assert known == {f"k{number}" for number in range(300)}


def test_a_message_takes_200_changes_a_minute(emulator: Emulator, pairs: Pairs) -> None:
    for _ in range(200):
        pairs.change(SET, k1="v1")
    with pytest.raises(ChatAPIError) as caught:
        pairs.change(SET, k1="v1")
    assert caught.value.code == 23003
    emulator.clock.advance(60)
    assert pairs.change(SET, k1="v1") == [0]


def test_a_message_without_support_has_none(client: ChatClient, chat: Chat) -> None:
    plain = Pairs(client, chat.send("bob", "alice", "hi"))
    for call in (plain.read, lambda: plain.change(SET, k1="v1")):
        with pytest.raises(ChatAPIError) as caught:
            call()
        assert caught.value.code == 23002


@pytest.mark.parametrize(
    ("message", "code"),
    [({"msg_key": "1_2_3"}, 23004), ({"to_account": "nobody"}, 23004), ({"from_account": "carol"}, 23004)],
)
def test_a_message_that_does_not_exist_has_none(pairs: Pairs, message: dict[str, str], code: int) -> None:
    pairs.message |= message
    with pytest.raises(ChatAPIError) as caught:
        pairs.read()
    assert caught.value.code == code


def test_pairs_must_be_named(pairs: Pairs) -> None:
    with pytest.raises(ChatAPIError) as caught:
        pairs.change(SET)
    assert caught.value.code == 10004


@pytest.mark.usefixtures("receiver")
def test_the_app_hears_of_changes(emulator: Emulator, pairs: Pairs) -> None:
    pairs.change(SET, k1="v1")
    pairs.change(CLEAR)
    told, cleared = (delivery.body for delivery in emulator.webhooks.delivered[-2:])
    assert told == {
        "CallbackCommand": "C2C.CallbackAfterC2CMsgExtension",
        "From_Account": "bob",
        "To_Account": "alice",
        "MsgKey": pairs.message["msg_key"],
        "OperateType": SET,
        "ExtensionList": [{"Key": "k1", "Value": "v1", "Seq": 1}],
        "Seq": 1,
        "EventTime": int(emulator.clock.now() * 1000),
    }
    assert (cleared["OperateType"], cleared["ExtensionList"], cleared["Seq"]) == (CLEAR, [], 2)


class TestInGroups:
    """The same for messages of groups."""

    def send(self, client: ChatClient, kind: Any = "Public", **fields: Any) -> dict[str, Any]:
        """Send a message to a new group, and return what names it."""
        group = client.groups.create(type=kind, name="g").group_id or ""
        answer = client.groups.send_message(group_id=group, msg_body=text("vote!"), **fields)
        return {"group_id": group, "msg_seq": answer.msg_seq or 0}

    @pytest.mark.usefixtures("receiver")
    def test_pairs_are_set_and_read(self, emulator: Emulator, client: ChatClient) -> None:
        message = self.send(client, support_message_extension=True)
        assert client.groups.get_message_extensions(**message).extension_list == []
        pair = {"Key": "k1", "Value": "v1", "Seq": 0}
        answer = client.groups.set_message_extensions(**message, operate_type=SET, extension_list=[pair])
        assert [it.error_code for it in answer.extension_list or ()] == [0]
        assert seen(client.groups.get_message_extensions(**message).extension_list) == [("k1", "v1", 1)]
        assert emulator.webhooks.delivered[-1].body == {
            "CallbackCommand": "Group.CallbackAfterGroupMsgExtension",
            "GroupId": message["group_id"],
            "MsgSeq": message["msg_seq"],
            "OperateType": SET,
            "ExtensionList": [pair | {"Seq": 1}],
            "Seq": 1,
            "EventTime": int(emulator.clock.now() * 1000),
        }
        client.groups.set_message_extensions(**message, operate_type=CLEAR)
        assert client.groups.get_message_extensions(**message).extension_list == []

    @pytest.mark.parametrize(
        ("kind", "supported", "named", "code"),
        [
            ("Public", False, {}, 23002),
            ("Public", True, {"msg_seq": 99}, 23004),
            ("Public", True, {"group_id": "gone"}, 23004),
            ("Community", True, {}, 10004),
            ("AVChatRoom", True, {}, 10004),
        ],
    )
    def test_it_is_refused(
        self, client: ChatClient, kind: str, supported: bool, named: dict[str, Any], code: int
    ) -> None:
        message = self.send(client, kind, support_message_extension=supported)
        with pytest.raises(ChatAPIError) as caught:
            client.groups.get_message_extensions(**message | named)
        assert caught.value.code == code

    def test_what_is_recalled_has_none(self, client: ChatClient) -> None:
        message = self.send(client, support_message_extension=True)
        client.groups.recall_messages(group_id=message["group_id"], msg_seq_list=[{"MsgSeq": message["msg_seq"]}])
        with pytest.raises(ChatAPIError) as caught:
            client.groups.set_message_extensions(**message, operate_type=CLEAR)
        assert caught.value.code == 23004
