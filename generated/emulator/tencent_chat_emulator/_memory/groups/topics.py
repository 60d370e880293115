"""Topics of communities."""

from __future__ import annotations

from dataclasses import dataclass, field

from .messages import History


@dataclass(slots=True)
class Topic:
    """A topic of a community."""

    id: str
    name: str = ""
    history: History = field(default_factory=History)
