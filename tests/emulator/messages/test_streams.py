"""Messages whose text arrives in fragments."""

from __future__ import annotations

from typing import Any

import pytest

from support.chat import Chat
from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator

BOT = "@RBT#helper"


def stream(client: ChatClient, *fragments: tuple[int, str], to: str = "alice", **content: Any) -> str:
    """Send fragments from bob, the last with IsLast where `last` is given, and return the StreamMsgID."""
    chunks: list[dict[str, Any]] = [
        {"EventType": "data", "Index": index, "Markdown": words} for index, words in fragments
    ]
    if content.pop("last", False):
        chunks[-1]["IsLast"] = True
    answer = client.messages.send_stream(
        from_account="bob",
        to_account=to,
        msg_body=[{"MsgType": "TIMStreamElem", "MsgContent": {**content, "Chunks": chunks}}],
    )
    assert answer.stream_msg_id
    return answer.stream_msg_id


def contents(chat: Chat, account: str = "alice", peer: str = "bob") -> list[Any]:
    """Return what the history has of streams."""
    return [message.model_dump(by_alias=True)["MsgBody"][0] for message in chat.history(account, peer)]


def refused(client: ChatClient, *fragments: tuple[int, str], **content: Any) -> int | None:
    with pytest.raises(ChatAPIError) as caught:
        stream(client, *fragments, **content)
    return caught.value.code


def test_fragments_are_joined_to_one_message(client: ChatClient, chat: Chat) -> None:
    name = stream(client, (1, "Your order "), CompatibleText="Please update.")
    assert chat.unread("alice") == 1
    (begun,) = contents(chat)
    assert begun["MsgContent"]["Chunks"] == [
        {"EventType": "data", "Index": 1, "Markdown": "Your order ", "IsLast": False}
    ]
    assert stream(client, (2, "has left "), (5, "the house."), StreamMsgID=name, last=True) == name
    for account, peer in (("alice", "bob"), ("bob", "alice")):
        (whole,) = contents(chat, account, peer)
        assert whole == {
            "MsgType": "TIMStreamElem",
            "MsgContent": {
                "CompatibleText": "Please update.",
                "StreamMsgID": name,
                "Chunks": [
                    {
                        "EventType": "data",
                        "Index": 5,
                        "Markdown": "Your order has left the house.",
                        "IsLast": True,
                    }
                ],
            },
        }
    assert (chat.unread("alice"), chat.listed("alice")) == (1, ["bob"])


def test_after_its_end_a_stream_takes_no_more(client: ChatClient, chat: Chat) -> None:
    name = stream(client, (1, "all"), last=True)
    assert refused(client, (2, "more"), StreamMsgID=name) == 20001
    assert len(contents(chat)) == 1


def test_a_stream_ends_by_itself_after_15_seconds(emulator: Emulator, client: ChatClient) -> None:
    name = stream(client, (1, "one"))
    for index in (2, 3):
        emulator.clock.advance(15)
        stream(client, (index, "more"), StreamMsgID=name)
    emulator.clock.advance(16)
    assert refused(client, (4, "late"), StreamMsgID=name) == 20001


@pytest.mark.parametrize("fragments", [((2, "again"),), ((1, "again"),), ((3, "three"), (3, "three"))])
def test_numbers_must_rise(client: ChatClient, chat: Chat, fragments: tuple[tuple[int, str], ...]) -> None:
    name = stream(client, (1, "one "), (2, "two"))
    assert refused(client, *fragments, StreamMsgID=name) == 20001
    assert contents(chat)[0]["MsgContent"]["Chunks"][0]["Markdown"] == "one two"


def test_numbers_begin_with_one(client: ChatClient, chat: Chat) -> None:
    assert refused(client, (2, "two")) == 20001
    assert contents(chat) == []


def test_the_whole_text_has_a_limit(client: ChatClient, chat: Chat) -> None:
    name = stream(client, (1, "x" * 100_000))
    assert refused(client, (2, "x" * 40_000), StreamMsgID=name) == 93000
    assert len(contents(chat)[0]["MsgContent"]["Chunks"][0]["Markdown"]) == 100_000


def test_a_stream_belongs_to_its_two_accounts(client: ChatClient) -> None:
    name = stream(client, (1, "one"))
    assert refused(client, (2, "two"), StreamMsgID=name, to="carol") == 20001
    assert refused(client, (2, "two"), StreamMsgID="another") == 20001
    assert refused(client, (1, "one"), to="nobody") == 90012


