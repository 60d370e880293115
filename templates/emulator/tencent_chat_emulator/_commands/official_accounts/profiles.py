"""Creating official accounts and closing them; their profiles."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused, obeying
from ..._memory.official_accounts import OfficialAccount
from .lookup import (
    BAD_ID,
    BAD_VALUE,
    REJECTED,
    can_be_chosen,
    check_user,
    made_id,
    official_account_of,
)

_IN_USE = 130008
_DEFAULTS = {
    "Name": "",
    "Introduction": "",
    "FaceUrl": "",
    "MaxSubscriberNum": 100_000,
    "Organization": "",
    "CustomString": "",
}
_TOLD = ("Introduction", "Name", "FaceUrl", "Organization")
"""Changes that the webhook has a field for."""


@behaviour(
    "official_account_open_http_svc/create_official_account",
    guesses=(
        "An owner who was never imported is answered with 70107.",
        "There is no limit on how many official accounts an app creates.",
        "A MaxSubscriberNum below 1 is answered with 6017.",
    ),
)
def create_official_account(call: Context) -> Answer:
    body, accounts = call.body, call.memory.official_accounts.accounts
    name: str | None = body.get("OfficialAccountUserID")
    if name is not None and not can_be_chosen(name):
        raise Refused(BAD_ID, f"The ID {name!r} cannot be chosen.")
    if name in accounts:
        raise Refused(_IN_USE)
    check_user(call, body["Owner_Account"])
    profile = _DEFAULTS | _changes(body)
    event = {
        "Operator_Account": call.identifier,
        "Owner_Account": body["Owner_Account"],
        "Name": body["Name"],
        "EventTime": call.now_ms,
    }
    call.before("OfficialAccount.CallbackBeforeCreateOfficialAccount", event, obeying(REJECTED))
    account = OfficialAccount(
        name or made_id(call), body["Owner_Account"], profile, created=call.now
    )
    accounts[account.id] = account
    call.after(
        "OfficialAccount.CallbackAfterCreateOfficialAccount",
        {"Official_Account": account.id, **event},
    )
    return {"OfficialAccountUserID": account.id}


@behaviour("official_account_open_http_svc/destroy_official_account")
def destroy_official_account(call: Context) -> Answer:
    account = official_account_of(call)
    call.memory.official_accounts.remove(account)
    event = {
        "Official_Account": account.id,
        "Owner_Account": account.owner,
        "Name": account.profile["Name"],
        "EventTime": call.now_ms,
    }
    call.after("OfficialAccount.CallbackAfterOfficialAccountDestroyed", event)
    return {}


@behaviour(
    "official_account_open_http_svc/modify_official_account_base_info",
    guesses=(
        "A MaxSubscriberNum below the number of subscribers is taken; nobody can subscribe then.",
        "Changes of CustomString and MaxSubscriberNum alone trigger no webhook, which has no field for them.",
    ),
)
def modify_official_account_base_info(call: Context) -> Answer:
    account = official_account_of(call)
    changes = _changes(call.body)
    account.profile |= changes
    told = {field: changes[field] for field in _TOLD if field in changes}
    if told:
        event = {
            "Official_Account": account.id,
            "Operator_Account": call.identifier,
            **told,
            "EventTime": call.now_ms,
        }
        call.after("OfficialAccount.CallbackAfterOfficialAccountInfoChanged", event)
    return {}


@behaviour(
    "official_account_open_http_svc/get_official_account_info",
    reads=True,
    guesses=(
        "Official accounts that do not exist are left out.",
        "Filters with names of group fields change nothing.",
    ),
)
def get_official_account_info(call: Context) -> Answer:
    accounts = call.memory.official_accounts.accounts
    named = dict.fromkeys(item["Official_Account"] for item in call.body["OfficialAccountIdList"])
    return {
        "OfficialAccountInfoList": [
            profile_of(accounts[name], call.body) for name in named if name in accounts
        ]
    }


def profile_of(account: OfficialAccount, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return an official account as answers have it, with what the filter in `body` lets through."""
    fields = {
        "Owner_Account": account.owner,
        **account.profile,
        "SubscriberNum": len(account.subscribers),
        "LastMsgTime": account.last_time,
        "CreateTime": account.created,
    }
    wanted = filter_of(body, "OfficialAccountBaseInfoFilter", fields)
    shown = {field: value for field, value in fields.items() if field in wanted}
    return {"Official_Account": account.id, **shown}


def filter_of(body: Mapping[str, Any], name: str, every: Collection[str]) -> Collection[str]:
    """Return the fields that a filter names; all of them where it is left out."""
    wanted: Collection[str] = body.get("ResponseFilter", {}).get(name, every)
    return wanted


def _changes(body: Mapping[str, Any]) -> dict[str, Any]:
    changes = {field: body[field] for field in _DEFAULTS if field in body}
    if changes.get("MaxSubscriberNum", 1) < 1:
        raise Refused(BAD_VALUE, "MaxSubscriberNum: is less than 1")
    return changes
