"""Creating official accounts, closing them, and their profiles."""

from __future__ import annotations

from typing import Any

import pytest

from support.groups import refused, told
from support.official_accounts import NEWS, make, send, subscribe
from support.receiver import Receiver
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

ASKED = "OfficialAccount.CallbackBeforeCreateOfficialAccount"
CREATED = "OfficialAccount.CallbackAfterCreateOfficialAccount"
CHANGED = "OfficialAccount.CallbackAfterOfficialAccountInfoChanged"
CLOSED = "OfficialAccount.CallbackAfterOfficialAccountDestroyed"


def profile(client: ChatClient, emulator: Emulator, *names: str, **filters: Any) -> list[dict[str, Any]]:
    body: dict[str, Any] = {"OfficialAccountIdList": [{"Official_Account": name} for name in names]}
    client.call("official_account_open_http_svc/get_official_account_info", body | filters)
    infos: list[dict[str, Any]] = emulator.calls[-1].answer["OfficialAccountInfoList"]
    return infos


def test_it_is_as_it_was_created(client: ChatClient, emulator: Emulator) -> None:
    given = {"introduction": "What happens", "organization": "Lighthouse Ltd", "max_subscriber_num": 5}
    make(client, face_url="https://example.com/a.png", custom_string="{}", **given)
    emulator.clock.advance(7)
    subscribe(client, NEWS, "bob")
    send(client, NEWS)
    assert profile(client, emulator, NEWS) == [
        {
            "Official_Account": NEWS,
            "Owner_Account": "alice",
            "Name": "News",
            "Introduction": "What happens",
            "FaceUrl": "https://example.com/a.png",
            "MaxSubscriberNum": 5,
            "Organization": "Lighthouse Ltd",
            "CustomString": "{}",
            "SubscriberNum": 1,
            "LastMsgTime": emulator.clock.now(),
            "CreateTime": emulator.clock.now() - 7,
        }
    ]


def test_ids_are_made_up(client: ChatClient, emulator: Emulator) -> None:
    one, other = make(client, None), make(client, None)
    assert one != other
    assert one.startswith("@TOA#_@TOA#")
    (info,) = profile(client, emulator, one)
    assert (info["MaxSubscriberNum"], info["LastMsgTime"], info["Introduction"]) == (100_000, 0, "")


@pytest.mark.parametrize(
    ("name", "code"),
    [(NEWS, 130008), ("news", 130007), ("@TOA#_@TOA#news", 130007), ("@TOA#_Ä", 130007), ("@TOA#_" + "x" * 42, None)],
)
def test_ids_that_can_be_chosen(client: ChatClient, name: str, code: int | None) -> None:
    make(client)
    if code is None:
        assert make(client, name) == name
    else:
        with refused(code):
            make(client, name)


def test_the_owner_must_exist_and_somebody_must_fit(client: ChatClient) -> None:
    with refused(70107):
        client.official_accounts.create(owner_account="nobody", name="News")
    with refused(6017):
        make(client, max_subscriber_num=0)


def test_only_what_the_filter_names_is_answered(client: ChatClient, emulator: Emulator) -> None:
    make(client)
    make(client, "@TOA#_sports", name="Sports")
    wanted = {"ResponseFilter": {"OfficialAccountBaseInfoFilter": ["Name", "SubscriberNum"]}}
    assert profile(client, emulator, "@TOA#_gone", "@TOA#_sports", NEWS, **wanted) == [
        {"Official_Account": "@TOA#_sports", "Name": "Sports", "SubscriberNum": 0},
        {"Official_Account": NEWS, "Name": "News", "SubscriberNum": 0},
    ]


def test_changes_leave_the_rest_alone(client: ChatClient, emulator: Emulator) -> None:
    make(client, introduction="What happens")
    client.official_accounts.update(official_account=NEWS, name="Daily News", custom_string="x")
    (info,) = profile(client, emulator, NEWS)
    assert (info["Name"], info["CustomString"], info["Introduction"]) == ("Daily News", "x", "What happens")
    with refused(6017):
        client.official_accounts.update(official_account=NEWS, max_subscriber_num=0)


def test_what_is_closed_is_gone(client: ChatClient, emulator: Emulator) -> None:
    make(client)
    subscribe(client, NEWS, "bob")
    client.official_accounts.delete(official_account=NEWS)
    assert profile(client, emulator, NEWS) == []
    assert list(client.official_accounts.iter_subscribed(subscriber_account="bob")) == []
    with refused(130004):
        client.call("official_account_open_http_svc/destroy_official_account", {"Official_Account": NEWS})
    with refused(130007):
        client.call("official_account_open_http_svc/destroy_official_account", {"Official_Account": "news"})
    with refused(130004):
        client.official_accounts.update(official_account=NEWS, name="News")
    assert make(client) == NEWS


@pytest.mark.usefixtures("receiver")
def test_it_is_told(client: ChatClient, emulator: Emulator) -> None:
    make(client)
    client.official_accounts.update(official_account=NEWS, name="Daily News", max_subscriber_num=7)
    client.official_accounts.update(official_account=NEWS, custom_string="x")
    client.official_accounts.delete(official_account=NEWS)
    known = {"Owner_Account": "alice", "Name": "News"}
    operator = {"Operator_Account": emulator.identifier}
    assert told(emulator, ASKED) == [operator | known]
    assert told(emulator, CREATED) == [operator | known | {"Official_Account": NEWS}]
    assert told(emulator, CHANGED) == [operator | {"Official_Account": NEWS, "Name": "Daily News"}]
    assert told(emulator, CLOSED) == [{"Official_Account": NEWS, "Owner_Account": "alice", "Name": "Daily News"}]


@pytest.mark.parametrize(("own", "code"), [(1, 20006), (120017, 120017)])
def test_the_app_may_refuse(client: ChatClient, emulator: Emulator, receiver: Receiver, own: int, code: int) -> None:
    receiver.reject(ASKED, own, "This name is taken")
    with refused(code):
        make(client)
    assert profile(client, emulator, NEWS) == told(emulator, CREATED) == []
