"""Where accounts are online: how that changes, and the queries."""

from __future__ import annotations

from collections.abc import Sequence

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Event, Refused
from ..._memory.accounts import Account

_NOT_FOUND = 70107

PLATFORMS = {
    "iPhone": "iOS",
    "Android": "Android",
    "Web": "Web",
    "PC": "Windows",
    "iPad": "iPad",
    "Mac": "Mac",
}
"""Platforms as queries spell them, with the spelling of webhooks."""

_MOBILE = ("iPhone", "Android", "iPad")
"""Where an account that lost its connection still gets pushes."""


def come_online(account: Account, platform: str, now_ms: int) -> list[Event]:
    """Let an account log in; return what is told. Another device on the same platform is kicked out."""
    kicks = account.platforms.get(platform) == "Online"
    account.platforms[platform] = "Online"
    account.lost.pop(platform, None)
    kicked = {"KickedDevice": [{"Platform": PLATFORMS[platform]}]} if kicks else {}
    return [_change(account, platform, "Login", "Register", now_ms, **kicked)]


def go_offline(
    account: Account, platforms: Sequence[str], now_ms: int, *, is_lost: bool
) -> list[Event]:
    """Let an account log out, or lose its connection; return what is told.

    Where the connection is lost, an account on a phone or tablet becomes PushOnline.
    """
    told: list[Event] = []
    for platform in platforms:
        status = account.platforms.pop(platform, "Offline")
        account.lost.pop(platform, None)
        if is_lost and platform in _MOBILE and status != "Offline":
            account.platforms[platform] = "PushOnline"
            account.lost[platform] = now_ms // 1000
        if status == "Online" and is_lost:
            told.append(_change(account, platform, "Disconnect", "LinkClose", now_ms))
        elif status != "Offline" and not is_lost:
            told.append(_change(account, platform, "Logout", "Unregister", now_ms))
    return told


@behaviour(
    "openim/query_online_status",
    reads=True,
    guesses=(
        "A call whose accounts are all unknown is refused with 70107.",
        "IsReturnInstid and IsReturnCustomStatus add nothing.",
    ),
)
def query_online_status(call: Context) -> Answer:
    unknown = [name for name in call.body["To_Account"] if name not in call.memory.accounts]
    results = _results(call)
    if not results:
        raise Refused(_NOT_FOUND)
    return {
        "QueryResult": results,
        "ErrorList": [{"To_Account": name, "ErrorCode": _NOT_FOUND} for name in unknown],
    }


@behaviour(
    "openim/querystate",
    reads=True,
    guesses=(
        "Unknown accounts are left out; when all are unknown, the call is refused with 70107.",
    ),
)
def querystate(call: Context) -> Answer:
    results = _results(call)
    if not results:
        raise Refused(_NOT_FOUND)
    return {"QueryResult": results}


def _results(call: Context) -> list[Answer]:
    accounts = call.memory.accounts
    return [_result(call, accounts[name]) for name in call.body["To_Account"] if name in accounts]


def _result(call: Context, account: Account) -> Answer:
    # Documentation and samples do not agree on the name.
    status = account.status(call.now)
    result = {"To_Account": account.user_id, "State": status, "Status": status}
    statuses = account.statuses(call.now)
    if not call.body.get("IsNeedDetail") or not statuses:
        return result
    detail = [{"Platform": name, "Status": status} for name, status in statuses.items()]
    return {**result, "Detail": detail}


def _change(
    account: Account, platform: str, action: str, reason: str, now_ms: int, **more: object
) -> Event:
    info = {"Action": action, "To_Account": account.user_id, "Reason": reason}
    body = {"EventTime": now_ms, "Info": info, **more}
    # This webhook alone writes IOS.
    spelling = PLATFORMS.get(platform, "Unknown").replace("iOS", "IOS")
    return Event("State.StateChange", body, {"OptPlatform": spelling})
