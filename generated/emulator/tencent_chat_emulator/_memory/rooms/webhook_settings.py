"""Webhooks as an app sets them with commands of Live, Room and CallKit."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class WebhookSettings:
    """Of one product."""

    url: str
    commands: list[str] = field(default_factory=list[str])
    """Names of the webhooks that are to be sent."""
