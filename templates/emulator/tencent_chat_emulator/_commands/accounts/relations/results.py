"""What the commands on relations share: who calls for whom, and what became of each account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...._core.behaviours import Answer
from ...._core.context import Context, Refused

INVALID, NOT_FOUND = 30001, 30003


def account_of(call: Context) -> str:
    """Return From_Account. Refused with 30003 for an unknown account."""
    user_id: str = call.body["From_Account"]
    if user_id not in call.memory.accounts:
        raise Refused(NOT_FOUND)
    return user_id


def result(
    call: Context, other: str, code: int = 0, info: str = "", **fields: object
) -> dict[str, Any]:
    """Return what became of one account. An `info` that is left out is what the code means."""
    if code and not info:
        info = call.catalogue.message(call.command.service, code)
    return {"To_Account": other, **fields, "ResultCode": code, "ResultInfo": info}


def answered(name: str, results: Sequence[Answer]) -> Answer:
    """Return the answer with `results` as the list `name`, and with Fail_Account where some failed."""
    failed = [item["To_Account"] for item in results if item["ResultCode"]]
    return {
        name: results,
        **({"Fail_Account": failed} if failed else {}),
        "ErrorDisplay": "",
    }


def succeeded(results: Sequence[Answer]) -> list[str]:
    """Return the accounts without a failure."""
    return [item["To_Account"] for item in results if not item["ResultCode"]]


def pairs(from_account: str, others: Sequence[str]) -> list[Answer]:
    """Return what webhooks call pairs."""
    return [{"From_Account": from_account, "To_Account": other} for other in others]
