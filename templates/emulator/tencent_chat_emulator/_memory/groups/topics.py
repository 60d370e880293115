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
    created: int = 0
    """Unix seconds."""
    custom_string: str = ""
    face_url: str = ""
    notification: str = ""
    introduction: str = ""
    is_muted: bool = False
    """Whether ordinary members may not send."""
