"""Gifts of Live, and what they are called."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Gifts:
    """Of the app."""
