"""Where accounts are online: how that changes, and the queries."""

from __future__ import annotations

from ..._core.behaviours import Answer, act, behaviour
from ..._core.context import Context, Refused
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


@act("come_online")
def come_online(call: Context) -> Answer:
    """Log in on a platform. Another device on the same platform is kicked out."""
    account, platform = _account(call), _platform(call.body.get("platform", "iPhone"))
    kicks = account.platforms.get(platform) == "Online"
    account.platforms[platform] = "Online"
    account.lost.pop(platform, None)
    kicked = {"KickedDevice": [{"Platform": PLATFORMS[platform]}]} if kicks else {}
    _tell(call, account, platform, "Login", "Register", **kicked)
    return {}


@act("go_offline")
def go_offline(call: Context) -> Answer:
    """Log out, or lose the connection, on one platform or all."""
    account, platform = _account(call), call.body.get("platform")
    platforms = list(account.platforms) if platform is None else [_platform(platform)]
    for one in platforms:
        if call.body.get("is_lost"):
            _lose(call, account, one)
        else:
            log_out(call, account, one)
    return {}


def log_out(call: Context, account: Account, platform: str) -> None:
    """Log an account out on a platform."""
    if account.platforms.pop(platform, None):
        account.lost.pop(platform, None)
        _tell(call, account, platform, "Logout", "Unregister")


def _lose(call: Context, account: Account, platform: str) -> None:
    if account.platforms.get(platform) != "Online":
        return
    if platform in _MOBILE:
        account.platforms[platform] = "PushOnline"
        account.lost[platform] = call.now
        call.memory.push.waiting.setdefault(account.user_id, call.now)
    else:
        del account.platforms[platform]
    _tell(call, account, platform, "Disconnect", "LinkClose")


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


def _tell(
    call: Context, account: Account, platform: str, action: str, reason: str, **more: object
) -> None:
    info = {"Action": action, "To_Account": account.user_id, "Reason": reason}
    body = {"EventTime": call.now_ms, "Info": info, **more}
    # This webhook alone writes IOS.
    spelling = PLATFORMS.get(platform, "Unknown").replace("iOS", "IOS")
    call.after("State.StateChange", body, OptPlatform=spelling)


def _account(call: Context) -> Account:
    account = call.memory.accounts.get(call.identifier)
    if account is None:
        raise ValueError(f"the account {call.identifier!r} was not imported")
    return account


def _platform(name: str) -> str:
    if name not in PLATFORMS:
        raise ValueError(f"unknown platform {name!r}: use {' or '.join(PLATFORMS)}")
    return name
