"""Attributes, tags and tasks of push."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Push:
    """Of the app."""
