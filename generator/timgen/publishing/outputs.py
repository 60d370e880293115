"""What stands in the output folder. Light, because a run that finds nothing to do needs no more."""

from __future__ import annotations

import os
from pathlib import Path

from timgen.reading.index import Index
from timgen.reading.listing import Facts, look

MANIFEST = "manifest.json"
JOURNAL = ".timgen-journal.json"
STAGE_PREFIX = ".timgen-stage-"
# What Python and the build of the client's package leave behind.
_CACHE = "__pycache__"
_BUILT = frozenset({"client/build", "client/dist"})


class ManifestError(Exception):
    """What an earlier run left of itself, the manifest or a journal, cannot be read."""


def look_at_output(output: Path) -> Facts:
    """Return the facts of every file below the output folder, the manifest included; caches are left out."""
    return look(output, _is_left_out)


def hashes(output: Path, found: Facts, index: Index) -> dict[str, str]:
    """Return the hash of every file that was found below the output folder, by path.

    What cannot be an output, such as a pipe, a link to a folder or a name that is not UTF-8, stands among
    them with an empty hash.
    """
    strange = {path: _shown(path) for path, facts in found.items() if not facts or not _is_text(path)}
    files = {path: facts for path, facts in found.items() if path not in strange} if strange else found
    return {**index.hashes(output, files), **dict.fromkeys(strange.values(), "")}


def existing_files(output: Path, index: Index | None = None) -> dict[str, str]:
    """Look at the output folder, and return the hashes of what stands there (see `hashes`) but the manifest's."""
    return hashes(output, without_manifest(look_at_output(output)), index or Index())


def without_manifest(found: Facts) -> Facts:
    """Return what was found but the manifest, which is as large as somebody made it."""
    return {path: facts for path, facts in found.items() if path != MANIFEST}


def is_interrupted(output: Path) -> bool:
    """Whether a run that was killed left something behind."""
    return any(output.glob(f"{STAGE_PREFIX}*")) or (output / JOURNAL).exists()


def _is_left_out(name: str, above: str) -> bool:
    return name[0] == "." or name == _CACHE or name.endswith(".egg-info") or above + name in _BUILT


def _is_text(path: str) -> bool:
    return path.isascii() or _shown(path) == path


def _shown(path: str) -> str:
    """Return a path as it can be printed."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