class TestBots:
    @pytest.fixture(autouse=True)
    def bot(self, client: ChatClient) -> None:
        client.bots.create(user_id=BOT)

    def test_an_answer_is_one_text(self, client: ChatClient, chat: Chat) -> None:
        key = client.bots.send_stream_message(from_account=BOT, to_account="alice", chunk="hello, ").msg_key
        assert chat.texts("alice", BOT) == ["hello, "]
        client.bots.send_stream_message(from_account=BOT, to_account="alice", chunk="world", msg_key=key, finish=True)
        assert chat.texts("alice", BOT) == ["hello, world"]
        assert [it.msg_key for it in chat.history("alice", BOT)] == [key]
        assert chat.unread("alice") == 1
        with pytest.raises(ChatAPIError) as caught:
            client.bots.send_stream_message(from_account=BOT, to_account="alice", chunk="!", msg_key=key)
        assert caught.value.code == 10004

    @pytest.mark.parametrize("fields", [{"from_account": "carol"}, {"to_account": "nobody"}, {"msg_key": "1_2_3"}])
    def test_it_is_refused(self, client: ChatClient, fields: dict[str, Any]) -> None:
        call = {"from_account": BOT, "to_account": "alice", "chunk": "hi"}
        with pytest.raises(ChatAPIError) as caught:
            client.bots.send_stream_message(**call | fields)
        assert caught.value.code == 10004


class TestInGroups:
    def stream(self, client: ChatClient, *fragments: tuple[int, str], group: str = "g", **content: Any) -> str:
        chunks: list[dict[str, Any]] = [
            {"EventType": "data", "Index": index, "Markdown": words} for index, words in fragments
        ]
        chunks[-1]["IsLast"] = content.pop("last", False)
        answer = client.groups.send_stream_message(
            group_id=group,
            from_account=content.pop("sender", "bob"),
            msg_body=[{"MsgType": "TIMStreamElem", "MsgContent": {**content, "Chunks": chunks}}],
        )
        assert answer.stream_msg_id
        return answer.stream_msg_id

    def refused(self, client: ChatClient, *fragments: tuple[int, str], **content: Any) -> int | None:
        with pytest.raises(ChatAPIError) as caught:
            self.stream(client, *fragments, **content)
        return caught.value.code

    def history(self, client: ChatClient) -> list[tuple[int | None, str | None, Any]]:
        answer = client.groups.get_history(group_id="g", req_msg_number=20)
        return [
            (it.msg_seq, it.from_account, it.model_dump(by_alias=True)["MsgBody"][0]["MsgContent"])
            for it in answer.rsp_msg_list or ()
        ]

    def test_fragments_are_joined_to_one_message(self, emulator: Emulator, client: ChatClient, chat: Chat) -> None:
        client.groups.create(type="Public", name="g", group_id="g", member_list=[{"Member_Account": "alice"}])
        name = self.stream(client, (1, "Minutes of "))
        emulator.clock.advance(15)
        self.stream(client, (2, "today's "), StreamMsgID=name)
        self.stream(client, (3, "meeting"), StreamMsgID=name, last=True)
        ((seq, sender, content),) = self.history(client)
        assert (seq, sender, content["StreamMsgID"]) == (1, "bob", name)
        (chunk,) = content["Chunks"]
        assert (chunk["Markdown"], chunk["Index"], chunk["IsLast"]) == ("Minutes of today's meeting", 3, True)
        assert self.refused(client, (4, "more"), StreamMsgID=name) == 10004
        assert chat.listed("alice") == ["g"]

    def test_it_is_refused(self, emulator: Emulator, client: ChatClient) -> None:
        client.groups.create(type="Public", name="g", group_id="g")
        name = self.stream(client, (1, "one"))
        assert self.refused(client, (1, "one"), StreamMsgID=name) == 10004
        assert self.refused(client, (2, "two"), StreamMsgID=name, sender="alice") == 10004
        self.stream(client, (2, "x" * 100_000), StreamMsgID=name)
        assert self.refused(client, (3, "x" * 40_000), StreamMsgID=name) == 80002
        assert self.refused(client, (1, "one"), group="gone") == 10010
        assert self.refused(client, (1, "one"), sender="nobody") == 10019
        emulator.clock.advance(16)
        assert self.refused(client, (3, "three"), StreamMsgID=name) == 10004

    def test_an_audio_video_group_takes_one_and_keeps_nothing(self, client: ChatClient) -> None:
        client.groups.create(type="AVChatRoom", name="g", group_id="g")
        name = self.stream(client, (1, "one"))
        self.stream(client, (2, "two"), StreamMsgID=name, last=True)
        assert self.refused(client, (3, "more"), StreamMsgID=name) == 10004
