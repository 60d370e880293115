"""Subscribing to official accounts."""

from __future__ import annotations

from typing import Any

import pytest

from support.groups import refused, told
from support.official_accounts import NEWS, make, subscribe, subscribers
from support.receiver import Receiver
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

ASKED, ADDED, FULL, REMOVED = (
    "OfficialAccount.CallbackBeforeAddSubscriber",
    "OfficialAccount.CallbackAfterAddSubscriber",
    "OfficialAccount.CallbackAfterOfficialAccountFull",
    "OfficialAccount.CallbackAfterDeleteSubscriber",
)


def named(*names: str) -> list[dict[str, str]]:
    return [{"Subscriber_Account": name} for name in names]


@pytest.fixture(autouse=True)
def news(client: ChatClient) -> None:
    make(client)


def test_who_subscribed_is_listed(client: ChatClient, emulator: Emulator) -> None:
    assert subscribe(client, NEWS, "bob", "nobody", "carol", "bob") == [1, 0, 1]
    emulator.clock.advance(5)
    assert subscribe(client, NEWS, "alice", "bob") == [1, 2]
    assert subscribers(client, NEWS) == ["bob", "carol", "alice"]
    client.official_accounts.list_subscribers(official_account=NEWS, next="", limit=1)
    assert emulator.calls[-1].answer["SubscriberNum"] == 3
    assert emulator.calls[-1].answer["SubscriberList"] == [
        {
            "Subscriber_Account": "bob",
            "SubscribeTime": emulator.clock.now() - 5,
            "CustomString": "",
            "MsgFlag": "AcceptAndNotify",
            "LastSendMsgTime": 0,
        }
    ]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 200])
def test_pages_hold_everybody_once(client: ChatClient, limit: int) -> None:
    subscribe(client, NEWS, "bob", "carol", "alice", "dave")
    assert subscribers(client, NEWS, limit=limit) == ["bob", "carol", "alice", "dave"]


def test_pages_go_on_where_somebody_left(client: ChatClient) -> None:
    subscribe(client, NEWS, "bob", "carol", "alice")
    page = client.official_accounts.list_subscribers(official_account=NEWS, next="", limit=1)
    client.official_accounts.remove_subscribers(official_account=NEWS, subscriber_to_del_account=["bob"])
    page = client.official_accounts.list_subscribers(official_account=NEWS, next=page.next or "")
    assert [item.subscriber_account for item in page.subscriber_list or ()] == ["carol", "alice"]
    assert page.next == ""


@pytest.mark.parametrize("broken", [{"next": "x"}, {"next": "", "limit": 0}])
def test_pages_that_there_are_not(client: ChatClient, broken: dict[str, Any]) -> None:
    with refused(6017):
        client.official_accounts.list_subscribers(official_account=NEWS, **broken)


@pytest.mark.parametrize("field", ["subscriber_to_del_account", "subscriber_list"])
def test_who_left_is_gone(client: ChatClient, field: str) -> None:
    subscribe(client, NEWS, "bob", "carol")
    names = ["bob", "alice", "nobody"]
    entries: Any = names if field == "subscriber_to_del_account" else named(*names)
    answer = client.official_accounts.remove_subscribers(official_account=NEWS, **{field: entries})
    assert [item.result for item in answer.subscriber_list or ()] == [1, 2, 0]
    assert subscribers(client, NEWS) == ["carol"]
    with refused(6017):
        client.official_accounts.remove_subscribers(official_account=NEWS)


def test_there_is_an_end_of_room(client: ChatClient) -> None:
    client.official_accounts.update(official_account=NEWS, max_subscriber_num=2)
    assert subscribe(client, NEWS, "bob", "carol", "alice") == [1, 1, 0]
    assert subscribe(client, NEWS, "bob") == [2]
    with refused(130006):
        subscribe(client, NEWS, "alice")


def test_the_official_account_must_exist(client: ChatClient) -> None:
    for call in (
        lambda: subscribe(client, "@TOA#_gone", "bob"),
        lambda: subscribers(client, "@TOA#_gone"),
        lambda: client.official_accounts.remove_subscribers(
            official_account="@TOA#_gone", subscriber_to_del_account=["bob"]
        ),
        lambda: client.official_accounts.update_subscriber(
            official_account="@TOA#_gone", subscriber_account="bob", custom_string=""
        ),
    ):
        with refused(130004):
            call()


