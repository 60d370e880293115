"""Pushing chat messages to phones and tablets that lost their connection."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from ..._core.context import Context
from ..._memory.push import Pushed, keep
from .delivering import CHAT_WEBHOOK, count, events_of, tell, waiting_devices
from .pushing import wants_offline

DIRECT, GROUP = 1, 2
"""Kinds of messages, as webhooks have them."""


def push_message(
    call: Context, name: str, kind: int, receivers: Iterable[str], event: dict[str, Any]
) -> None:
    """Push the message with MsgId `name` to those of `receivers` who wait for pushes.

    `event` has what webhooks say of the message.
    """
    if not wants_offline(call.body):
        return
    told = {"EventType": kind, **event, "PushID": name}
    push = Pushed(name, call.now, event=told)
    events: list[dict[str, Any]] = []
    for user_id in receivers:
        channels = waiting_devices(call.memory.accounts[user_id], call.now)
        if channels:
            push.devices[user_id] = channels
        for channel in channels.values():
            count(push, channel)
            events += events_of(push, user_id, channel)
    if push.devices:
        keep(call.memory.push.chat_pushes, push)
        tell(call, CHAT_WEBHOOK, events)


def who_wait(call: Context, members: Container[str]) -> list[str]:
    """Return the members of a group who have ever waited for pushes: few, for no call looks at all members."""
    return [user_id for user_id in call.memory.push.waiting if user_id in members]
