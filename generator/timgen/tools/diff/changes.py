"""Changes, as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Level: TypeAlias = Literal["breaking", "additive", "docs", "none"]
"""breaking: what an app does or has written no longer works. additive: it goes on, and more is possible. docs: what it
does stays the same. none: nothing changed."""

LEVELS: tuple[Level, ...] = ("breaking", "additive", "docs", "none")
"""The gravest first."""


@dataclass(frozen=True)
class Change:
    """One thing that changed."""

    level: Level
    kind: str
    """Stable id, such as `field-removed`."""
    subject: str
    """The wire name of a command, with `.request.Field` or `.response.Field` behind it, a method, code or webhook; the
    name of a class, region or key of `spec/api.yaml`."""
    file: str
    """The file of the spec that says it, or said it, relative to the project."""
    message: str
    """What changed from what to what, and what it does to whom."""


def arranged(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes sorted, the gravest first, each once."""
    return tuple(sorted(set(changes), key=lambda c: (LEVELS.index(c.level), c.subject, c.kind, c.message, c.file)))


def gravest(levels: Iterable[Level]) -> Level:
    """Return the gravest of the levels, none without any."""
    found = {*levels}
    for level in LEVELS:
        if level in found:
            return level
    return "none"
