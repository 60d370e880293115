"""Conversations of accounts, their marks and their groups."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Conversations:
    """Of all accounts."""
