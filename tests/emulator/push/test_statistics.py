"""What is counted of pushes, and the way of a push to one recipient."""

from __future__ import annotations

from typing import Any

from support.group_messages import text
from support.groups import refused
from support.pushes import lose, push, statistics
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

DAY = 86400


def losses(client: ChatClient, emulator: Emulator, *tasks: str) -> list[dict[str, Any]]:
    now = int(emulator.clock.now())
    client.push.get_losses(start_time=now - DAY, end_time=now, task_id=list(tasks))
    results: list[dict[str, Any]] = emulator.calls[-1].answer["Results"]
    return results


def trace(client: ChatClient, emulator: Emulator, task: str, name: str) -> list[dict[str, Any]]:
    client.push.get_trace(task_id=task, user_id=name)
    traces: list[dict[str, Any]] = emulator.calls[-1].answer["InstanceTrace"]
    return traces


def test_numbers_add_up(client: ChatClient, emulator: Emulator) -> None:
    lose(emulator, "bob")
    emulator.come_online("carol", "Web")
    tasks = [push(client), push(client), client.member_push.send(msg_body=text("hello")).task_id or ""]
    emulator.click_push("bob", tasks[0])
    emulator.click_push("carol", tasks[0])
    single = statistics(client, emulator, *tasks)
    (whole,) = statistics(client, emulator)
    assert whole["TaskID"] == ""
    for name in ("TotalCount", "SentCount", "DeliveredCount", "ClickCount"):
        assert whole[name] == sum(item[name] for item in single)
        for item in (whole, *single):
            assert item[name] == sum(part[name] for part in item["PlatformStatistics"])
    assert [item["ClickCount"] for item in single] == [2, 0, 0]
    for item, lost in zip((whole, *single), losses(client, emulator) + losses(client, emulator, *tasks), strict=True):
        missing = item["TotalCount"] - item["SentCount"]
        assert sum(loss["ErrCount"] for loss in lost["ReadyToSendLoss"]) == missing
        assert sum(loss["ErrCount"] for loss in lost["PlatformReadyToSendLoss"]) == missing
        assert lost["PostSendDeliveredLoss"] == lost["PlatformPostSendDeliveredLoss"] == []
    assert losses(client, emulator, tasks[0])[0]["ReadyToSendLoss"] == [
        {"ErrCode": "-2", "ErrCount": 2, "ErrInfo": "token not uploaded"}
    ]


def test_only_the_time_asked_for_counts(client: ChatClient, emulator: Emulator) -> None:
    old = push(client)
    emulator.clock.advance(DAY + 1)
    new = push(client)
    assert [item["TaskID"] for item in statistics(client, emulator, old, new, "gone")] == [new]
    assert statistics(client, emulator)[0]["TotalCount"] == 4


def test_times_have_an_end(client: ChatClient, emulator: Emulator) -> None:
    now = int(emulator.clock.now())
    for call, days in (
        (client.push.get_statistics, 30),
        (client.push.get_losses, 7),
    ):
        call(start_time=now - days * DAY, end_time=now, task_id=[])
        for start in (now - days * DAY - 1, now + 1):
            with refused(90001):
                call(start_time=start, end_time=now, task_id=[])
    for message_call, days in ((client.push.get_message_statistics, 30), (client.push.get_message_losses, 7)):
        message_call(start_time=now - days * DAY, end_time=now)
        with refused(90001):
            message_call(start_time=now - days * DAY - 1, end_time=now)


def test_the_way_to_one_recipient(client: ChatClient, emulator: Emulator) -> None:
    lose(emulator, "bob", "iPad")
    emulator.come_online("bob", "Web")
    task = push(client)
    emulator.click_push("bob", task)
    offline, online = trace(client, emulator, task, "bob")
    assert (offline["System"], offline["EventType"], offline["PushPlatform"]) == ("iOS", 1, 1)
    assert {name: stage["PushStatus"] for name, stage in offline["OfflinePushStat"].items()} == {
        "OfflineStat": 1,
        "ChannelStat": 1,
        "DeviceStat": 1,
        "ClickStat": 1,
    }
    assert (online["System"], online["EventType"]) == ("Web", 2)
    assert online["OnlinePushStat"]["OnlineStat"]["PushStatus"] == 1
    assert trace(client, emulator, task, "carol") == []
    for named, name, code in (("gone", "bob", 90049), (task, "nobody", 70107)):
        with refused(code):
            trace(client, emulator, named, name)
    emulator.clock.advance(7 * DAY + 1)
    with refused(90049):
        trace(client, emulator, task, "bob")
