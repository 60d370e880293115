"""Watching a project: which of its sources changed, whatever happens to their folders in between."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

from watchfiles import Change, watch

from timgen.reading.listing import is_left_out

SOURCES = ("spec", "templates")
"""Folders of a project that its output is made from."""

_QUIET = 100
"""Milliseconds without a further change after which a change is told: editors write a file in several steps."""
_PATIENCE = 1000
"""Milliseconds after which it is told although there are further ones."""
_LOOK = 300
"""Milliseconds between looks at whether the folders are still the same ones."""
# What editors write for a moment.
_TRANSIENT = re.compile(r"4913|.*___jb_(?:tmp|old)___|.*\.sw[a-z]")


def changes(root: Path) -> Iterator[list[str]]:
    """Yield the paths that changed, relative to the project in `root` and sorted, as often as some did.

    The first list is empty and comes as soon as no change can be missed; another one does when a folder was
    put in the place of one that was watched. Never ends. Raises OSError or RuntimeError when the system
    cannot watch.
    """
    while True:
        folders = _folders(root)
        if not folders:
            yield []
            while not _folders(root):
                time.sleep(_LOOK / 1000)
            continue
        yield from _until_replaced(root, folders)


def _until_replaced(root: Path, folders: dict[Path, int]) -> Iterator[list[str]]:
    is_new = True
    try:
        for found in watch(
            *folders,
            watch_filter=lambda _change, path: not _is_ignored(root, path),
            debounce=_PATIENCE,
            step=_QUIET,
            rust_timeout=_LOOK,
            yield_on_timeout=True,
        ):
            if found or is_new:
                yield _names(root, found)
            is_new = False
            if _folders(root) != folders:
                return
    except FileNotFoundError:
        # Gone between the look at it and the start.
        return


def _folders(root: Path) -> dict[Path, int]:
    """Return the folders that are there, each with what tells it from another one of its name."""
    found: dict[Path, int] = {}
    for name in SOURCES:
        try:
            found[root / name] = (root / name).stat().st_ino
        except OSError:
            continue
    return found


def _names(root: Path, found: set[tuple[Change, str]]) -> list[str]:
    return sorted({Path(path).relative_to(root).as_posix() for _, path in found})


def _is_ignored(root: Path, path: str) -> bool:
    parts = Path(path).relative_to(root).parts
    return any(is_left_out(part) for part in parts) or bool(_TRANSIENT.fullmatch(parts[-1]))
