"""Battles between live rooms. That their time is over is noticed when a command has to do with battles next."""

from __future__ import annotations

from typing import Any

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.rooms.battles import Battle
from ..lookup import INVALID, live_room_of

_NO_BATTLE, _NO_VALID_ROOM, _FIGHTING, _OVER = 100411, 100412, 100415, 100421
_IN_OTHER_BATTLE, _FAILED = 3, 5
_GOES_ON, _HAS_ENDED = 2, 3
_TIME_OVER, _ALL_LEFT = 0, 1
_ADD, _NO_SUCH_ROOM = "1", 1


@behaviour(
    "live_engine_http_pk/create_battle",
    guesses=(
        "A challenging room that does not exist is answered with 100004, one that is in a battle with 100415.",
        "A challenged room that does not exist, and the challenging one itself, get ResultCode 5.",
        "Where no challenged room can take part the answer is 100412.",
        "A Duration below one millisecond is answered with 100002.",
        "That a battle's time is over is told with the next command of battles, or when one of its rooms is dissolved.",
    ),
)
def create_battle(call: Context) -> Answer:
    _end_those_due(call)
    rooms, body = call.memory.rooms, call.body
    challenger, duration = live_room_of(call, body["FromRoomId"]), body["Duration"]
    if duration < 1:
        raise Refused(INVALID, "Duration must be at least 1.")
    if challenger.id in rooms.battle_of:
        raise Refused(_FIGHTING)
    challenged = list(dict.fromkeys(body["ToRoomIdList"]))
    results = [_result(call, challenger.id, room_id) for room_id in challenged]
    ready = [result["RoomId"] for result in results if not result["ResultCode"]]
    if not ready:
        raise Refused(_NO_VALID_ROOM)
    owners = {room_id: rooms.live[room_id].owner for room_id in (challenger.id, *ready)}
    ends = call.now + -(-duration // 1000)
    battle_id = f"{call.memory.ids.number(64):016x}{call.memory.ids.number(64):016x}"
    battle = Battle(
        battle_id, duration, call.now, ends, scores=dict.fromkeys(owners, 0), owners=owners
    )
    rooms.battles[battle_id] = battle
    rooms.battle_of |= dict.fromkeys(owners, battle_id)
    created = {
        "Operator_Account": call.identifier,
        "BattleId": battle_id,
        "FromRoomId": challenger.id,
        "ToRoomIdList": ready,
        "Timeout": 0,
        "Duration": duration,
        "NeedResponse": False,
        "ExtensionInfo": body.get("ExtensionInfo", ""),
        "EventTime": call.now_ms,
    }
    call.after("Live.CallbackAfterCreateBattle", created)
    call.after("Live.CallbackAfterStartBattle", _event(call, battle, scores=False))
    return {"Response": {"BattleId": battle_id, "Result": results}}


@behaviour(
    "live_engine_http_pk/get_battle_info",
    guesses=(
        "A battle that does not exist is answered with 100411; where RoomId names a room in a battle, that one is "
        "looked up.",
        "Status is 2 while the battle goes on.",
    ),
)
def get_battle_info(call: Context) -> Answer:
    _end_those_due(call)
    battle = _battle(call)
    challenger, *challenged = _rooms(battle)
    return {
        "Response": {
            "BattleId": battle.id,
            "Duration": battle.duration,
            "StartTime": battle.started,
            "EndTime": battle.ends,
            "Status": _HAS_ENDED if battle.is_over else _GOES_ON,
            "FromRoomInfo": challenger,
            "ToRoomList": challenged,
        }
    }


@behaviour(
    "live_engine_http_pk/set_battle_score",
    guesses=(
        "A battle that does not exist is answered with 100411, one that is over with 100421.",
        "A room that is not in the battle gets ResultCode 1.",
    ),
)
def set_battle_score(call: Context) -> Answer:
    _end_those_due(call)
    battle, adds = _battle(call), str(call.body["OpType"]) == _ADD
    if battle.is_over:
        raise Refused(_OVER)
    results: list[dict[str, Any]] = []
    for item in call.body["ScoreList"]:
        room_id = item["RoomId"]
        is_known = room_id in battle.scores
        if is_known:
            battle.scores[room_id] = item["Score"] + (battle.scores[room_id] if adds else 0)
        results.append({"RoomId": room_id, "ResultCode": 0 if is_known else _NO_SUCH_ROOM})
    return {"Response": {"Result": results}}


def leave_battle(call: Context, room_id: str) -> None:
    """Take a room that is dissolved out of its battle, which ends with the last one."""
    _end_those_due(call)
    rooms = call.memory.rooms
    battle = rooms.battles.get(rooms.battle_of.pop(room_id, ""))
    if battle is not None and not any(other in rooms.battle_of for other in battle.scores):
        battle.ends = call.now
        _end(call, battle, _ALL_LEFT)


def _end_those_due(call: Context) -> None:
    rooms = call.memory.rooms
    for battle_id in dict.fromkeys(rooms.battle_of.values()):
        battle = rooms.battles[battle_id]
        if battle.ends <= call.now:
            _end(call, battle, _TIME_OVER)


def _end(call: Context, battle: Battle, reason: int) -> None:
    battle.is_over = True
    for room_id in battle.scores:
        if call.memory.rooms.battle_of.get(room_id) == battle.id:
            del call.memory.rooms.battle_of[room_id]
    body = _event(call, battle) | {"EndTime": battle.ends, "OpType": reason}
    call.always("Live.CallbackAfterEndBattle", body)


def _event(call: Context, battle: Battle, *, scores: bool = True) -> dict[str, Any]:
    challenger, *challenged = _rooms(battle, scores=scores)
    return {
        "BattleId": battle.id,
        "Duration": battle.duration,
        "CreateTime": battle.started,
        "StartTime": battle.started,
        "FromRoomInfo": challenger,
        "ToRoomList": challenged,
        "EventTime": call.now_ms,
    }


def _rooms(battle: Battle, *, scores: bool = True) -> list[dict[str, Any]]:
    return [
        {"RoomId": room_id, "Owner_Account": battle.owners[room_id]}
        | ({"Score": score} if scores else {})
        for room_id, score in battle.scores.items()
    ]


def _result(call: Context, challenger: str, room_id: str) -> dict[str, Any]:
    """Return whether a room can be challenged, as the answer says it."""
    rooms = call.memory.rooms
    if room_id not in rooms.live:
        return _outcome(room_id, _FAILED, "the room does not exist")
    if room_id == challenger:
        return _outcome(room_id, _FAILED, "a room cannot challenge itself")
    if room_id in rooms.battle_of:
        return _outcome(room_id, _IN_OTHER_BATTLE, "the room is in another battle")
    return _outcome(room_id, 0, "")


def _outcome(room_id: str, code: int, message: str) -> dict[str, Any]:
    return {"RoomId": room_id, "ResultCode": code, "ResultMessage": message}


def _battle(call: Context) -> Battle:
    """Return the battle that BattleId names, or else the one that the room of RoomId is in. Refused with 100411."""
    rooms, body = call.memory.rooms, call.body
    battle = rooms.battles.get(body["BattleId"])
    if battle is None:
        battle = rooms.battles.get(rooms.battle_of.get(body.get("RoomId", ""), ""))
    if battle is None:
        raise Refused(_NO_BATTLE)
    return battle
