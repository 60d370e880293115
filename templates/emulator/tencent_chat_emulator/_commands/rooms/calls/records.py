"""Records of calls that have ended."""

from __future__ import annotations

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.rooms.calls import EndedCall
from .ringing import end_those_due, record

_NO_RECORD = 101050
_DELAY = 5
"""Seconds after the end of a call."""
_WEEK = 7 * 86400
_PER_PAGE = 10


@behaviour("call_record_http_srv/get_record_by_callid")
def get_record_by_callid(call: Context) -> Answer:
    end_those_due(call)
    ended = call.memory.calls.ended.get(call.body["CallId"])
    if ended is None or not _is_there(ended, call.now):
        raise Refused(_NO_RECORD)
    return {"Response": {"CallRecord": record(ended)}}


@behaviour(
    "call_record_http_srv/get_record_by_filter",
    guesses=(
        "StartTime and EndTime are about when calls were started, and belong to the range.",
        "Records come in the order in which the calls were started.",
        "Where nothing matches the answer is 101050; a page behind the last one has Page 0 and no records.",
    ),
)
def get_record_by_filter(call: Context) -> Answer:
    end_those_due(call)
    body, earliest = call.body, call.now - _WEEK
    since, until = max(body.get("StartTime", earliest), earliest), body.get("EndTime", call.now)
    found = [
        ended
        for ended in call.memory.calls.ended.values()
        if since <= ended.call.started <= until
        and _is_there(ended, call.now)
        and body.get("CallResult", ended.result) == ended.result
        and body.get("CallType", ended.call.call_type) == ended.call.call_type
    ]
    if not found:
        raise Refused(_NO_RECORD)
    found.sort(key=lambda ended: ended.call.started)
    number, size = body.get("Page", 1), body.get("NumberPerPage", _PER_PAGE)
    page = found[(number - 1) * size : number * size]
    return {
        "Response": {
            "TotalNum": len(found),
            "Page": number if page else 0,
            "CallRecordList": [record(ended) for ended in page],
        }
    }


def _is_there(ended: EndedCall, now: int) -> bool:
    return now >= ended.ended + _DELAY
