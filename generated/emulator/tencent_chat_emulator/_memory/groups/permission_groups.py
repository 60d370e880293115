"""Permission groups of communities."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class PermissionGroup:
    """Members of a community with the same rights."""

    id: str
    name: str = ""
    permission: int = 0
    """What the members may do in the community, one bit each."""
    custom_string: str = ""
    members: dict[str, int] = field(default_factory=dict[str, int])
    """By UserID, in the order in which they came, with a number that grows in this order."""
    topics: dict[str, int] = field(default_factory=dict[str, int])
    """What the members may do in single topics, by TopicId."""
    number: int = 0
    """Grows in the order in which the permission groups of a community came."""
