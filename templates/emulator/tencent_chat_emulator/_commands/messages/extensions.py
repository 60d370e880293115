"""Extensions of messages: pairs of keys and values, of one-to-one messages and of those in groups."""

from __future__ import annotations

from typing import Any

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from ..._memory.groups.messages import GroupMessage
from ..._memory.message_parts import Extension, Extensions
from .parties import sender_of

_SET, _DELETE, _CLEAR = 1, 2, 3
_MAX_PAIRS = 300
_MAX_CHANGES = 200
"""In a minute, of one message."""
_PAGE = 200

_ON_SETTING = (
    "A pair beyond 300 is answered with 10004 in its place.",
    "OperateType 1 or 2 without ExtensionList is answered with 10004.",
    "Deleted pairs are not listed any more.",
)


@behaviour(
    "openim_msg_ext_http_svc/get_key_values",
    reads=True,
    guesses=(
        "From_Account is who calls when it is left out.",
        "Accounts that were never imported have no messages: 23004.",
    ),
)
def get_key_values(call: Context) -> Answer:
    return _page(call, _of_direct_message(call))


@behaviour("openim_msg_ext_http_svc/set_key_values", guesses=_ON_SETTING)
def set_key_values(call: Context) -> Answer:
    extensions = _of_direct_message(call)
    results = _change(call, extensions)
    names = {
        "From_Account": call.body.get("From_Account", call.identifier),
        "To_Account": call.body["To_Account"],
        "MsgKey": call.body["MsgKey"],
    }
    call.after("C2C.CallbackAfterC2CMsgExtension", names | _event(call, extensions, results))
    return {"ExtensionList": results} if results else {}


@behaviour(
    "openim_msg_ext_http_svc/group_get_key_values",
    reads=True,
    guesses=(
        "A group that does not exist has no messages: 23004.",
        "An AVChatRoom and a community are answered with 10004.",
    ),
)
def group_get_key_values(call: Context) -> Answer:
    return _page(call, _group_message(call).extensions or Extensions())


@behaviour("openim_msg_ext_http_svc/group_set_key_values", guesses=_ON_SETTING)
def group_set_key_values(call: Context) -> Answer:
    message = _group_message(call)
    extensions = message.extensions or Extensions()
    results = _change(call, extensions)
    message.extensions = extensions
    names = {"GroupId": call.body["GroupId"], "MsgSeq": call.body["MsgSeq"]}
    call.after("Group.CallbackAfterGroupMsgExtension", names | _event(call, extensions, results))
    return {"ExtensionList": results} if results else {}


def _of_direct_message(call: Context) -> Extensions:
    sender = sender_of(call, 23004)
    message = call.memory.direct_messages.find(
        sender, call.body["To_Account"], call.body["MsgKey"], call.now
    )
    if message is None or message.is_recalled:
        raise Refused(23004)
    if message.extensions is None:
        raise Refused(23002)
    return message.extensions


def _group_message(call: Context) -> GroupMessage:
    group = call.memory.groups.get(call.body["GroupId"])
    if group is None:
        raise Refused(23004)
    if group.type in ("AVChatRoom", "Community"):
        raise Refused(10004, f"Messages in a group of type {group.type} have no extensions.")
    group.history.forget_expired(call.now)
    message = group.history.messages.get(call.body["MsgSeq"])
    if message is None or message.is_recalled:
        raise Refused(23004)
    if not message.supports_extensions:
        raise Refused(23002)
    return message


def _page(call: Context, extensions: Extensions) -> Answer:
    start = call.body.get("StartSeq", 0)
    pairs = [
        _pair(key, it.value, it.seq) for key, it in extensions.pairs.items() if it.seq >= start
    ]
    return {
        "CompleteFlag": int(len(pairs) <= _PAGE),
        "LatestSeq": extensions.seq,
        "ClearSeq": extensions.clear_seq,
        "ExtensionList": pairs[:_PAGE],
    }


def _change(call: Context, extensions: Extensions) -> list[dict[str, Any]]:
    """Carry out OperateType, and return what became of each pair."""
    operation, named = call.body["OperateType"], call.body.get("ExtensionList", [])
    if operation != _CLEAR and not named:
        raise Refused(10004, "ExtensionList is missing.")
    _count(extensions, call.now // 60)
    extensions.seq += 1
    if operation == _CLEAR:
        extensions.pairs.clear()
        extensions.clear_seq = extensions.seq
        return []
    return [_change_pair(extensions, operation, item["Key"], item["Value"]) for item in named]


def _count(extensions: Extensions, minute: int) -> None:
    if extensions.minute != minute:
        extensions.minute, extensions.changes = minute, 0
    if extensions.changes >= _MAX_CHANGES:
        raise Refused(23003)
    extensions.changes += 1


def _change_pair(extensions: Extensions, operation: int, key: str, value: str) -> dict[str, Any]:
    # What was changed last stands last.
    known = extensions.pairs.pop(key, None)
    if operation == _DELETE:
        return {"ErrorCode": 0, "Extension": _pair(key, "", extensions.seq)}
    if known is None and len(extensions.pairs) >= _MAX_PAIRS:
        return {"ErrorCode": 10004, "Extension": _pair(key, "", 0)}
    extensions.pairs[key] = Extension(value, extensions.seq)
    return {"ErrorCode": 0, "Extension": _pair(key, value, extensions.seq)}


def _event(call: Context, extensions: Extensions, results: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "OperateType": call.body["OperateType"],
        "ExtensionList": [item["Extension"] for item in results if item["ErrorCode"] == 0],
        "Seq": extensions.seq,
        "EventTime": call.now_ms,
    }


def _pair(key: str, value: str, seq: int) -> dict[str, Any]:
    return {"Key": key, "Value": value, "Seq": seq}
