"""Importing messages of a group."""

from __future__ import annotations

from typing import Any

import pytest

from support.group_messages import history, listed, send, text
from support.groups import make_group, members_of, refused
from support.receiver import Receiver
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

HOUR = 3600


@pytest.fixture
def old_id(client: ChatClient, emulator: Emulator) -> str:
    """A group that was created an hour ago."""
    group = client.groups.import_group(
        type="Public", name="Hikers", group_id="hikers", create_time=int(emulator.clock.now()) - HOUR
    )
    client.groups.import_members(group_id="hikers", member_list=[{"Member_Account": "bob"}])
    assert group.group_id == "hikers"
    return "hikers"


def message(time: float, words: str, **fields: Any) -> dict[str, Any]:
    return {"From_Account": "bob", "SendTime": int(time), "MsgBody": text(words), **fields}


def results(client: ChatClient, emulator: Emulator, group_id: str, *messages: dict[str, Any]) -> list[tuple[int, int]]:
    """Import messages; return their sequence numbers and results."""
    client.groups.import_messages(group_id=group_id, msg_list=messages, validate=False)
    found = emulator.calls[-1].answer["ImportMsgResult"]
    assert [item["MsgTime"] for item in found] == [sent["SendTime"] for sent in messages]
    return [(item["MsgSeq"], item["Result"]) for item in found]


def test_each_message_has_a_result(client: ChatClient, emulator: Emulator, old_id: str) -> None:
    now = emulator.clock.now()
    imported = results(
        client,
        emulator,
        old_id,
        message(now - HOUR - 1, "before the group"),
        message(now - 50, "first", Random=3),
        message(now - 60, "before the first"),
        message(now - 40, "x" * 12_000),
        message(now - 40, "second"),
        message(now + 1, "tomorrow"),
    )
    assert imported == [(0, 10004), (1, 0), (0, 10004), (0, 80002), (2, 0), (0, 10004)]
    assert history(client, old_id) == [(2, "second"), (1, "first")]
    assert send(client, old_id) == 3
    assert results(client, emulator, old_id, message(now - 1, "too late")) == [(0, 10004)]


def test_a_message_that_comes_again_is_dropped(client: ChatClient, emulator: Emulator, old_id: str) -> None:
    first = [message(emulator.clock.now() - 50 + number, str(number), Random=number) for number in range(3)]
    assert results(client, emulator, old_id, *first) == [(1, 0), (2, 0), (3, 0)]
    assert results(client, emulator, old_id, *first) == [(1, 0), (2, 0), (3, 0)]
    emulator.clock.advance(299)
    again = {**first[1], "SendTime": int(emulator.clock.now())}
    client.groups.import_messages(group_id=old_id, msg_list=[again])
    assert emulator.calls[-1].answer["ImportMsgResult"] == [{"MsgSeq": 2, "MsgTime": first[1]["SendTime"], "Result": 0}]
    emulator.clock.advance(1)
    assert results(client, emulator, old_id, again) == [(4, 0)]
    assert len(history(client, old_id)) == 4


def test_an_imported_message_has_its_own_time(client: ChatClient, emulator: Emulator, old_id: str) -> None:
    now = int(emulator.clock.now())
    results(client, emulator, old_id, message(now - 50, "first", Random=3))
    client.groups.get_history(group_id=old_id, req_msg_number=1)
    (found,) = emulator.calls[-1].answer["RspMsgList"]
    assert (found["From_Account"], found["MsgTimeStamp"], found["MsgRandom"]) == ("bob", now - 50, 3)


def test_all_members_have_read_everything_then(client: ChatClient, emulator: Emulator, old_id: str) -> None:
    assert members_of(client, old_id) == ["bob"]
    results(client, emulator, old_id, *(message(emulator.clock.now(), str(number)) for number in range(3)))
    members = client.groups.list_members(group_id=old_id).member_list or ()
    assert [member.msg_seq for member in members] == [3]


@pytest.mark.parametrize("lists", [True, False])
def test_conversations_are_listed_anew_if_wanted(
    client: ChatClient, emulator: Emulator, old_id: str, lists: bool
) -> None:
    sent = int(emulator.clock.now()) - 50
    client.groups.import_messages(group_id=old_id, msg_list=[message(sent, "first")], recent_contact_flag=lists)
    assert ((old_id, sent) in listed(client, "bob")) is lists


def test_nobody_is_asked_or_told(client: ChatClient, emulator: Emulator, old_id: str, receiver: Receiver) -> None:
    results(client, emulator, old_id, message(emulator.clock.now(), "first"))
    assert emulator.webhooks.delivered == ()
    assert receiver.commands == []


def test_a_live_group_takes_none(client: ChatClient, emulator: Emulator, live_id: str) -> None:
    with refused(10007):
        results(client, emulator, live_id, message(emulator.clock.now(), "first"))


def test_messages_of_topics(client: ChatClient, emulator: Emulator) -> None:
    community = make_group(client, "Community", support_topic=True)
    topics = [client.topics.create(group_id=community, topic_name=name).topic_id or "" for name in ("one", "two")]
    now = emulator.clock.now()
    client.groups.import_messages(
        group_id=community,
        topic_id=topics[0],
        msg_list=[message(now, "to the first"), message(now, "to the second", TopicId=topics[1])],
    )
    assert history(client, community, topic_id=topics[0]) == [(1, "to the first")]
    assert history(client, community, topic_id=topics[1]) == [(1, "to the second")]
    assert history(client, community) == []
    with refused(10010):
        client.groups.import_messages(group_id=community, topic_id="gone", msg_list=[message(now, "nowhere")])
