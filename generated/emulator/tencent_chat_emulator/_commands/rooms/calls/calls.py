"""Calls that go on: start, look up, end; and what users do on their devices."""

from __future__ import annotations

from ...._core.behaviours import Answer, act, behaviour
from ...._core.context import Context, Refused
from . import ringing

_INVALID = 101002
_MEDIA_TYPES = ("Video", "Audio")
_RINGS_FOR = 30_000
"""Milliseconds that a call of a user waits for an answer."""


@behaviour(
    "call_engine_http_srv/start_call_by_robot",
    guesses=(
        "A robot that was never imported is answered with 101002, and so is a call without anybody to be called.",
        "Callees that were never imported get ResultCode 101002.",
        "Without a RoomId the room of the call has the call's ID.",
        "A call to one account is a SingleCall; Call.CallbackAfterStartCall tells of calls of robots too.",
        "That nobody answered in time is told with the next command of calls or records.",
    ),
)
def start_call_by_robot(call: Context) -> Answer:
    ringing.end_those_due(call)
    body, accounts = call.body, call.memory.accounts
    robot, names = body["Robot_Account"], list(dict.fromkeys(body["CalleeList_Account"]))
    callees = [name for name in names if name in accounts and name != robot]
    if robot not in accounts:
        raise Refused(_INVALID, f"The account {robot} does not exist.")
    if not callees:
        raise Refused(_INVALID, "There is nobody to be called.")
    ongoing = ringing.start(call, robot, callees, body["Timeout"], body["CallInfo"])
    results = [
        {"Callee_Account": name, "ResultCode": 0 if name in callees else _INVALID} for name in names
    ]
    return {"Response": {"CallId": ongoing.id, "CallResult": results}}


@behaviour("call_engine_http_srv/get_call_info")
def get_call_info(call: Context) -> Answer:
    ongoing = ringing.ongoing_call(call, call.body["CallId"])
    return {
        "Response": {
            "CallInfo": {
                "CallId": ongoing.id,
                "MediaType": ongoing.media_type,
                "ChatGroupId": ongoing.chat_group_id,
                "RoomId": ongoing.room_id,
                "RoomIdType": ongoing.room_id_type,
            },
            "UserList": ringing.users(ongoing),
        }
    }


@behaviour(
    "call_engine_http_srv/end_call",
    guesses=("A call that nobody had answered ends with the result Cancel.",),
)
def end_call(call: Context) -> Answer:
    ongoing = ringing.ongoing_call(call, call.body["CallId"])
    ringing.end(call, ongoing, "Cancel", call.now)
    return {}


@act("start_call")
def start_call(call: Context) -> Answer:
    """Let the user call others; `CallId` is that of the call."""
    ringing.end_those_due(call)
    accounts, caller = call.memory.accounts, call.identifier
    callees = list(dict.fromkeys(call.body.get("callees", ())))
    for name in (caller, *callees):
        if name not in accounts:
            raise ValueError(f"the account {name!r} was not imported")
    if not callees or caller in callees:
        raise ValueError("callees must be others than the user, at least one")
    media_type, group_id = call.body.get("media_type", "Video"), call.body.get("group_id", "")
    if media_type not in _MEDIA_TYPES:
        raise ValueError(f"unknown media_type {media_type!r}: use {' or '.join(_MEDIA_TYPES)}")
    info = {"MediaType": media_type, "ChatGroupId": group_id}
    return {"CallId": ringing.start(call, caller, callees, _RINGS_FOR, info).id}


@act("take_call")
def take_call(call: Context) -> Answer:
    """Let the user take a call that waits for an answer."""
    ongoing = ringing.ongoing_call(call, _call_id(call))
    if ongoing.members.get(call.identifier) != ringing.WAITING:
        raise Refused(_INVALID, f"The call does not wait for {call.identifier}.")
    ringing.accept(call, ongoing, call.identifier)
    return {}


@act("hang_up")
def hang_up(call: Context) -> Answer:
    """Let the user hang up, or decline a call that waits for an answer."""
    ongoing = ringing.ongoing_call(call, _call_id(call))
    if call.identifier not in ongoing.members:
        raise Refused(_INVALID, f"The account {call.identifier} is not in the call.")
    ringing.drop(call, ongoing, call.identifier)
    return {}


def _call_id(call: Context) -> str:
    if "call_id" not in call.body:
        raise ValueError("call_id is missing")
    return str(call.body["call_id"])
