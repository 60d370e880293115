"""One-to-one messages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class DirectMessages:
    """Of all pairs of accounts."""