def subscribed(client: ChatClient, name: str, **more: Any) -> list[str | None]:
    pages = client.official_accounts.iter_subscribed(subscriber_account=name, **more)
    return [item.official_account for item in pages]


@pytest.mark.parametrize("limit", [1, 2, 3, None])
def test_what_somebody_subscribed_to_is_listed(client: ChatClient, limit: int | None) -> None:
    names = [NEWS, make(client, "@TOA#_sports"), make(client, "@TOA#_arts")]
    for name in names:
        subscribe(client, name, "bob")
    assert subscribed(client, "bob", limit=limit) == names
    assert subscribed(client, "alice") == []
    with refused(70107):
        subscribed(client, "nobody")
    with refused(6017):
        client.official_accounts.list_subscribed(subscriber_account="bob", limit=0)
    with refused(6017):
        client.official_accounts.list_subscribed(subscriber_account="bob", offset=-1)


def test_the_app_keeps_data_on_subscribers(client: ChatClient, emulator: Emulator) -> None:
    subscribe(client, NEWS, "bob")
    client.official_accounts.update_subscriber(official_account=NEWS, subscriber_account="bob", custom_string="gold")
    client.official_accounts.list_subscribed(
        subscriber_account="bob",
        response_filter={"OfficialAccountBaseInfoFilter": ["Name"], "SelfInfoFilter": ["CustomString"]},
    )
    assert emulator.calls[-1].answer["OfficialAccountInfoList"] == [
        {"Official_Account": NEWS, "Name": "News", "SelfInfo": {"CustomString": "gold"}}
    ]
    with refused(131003):
        client.official_accounts.update_subscriber(official_account=NEWS, subscriber_account="carol", custom_string="")


def test_users_subscribe_themselves(client: ChatClient, emulator: Emulator) -> None:
    emulator.subscribe(NEWS, "bob")
    with refused(130005):
        emulator.subscribe(NEWS, "bob")
    with refused(130004):
        emulator.subscribe("@TOA#_gone", "bob")
    with refused(70107):
        emulator.subscribe(NEWS, "nobody")
    assert subscribers(client, NEWS) == ["bob"]
    emulator.unsubscribe(NEWS, "bob")
    assert subscribers(client, NEWS) == []
    with refused(131003):
        emulator.unsubscribe(NEWS, "bob")


def test_a_deleted_account_subscribes_no_more(client: ChatClient) -> None:
    subscribe(client, NEWS, "bob", "carol")
    client.accounts.delete(delete_item=[{"UserID": "bob"}])
    assert subscribers(client, NEWS) == ["carol"]


@pytest.mark.usefixtures("receiver")
def test_it_is_told(client: ChatClient, emulator: Emulator) -> None:
    client.official_accounts.update(official_account=NEWS, max_subscriber_num=2)
    subscribe(client, NEWS, "bob", "nobody")
    emulator.subscribe(NEWS, "carol", opt_platform="iOS")
    subscribe(client, NEWS, "bob")
    client.official_accounts.remove_subscribers(official_account=NEWS, subscriber_to_del_account=["bob", "alice"])
    news, by_admin = {"Official_Account": NEWS}, {"Operator_Account": emulator.identifier}
    expected = [
        news | by_admin | {"SubscribeAccountList": named("bob")},
        news | {"Operator_Account": "carol", "SubscribeAccountList": named("carol")},
    ]
    assert told(emulator, ASKED) == told(emulator, ADDED) == expected
    assert told(emulator, FULL) == [news]
    assert told(emulator, REMOVED) == expected[:1]
    platforms = [item.query["OptPlatform"] for item in emulator.webhooks.delivered if item.command == ADDED]
    assert platforms == ["RESTAPI", "iOS"]


def test_the_app_may_refuse_some_or_all(client: ChatClient, emulator: Emulator, receiver: Receiver) -> None:
    receiver.reply(ASKED, RefusedSubscribers_Account=["bob"])
    assert subscribe(client, NEWS, "bob", "carol") == [0, 1]
    with refused(20006):
        emulator.subscribe(NEWS, "bob")
    receiver.reject(ASKED)
    with refused(20006):
        subscribe(client, NEWS, "alice")
    assert subscribers(client, NEWS) == ["carol"]
