"""Calls that the service carries out for some of their items, as the vendor's pages describe them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Wire = dict[str, Any]
Fates = Mapping[str, bool]
"""Whether the item with this name fails."""


@dataclass(frozen=True)
class BatchCommand:
    """A command that takes a list, and how its answer tells what became of each item."""

    path: str
    method: str
    argument: str
    field: str
    most: int
    item: Callable[[str], Any]
    """The item of a request that has this name."""
    name: Callable[[Any], str]
    """The name of an item of a request body."""
    answer: Callable[[Sequence[str], Fates], Wire]
    """What the service answers about these names."""
    others: Wire
    """The other arguments."""

    def __str__(self) -> str:
        return self.path


def _all(field: str, key: str, *, info: bool = True) -> Callable[[Sequence[str], Fates], Wire]:
    """An answer that lists every item with ResultCode."""

    def answer(names: Sequence[str], fates: Fates) -> Wire:
        words = {True: {"ResultInfo": "no"}, False: {"ResultInfo": ""}} if info else {True: {}, False: {}}
        return {field: [{key: n, "ResultCode": 70107 if fates[n] else 0} | words[fates[n]] for n in names]}

    return answer


def _failed(field: str, key: str) -> Callable[[Sequence[str], Fates], Wire]:
    """An answer that lists the failed items only."""
    return lambda names, fates: {field: [{key: n, "ErrorCode": 70107} for n in names if fates[n]]}


def _text(name: str) -> str:
    return name


COMMANDS: Sequence[BatchCommand] = (
    BatchCommand(
        "im_open_login_svc/account_check", "accounts.check_many", "check_item", "CheckItem", 100,
        lambda name: {"UserID": name}, lambda item: item["UserID"], _all("ResultItem", "UserID"), {},
    ),
    BatchCommand(
        "im_open_login_svc/multiaccount_import", "accounts.import_accounts_many", "accounts", "Accounts", 100,
        _text, _text, lambda names, fates: {"FailAccounts": [n for n in names if fates[n]]}, {},
    ),
    BatchCommand(
        "openim/batchsendmsg", "messages.send_batch_many", "to_account", "To_Account", 500,
        _text, _text, _failed("ErrorList", "To_Account"),
        {"msg_body": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}}]},
    ),
    BatchCommand(
        "group_open_http_svc/add_group_member", "groups.add_members_many", "member_list", "MemberList", 20,
        lambda name: {"Member_Account": name}, lambda item: item["Member_Account"],
        # 0 failed, 1 joined, 2 was a member already.
        lambda names, fates: {
            "MemberList": [{"Member_Account": n, "Result": 0 if fates[n] else 1 + len(n) % 2} for n in names]
        },
        {"group_id": "g"},
    ),
    BatchCommand(
        "im_msg_audit_mgr/delete_cloud_audit_keywords", "moderation.delete_keywords_many", "keywords", "Keywords",
        10, _text, _text,
        lambda names, fates: {"Details": [{"Keyword": n, "Deleted": not fates[n]} for n in names]},
        {"sdk_app_id": 1, "lib_id": "l"},
    ),
    BatchCommand(
        "recentcontact/mark_contact", "conversations.mark_many", "mark_item", "MarkItem", 100,
        lambda name: {"OptType": 1, "ContactItem": {"Type": 1, "To_Account": name}, "ClearMark": [0]},
        lambda item: item["ContactItem"]["To_Account"],
        # A text in place of the request's number, in another order.
        lambda names, fates: {
            "ResultItem": [
                {"ContactItem": {"To_Account": n, "Type": "1"}, "ResultCode": 51000 if fates[n] else 0} for n in names
            ]
        },
        {"from_account": "a"},
    ),
    BatchCommand(
        "openim_msg_ext_http_svc/set_key_values", "messages.set_extensions_many", "extension_list",
        "ExtensionList", 20, lambda name: {"Key": name, "Value": "v"}, lambda item: item["Key"],
        lambda names, fates: {
            "ExtensionList": [{"ErrorCode": 23001 if fates[n] else 0, "Extension": {"Key": n}} for n in names]
        },
        {"from_account": "a", "to_account": "b", "msg_key": "1_2_3", "operate_type": 1},
    ),
)  # fmt: skip
