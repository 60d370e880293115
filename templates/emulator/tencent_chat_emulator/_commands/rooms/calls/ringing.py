"""How calls begin, change and end. That nobody answered in time is noticed when a call is dealt with next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from ...._core.context import Context, Refused
from ...._memory.rooms.calls import EndedCall, OngoingCall
from ..lookup import origin

NOT_FOUND = 101004
CALLING, WAITING = "Calling", "Waiting"


def start(
    call: Context, caller: str, callees: Sequence[str], timeout: int, info: Mapping[str, Any]
) -> OngoingCall:
    """Ring up accounts for `timeout` milliseconds; `info` is as CallInfo, and may have a ChatGroupId."""
    ids, group_id = call.memory.ids, info.get("ChatGroupId", "")
    call_id = str(UUID(int=ids.number(64) << 64 | ids.number(64)))
    members = [caller, *callees]
    ongoing = OngoingCall(
        id=call_id,
        caller=caller,
        media_type=info["MediaType"],
        call_type="MultiCall" if group_id or len(members) > 2 else "SingleCall",
        started=call.now,
        deadline=call.now_ms + timeout,
        chat_group_id=group_id,
        room_id=info.get("RoomId") or call_id,
        room_id_type=info.get("RoomIdType", 2),
        members={name: CALLING if name == caller else WAITING for name in members},
        called=members,
    )
    call.memory.calls.ongoing[ongoing.id] = ongoing
    body = {
        "CallId": ongoing.id,
        "MediaType": ongoing.media_type,
        "ChatGroupId": group_id,
        "RoomId": ongoing.room_id,
        "RoomIdType": ongoing.room_id_type,
        "UserList": users(ongoing),
        "EventTime": call.now_ms,
    }
    call.after("Call.CallbackAfterStartCall", body, **origin(call))
    return ongoing


def ongoing_call(call: Context, call_id: str) -> OngoingCall:
    """Return a call that goes on. Refused with 101004."""
    end_those_due(call)
    ongoing = call.memory.calls.ongoing.get(call_id)
    if ongoing is None:
        raise Refused(NOT_FOUND, f"There is no call {call_id}, or it is over.")
    return ongoing


def accept(call: Context, ongoing: OngoingCall, user_id: str) -> None:
    """Let somebody who waits take the call."""
    ongoing.members[user_id] = CALLING
    ongoing.accepted = ongoing.accepted or call.now
    _tell_of_members(call, ongoing, [user_id], "Answer")


def drop(call: Context, ongoing: OngoingCall, user_id: str) -> None:
    """Let a member hang up, or decline; the call ends with at most one member left."""
    was_waiting = ongoing.members.pop(user_id) == WAITING
    _tell_of_members(call, ongoing, [user_id], "Reject" if was_waiting else "Hangup")
    if len(ongoing.members) < 2 or not (ongoing.accepted or ongoing.caller in ongoing.members):
        end(call, ongoing, "Reject" if was_waiting else "Cancel", call.now)


def end(call: Context, ongoing: OngoingCall, result: str, when: int) -> None:
    """End a call, with `result` unless it was answered. `when` is in Unix seconds."""
    del call.memory.calls.ongoing[ongoing.id]
    ended = EndedCall(ongoing, when, "NormalEnd" if ongoing.accepted else result)
    call.memory.calls.ended[ongoing.id] = ended
    body = {"CallRecord": record(ended), "EventTime": call.now_ms}
    call.always("Call.CallbackAfterEndCall", body, **origin(call))


def end_those_due(call: Context) -> None:
    """Take those out of calls who did not answer in time."""
    for ongoing in list(call.memory.calls.ongoing.values()):
        waiting = [name for name, state in ongoing.members.items() if state == WAITING]
        if ongoing.deadline > call.now_ms or not waiting:
            continue
        for name in waiting:
            del ongoing.members[name]
        _tell_of_members(call, ongoing, waiting, "NotAnswer")
        if len(ongoing.members) < 2:
            end(call, ongoing, "NotAnswer", ongoing.deadline // 1000)


def users(ongoing: OngoingCall) -> list[dict[str, str]]:
    """Return the members of a call as answers and webhooks show them."""
    return [{"User_Account": name, "Status": state} for name, state in ongoing.members.items()]


def record(ended: EndedCall) -> dict[str, Any]:
    """Return a call that has ended as answers and webhooks show it."""
    call = ended.call
    return {
        "CallId": call.id,
        "Caller_Account": call.caller,
        "MediaType": call.media_type,
        "CallType": call.call_type,
        "StartTime": call.started,
        "EndTime": ended.ended,
        "AcceptTime": call.accepted,
        "CallResult": ended.result,
        "CalleeList_Account": list(call.called),
        "RoomId": call.room_id,
        "RoomIdType": call.room_id_type,
    }


def _tell_of_members(
    call: Context, ongoing: OngoingCall, names: Sequence[str], action: str
) -> None:
    body = {
        "CallId": ongoing.id,
        "UserList": users(ongoing),
        "ChangedUserList": [{"User_Account": name, "ActionType": action} for name in names],
        "EventTime": call.now_ms,
    }
    call.always("Call.CallbackAfterMemberChanged", body, **origin(call))
