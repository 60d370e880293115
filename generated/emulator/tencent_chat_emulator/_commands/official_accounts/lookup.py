"""What the commands of official accounts look up first."""

from __future__ import annotations

from ..._core.context import Context, Refused
from ..._memory.official_accounts import OfficialAccount

BAD_VALUE = 6017
UNKNOWN_ACCOUNT = 70107
NOT_FOUND, BAD_ID = 130004, 130007
REJECTED = 20006
_PREFIX, _MADE_PREFIX = "@TOA#_", "@TOA#_@TOA#"
_MAX_ID_BYTES = 48


def official_account_of(call: Context, not_found: int = NOT_FOUND) -> OfficialAccount:
    """Return what Official_Account names.

    Refused with 130007 where no official account can have the ID and the command's page has that code, and with
    `not_found` where none has it.
    """
    name: str = call.body["Official_Account"]
    account = call.memory.official_accounts.accounts.get(name)
    if account is not None:
        return account
    if not can_be_id(name) and BAD_ID in call.command.errors:
        raise Refused(BAD_ID, f"The ID {name!r} does not begin with {_PREFIX}, or is too long.")
    raise Refused(not_found, f"There is no official account {name}.")


def check_user(call: Context, user_id: str) -> None:
    """Refuse with 70107 an account that was never imported."""
    if user_id not in call.memory.accounts:
        raise Refused(UNKNOWN_ACCOUNT, f"The account {user_id} does not exist.")


def can_be_id(name: str) -> bool:
    """Whether an official account can have that ID."""
    return (
        name.isascii()
        and name.isprintable()
        and name.startswith(_PREFIX)
        and len(name) <= _MAX_ID_BYTES
    )


def can_be_chosen(name: str) -> bool:
    """Whether the app can choose that ID."""
    return can_be_id(name) and not name.startswith(_MADE_PREFIX)


def made_id(call: Context) -> str:
    """Return an ID that no official account has."""
    while True:
        name = f"{_MADE_PREFIX}{call.memory.ids.text(8)}"
        if name not in call.memory.official_accounts.accounts:
            return name
