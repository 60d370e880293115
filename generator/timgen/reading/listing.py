"""The files that a run depends on. Light, because a run that finds nothing to do needs no more."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def spec_files(folder: Path) -> list[Path]:
    """Return the files of a spec, sorted: no hidden ones, no editor's backups.

    Links to folders stand among them: nobody follows them, and reading one fails.
    """
    return [Path(path) for path in sorted(_walk(folder))]


def template_files(folder: Path) -> list[Path]:
    """Return the files that shape the output, sorted; links to folders too, as in `spec_files`."""
    return [Path(path) for path in sorted(_walk(folder))]


def is_left_out(name: str) -> bool:
    """Whether a file or folder is none of a project's by its name: hidden, a backup or an autosave, Python's cache."""
    is_autosave = name.startswith("#") and name.endswith("#")
    return name.startswith(".") or name.endswith("~") or is_autosave or name == "__pycache__"


def _walk(folder: Path) -> Iterator[str]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not is_left_out(name)]
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        for name in (*names, *links):
            if not is_left_out(name):
                yield os.path.join(parent, name)
