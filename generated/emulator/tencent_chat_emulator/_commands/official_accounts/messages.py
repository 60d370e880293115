"""Messages of official accounts: sending, the history, recalling."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from itertools import islice
from typing import Any

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused, Verdict, obeying
from ..._memory.official_accounts import (
    NEVER_STORED,
    ORDINARY,
    RECALLED,
    OfficialAccount,
    OfficialMessage,
)
from .lookup import BAD_VALUE, official_account_of

_REJECTED, _TOO_OFTEN = 10016, 60007
_BAD_KEY, _NO_ACCOUNT, _NO_MESSAGE = 10004, 10010, 10030
_REPEATS_FOR = 300
"""Seconds in which the same message is dropped."""
_MOST = 20
"""Messages of a page."""
_KEY = re.compile(r"[0-9]{1,10}_1_[0-9]{1,10}")


@behaviour(
    "official_account_open_http_svc/send_official_account_msg",
    guesses=(
        "The same message again is one with equal Official_Account, Random and MsgBody; it is answered as the first one.",
        "A message for subscribers who are online has a MsgKey; the history shows that it was never stored.",
        "A message that a webhook drops is answered with the MsgKey that it would have had.",
        "Where rates are limited, a second message of an official account within a second is answered with 60007; "
        "how many go out in an hour is not limited.",
    ),
)
def send_official_account_msg(call: Context) -> Answer:
    account = official_account_of(call)
    body, recent = call.body, call.memory.recent
    repeat = json.dumps([call.command.path, account.id, body["Random"], body["MsgBody"]])
    if (known := recent.answer(repeat, call.now)) is not None:
        return known
    message = OfficialMessage(
        seq=account.last_seq + 1,
        random=body["Random"],
        time=call.now,
        body=deepcopy(body["MsgBody"]),
        cloud_custom_data=body.get("CloudCustomData", ""),
    )
    answer = {"MsgTime": message.time, "MsgKey": message.key}
    forbidden = body.get("ForbidCallbackControl", ())
    if "ForbidBeforeSendMsgCallback" not in forbidden:
        event = _event(call, account, message)
        obey = obeying(_REJECTED, answer)
        _change(message, call.before("OfficialAccount.CallbackBeforeSendMsg", event, obey))
    if call.exceeds(f"messages of {account.id}", 1):
        raise Refused(_TOO_OFTEN)
    if "ForbidAfterSendMsgCallback" not in forbidden:
        event = {**answer, **_event(call, account, message)}
        call.after("OfficialAccount.CallbackAfterSendMsg", event)
    if _is_online_only(call):
        message.state, message.body, message.cloud_custom_data = NEVER_STORED, [], ""
    account.add(message)
    recent.keep(repeat, answer, call.now, _REPEATS_FOR)
    return answer


@behaviour(
    "official_account_open_http_svc/official_account_msg_get_simple",
    reads=True,
    guesses=(
        "Messages are kept for 30 days.",
        "Without ReqMsgNumber 20 messages are answered; a number below 1 is answered with 6017.",
        "A LastMsgKey that is none is answered with 6017; one of a message that is gone is where to read on.",
        "The sender of a message is the official account.",
        "Recalled messages that were not asked for are left out, and older ones take their place.",
        "LastMsgKey is empty when there are no older messages.",
    ),
)
def official_account_msg_get_simple(call: Context) -> Answer:
    account = official_account_of(call)
    asked: int = call.body.get("ReqMsgNumber", _MOST)
    if asked < 1:
        raise Refused(BAD_VALUE, "ReqMsgNumber: is less than 1")
    size = min(asked, _MOST)
    with_recalled = call.body.get("WithRecalledMsg") == 1
    messages = (
        message
        for message in account.before(_start(call, account), call.now)
        if with_recalled or message.state != RECALLED
    )
    page = list(islice(messages, size + 1))
    is_last = len(page) <= size
    page = page[:size]
    if len(page) == asked:
        finished = 1
    elif not is_last:
        finished = 0
    else:
        finished = 2 if account.has_expired(call.now) else 1
    return {
        "Official_Account": account.id,
        "IsFinished": finished,
        "LastMsgKey": "" if is_last else page[-1].key,
        "RspMsgList": [_in_answer(account, message) for message in page],
    }


@behaviour(
    "official_account_open_http_svc/official_account_msg_recall",
    guesses=(
        "A message that is not there, or is recalled already, has RetCode 10030; what is no MsgKey has 10004.",
        "A message that was never stored cannot be recalled, and has 10030.",
    ),
)
def official_account_msg_recall(call: Context) -> Answer:
    account = official_account_of(call, _NO_ACCOUNT)
    results: list[dict[str, Any]] = []
    recalled: list[str] = []
    for item in call.body["MsgKeyList"]:
        key: str = item if isinstance(item, str) else item["MsgKey"]
        message = account.message(key, call.now)
        if message is not None and message.state == ORDINARY:
            message.state, message.body = RECALLED, []
            recalled.append(key)
            results.append({"MsgKey": key, "RetCode": 0, "MsgSeq": message.seq})
        else:
            results.append(
                {"MsgKey": key, "RetCode": _NO_MESSAGE if _KEY.fullmatch(key) else _BAD_KEY}
            )
    if recalled:
        event = {
            "Official_Account": account.id,
            "WithdrawMsgList": [{"MsgKey": key} for key in recalled],
            "EventTime": call.now_ms,
        }
        call.after("OfficialAccount.CallbackAfterMsgWithDraw", event)
    return {"RecallRetList": results}


def _is_online_only(call: Context) -> bool:
    return call.body.get("OnlineOnlyFlag") == 1


def _event(call: Context, account: OfficialAccount, message: OfficialMessage) -> dict[str, Any]:
    """Return what webhooks around sending say of a message."""
    data = message.cloud_custom_data
    return {
        "Official_Account": account.id,
        "OnlineOnlyFlag": int(_is_online_only(call)),
        "MsgBody": message.body,
        **({"CloudCustomData": data} if data else {}),
        "EventTime": call.now_ms,
    }


def _change(message: OfficialMessage, verdict: Verdict) -> None:
    """Give a message what the receiver of a webhook put in its place."""
    body, data = verdict.changes.get("MsgBody"), verdict.changes.get("CloudCustomData")
    if isinstance(body, list) and body:
        message.body = body
    if isinstance(data, str):
        message.cloud_custom_data = data


def _start(call: Context, account: OfficialAccount) -> int:
    """Return the sequence number that the page comes before."""
    key: str = call.body.get("LastMsgKey", "")
    if not key:
        return account.last_seq + 1
    if not _KEY.fullmatch(key):
        raise Refused(BAD_VALUE, f"LastMsgKey: {key} is no MsgKey")
    return int(key.partition("_")[0])


def _in_answer(account: OfficialAccount, message: OfficialMessage) -> dict[str, Any]:
    return {
        "From_Account": account.id,
        "IsPlaceMsg": message.state,
        "MsgBody": message.body,
        "MsgPriority": 2,
        "MsgRandom": message.random,
        "MsgKey": message.key,
        "MsgSeq": message.seq,
        "MsgTimeStamp": message.time,
    }
