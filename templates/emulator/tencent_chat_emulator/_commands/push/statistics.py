"""How many pushes were sent, delivered, clicked and lost; the way of a push to one recipient."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from ..._memory.push import Channel, Counts, Pushed, sent_between
from .delivering import NO_TOKEN, NO_TOKEN_INFO, ONLINE, split
from .scheduling import run_due_tasks
from .users import UNKNOWN

_BAD_BODY, _NOT_FOUND = 90001, 90049
_DAY = 86400
_COUNTED_FOR, _LOSSES_FOR, _TRACED_FOR = 30 * _DAY, 7 * _DAY, 7 * _DAY
_SYSTEMS = {"iPhone": "iOS", "iPad": "iOS", "Android": "Android", "PC": "Windows", "Mac": "macOS"}
_OF_ALL = (
    "Pushes to given users and to web users are counted, too.",
    "A TaskID that no push has, or one outside of the time, is left out.",
    "A time that is too long, or ends before it begins, is answered with 90001.",
)


@behaviour("timpush/all_member_push_statistics", guesses=_OF_ALL)
def all_member_push_statistics(call: Context) -> Answer:
    return _results(call, _COUNTED_FOR, lambda counts: _statistics(counts, with_kind=True))


@behaviour("timpush/all_member_push_loss", guesses=_OF_ALL)
def all_member_push_loss(call: Context) -> Answer:
    return _results(call, _LOSSES_FOR, lambda counts: _losses(counts, with_kind=True))


@behaviour(
    "timpush/normal_push_statistics",
    reads=True,
    guesses=(
        "Chat messages are pushed to phones and tablets that lost their connection, and counted there only; of a group "
        "to members who receive with notification.",
        "A time that is too long, or ends before it begins, is answered with 90001.",
    ),
)
def normal_push_statistics(call: Context) -> Answer:
    return _statistics(_of_chat(call, _COUNTED_FOR), with_kind=False)


@behaviour(
    "timpush/normal_push_loss",
    reads=True,
    guesses=(
        "Nothing is lost: accounts without a device that waits for pushes are not pushed to.",
        "A time that is too long, or ends before it begins, is answered with 90001.",
    ),
)
def normal_push_loss(call: Context) -> Answer:
    return _losses(_of_chat(call, _LOSSES_FOR), with_kind=False)


@behaviour(
    "timpush/all_member_push_trace",
    reads=True,
    guesses=(
        "A TaskID that no push of the last seven days has is answered with 90049, an unknown account with 70107.",
        "A recipient without a device has an empty InstanceTrace.",
        "The service reports no models, versions and tokens of devices: they are empty.",
    ),
)
def all_member_push_trace(call: Context) -> Answer:
    push = call.memory.push.pushes.get(call.body["TaskID"])
    if push is None or push.time + _TRACED_FOR < call.now:
        raise Refused(_NOT_FOUND)
    user_id: str = call.body["UserID"]
    if user_id not in call.memory.accounts:
        raise Refused(UNKNOWN, f"The account {user_id} does not exist.")
    return {"InstanceTrace": _traces(push, user_id, with_kind=True)}


@behaviour(
    "timpush/normal_push_trace",
    reads=True,
    guesses=(
        "A PushID that is of no pushed message of the last seven days is answered with 90049.",
        "Of a message to a group all recipients are listed.",
    ),
)
def normal_push_trace(call: Context) -> Answer:
    push = call.memory.push.chat_pushes.get(call.body["PushID"])
    if push is None or push.time + _TRACED_FOR < call.now:
        raise Refused(_NOT_FOUND)
    traces = [trace for name in push.devices for trace in _traces(push, name, with_kind=False)]
    return {"InstanceTrace": traces}


def _results(
    call: Context, longest: int, result: Callable[[dict[Channel, Counts]], Mapping[str, Any]]
) -> Answer:
    start, end = _range(call, longest)
    run_due_tasks(call)
    pushes = call.memory.push.pushes
    wanted: list[str] = call.body["TaskID"]
    if not wanted:
        return {"Results": [{"TaskID": "", **result(_sum(sent_between(pushes, start, end)))}]}
    found = [pushes[name] for name in dict.fromkeys(wanted) if name in pushes]
    return {
        "Results": [
            {"TaskID": push.id, **result(push.counts)}
            for push in found
            if start <= push.time <= end
        ]
    }


def _of_chat(call: Context, longest: int) -> dict[Channel, Counts]:
    start, end = _range(call, longest)
    return _sum(sent_between(call.memory.push.chat_pushes, start, end))


def _range(call: Context, longest: int) -> tuple[int, int]:
    start, end = call.body["StartTime"], call.body["EndTime"]
    if not 0 <= end - start <= longest:
        raise Refused(_BAD_BODY, f"EndTime: is not within {longest // _DAY} days after StartTime")
    return start, end


def _sum(pushes: Iterable[Pushed]) -> dict[Channel, Counts]:
    every: dict[Channel, Counts] = {}
    for push in pushes:
        for channel, counts in push.counts.items():
            into = every.setdefault(channel, Counts())
            into.total += counts.total
            into.sent += counts.sent
            into.delivered += counts.delivered
            into.clicked += counts.clicked
    return every


def _statistics(counts: dict[Channel, Counts], *, with_kind: bool) -> dict[str, Any]:
    whole = Counts(
        sum(one.total for one in counts.values()),
        sum(one.sent for one in counts.values()),
        sum(one.delivered for one in counts.values()),
        sum(one.clicked for one in counts.values()),
    )
    by_channel = [
        {**_place(channel, with_kind=with_kind), **_numbers(counts[channel])}
        for channel in sorted(counts)
    ]
    return {**_numbers(whole), "PlatformStatistics": by_channel}


def _losses(counts: dict[Channel, Counts], *, with_kind: bool) -> dict[str, Any]:
    lost = {
        channel: one.total - one.sent
        for channel, one in sorted(counts.items())
        if one.total > one.sent
    }
    whole = [_loss(sum(lost.values()))] if lost else []
    return {
        "ReadyToSendLoss": whole,
        "PostSendDeliveredLoss": [],
        "PlatformReadyToSendLoss": [
            {**_place(channel, with_kind=with_kind), **_loss(number)}
            for channel, number in lost.items()
        ],
        "PlatformPostSendDeliveredLoss": [],
    }


def _loss(number: int) -> dict[str, Any]:
    return {"ErrCode": str(NO_TOKEN), "ErrCount": number, "ErrInfo": NO_TOKEN_INFO}


def _numbers(counts: Counts) -> dict[str, int]:
    return {
        "TotalCount": counts.total,
        "SentCount": counts.sent,
        "DeliveredCount": counts.delivered,
        "ClickCount": counts.clicked,
    }


def _place(channel: Channel, *, with_kind: bool) -> dict[str, int]:
    kind, platform = split(channel)
    return (
        {"EventType": kind, "PushPlatform": platform} if with_kind else {"PushPlatform": platform}
    )


def _traces(push: Pushed, user_id: str, *, with_kind: bool) -> list[dict[str, Any]]:
    return [
        _trace(push, channel, platform, is_clicked=not number and user_id in push.clicks)
        | _place(channel, with_kind=with_kind)
        for number, (platform, channel) in enumerate(push.devices.get(user_id, {}).items())
    ]


def _trace(push: Pushed, channel: Channel, platform: str, *, is_clicked: bool) -> dict[str, Any]:
    time = datetime.fromtimestamp(push.time, UTC).strftime("%Y-%m-%d %H:%M:%S")
    done = {"PushStatus": 1, "ErrorCode": 0, "ErrorInfo": "success", "EventTime": time}
    not_yet = {"PushStatus": 0, "ErrorCode": 0, "ErrorInfo": "", "EventTime": ""}
    click = {"ClickStat": {**done, "EventTime": ""} if is_clicked else not_yet}
    if channel == ONLINE:
        way = {"OnlinePushStat": {"OnlineStat": done, **click}}
    else:
        stages = {"OfflineStat": done, "ChannelStat": done, "DeviceStat": done}
        way = {"OfflinePushStat": {**stages, **click}}
    return {
        "InstanceId": platform,
        "PushTime": time,
        "DeviceModel": "",
        "System": _SYSTEMS.get(platform, platform),
        "SystemVersion": "",
        "Token": "",
        "CertId": "0",
        "SdkVersion": "",
        "PushVersion": "",
        "NotificationStatus": 1,
        "last_active_terminal": 1,
        "IMCommitStat": {"IMStat": done},
        **way,
    }
