"""Profiles: setting and reading standard fields and those of the app's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from ..._memory.accounts import Account

_NOT_FOUND, _NO_TAG = 40003, 40009
_TOO_LONG, _BAD_VALUE, _BAD_TYPE = 40601, 40605, 40610
_CUSTOM = re.compile(r"Tag_Profile_Custom_[A-Za-z]{1,8}")


@dataclass(frozen=True)
class _Rule:
    """Which values a field takes."""

    is_number: bool = False
    """An unsigned one of 32 bits; else a string."""
    max_bytes: int = 500
    values: tuple[str, ...] = ()
    """The only ones; empty for any."""


_NUMBER, _TEXT = _Rule(is_number=True), _Rule()

_RULES = {
    "Tag_Profile_IM_Nick": _TEXT,
    "Tag_Profile_IM_Gender": _Rule(
        values=("Gender_Type_Unknown", "Gender_Type_Female", "Gender_Type_Male")
    ),
    "Tag_Profile_IM_BirthDay": _NUMBER,
    "Tag_Profile_IM_Location": _Rule(max_bytes=16),
    "Tag_Profile_IM_SelfSignature": _TEXT,
    "Tag_Profile_IM_AllowType": _Rule(
        values=(
            "AllowType_Type_NeedConfirm",
            "AllowType_Type_AllowAny",
            "AllowType_Type_DenyAny",
        )
    ),
    "Tag_Profile_IM_Language": _NUMBER,
    "Tag_Profile_IM_Image": _TEXT,
    "Tag_Profile_IM_AdminForbidType": _Rule(
        values=("AdminForbid_Type_None", "AdminForbid_Type_SendOut")
    ),
    "Tag_Profile_IM_Level": _NUMBER,
    "Tag_Profile_IM_Role": _NUMBER,
    "Tag_Profile_IM_MsgSettings": _NUMBER,
}


def change_profile(account: Account, values: Mapping[str, Any]) -> None:
    """Set profile fields, by tag."""
    if values:
        account.profile |= values
        account.profile_sequence += 1


def check_tag(tag: str) -> None:
    """Refuse with 40009 what is no field of a profile."""
    if tag not in _RULES and not _CUSTOM.fullmatch(tag):
        raise Refused(_NO_TAG, f"There is no profile field {tag}.")


@behaviour(
    "profile/portrait_set",
    guesses=(
        "The app has every field Tag_Profile_Custom_ with one to eight letters; others get 40009.",
        "A Location above 16 bytes and a number that does not fit into 32 bits get 40605.",
        "Of several fields that are wrong, the first decides, and none is set.",
    ),
)
def portrait_set(call: Context) -> Answer:
    account = call.memory.accounts.get(call.body["From_Account"])
    if account is None:
        raise Refused(_NOT_FOUND)
    items = call.body["ProfileItem"]
    for item in items:
        check_tag(item["Tag"])
        _check_value(item["Tag"], item["Value"])
    change_profile(account, {item["Tag"]: item["Value"] for item in items})
    changed = [{"Tag": item["Tag"], "Value": item["Value"]} for item in items]
    call.after(
        "Profile.CallbackPortraitSet",
        {
            "Operator_Account": call.identifier,
            "From_Account": account.user_id,
            "EventTime": call.now_ms,
            "ProfileItem": changed,
        },
    )
    return {"ErrorDisplay": ""}


@behaviour(
    "profile/portrait_get",
    reads=True,
    guesses=("An unknown account fails alone; the others are read.",),
)
def portrait_get(call: Context) -> Answer:
    tags, names = call.body["TagList"], call.body["To_Account"]
    for tag in tags:
        check_tag(tag)
    items = [_profile(call, name, tags) for name in names]
    failed = [name for name in names if name not in call.memory.accounts]
    return {
        "UserProfileItem": items,
        **({"Fail_Account": failed} if failed else {}),
        "ErrorDisplay": "",
    }


def profile_items(account: Account, tags: list[str] | None = None) -> list[Answer]:
    """Return the fields that are set, those of `tags` or all, as on the wire."""
    wanted = account.profile if tags is None else tags
    return [{"Tag": tag, "Value": account.profile[tag]} for tag in wanted if tag in account.profile]


def _profile(call: Context, name: str, tags: list[str]) -> Answer:
    account = call.memory.accounts.get(name)
    if account is None:
        info = call.catalogue.message(call.command.service, _NOT_FOUND)
        return {"To_Account": name, "ResultCode": _NOT_FOUND, "ResultInfo": info}
    return {
        "To_Account": name,
        "ProfileItem": profile_items(account, tags),
        "ResultCode": 0,
        "ResultInfo": "",
    }


def _check_value(tag: str, value: str | int) -> None:
    rule = _RULES.get(tag, _TEXT)
    if rule.is_number != isinstance(value, int):
        needed = "a number" if rule.is_number else "a string"
        raise Refused(_BAD_TYPE, f"{tag} must be {needed}.")
    if isinstance(value, int):
        if not 0 <= value < 2**32:
            raise Refused(_BAD_VALUE, f"{tag} must be a number from 0 to 4294967295.")
        return
    size = len(value.encode("utf-8", "surrogatepass"))
    if size > 500:
        raise Refused(_TOO_LONG)
    if size > rule.max_bytes:
        raise Refused(_BAD_VALUE, f"{tag} has {size} bytes, at most {rule.max_bytes} are allowed.")
    if rule.values and value not in rule.values:
        raise Refused(_BAD_VALUE, f"{tag} must be {' or '.join(rule.values)}.")
