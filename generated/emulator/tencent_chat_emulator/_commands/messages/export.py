"""The files with all messages of an hour."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from hashlib import md5
from typing import Any

from ..._catalogue.catalogue import Json
from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from ..._memory.direct_messages import WEEK
from ..._memory.groups.messages import History

_HOUR = 3600
_FORMAT = "%Y%m%d%H"
_SHANGHAI = timezone(timedelta(hours=8))
_BAD_PARAMETER, _NO_FILE, _EXPIRED = 1002, 1004, 1005


@behaviour(
    "open_msg_svc/get_history",
    reads=True,
    guesses=(
        "The hours are those of China, UTC+8, as in the page's sample.",
        "A file is there as soon as its hour is over.",
        "URL leads to the emulator, until it ends or its memory is reset.",
        "Messages that were recalled or deleted stand in the file, those for online recipients only do not.",
    ),
)
def get_history(call: Context) -> Answer:
    hour = call.body["MsgTime"]
    begin = _begin(hour)
    if begin + _HOUR + WEEK <= call.now:
        raise Refused(_EXPIRED)
    kind = call.body["ChatType"]
    messages = sorted(
        _direct(call, begin) if kind == "C2C" else _in_groups(call, begin),
        key=lambda message: (message["MsgTimestamp"], message["MsgSeq"]),
    )
    if begin + _HOUR > call.now or not messages:
        raise Refused(_NO_FILE)
    head: Json = {"SdkAppId": call.sdkappid, "ChatType": kind, "MsgTime": hour, "MsgList": []}
    lines = ",\n".join(_json(message) for message in messages)
    content = f"{_json(head).removesuffix(']}')}\n{lines}\n]}}\n".encode(
        "utf-8", "backslashreplace"
    )
    packed = gzip.compress(content, mtime=0)
    expires = datetime.fromtimestamp(call.now, UTC).astimezone(_SHANGHAI) + timedelta(days=1)
    return {
        "File": [
            {
                "URL": call.publish(packed),
                "ExpireTime": expires.strftime("%Y-%m-%d %H:%M:%S"),
                "FileSize": len(content),
                "FileMD5": md5(content, usedforsecurity=False).hexdigest(),
                "GzipSize": len(packed),
                "GzipMD5": md5(packed, usedforsecurity=False).hexdigest(),
            }
        ]
    }


def _begin(hour: str) -> int:
    """Return when an hour begins, in Unix seconds."""
    try:
        begin = datetime.strptime(hour, _FORMAT).replace(tzinfo=_SHANGHAI)
    except ValueError:
        begin = None
    # strptime takes 2015120121 with fewer digits too.
    if begin is None or begin.strftime(_FORMAT) != hour:
        raise Refused(_BAD_PARAMETER, f"MsgTime {hour} is no hour such as 2015120121.")
    return int(begin.timestamp())


def _direct(call: Context, begin: int) -> Iterator[dict[str, Any]]:
    for dialogues in call.memory.direct_messages.dialogues.values():
        for dialogue in dialogues.values():
            for message in dialogue.before((begin + _HOUR, -1, -1)):
                if message.time < begin:
                    break
                yield {
                    "From_Account": message.sender,
                    "To_Account": message.receiver,
                    "MsgTimestamp": message.time,
                    "MsgSeq": message.seq,
                    "MsgRandom": message.random,
                    "MsgBody": message.body,
                }


def _in_groups(call: Context, begin: int) -> Iterator[dict[str, Any]]:
    for group in call.memory.groups.values():
        yield from _in_group(group.id, group.history, begin)
        for topic in group.topics.values():
            yield from _in_group(topic.id, topic.history, begin)


def _in_group(group_id: str, history: History, begin: int) -> Iterator[dict[str, Any]]:
    for message in reversed(history.messages.values()):
        if message.time < begin:
            break
        if message.time < begin + _HOUR:
            yield {
                "From_Account": message.sender,
                "GroupId": group_id,
                "MsgTimestamp": message.time,
                "MsgSeq": message.seq,
                "MsgBody": message.body,
            }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
