"""Friends, blocklists and follows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Relations:
    """Of all accounts."""
