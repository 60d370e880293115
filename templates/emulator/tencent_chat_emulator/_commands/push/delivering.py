"""How a push gets to the devices of its recipients, what is counted of it, and the webhooks that tell of it.

A device that is connected gets an online push, a phone or tablet that lost its connection an offline one. A
recipient without any device has given no token to the service: the offline push is lost before it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..._core.behaviours import Answer, act
from ..._core.context import Context
from ..._memory.accounts import Account
from ..._memory.push import Channel, Pushed

WEBHOOK, CHAT_WEBHOOK = "Push.AllMemberPush", "Push.OfflinePush"
NO_TOKEN, NO_TOKEN_INFO = -2, "token not uploaded"
ONLINE, NOWHERE = "2/0", "1/0"
"""Channels: online; offline, to nobody knows what."""
_OFFLINE = {"iPhone": "1/1", "iPad": "1/1", "Android": "1/4"}
"""Channels of devices that lost their connection, by platform: APNs and Google FCM."""
_SENT, _REACHED, _CLICKED = 1, 2, 3
_EVENTS = 100
"""Most events of a webhook."""


def deliver(
    call: Context,
    push: Pushed,
    recipients: Iterable[Account],
    *,
    offline: bool,
    only_web: bool = False,
) -> None:
    """Push to the connected devices of `recipients`, with `offline` also to the others, and tell of it."""
    is_heard = call.is_heard(WEBHOOK)
    events: list[dict[str, Any]] = []
    for account in recipients:
        channels = {
            platform: channel
            for platform, channel in _devices(account, push.time)
            if (offline or channel == ONLINE) and (platform == "Web" or not only_web)
        }
        if channels:
            push.devices[account.user_id] = channels
        for channel in channels.values():
            count(push, channel)
            if is_heard:
                events += events_of(push, account.user_id, channel)
        if offline and not channels:
            push.count(NOWHERE).total += 1
            if is_heard:
                events.append(_event(push, account.user_id, NOWHERE, _SENT, is_lost=True))
    tell(call, WEBHOOK, events)


def count(push: Pushed, channel: Channel) -> None:
    """Count a push that reached a device."""
    counts = push.count(channel)
    counts.total += 1
    counts.sent += 1
    counts.delivered += 1


def events_of(push: Pushed, user_id: str, channel: Channel) -> list[dict[str, Any]]:
    """Return what a webhook says of a push that reached a device."""
    return [_event(push, user_id, channel, stage) for stage in (_SENT, _REACHED)]


def _event(
    push: Pushed, user_id: str, channel: Channel, stage: int, *, is_lost: bool = False
) -> dict[str, Any]:
    """Return what a webhook says of a push to one account."""
    kind, platform = split(channel)
    # Webhooks on chat messages have no field for it.
    device = {"DeviceType": platform} if stage == _CLICKED and "TaskId" in push.event else {}
    return {
        "EventType": kind,
        "EventTime": push.time,
        "To_Account": user_id,
        "PushPlatform": platform,
        **device,
        "PushStage": stage,
        "ErrCode": NO_TOKEN if is_lost else 0,
        "ErrInfo": NO_TOKEN_INFO if is_lost else "OK",
        **push.event,
    }


def tell(call: Context, webhook: str, events: list[dict[str, Any]]) -> None:
    """Let a webhook be sent for every 100 events."""
    for start in range(0, len(events), _EVENTS):
        named = [{"CallbackCommand": webhook, **one} for one in events[start : start + _EVENTS]]
        call.after(webhook, {"Events": named})


def split(channel: Channel) -> tuple[int, int]:
    """Return EventType and PushPlatform."""
    kind, _, platform = channel.partition("/")
    return int(kind), int(platform)


def waiting_devices(account: Account, now: int) -> dict[str, Channel]:
    """Return by platform the channels where an account gets offline pushes. `now` is in Unix seconds."""
    return {platform: channel for platform, channel in _devices(account, now) if channel != ONLINE}


def _devices(account: Account, now: int) -> Iterator[tuple[str, Channel]]:
    for platform, status in account.statuses(now).items() if account.platforms else ():
        if status == "Online":
            yield platform, ONLINE
        elif platform in _OFFLINE:
            yield platform, _OFFLINE[platform]


@act("click_push")
def click_push(call: Context) -> Answer:
    """Click on the notification of a push."""
    name: str = call.body["push"]
    memory = call.memory.push
    push = memory.pushes.get(name) or memory.chat_pushes.get(name)
    channels = list(push.devices.get(call.identifier, {}).values()) if push else []
    if push is None or not channels:
        raise ValueError(f"{call.identifier} has no notification of the push {name}")
    if call.identifier not in push.clicks:
        push.clicks.append(call.identifier)
        push.count(channels[0]).clicked += 1
        is_chat = name in memory.chat_pushes
        clicked = _event(push, call.identifier, channels[0], _CLICKED) | {"EventTime": call.now}
        tell(call, CHAT_WEBHOOK if is_chat else WEBHOOK, [clicked])
    return {}
