"""Metadata of live rooms."""

from __future__ import annotations

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ..lookup import live_room_of

_TOO_MANY, _TOO_LARGE, _NO_KEY = 100500, 100502, 100503
_MOST_KEYS, _MOST_BYTES = 10, 16 * 1024


@behaviour(
    "live_engine_http_srv/set_room_metadata",
    guesses=("A room that does not exist is answered with 100004, here and in del_room_metadata.",),
)
def set_room_metadata(call: Context) -> Answer:
    room = live_room_of(call)
    given = {item["Key"]: item["Value"] for item in call.body["Metadata"]}
    metadata = room.metadata | given
    if len(metadata) > _MOST_KEYS:
        raise Refused(_TOO_MANY)
    if sum(len(value.encode()) for value in metadata.values()) > _MOST_BYTES:
        raise Refused(_TOO_LARGE)
    room.metadata = metadata
    body = {
        "Operator_Account": call.identifier,
        "RoomId": room.id,
        "Metadata": _items(given),
        "EventTime": call.now_ms,
    }
    call.after("Live.CallbackAfterSetMetadata", body)
    return {}


@behaviour("live_engine_http_srv/get_room_metadata", reads=True)
def get_room_metadata(call: Context) -> Answer:
    metadata, wanted = live_room_of(call).metadata, call.body["Keys"]
    found = {key: value for key, value in metadata.items() if not wanted or key in wanted}
    return {"Response": {"Metadata": _items(found)}}


@behaviour("live_engine_http_srv/del_room_metadata")
def del_room_metadata(call: Context) -> Answer:
    room = live_room_of(call)
    keys = [key for key in dict.fromkeys(call.body["Keys"]) if key in room.metadata]
    if not keys:
        raise Refused(_NO_KEY)
    for key in keys:
        del room.metadata[key]
    body = {
        "Operator_Account": call.identifier,
        "RoomId": room.id,
        "Keys": keys,
        "EventTime": call.now_ms,
    }
    call.after("Live.CallbackAfterDelMetadata", body)
    return {}


def _items(metadata: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in metadata.items()]
