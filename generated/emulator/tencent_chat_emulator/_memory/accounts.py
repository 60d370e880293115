"""Accounts, with their profiles and where they are online."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

PUSH_ONLINE_FOR = 7 * 86400
"""Seconds that an account stays PushOnline after it lost its connection."""


@dataclass(slots=True)
class Account:
    """An account that was imported, or that the app calls with."""

    user_id: str
    created: int = 0
    """Unix seconds."""
    profile: dict[str, Any] = field(default_factory=dict[str, Any])
    """Values by tag: `Tag_Profile_IM_Nick`."""
    is_robot: bool = False
    platforms: dict[str, str] = field(default_factory=dict[str, str])
    """Where it is online, with `Online` or `PushOnline`: `{"iPhone": "Online"}`. Empty: offline."""
    lost: dict[str, int] = field(default_factory=dict[str, int])
    """When it lost its connection where it is `PushOnline`, in Unix seconds; not known where it is absent."""
    profile_sequence: int = 0
    """Grows with every change of the profile."""
    is_disabled: bool = False
    """Of a robot: whether it was deleted. Its UserID stays taken."""

    @property
    def is_online(self) -> bool:
        return "Online" in self.platforms.values()

    def status(self, now: int) -> str:
        """Return Online, PushOnline or Offline, as it is at `now` (Unix seconds)."""
        if self.is_online:
            return "Online"
        return "PushOnline" if self.statuses(now) else "Offline"

    def statuses(self, now: int) -> dict[str, str]:
        """Return Online or PushOnline by platform, without those where it is offline by `now` (Unix seconds)."""
        return {
            platform: status
            for platform, status in self.platforms.items()
            if status == "Online" or now < self.lost.get(platform, now) + PUSH_ONLINE_FOR
        }
