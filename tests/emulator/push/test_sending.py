"""Pushing to all users, to some of them, and revoking it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from support.chat import Chat
from support.group_messages import text
from support.groups import refused
from support.pushes import NOTICE, events, lose, push, receivers, statistics
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

DAY = 86400


def online(emulator: Emulator) -> None:
    for name in ("alice", "bob", "carol"):
        emulator.come_online(name)


def test_each_device_gets_it_its_way(client: ChatClient, emulator: Emulator) -> None:
    lose(emulator, "alice", "iPad")
    lose(emulator, "bob", "Android")
    emulator.come_online("bob", "Web")
    task = push(client)
    (numbers,) = statistics(client, emulator, task)
    whole = {"TotalCount": 5, "SentCount": 3, "DeliveredCount": 3, "ClickCount": 0}
    reached = {"TotalCount": 1, "SentCount": 1, "DeliveredCount": 1, "ClickCount": 0}
    lost = {"TotalCount": 2, "SentCount": 0, "DeliveredCount": 0, "ClickCount": 0}
    assert numbers == {
        "TaskID": task,
        **whole,
        "PlatformStatistics": [
            {"EventType": 1, "PushPlatform": 0, **lost},
            {"EventType": 1, "PushPlatform": 1, **reached},
            {"EventType": 1, "PushPlatform": 4, **reached},
            {"EventType": 2, "PushPlatform": 0, **reached},
        ],
    }


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ({"TagsAnd": ["a", "b"]}, ["bob"]),
        ({"TagsOr": ["a", "b"]}, ["alice", "bob", "carol"]),
        ({"TagsOr": ["a", "z"], "TagsNot": ["b", "c"]}, ["alice", "bob"]),
        ({"TagsOr": ["a", "c"], "TagsNot": ["a"]}, ["carol"]),
        ({"TagsOr": ["c", "a"], "TagsAnd": ["b"]}, ["bob", "carol"]),
        ({"AttrsAnd": {"level": "gold", "city": "Bonn"}}, ["alice"]),
        ({"AttrsOr": {"level": "gold", "city": "Bonn"}}, ["alice", "bob"]),
        ({"AttrsAnd": {"city": "Ulm"}}, []),
        ({}, ["alice", "bob", "carol"]),
    ],
)
def test_conditions_choose(client: ChatClient, emulator: Emulator, condition: Any, names: list[str]) -> None:
    online(emulator)
    for name, tags in {"alice": ["a"], "bob": ["a", "b"], "carol": ["b", "c"]}.items():
        client.push.add_tags(user_tags=[{"To_Account": name, "Tags": tags}])
    client.push.set_attribute_names(attr_names={"0": "level", "1": "city"})
    for name, attrs in {"alice": {"level": "gold", "city": "Bonn"}, "bob": {"level": "gold"}}.items():
        client.push.set_attributes(user_attrs=[{"To_Account": name, "Attrs": attrs}])
    assert receivers(emulator, push(client, condition=condition)) == names
    if "TagsNot" not in condition:
        sent = client.member_push.send(condition=condition, msg_body=text("hello"))
        assert receivers(emulator, sent.task_id or "") == names


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ({"TagsOr": ["a"], "AttrsAnd": {"city": "Bonn"}}, 90039),
        ({"TagsOr": ["a"], "TagsAnd": ["a"]}, 90022),
        ({"TagsOr": ["a", "a"]}, 90022),
        ({"TagsOr": [str(n) for n in range(11)]}, 90032),
        ({"TagsOr": [""]}, 90040),
        ({"TagsAnd": ["x" * 51]}, 90020),
        ({"AttrsOr": {"height": "180"}}, 90033),
    ],
)
def test_conditions_that_are_wrong(client: ChatClient, condition: Any, code: int) -> None:
    client.push.set_attribute_names(attr_names={"1": "city"})
    body = {"MsgRandom": 1, "MsgBody": text("hello"), "OfflinePushInfo": NOTICE, "Condition": condition}
    for command in ("timpush/push", "all_member_push/im_push"):
        with refused(code):
            client.call(command, body, validate=False)
    if "AttrsAnd" not in condition and code != 90033:
        with refused(code):
            client.call("timpush/webpush", {"WebInfo": {}, "Condition": condition}, validate=False)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"MsgRandom": "x"}, 90005),
        ({"MsgBody": "x"}, 90007),
        ({"MsgBody": []}, 90002),
        ({"MsgLifeTime": 604801}, 90026),
        ({"From_Account": "nobody"}, 90008),
    ],
)
def test_bodies_that_are_wrong(client: ChatClient, body: dict[str, Any], code: int) -> None:
    with refused(code):
        client.call("all_member_push/im_push", {"MsgRandom": 1, "MsgBody": text("hello")} | body, validate=False)


def test_a_push_needs_content_that_is_not_too_much(client: ChatClient) -> None:
    for command in ("timpush/push", "timpush/webpush"):
        with refused(90001):
            client.call(command, {"MsgRandom": 1}, validate=False)
    with refused(90056):
        push(client, offline_push_info={**NOTICE, "Ext": "x" * 10240})


def test_online_users_only(client: ChatClient, emulator: Emulator) -> None:
    lose(emulator, "alice")
    emulator.come_online("bob", "PC")
    quiet = push(client, offline_push_info={"PushFlag": 1, "Ext": "{}"})
    unkept = client.member_push.send(msg_body=text("hello")).task_id or ""
    kept = client.member_push.send(msg_body=text("hello"), msg_life_time=120).task_id or ""
    assert [receivers(emulator, task) for task in (quiet, unkept, kept)] == [["bob"], ["bob"], ["alice", "bob"]]
    assert [item["TotalCount"] for item in statistics(client, emulator, quiet, unkept, kept)] == [1, 1, 4]


def test_web_users_only(client: ChatClient, emulator: Emulator) -> None:
    emulator.come_online("alice", "iPhone")
    emulator.come_online("bob", "Web")
    emulator.come_online("bob", "iPhone")
    task = client.push.send_to_web(web_info={"Title": "News"}).task_id or ""
    assert receivers(emulator, task) == ["bob"]
    assert statistics(client, emulator, task)[0]["TotalCount"] == 1


def test_given_users(client: ChatClient, emulator: Emulator) -> None:
    online(emulator)
    answer = client.push.send_to_users(
        from_account="alice", to_account=["bob", "nobody", "bob"], offline_push_info=NOTICE
    )
    assert receivers(emulator, answer.task_id or "") == ["bob"]
    assert [(item.to_account, item.error_code) for item in answer.error_list or ()] == [("nobody", 70107)]
    for body, code in (({"To_Account": ["nobody"]}, 70107), ({"MsgRandom": 0}, 90001), ({"DataId": "x" * 65}, 90057)):
        whole = {"From_Account": "alice", "To_Account": ["bob"], "MsgRandom": 1, "OfflinePushInfo": NOTICE}
        with refused(code):
            client.call("timpush/batch", whole | body, validate=False)


def test_the_same_push_in_a_second_is_dropped(client: ChatClient, emulator: Emulator) -> None:
    task = push(client, msg_random=5)
    assert push(client, msg_random=5) == task
    assert push(client, msg_random=6) != task
    emulator.clock.advance(1)
    assert push(client, msg_random=5) != task
    assert statistics(client, emulator)[0]["TotalCount"] == 3 * 4


def test_a_message_goes_into_the_history_when_asked_to(client: ChatClient) -> None:
    chat = Chat(client)
    push(client, from_account="alice", msg_body=text("quiet"))
    assert chat.unread("bob") == 0
    task = push(client, from_account="alice", msg_body=text("hello"), online_only_flag=False)
    assert [chat.unread(name) for name in ("bob", "carol", "alice")] == [1, 1, 0]
    assert (chat.texts("bob", "alice"), chat.texts("alice", "bob")) == (["hello"], [])
    client.push.revoke(task_id=task)
    assert chat.unread("bob") == 0
    assert [message.msg_flag_bits for message in chat.history("bob", "alice")] == [8]


def test_a_push_is_revoked_once_within_a_day(client: ChatClient, emulator: Emulator) -> None:
    one, other = push(client), push(client)
    old = client.member_push.send(msg_body=text("hello")).task_id or ""
    emulator.clock.advance(DAY)
    with refused(90053):
        client.push.revoke(task_id=one)
    client.push.revoke(task_id=one, offline_push_info=NOTICE)
    body = {"TaskId": one, "OfflinePushInfo": NOTICE}
    for changed, code in (({}, 90050), ({"TaskId": "gone"}, 90049), ({"TaskId": old}, 90049)):
        with refused(code):
            client.call("timpush/revoke", body | changed)
    emulator.clock.advance(1)
    with refused(90052):
        client.call("timpush/revoke", body | {"TaskId": other})


@pytest.mark.usefixtures("receiver")
def test_it_is_told(client: ChatClient, emulator: Emulator) -> None:
    lose(emulator, "bob", "Android")
    task = client.push.send_to_users(
        from_account="alice", to_account=["bob", "carol"], offline_push_info=NOTICE, data_id="parcel-7"
    ).task_id
    emulator.clock.advance(60)
    emulator.click_push("bob", task or "")
    emulator.click_push("bob", task or "")
    now = int(emulator.clock.now())
    known = {"CallbackCommand": "Push.AllMemberPush", "EventType": 1, "TaskId": task, "DataId": "parcel-7"}
    known["TaskTime"] = now - 60
    at_bob = {**known, "To_Account": "bob", "PushPlatform": 4, "ErrCode": 0, "ErrInfo": "OK"}
    at_carol = {**known, "To_Account": "carol", "PushPlatform": 0, "ErrCode": -2, "ErrInfo": "token not uploaded"}
    assert events(emulator) == [
        {**at_bob, "EventTime": now - 60, "PushStage": 1},
        {**at_bob, "EventTime": now - 60, "PushStage": 2},
        {**at_carol, "EventTime": now - 60, "PushStage": 1},
        {**at_bob, "EventTime": now, "DeviceType": 4, "PushStage": 3},
    ]
    queries = [item.query for item in emulator.webhooks.delivered if item.command == "Push.AllMemberPush"]
    assert all("ClientIP" not in query and "OptPlatform" not in query for query in queries)


@pytest.mark.usefixtures("receiver")
def test_a_webhook_tells_of_a_hundred_at_most(client: ChatClient, emulator: Emulator) -> None:
    client.accounts.import_accounts(accounts=[f"user{n}" for n in range(99)])
    client.accounts.import_accounts(accounts=[f"other{n}" for n in range(48)])
    push(client)
    sizes = [len(item.body["Events"]) for item in emulator.webhooks.delivered if item.command == "Push.AllMemberPush"]
    assert sizes == [100, 51]


def test_only_who_has_it_clicks_on_it(client: ChatClient, emulator: Emulator) -> None:
    task = push(client)
    for name, push_name in (("bob", task), ("bob", "gone")):
        with pytest.raises(ValueError, match="bob has no notification"):
            emulator.click_push(name, push_name)


def test_all_commands_share_a_pace() -> None:
    with (
        Emulator(now=1_800_000_000, rate_limits=True) as emulator,
        ChatClient(emulator.sdkappid, emulator.secret_key, base_url=emulator.url, retry=False) as client,
    ):
        push(client)
        with refused(90024):
            client.member_push.send(msg_body=text("hello"))
        emulator.clock.advance(1)
        client.push.send_to_web(web_info={"Title": "News"})


@pytest.mark.parametrize(("pushes", "code"), [((0, 0), 90024), (range(0, 202, 2), 90047)])
def test_pushes_that_are_too_many(pushes: Sequence[int], code: int) -> None:
    with (
        Emulator(now=1_800_000_000, rate_limits=True) as emulator,
        ChatClient(emulator.sdkappid, emulator.secret_key, base_url=emulator.url, retry=False) as client,
    ):
        for seconds in pushes[:-1]:
            emulator.clock.advance(2 if seconds else 0)
            client.member_push.send(msg_body=text("hello"))
        emulator.clock.advance(2 if pushes[-1] else 0)
        with refused(code):
            client.member_push.send(msg_body=text("hello"))
