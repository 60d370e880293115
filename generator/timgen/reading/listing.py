"""The files that a run depends on. Light, because a run that finds nothing to do needs no more."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

Facts = Mapping[str, str]
"""What the file system says of files, by their path below a folder, sorted: see `facts`."""


def spec_files(folder: Path) -> list[Path]:
    """Return the files of a spec, sorted: no hidden ones, no editor's backups.

    Links to folders stand among them: nobody follows them, and reading one fails.
    """
    return [folder / path for path in look(folder)]


def template_files(folder: Path) -> list[Path]:
    """Return the files that shape the output, sorted; links to folders too, as in `spec_files`."""
    return spec_files(folder)


def meta_schema_files(root: Path) -> list[Path]:
    """Return the meta-schemas that a project brings, sorted."""
    folder = root / "spec/meta"
    return [folder / name for name in look(folder) if name.endswith(".schema.json") and "/" not in name]


def is_left_out(name: str, _above: str = "") -> bool:
    """Whether a file or folder is none of a project's by its name: hidden, a backup or an autosave, Python's cache."""
    return name[0] == "." or name[-1] == "~" or name[0] == name[-1] == "#" or name == "__pycache__"


def look(folder: Path, leaves_out: Callable[[str, str], bool] = is_left_out) -> Facts:
    """Return the facts of all files below a folder but of what `leaves_out`: it gets a name, and the path above it.

    Links to folders stand among them, and nobody follows them. What is in a folder that nobody may read does not.
    """
    found: dict[str, str] = {}
    pending = [""]
    while pending:
        above = pending.pop()
        try:
            entries = os.scandir(os.path.join(folder, above))
        except OSError:
            continue
        with entries:
            for entry in entries:
                name = entry.name
                if leaves_out(name, above):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    pending.append(f"{above}{name}/")
                else:
                    found[above + name] = facts(entry.path)
    return {path: found[path] for path in sorted(found)}


def size(facts: str) -> int | None:
    """Return the bytes of a file with these facts; None for what is no regular file."""
    return int(facts.partition(" ")[0]) if facts else None


def facts(path: str) -> str:
    """Return size, time of change of content and of anything, and inode of a regular file; nothing for what is none.

    As long as they stay the same, so does the content: see `Index`.
    """
    try:
        found = os.stat(path)
    except OSError:
        return ""
    if not stat.S_ISREG(found.st_mode):
        return ""
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"
