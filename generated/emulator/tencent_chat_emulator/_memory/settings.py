"""What is set for the app as a whole."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Settings:
    """Of the app."""

    broadcasts: int = 0
    """How many messages went to all audio-video groups."""
