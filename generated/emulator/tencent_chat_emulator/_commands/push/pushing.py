"""Starting a push: what its content says of whom it goes to, and how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from ..._core.context import Context, Refused
from ..._memory.accounts import Account
from ..._memory.direct_messages import WEEK, DirectMessage
from ..._memory.push import Pushed, keep
from .conditions import is_met
from .delivering import deliver

NO_SENDER = 90008


def check_sender(call: Context, content: Mapping[str, Any]) -> None:
    """Refuse with 90008 a From_Account that was never imported."""
    name = content.get("From_Account", call.identifier)
    if name not in call.memory.accounts:
        raise Refused(NO_SENDER, f"The account {name} in From_Account does not exist.")


def push_to_all(
    call: Context,
    content: Mapping[str, Any],
    time: int,
    *,
    offline: bool,
    only_web: bool = False,
    is_revocable: bool = True,
) -> Pushed:
    """Push to all users who meet the condition of `content`. `time` is in Unix seconds."""
    push = _started(call, content, time, "", is_revocable=is_revocable)
    recipients = list(_who_meet(call, content.get("Condition", {})))
    deliver(call, push, recipients, offline=offline, only_web=only_web)
    if "MsgBody" in content and content.get("OnlineOnlyFlag") == 0:
        _put_into_histories(call, push, content, recipients)
    return push


def push_to_users(call: Context, content: Mapping[str, Any], time: int) -> Pushed:
    """Push to the accounts in To_Account of `content` that there are. `time` is in Unix seconds."""
    push = _started(call, content, time, "batch_", is_revocable=True)
    accounts = call.memory.accounts
    names = dict.fromkeys(content["To_Account"])
    recipients = [accounts[name] for name in names if name in accounts]
    deliver(call, push, recipients, offline=wants_offline(content))
    return push


def wants_offline(content: Mapping[str, Any]) -> bool:
    """Whether a push also goes to devices that are not connected."""
    info: Mapping[str, Any] = content.get("OfflinePushInfo", {})
    return info.get("PushFlag") != 1


def _started(
    call: Context, content: Mapping[str, Any], time: int, prefix: str, *, is_revocable: bool
) -> Pushed:
    random = content["MsgRandom"] if "MsgRandom" in content else call.memory.ids.number(32)
    name = f"{prefix}{time:x}_{call.sdkappid:x}_{call.memory.ids.number(60):x}_{random:x}_bc614e"
    event = {"TaskId": name, "TaskTime": time}
    if "DataId" in content:
        event["DataId"] = content["DataId"]
    push = Pushed(
        name,
        time,
        event=event,
        is_revocable=is_revocable,
        sender=content.get("From_Account", call.identifier),
    )
    keep(call.memory.push.pushes, push)
    return push


def _who_meet(call: Context, condition: Mapping[str, Any]) -> Iterator[Account]:
    for account in call.memory.accounts.values():
        if not account.is_robot and is_met(call, account.user_id, condition):
            yield account


def _put_into_histories(
    call: Context, push: Pushed, content: Mapping[str, Any], recipients: list[Account]
) -> None:
    """Let the message of a push be in the history of everybody who got it, and be unread."""
    body, seq = deepcopy(content["MsgBody"]), call.memory.ids.number(32)
    for account in recipients:
        if account.user_id != push.sender:
            message = DirectMessage(
                sender=push.sender,
                receiver=account.user_id,
                seq=seq,
                random=content.get("MsgRandom", 0),
                time=push.time,
                until=push.time + WEEK,
                body=body,
                hidden_from_sender=True,
            )
            call.memory.direct_messages.keep(message, call.now)
            push.message_key = message.key
            push.recipients.append(account.user_id)
