"""Seats of live rooms and conferences."""

from __future__ import annotations

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from ..._memory.rooms.rooms import Room, Seat
from .lookup import member_of, room_of
from .seating import seat_of, shown, stand_up, tell_of_seats

_LOCKED, _OCCUPIED, _SEATED, _NONE_FREE, _NOT_SEATED = 100200, 100201, 100203, 100205, 100206
_TAKEN, _NO_SEATS, _NO_SUCH_SEAT = 100210, 100211, 100252
_STAY, _SWAP = 0, 2
"""What happens when somebody is on the seat that a user shall move to; else that one stands up."""


@behaviour("room_engine_http_mic/get_seat_list", reads=True)
def get_seat_list(call: Context) -> Answer:
    return {"Response": {"SeatList": shown(room_of(call))}}


@behaviour(
    "room_engine_http_mic/pick_user_on_seat",
    guesses=(
        "A seat that the room does not have is answered with 100252, in all commands of seats.",
        "A taken seat is answered with 100210, with 100205 where all are taken.",
    ),
)
def pick_user_on_seat(call: Context) -> Answer:
    room, user_id = room_of(call), call.body["Member_Account"]
    seat = _seat(room, call.body["Index"])
    member_of(room, user_id)
    if seat_of(room, user_id) is not None:
        raise Refused(_SEATED)
    if seat.is_locked:
        raise Refused(_LOCKED)
    if seat.user_id:
        raise Refused(_TAKEN if any(not other.user_id for other in room.seats) else _NONE_FREE)
    seat.user_id = user_id
    tell_of_seats(call, room)
    return {}


@behaviour(
    "room_engine_http_mic/kick_user_off_seat",
    guesses=("Somebody who is on no seat is answered with 100206.",),
)
def kick_user_off_seat(call: Context) -> Answer:
    room = room_of(call)
    if not stand_up(room, call.body["Member_Account"]):
        raise Refused(_NOT_SEATED)
    tell_of_seats(call, room)
    return {}


@behaviour(
    "room_engine_http_mic/lock_seat", guesses=("What is left out stays as it is on the seat.",)
)
def lock_seat(call: Context) -> Answer:
    room, body = room_of(call), call.body
    seat = _seat(room, body["Index"])
    before = shown(room)
    seat.is_locked = body.get("ForbidTaken", seat.is_locked)
    seat.is_video_disabled = body.get("ForbidVideo", seat.is_video_disabled)
    seat.is_audio_disabled = body.get("ForbidAudio", seat.is_audio_disabled)
    if seat.is_locked:
        seat.user_id = ""
    if shown(room) != before:
        tell_of_seats(call, room)
    return {}


@behaviour(
    "room_engine_http_mic/move_user_to_seat",
    guesses=(
        "Somebody in the room who is on no seat is answered with 100206.",
        "With Policy 0 a seat that somebody else is on is answered with 100201.",
    ),
)
def move_user_to_seat(call: Context) -> Answer:
    room, policy = room_of(call), call.body["Policy"]
    old, new = _seats(call, room, call.body["SeatIndex"])
    if new.user_id and new is not old and policy == _STAY:
        raise Refused(_OCCUPIED)
    new.is_locked = False
    _move(call, room, old, new, swaps=policy == _SWAP)
    return {}


@behaviour(
    "room_engine_http_mic/switch_seat",
    guesses=(
        "Somebody who is not in the room is answered with 100005, who is on no seat with 100206.",
        "A seat that somebody else is on is answered with 100201, a locked one with 100200.",
    ),
)
def switch_seat(call: Context) -> Answer:
    room = room_of(call)
    old, new = _seats(call, room, call.body["ToIndex"])
    if new.is_locked:
        raise Refused(_LOCKED)
    if new.user_id and new is not old:
        raise Refused(_OCCUPIED)
    _move(call, room, old, new, swaps=False)
    return {}


def _seats(call: Context, room: Room, index: int) -> tuple[Seat, Seat]:
    """Return the seat that the user is on, and the one with that number."""
    new, user_id = _seat(room, index), call.body["Member_Account"]
    member_of(room, user_id)
    old = seat_of(room, user_id)
    if old is None:
        raise Refused(_NOT_SEATED)
    return old, new


def _move(call: Context, room: Room, old: Seat, new: Seat, *, swaps: bool) -> None:
    if new is old:
        return
    old.user_id, new.user_id = new.user_id if swaps else "", old.user_id
    tell_of_seats(call, room)


def _seat(room: Room, index: int) -> Seat:
    if not room.seats:
        raise Refused(_NO_SEATS)
    if not 0 <= index < len(room.seats):
        raise Refused(_NO_SUCH_SEAT, f"The room {room.id} has no seat {index}.")
    return room.seats[index]
