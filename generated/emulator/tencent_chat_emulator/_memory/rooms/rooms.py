"""Rooms of Live and Room, with their seats, robots and battles."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Rooms:
    """Of the app."""
