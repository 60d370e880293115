"""Permission groups of communities."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class PermissionGroup:
    """Members of a community with the same rights."""

    id: str
    name: str = ""
