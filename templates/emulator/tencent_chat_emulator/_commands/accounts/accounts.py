"""Accounts: import, check, delete."""

from __future__ import annotations

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context
from ..._memory.accounts import Account


@behaviour("im_open_login_svc/account_import")
def account_import(call: Context) -> Answer:
    user_id = call.body["UserID"]
    call.memory.accounts.setdefault(user_id, Account(user_id, call.now))
    return {}


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
