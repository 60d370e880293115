"""Sending messages to groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from typing import Any

import pytest

from support.group_messages import history, listed, send, text
from support.groups import make_group, refused, told
from support.receiver import ALLOWED, Received, Receiver, receiving
from tencent_chat import ChatClient
from tencent_chat.models import MsgPriority
from tencent_chat_emulator import Emulator

BEFORE, AFTER, FAILED = (
    "Group.CallbackBeforeSendMsg",
    "Group.CallbackAfterSendMsg",
    "Group.CallbackSendMsgException",
)


def test_sequence_numbers_rise_without_gaps(client: ChatClient, group_id: str) -> None:
    assert [send(client, group_id, f"number {n}") for n in range(3)] == [1, 2, 3]
    assert history(client, group_id) == [(3, "number 2"), (2, "number 1"), (1, "number 0")]


def test_each_group_counts_for_itself(client: ChatClient, group_id: str) -> None:
    send(client, group_id)
    assert send(client, make_group(client)) == 1


def test_a_message_is_kept_as_it_was_sent(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    answer = client.groups.send_message(
        group_id=group_id, from_account="bob", random=17, msg_priority="High", msg_body=text("red packet")
    )
    assert answer.msg_time == emulator.clock.now()
    client.groups.get_history(group_id=group_id, req_msg_number=1)
    assert emulator.calls[-1].answer["RspMsgList"] == [
        {
            "From_Account": "bob",
            "IsPlaceMsg": 0,
            "MsgBody": text("red packet"),
            "MsgPriority": 1,
            "MsgRandom": 17,
            "MsgSeq": 1,
            "MsgTimeStamp": int(emulator.clock.now()),
        }
    ]


def test_the_group_knows_its_next_message(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    emulator.clock.advance(5)
    send(client, group_id, from_account="bob")
    groups = client.groups.get(group_id_list=[group_id]).group_info or ()
    assert [(group.next_msg_seq, group.last_msg_time) for group in groups] == [(2, emulator.clock.now())]
    members = client.groups.get_members(group_id=group_id, member_list_account=["bob", "carol"]).member_list or ()
    assert [member.last_send_msg_time for member in members] == [emulator.clock.now(), 0]


def test_the_same_message_again_is_dropped(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    assert send(client, group_id, random=5) == send(client, group_id, random=5) == 1
    assert send(client, group_id, "other words", random=5) == 2
    emulator.clock.advance(300)
    assert send(client, group_id, random=5) == 3


def test_the_sender_need_not_be_a_member(client: ChatClient, group_id: str) -> None:
    assert send(client, group_id, from_account="dave") == 1


def test_the_sender_must_exist(client: ChatClient, group_id: str) -> None:
    with refused(10019):
        send(client, group_id, from_account="nobody")


@pytest.mark.parametrize(("group_id", "code"), [("@TGS#gone", 10010), ("x" * 60, 10015)])
def test_the_group_must_exist(client: ChatClient, group_id: str, code: int) -> None:
    with refused(code):
        send(client, group_id)


def test_a_long_message(client: ChatClient, group_id: str) -> None:
    with refused(80002):
        send(client, group_id, "x" * 12_300, validate=False)


def test_31_mentions_are_too_many(client: ChatClient, group_id: str) -> None:
    mentions = [{"GroupAtAllFlag": 0, "GroupAt_Account": "bob"}] * 30
    assert send(client, group_id, group_at_info=mentions) == 1
    with refused(10053):
        send(client, group_id, group_at_info=[*mentions, {"GroupAtAllFlag": 1}], validate=False)


def test_members_who_are_muted_are_refused(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    client.groups.mute_members(group_id=group_id, members_account=["bob"], mute_time=60)
    with refused(10017):
        send(client, group_id, from_account="bob")
    assert send(client, group_id, from_account="carol") == 1
    emulator.clock.advance(60)
    assert send(client, group_id, from_account="bob") == 2


def test_who_left_muted_is_muted_still(client: ChatClient, group_id: str) -> None:
    client.groups.mute_members(group_id=group_id, members_account=["bob"], mute_time=60)
    client.groups.remove_members(group_id=group_id, member_to_del_account=["bob"])
    with refused(10017):
        send(client, group_id, from_account="bob")


def test_who_is_muted_in_the_whole_app_is_refused(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    client.operations.set_mute(set_account="bob", groupmsg_nospeaking_time=60)
    with refused(10017):
        send(client, group_id, from_account="bob")
    emulator.clock.advance(60)
    assert send(client, group_id, from_account="bob") == 1


def test_where_all_are_muted_owner_and_admins_speak(client: ChatClient, group_id: str) -> None:
    client.groups.update_member(group_id=group_id, member_account="carol", role="Admin")
    client.groups.update(group_id=group_id, mute_all_member="On")
    for ordinary in ("bob", "dave"):
        with refused(10017):
            send(client, group_id, from_account=ordinary)
    assert send(client, group_id, from_account="alice") == 1
    assert send(client, group_id, from_account="carol") == 2
    assert send(client, group_id) == 3
    client.groups.update(group_id=group_id, mute_all_member="Off")
    assert send(client, group_id, from_account="bob") == 4


def test_administrators_of_a_live_group_speak_too(client: ChatClient, live_id: str) -> None:
    client.live_groups.update_admins(group_id=live_id, command_type=1, admin_account=["dave"])
    client.groups.update(group_id=live_id, mute_all_member="On")
    send(client, live_id, from_account="dave")
    with refused(10017):
        send(client, live_id, from_account="bob")


def test_a_message_for_those_online_is_kept_nowhere(client: ChatClient, group_id: str) -> None:
    assert send(client, group_id, online_only_flag=True) == 0
    assert send(client, group_id, "kept") == 1
    assert history(client, group_id) == [(1, "kept")]


def test_a_live_group_counts_on_and_keeps_nothing(client: ChatClient, live_id: str) -> None:
    assert send(client, live_id, online_only_flag=True) == 1
    assert send(client, live_id) == 2
    with refused(10044):
        history(client, live_id)


@pytest.mark.parametrize(
    ("type_", "fields", "code"),
    [
        ("Public", {"online_only_flag": True, "send_msg_control": ["NoLastMsg"]}, 10004),
        ("Public", {"online_only_flag": True, "need_read_receipt": True}, 10061),
        ("Meeting", {"send_msg_control": ["NoUnread"]}, 10004),
        ("AVChatRoom", {"send_msg_control": ["NoUnread"]}, 10004),
        ("AVChatRoom", {"to_account": ["bob"]}, 10004),
        ("Community", {"to_account": ["bob"]}, 10004),
        ("AVChatRoom", {"group_at_info": [{"GroupAtAllFlag": 1}]}, 10004),
        ("AVChatRoom", {"need_read_receipt": True}, 10004),
        ("Community", {"need_read_receipt": True}, 10004),
        ("Public", {"topic_id": "@TGS#_x@TOPIC#_y"}, 10004),
    ],
)
def test_fields_that_do_not_go_together(client: ChatClient, type_: str, fields: dict[str, Any], code: int) -> None:
    with refused(code):
        send(client, make_group(client, type_), **fields)


def test_fields_that_do(client: ChatClient, group_id: str) -> None:
    controls = ["NoUnread", "NoLastMsg"]
    assert send(client, group_id, send_msg_control=controls, to_account=["bob"], need_read_receipt=True) == 1
    assert history(client, group_id) == [(1, "hello")]


def test_a_message_may_leave_lists_of_conversations_alone(
    client: ChatClient, emulator: Emulator, group_id: str
) -> None:
    send(client, group_id)
    sent = emulator.clock.now()
    emulator.clock.advance(5)
    send(client, group_id, send_msg_control=["NoLastMsg"])
    assert listed(client, "bob") == [(group_id, sent)]
    send(client, group_id)
    assert listed(client, "bob") == [(group_id, sent + 5)]


@pytest.mark.usefixtures("receiver")
def test_webhooks_before_and_after(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    send(client, group_id, from_account="bob", random=9, cloud_custom_data="mine")
    message = {
        "GroupId": group_id,
        "Type": "Public",
        "From_Account": "bob",
        "Operator_Account": "administrator",
        "Random": 9,
        "OnlineOnlyFlag": 0,
        "MsgBody": text("hello"),
        "CloudCustomData": "mine",
    }
    assert told(emulator, BEFORE) == [message]
    assert told(emulator, AFTER) == [{**message, "MsgSeq": 1, "MsgTime": int(emulator.clock.now())}]


@pytest.mark.usefixtures("receiver")
def test_chatbots_hear_that_they_are_mentioned(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    client.bots.create(user_id="@RBT#jarvis")
    mentions = [{"GroupAt_Account": "@RBT#jarvis"}, {"GroupAt_Account": "bob"}, {"GroupAt_Account": "nobody"}]
    send(client, group_id, "@all", group_at_info=[{"GroupAtAllFlag": 1}])
    send(client, group_id, "@Jarvis @bob", group_at_info=mentions, random=9)
    assert told(emulator, "Bot.OnGroupMessage") == [{**told(emulator, AFTER)[1], "AtRobots_Account": ["@RBT#jarvis"]}]
    client.bots.delete(robot_account="@RBT#jarvis")
    send(client, group_id, "@Jarvis once more", group_at_info=mentions)
    assert len(told(emulator, "Bot.OnGroupMessage")) == 1


@pytest.mark.parametrize(("code", "answered"), [(1, 10016), (10100, 10100), (10200, 10200)])
def test_a_message_that_the_receiver_rejects(
    client: ChatClient, emulator: Emulator, group_id: str, receiver: Receiver, code: int, answered: int
) -> None:
    receiver.reject(BEFORE, code, "No advertising here")
    with refused(answered):
        send(client, group_id)
    assert emulator.calls[-1].answer["ErrorInfo"] == (
        "No advertising here" if code > 1 else "The app's own backend refused the operation in its reply to a webhook."
    )
    assert history(client, group_id) == []
    assert told(emulator, AFTER) == told(emulator, FAILED) == []


def test_a_message_that_the_receiver_drops(
    client: ChatClient, emulator: Emulator, group_id: str, receiver: Receiver
) -> None:
    receiver.reject(BEFORE, 2)
    assert send(client, group_id) == 0
    assert history(client, group_id) == []
    assert told(emulator, AFTER) == []


@pytest.mark.parametrize(("code", "answered"), [(0, 10017), (1, 10016), (2, 0), (10150, 10150)])
def test_what_the_receiver_decides_holds_whatever_it_does_meanwhile(
    client: ChatClient, emulator: Emulator, group_id: str, receiver: Receiver, code: int, answered: int
) -> None:
    def mute(_: Received) -> Mapping[str, Any]:
        client.groups.mute_members(group_id=group_id, members_account=["bob"], mute_time=60)
        return {**ALLOWED, "ErrorCode": code}

    receiver.reply(BEFORE, mute)
    with refused(answered) if answered else nullcontext():
        send(client, group_id, from_account="bob")
    assert history(client, group_id) == []
    assert told(emulator, AFTER) == []
    # What the receiver allowed, and what then was in the way, is a failure.
    assert len(told(emulator, FAILED)) == (1 if code == 0 else 0)


def test_a_message_that_the_receiver_changes(
    client: ChatClient, emulator: Emulator, group_id: str, receiver: Receiver
) -> None:
    receiver.reply(BEFORE, MsgBody=text("***"), CloudCustomData="checked")
    send(client, group_id, "darn")
    assert history(client, group_id) == [(1, "***")]
    (after,) = told(emulator, AFTER)
    assert (after["MsgBody"], after["CloudCustomData"]) == (text("***"), "checked")


@pytest.mark.parametrize("nonsense", ["", [], {"MsgType": "TIMTextElem"}, None, 7])
def test_changes_that_make_no_sense_change_nothing(
    client: ChatClient, group_id: str, receiver: Receiver, nonsense: object
) -> None:
    receiver.reply(BEFORE, MsgBody=nonsense, CloudCustomData=17)
    send(client, group_id)
    assert history(client, group_id) == [(1, "hello")]


def test_messages_that_trigger_no_webhook(client: ChatClient, group_id: str, receiver: Receiver) -> None:
    receiver.reject(BEFORE)
    send(client, group_id, forbid_callback_control=["ForbidBeforeSendMsgCallback", "ForbidAfterSendMsgCallback"])
    assert receiver.commands == []


@pytest.mark.usefixtures("receiver")
def test_a_failure_is_told(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    client.groups.mute_members(group_id=group_id, members_account=["bob"], mute_time=60)
    with refused(10017):
        send(client, group_id, from_account="bob", random=3)
    with refused(10010):
        send(client, "@TGS#gone", random=4)
    common = {"Operator_Account": "administrator", "OnlineOnlyFlag": 0, "MsgBody": text("hello")}
    assert told(emulator, FAILED) == [
        {
            **common,
            "GroupId": group_id,
            "Type": "Public",
            "From_Account": "bob",
            "Random": 3,
            "ErrorCode": 10017,
            "ErrorInfo": "The account bob is muted in the group.",
        },
        {
            **common,
            "GroupId": "@TGS#gone",
            "From_Account": "administrator",
            "Random": 4,
            "ErrorCode": 10010,
            "ErrorInfo": "There is no group @TGS#gone.",
        },
    ]
    assert told(emulator, BEFORE) == []


@pytest.fixture
def limited() -> Iterator[Emulator]:
    """An emulator that limits how much is sent in a second."""
    with Emulator(rate_limits=True, now=1_800_000_000) as emulator:
        yield emulator


def test_a_group_carries_40_messages_a_second(limited: Emulator) -> None:
    def dropped(priority: MsgPriority | None = None, words: str = "hello") -> object:
        client.groups.send_message(group_id=group_id, msg_body=text(words), msg_priority=priority)
        return limited.calls[-1].answer.get("MsgDropReason")

    with ChatClient(limited.sdkappid, limited.secret_key, base_url=limited.url, retry=False) as client:
        group_id = make_group(client)
        assert [dropped() for _ in range(42)] == [None] * 40 + ["MsgFreqCtrl"] * 2
        assert limited.calls[-1].answer["ErrorCode"] == 0
        assert (dropped("Low"), dropped("High")) == ("MsgFreqCtrl", None)
        assert [seq for seq, _ in history(client, group_id)] == list(range(41, 0, -1))
        other = make_group(client)
        assert send(client, other) == 1
        limited.clock.advance(1)
        assert dropped("Low") is None


def test_what_was_dropped_is_told_and_not_remembered(limited: Emulator) -> None:
    with (
        ChatClient(limited.sdkappid, limited.secret_key, base_url=limited.url, retry=False) as client,
        receiving() as receiver,
    ):
        group_id = make_group(client)
        for _ in range(40):
            send(client, group_id)
        limited.webhooks.send_to(receiver.url)
        assert send(client, group_id, "one too many", random=5) == 0
        assert [delivery.command for delivery in limited.webhooks.delivered] == [BEFORE, FAILED]
        assert told(limited, FAILED)[0]["ErrorCode"] == 10023
        limited.clock.advance(1)
        assert send(client, group_id, "one too many", random=5) == 41


def test_notifications_go_to_groups_that_exist(client: ChatClient, group_id: str, live_id: str) -> None:
    for group in (group_id, live_id):
        client.groups.send_system_notification(
            group_id=group, content="Closing at ten", to_members_account=["bob", "stranger"]
        )
    assert history(client, group_id) == []
    with refused(10010):
        client.groups.send_system_notification(group_id="@TGS#gone", content="Closing at ten")


def test_broadcasts_are_numbered(client: ChatClient, live_id: str) -> None:
    def broadcast(words: str, **arguments: Any) -> int | None:
        return client.live_groups.send_broadcast(msg_body=text(words), **arguments).msg_seq

    assert [broadcast("one"), broadcast("two", from_account="bob")] == [1, 2]
    assert broadcast("two", random=5) == broadcast("two", random=5) == 3
    with refused(10019):
        broadcast("three", from_account="nobody")
    assert send(client, live_id) == 1
