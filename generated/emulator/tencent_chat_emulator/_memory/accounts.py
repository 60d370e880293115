"""Accounts, with their profiles and where they are online."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


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

    @property
    def is_online(self) -> bool:
        return "Online" in self.platforms.values()
