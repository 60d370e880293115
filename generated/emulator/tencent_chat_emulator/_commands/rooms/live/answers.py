"""Live rooms as answers and webhooks show them."""

from __future__ import annotations

from typing import Any

from ...._core.context import Context
from ...._memory.rooms.rooms import LiveRoom

_IN_LISTS = ("RoomName", "CoverURL", "Category", "ActivityStatus", "IsUnlimitedRoomEnabled")
_IN_WEBHOOKS = (
    "RoomName",
    "RoomType",
    "MaxMemberCount",
    "IsMessageDisabled",
    "IsSeatEnabled",
    "MaxSeatCount",
    "TakeSeatMode",
    "IsPublicVisible",
    "CoverURL",
    "Category",
    "ActivityStatus",
    "IsUnlimitedRoomEnabled",
)


def info(room: LiveRoom) -> dict[str, Any]:
    """Return a room as it is looked up."""
    return {
        "RoomId": room.id,
        "Owner_Account": room.owner,
        "CreateTime": room.created,
        **_copy(room.profile),
        "IsGiftEnabled": True,
        "IsLikeEnabled": True,
        "ViewCount": room.views,
        "MemberCount": len(room.members),
        "OnlineCount": len(room.members),
    }


def row(call: Context, room: LiveRoom) -> dict[str, Any]:
    """Return a room as it stands in the list of all."""
    owner = call.memory.accounts.get(room.owner)
    profile = {} if owner is None else owner.profile
    return {
        "RoomId": room.id,
        "Owner_Account": room.owner,
        "OwnerName": profile.get("Tag_Profile_IM_Nick", ""),
        "OwnerAvatarUrl": profile.get("Tag_Profile_IM_Image", ""),
        "CreateTime": room.created,
        **_copy({name: room.profile[name] for name in _IN_LISTS}),
        "ViewCount": room.views,
        "MemberCount": len(room.members),
        "OnlineCount": len(room.members),
    }


def in_webhooks(room: LiveRoom) -> dict[str, Any]:
    """Return a room as webhooks show it."""
    return {
        "RoomId": room.id,
        **_copy({name: room.profile[name] for name in _IN_WEBHOOKS}),
        "Owner_Account": room.owner,
        "CustomInfo": "",
        "CreateTime": room.created,
        "ViewCount": room.views,
    }


def totals(room: LiveRoom) -> dict[str, int]:
    """Return what happened in a room since it was created, without the messages."""
    return {
        "TotalViewers": room.views,
        "TotalGiftsSent": room.gifts,
        "TotalGiftCoins": room.coins,
        "TotalUniqueGiftSenders": len(room.gift_senders),
        "TotalLikesReceived": 0,
    }


def _copy(profile: dict[str, Any]) -> dict[str, Any]:
    # What is answered is kept in the record of calls, while the room changes.
    return {**profile, "Category": list(profile["Category"])}
