"""Who subscribed to an official account, and to which ones somebody did."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from ..._core.behaviours import Answer, act, behaviour
from ..._core.context import Context, Refused, obeying
from ..._memory.memory import Memory
from ..._memory.official_accounts import OfficialAccount, Subscriber
from ..accounts.departures import when_deleted
from .lookup import BAD_VALUE, REJECTED, check_user, official_account_of
from .profiles import filter_of, profile_of

_ALREADY, _FULL, _NOT_SUBSCRIBED = 130005, 130006, 131003
_FAILED, _DONE, _NOTHING_TO_DO = 0, 1, 2
"""What became of an account in a batch."""
MOST = 200
"""Entries of a page."""


@behaviour(
    "official_account_open_http_svc/add_subscriber",
    guesses=(
        "Accounts that were never imported, that a webhook refuses, or that there is no room for have Result 0; where "
        "there is no room for any of those that could subscribe, the answer is 130006.",
        "What a webhook refuses as a whole is answered with 20006.",
        "Webhooks name only the accounts that could subscribe, and are not sent when there are none.",
        "An account that is named twice is answered once.",
    ),
)
def add_subscriber(call: Context) -> Answer:
    account = official_account_of(call)
    names = list(dict.fromkeys(item["Subscriber_Account"] for item in call.body["SubscriberList"]))
    known = [name for name in names if name in account.subscribers]
    could = [
        name for name in names if name in call.memory.accounts and name not in account.subscribers
    ]
    if could and not account.room:
        raise Refused(_FULL)
    added = _subscribe(call, account, could)
    results = dict.fromkeys(added, _DONE) | dict.fromkeys(known, _NOTHING_TO_DO)
    return _answer(names, results)


@behaviour(
    "official_account_open_http_svc/delete_subscriber",
    guesses=(
        "Accounts that were never imported have Result 0.",
        "Without any account the answer is 6017.",
        "An account that is named twice is answered once.",
    ),
)
def delete_subscriber(call: Context) -> Answer:
    account = official_account_of(call)
    named = call.body.get("SubscriberToDel_Account", ())
    listed = (item["Subscriber_Account"] for item in call.body.get("SubscriberList", ()))
    names = list(dict.fromkeys([*named, *listed]))
    if not names:
        raise Refused(BAD_VALUE, "SubscriberToDel_Account: is missing")
    removed = [name for name in names if name in account.subscribers]
    _unsubscribe(call, account, removed)
    strangers = [name for name in names if name not in call.memory.accounts]
    results = dict.fromkeys(names, _NOTHING_TO_DO)
    results |= dict.fromkeys(strangers, _FAILED) | dict.fromkeys(removed, _DONE)
    return _answer(names, results)


@behaviour(
    "official_account_open_http_svc/get_subscriber_info",
    reads=True,
    guesses=("A Limit below 1, or a Next that no answer gave, is answered with 6017.",),
)
def get_subscriber_info(call: Context) -> Answer:
    account = official_account_of(call)
    cursor: str = call.body["Next"]
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 20):
        raise Refused(BAD_VALUE, "Next: is of no earlier answer")
    after = int(cursor or 0)
    size = _limit(call, len(account.subscribers) or 1)
    following = (one for one in account.subscribers.values() if one.number > after)
    page = list(islice(following, size + 1))
    is_last = len(page) <= size
    return {
        "SubscriberNum": len(account.subscribers),
        "Next": "" if is_last else str(page[size - 1].number),
        "SubscriberList": [
            {
                "Subscriber_Account": subscriber.user_id,
                **_details(subscriber),
                "LastSendMsgTime": 0,
            }
            for subscriber in page[:size]
        ],
    }


@behaviour("official_account_open_http_svc/modify_subscriber_info")
def modify_subscriber_info(call: Context) -> Answer:
    subscriber = _subscriber(official_account_of(call), call.body["Subscriber_Account"])
    subscriber.custom_string = call.body["CustomString"]
    return {}


@behaviour(
    "official_account_open_http_svc/get_subscribed_official_account_list",
    reads=True,
    guesses=(
        "An account that was never imported is answered with 70107.",
        "A Limit below 1 or an Offset below 0 is answered with 6017.",
        "On the last page Next is 0.",
    ),
)
def get_subscribed_official_account_list(call: Context) -> Answer:
    user_id: str = call.body["Subscriber_Account"]
    check_user(call, user_id)
    offset: int = call.body.get("Offset", 0)
    if offset < 0:
        raise Refused(BAD_VALUE, "Offset: is less than 0")
    official = call.memory.official_accounts
    ids = official.subscribed.get(user_id, [])
    end = offset + _limit(call, MOST)
    is_last = end >= len(ids)
    return {
        "TotalCount": len(ids),
        "CompleteFlag": int(is_last),
        "Next": 0 if is_last else end,
        "OfficialAccountInfoList": [
            _subscription(official.accounts[account_id], user_id, call.body)
            for account_id in ids[offset:end]
        ],
    }


@act("subscribe")
def subscribe(call: Context) -> Answer:
    """Subscribe as the user."""
    account = official_account_of(call)
    check_user(call, call.identifier)
    if call.identifier in account.subscribers:
        raise Refused(_ALREADY)
    if not account.room:
        raise Refused(_FULL)
    if not _subscribe(call, account, [call.identifier]):
        raise Refused(REJECTED)
    return {}


@act("unsubscribe")
def unsubscribe(call: Context) -> Answer:
    """Unsubscribe as the user."""
    account = official_account_of(call)
    _subscriber(account, call.identifier)
    _unsubscribe(call, account, [call.identifier])
    return {}


def _subscribe(call: Context, account: OfficialAccount, names: Sequence[str]) -> list[str]:
    """Let accounts subscribe as far as the app allows it and there is room; return those that did."""
    if not names:
        return []
    event = _event(call, account, names)
    asked = "OfficialAccount.CallbackBeforeAddSubscriber"
    verdict = call.before(asked, event, obeying(REJECTED), **_platform(call))
    refused = verdict.changes.get("RefusedSubscribers_Account", ())
    added = [name for name in names if name not in refused][: account.room]
    for name in added:
        call.memory.official_accounts.subscribe(account, name, call.now)
    if added:
        event = _event(call, account, added)
        call.after("OfficialAccount.CallbackAfterAddSubscriber", event, **_platform(call))
        if not account.room:
            full = {"Official_Account": account.id, "EventTime": call.now_ms}
            call.after("OfficialAccount.CallbackAfterOfficialAccountFull", full, **_platform(call))
    return added


def _unsubscribe(call: Context, account: OfficialAccount, names: Sequence[str]) -> None:
    for name in names:
        call.memory.official_accounts.unsubscribe(account, name)
    if names:
        event = _event(call, account, names)
        call.after("OfficialAccount.CallbackAfterDeleteSubscriber", event, **_platform(call))


def _event(call: Context, account: OfficialAccount, names: Sequence[str]) -> dict[str, Any]:
    return {
        "Official_Account": account.id,
        "Operator_Account": call.identifier,
        "SubscribeAccountList": [{"Subscriber_Account": name} for name in names],
        "EventTime": call.now_ms,
    }


def _platform(call: Context) -> dict[str, str]:
    """Return the platform of a user who acts; that of calls is the usual one."""
    platform = call.body.get("opt_platform")
    return {} if platform is None else {"OptPlatform": platform}


def _subscriber(account: OfficialAccount, user_id: str) -> Subscriber:
    subscriber = account.subscribers.get(user_id)
    if subscriber is None:
        raise Refused(_NOT_SUBSCRIBED, f"The account {user_id} has not subscribed.")
    return subscriber


def _limit(call: Context, default: int) -> int:
    limit: int = call.body.get("Limit", default)
    if limit < 1:
        raise Refused(BAD_VALUE, "Limit: is less than 1")
    return limit


def _details(subscriber: Subscriber) -> dict[str, Any]:
    return {
        "SubscribeTime": subscriber.since,
        "CustomString": subscriber.custom_string,
        "MsgFlag": subscriber.msg_flag,
    }


def _subscription(account: OfficialAccount, user_id: str, body: dict[str, Any]) -> dict[str, Any]:
    details = _details(account.subscribers[user_id])
    wanted = filter_of(body, "SelfInfoFilter", details)
    shown = {field: value for field, value in details.items() if field in wanted}
    return {**profile_of(account, body), "SelfInfo": shown}


def _answer(names: Sequence[str], results: dict[str, int]) -> Answer:
    return {
        "SubscriberList": [
            {"Subscriber_Account": name, "Result": results.get(name, _FAILED)} for name in names
        ]
    }


@when_deleted
def _forget(memory: Memory, user_id: str) -> None:
    memory.official_accounts.forget(user_id)
