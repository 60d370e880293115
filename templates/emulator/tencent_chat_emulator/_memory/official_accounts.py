"""Official accounts, their subscribers and their messages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class OfficialAccounts:
    """Of the app."""
