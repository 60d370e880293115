"""Who is on which seat, and the webhook that tells of it."""

from __future__ import annotations

from typing import Any

from ..._core.context import Context, Refused
from ..._memory.rooms.rooms import Conference, Room, Seat
from .lookup import INVALID, origin

_MOST_SEATS = 50


def make_seats(count: int) -> list[Seat]:
    """Return that many free seats. Refused with 100002 for less than none, and for too many."""
    if not 0 <= count <= _MOST_SEATS:
        raise Refused(INVALID, f"MaxSeatCount must be from 0 to {_MOST_SEATS}.")
    return [Seat() for _ in range(count)]


def seat_of(room: Room, user_id: str) -> Seat | None:
    """Return the seat that somebody is on."""
    return next((seat for seat in room.seats if seat.user_id == user_id), None)


def stand_up(room: Room, user_id: str) -> bool:
    """Take somebody off the seat, and return whether there was one."""
    seat = seat_of(room, user_id)
    if seat is not None:
        seat.user_id = ""
    return seat is not None


def shown(room: Room) -> list[dict[str, Any]]:
    """Return the seats as answers and webhooks show them."""
    return [
        {
            "Index": index,
            **({"Member_Account": seat.user_id} if seat.user_id else {}),
            "IsTakenDisabled": seat.is_locked,
            "IsVideoDisabled": seat.is_video_disabled,
            "IsAudioDisabled": seat.is_audio_disabled,
        }
        for index, seat in enumerate(room.seats)
    ]


def tell_of_seats(call: Context, room: Room) -> None:
    """Tell the app how the seats are now."""
    operator = {"Operator_Account": call.identifier} if isinstance(room, Conference) else {}
    body = {**operator, "RoomId": room.id, "SeatList": shown(room), "EventTime": call.now_ms}
    call.after("Mic.CallbackAfterSeatInfoChanged", body, **origin(call))
