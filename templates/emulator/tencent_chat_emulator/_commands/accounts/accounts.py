"""Accounts: import, check, delete, log out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from ..._memory.accounts import Account
from .departures import delete_account
from .online import log_out
from .profiles import change_profile

_NOT_FOUND = 70107
_INVALID = 70402
_MAX_BYTES = 500
"""Of a nickname and of a URL."""


@behaviour(
    "im_open_login_svc/account_import",
    guesses=(
        "Nick and FaceUrl of an account that is there already are set anew.",
        "The app has room for any number of accounts (70398).",
    ),
)
def account_import(call: Context) -> Answer:
    _import(call, call.body)
    return {}


@behaviour(
    "im_open_login_svc/multiaccount_import",
    guesses=(
        "Accounts and AccountList may stand in one call.",
        "A Nick or FaceUrl above 500 bytes puts its account into FailAccounts.",
    ),
)
def multiaccount_import(call: Context) -> Answer:
    users = [{"UserID": user_id} for user_id in call.body.get("Accounts", ())]
    users += call.body.get("AccountList", ())
    if not users:
        raise Refused(_INVALID, "Accounts or AccountList is needed.")
    failed: list[str] = []
    for user in users:
        if all(_fits(user.get(field, "")) for field in ("Nick", "FaceUrl")):
            _import(call, user)
        else:
            failed.append(user["UserID"])
    return {"FailAccounts": failed}


@behaviour("im_open_login_svc/account_check", reads=True)
def account_check(call: Context) -> Answer:
    names = [item["UserID"] for item in call.body["CheckItem"]]
    return {
        "ResultItem": [
            {
                "UserID": name,
                "ResultCode": 0,
                "ResultInfo": "",
                "AccountStatus": "Imported" if name in call.memory.accounts else "NotImported",
            }
            for name in names
        ]
    }


@behaviour(
    "im_open_login_svc/account_delete",
    guesses=(
        "The app may delete accounts, as the trial and developer editions may, and import them again at once.",
        "Administrators and robots are deleted like other accounts.",
    ),
)
def account_delete(call: Context) -> Answer:
    return {"ResultItem": [_delete(call, item["UserID"]) for item in call.body["DeleteItem"]]}


@behaviour(
    "im_open_login_svc/kick",
    guesses=("It is told as a logout, once for each platform where the account was connected.",),
)
def kick(call: Context) -> Answer:
    account = call.memory.accounts.get(call.body["UserID"])
    if account is None:
        raise Refused(_NOT_FOUND)
    for platform in list(account.platforms):
        log_out(call, account, platform)
    return {}


def _import(call: Context, user: Mapping[str, Any]) -> None:
    user_id = user["UserID"]
    account = call.memory.accounts.setdefault(user_id, Account(user_id, call.now))
    tags = {"Nick": "Tag_Profile_IM_Nick", "FaceUrl": "Tag_Profile_IM_Image"}
    change_profile(account, {tag: user[field] for field, tag in tags.items() if field in user})


def _delete(call: Context, user_id: str) -> Answer:
    if user_id not in call.memory.accounts:
        info = "Err_TLS_PT_Open_Login_Account_Not_Exist"
        return {"ResultCode": _NOT_FOUND, "ResultInfo": info, "UserID": user_id}
    delete_account(call.memory, user_id)
    return {"ResultCode": 0, "ResultInfo": "", "UserID": user_id}


def _fits(text: str) -> bool:
    return len(text.encode()) <= _MAX_BYTES
