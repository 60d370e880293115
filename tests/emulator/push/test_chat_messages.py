"""Pushing chat messages to those who lost their connection."""

from __future__ import annotations

from typing import Any

import pytest

from support.group_messages import send as send_to_group
from support.group_messages import text
from support.groups import make_group, refused
from support.pushes import NOTICE, events, lose
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

DAY = 86400
WEBHOOK = "Push.OfflinePush"


def send(client: ChatClient, to: str = "bob", **more: Any) -> str:
    answer = client.messages.send(from_account="alice", to_account=to, msg_body=text("hello"), **more)
    return answer.msg_id or ""


def counted(client: ChatClient, emulator: Emulator) -> tuple[int, list[dict[str, Any]]]:
    now = int(emulator.clock.now())
    client.push.get_message_statistics(start_time=now - DAY, end_time=now)
    answer = emulator.calls[-1].answer
    numbers = [answer[name] for name in ("TotalCount", "SentCount", "DeliveredCount")]
    assert numbers == [answer["TotalCount"]] * 3
    return answer["TotalCount"], answer["PlatformStatistics"]


def test_only_those_who_lost_their_connection_get_them(client: ChatClient, emulator: Emulator) -> None:
    lose(emulator, "bob")
    emulator.come_online("carol")
    name = send(client)
    send(client, "carol")
    send(client, offline_push_info={**NOTICE, "PushFlag": 1})
    send(client, online_only_flag=True)
    emulator.click_push("bob", name)
    reached = {"PushPlatform": 1, "TotalCount": 1, "SentCount": 1, "DeliveredCount": 1, "ClickCount": 1}
    assert counted(client, emulator) == (1, [reached])
    now = int(emulator.clock.now())
    answer = client.push.get_message_losses(start_time=now, end_time=now)
    assert answer.ready_to_send_loss == answer.platform_post_send_delivered_loss == []


def test_batches_count_for_everybody(client: ChatClient, emulator: Emulator) -> None:
    lose(emulator, "bob")
    lose(emulator, "carol", "Android")
    client.messages.send_batch(from_account="alice", to_account=["bob", "carol"], msg_body=text("hello"))
    assert counted(client, emulator)[0] == 2


def test_a_connection_that_is_back_needs_no_push(client: ChatClient, emulator: Emulator) -> None:
    lose(emulator, "bob")
    emulator.come_online("bob")
    send(client)
    lose(emulator, "bob")
    emulator.clock.advance(7 * DAY)
    send(client)
    assert counted(client, emulator)[0] == 0


def test_members_of_groups_get_them(client: ChatClient, emulator: Emulator) -> None:
    group_id = make_group(client, "Public", "bob", "carol", owner="alice")
    for name in ("alice", "bob", "carol"):
        lose(emulator, name)
    client.groups.update_member(group_id=group_id, member_account="carol", msg_flag="AcceptNotNotify")
    send_to_group(client, group_id, from_account="alice")
    assert counted(client, emulator)[0] == 1
    send_to_group(client, group_id, from_account="alice", online_only_flag=True)
    send_to_group(client, group_id, from_account="bob", to_account=["carol"])
    assert counted(client, emulator)[0] == 1


def test_the_way_of_a_message(client: ChatClient, emulator: Emulator) -> None:
    lose(emulator, "bob", "Android")
    name = send(client)
    client.push.get_message_trace(push_id=name)
    (trace,) = emulator.calls[-1].answer["InstanceTrace"]
    assert (trace["System"], trace["PushPlatform"], "EventType" in trace) == ("Android", 4, False)
    emulator.clock.advance(7 * DAY + 1)
    for gone in (name, "144115188075855872-1-1"):
        with refused(90049):
            client.push.get_message_trace(push_id=gone)


@pytest.mark.usefixtures("receiver")
def test_it_is_told(client: ChatClient, emulator: Emulator) -> None:
    group_id = make_group(client, "Public", "bob", owner="alice")
    lose(emulator, "bob")
    now = int(emulator.clock.now())
    name = send(client, msg_seq=7, msg_random=5)
    emulator.click_push("bob", name)
    send_to_group(client, group_id, from_account="alice", random=9)
    direct, _, clicked, in_group, _ = events(emulator, WEBHOOK)
    assert direct == {
        "CallbackCommand": WEBHOOK,
        "EventType": 1,
        "EventTime": now,
        "From_Account": "alice",
        "To_Account": "bob",
        "PushPlatform": 1,
        "PushStage": 1,
        "MsgKey": f"7_5_{now}",
        "MsgSeq": 7,
        "MsgRandom": 5,
        "MsgTime": now,
        "PushID": name,
        "ErrCode": 0,
        "ErrInfo": "OK",
    }
    assert clicked == direct | {"PushStage": 3}
    assert (in_group["EventType"], in_group["GroupID"], in_group["MsgSeq"]) == (2, group_id, 1)
