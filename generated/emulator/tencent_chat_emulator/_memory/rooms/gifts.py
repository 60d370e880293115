"""Gifts of Live, and what they are called."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Gift:
    """A gift that members of live rooms can send."""

    id: str
    created: int
    """Unix seconds."""
    profile: dict[str, Any] = field(default_factory=dict[str, Any])
    """What the app sets, by the names on the wire: Coins, DefaultName. All that there are."""
    texts: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """Name and Desc by language."""


@dataclass(slots=True)
class GiftCategory:
    """A category of gifts."""

    id: str
    profile: dict[str, str] = field(default_factory=dict[str, str])
    """ExtensionInfo, DefaultName and DefaultDesc."""
    gifts: dict[str, None] = field(default_factory=dict[str, None])
    """GiftIds, in order."""
    texts: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """CategoryName and CategoryDesc by language."""


@dataclass(slots=True)
class Gifts:
    """Of the app."""

    gifts: dict[str, Gift] = field(default_factory=dict[str, Gift])
    """By GiftId."""
    categories: dict[str, GiftCategory] = field(default_factory=dict[str, GiftCategory])
    """By CategoryId."""
