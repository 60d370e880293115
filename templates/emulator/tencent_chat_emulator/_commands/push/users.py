"""Users that calls on attributes and tags name. Those that were never imported fail one by one, or the whole call."""

from __future__ import annotations

from typing import Any

from ..._core.context import Context, Refused
from ..._memory.memory import Memory
from ..accounts.departures import when_deleted

UNKNOWN = 70107
_ACCOUNT_MISSING = 90048


def check_users(call: Context, field: str) -> None:
    """Refuse with 90048 where somebody was never imported, and the answer has no place to say so."""
    if call.command.service == "all_member_push":
        for name in _named(call, field):
            if name not in call.memory.accounts:
                raise Refused(_ACCOUNT_MISSING, f"The account {name} does not exist.")


def known_users(call: Context, field: str) -> list[Any]:
    """Return the entries of a list in the body whose accounts there are."""
    pairs = zip(_named(call, field), call.body[field], strict=True)
    return [item for name, item in pairs if name in call.memory.accounts]


def failures(call: Context, field: str) -> dict[str, Any]:
    """Return the ErrorList for the accounts that there are not; nothing when there are all."""
    names = [name for name in _named(call, field) if name not in call.memory.accounts]
    errors = [
        {"To_Account": name, "ErrorCode": UNKNOWN, "ErrorInfo": ""} for name in dict.fromkeys(names)
    ]
    return {"ErrorList": errors} if errors else {}


def _named(call: Context, field: str) -> list[str]:
    return [item if isinstance(item, str) else item["To_Account"] for item in call.body[field]]


@when_deleted
def _forget(memory: Memory, user_id: str) -> None:
    memory.push.forget(user_id)
