"""Parts that commands and webhooks have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from timgen.modelling.model import Location, Plans
from timgen.reading.source import Document

Raw = Mapping[str, Any]


def location(document: Document, path: tuple[str, ...]) -> Location:
    """Return where the key at `path` of a document stands."""
    return Location(document.file, document.position(path, key=True)[0])


def sentence(summary: str) -> str:
    """Return a summary for behind a colon: `create a group.`."""
    return summary[:1].lower() + summary[1:] + "."


def plans(raw: Raw) -> Plans | None:
    """Return what a command or webhook needs of the app's plan."""
    if "plans" not in raw:
        return None
    return Plans(tuple(raw["plans"].get("editions", ())), raw["plans"].get("console"))
