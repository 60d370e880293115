"""The index: hashes of files, kept by what the file system says of them, so that a file is read once.

It does what git's index does. Size, times and inode stand for the content as long as they stay the same, and
an entry is kept only of a file that lay still for a while before it was read: a later edit within the same tick of
the clock would go unnoticed otherwise. What is not kept is read again.
"""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from timgen.reading.files import hash_file, read_file, with_line_feeds
from timgen.reading.listing import Facts

FOLDER = ".timgen"
"""Below a project: what this machine remembers of it."""

_NAME = "index"
_IGNORED = b"# What timgen remembers of earlier runs; it may be deleted.\n*\n"
_LARGEST = 2**27
# Seconds; the coarsest clock of a file system in use, FAT's, counts in twos.
_STILL = 3.0
_DIGITS = 64


class Index:
    """Hashes of the files below folders. Without a folder of its own it keeps nothing beyond the run."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._still: dict[str, dict[str, str]] = {}
        self._start = time.time()
        self.is_complete = True
        """Whether all that was asked for could be read and lay still, so that facts stand for contents."""

    def hashes(self, folder: Path, found: Facts, *, are_texts: bool = False, unreadable: str = "") -> dict[str, str]:
        """Return the hashes of files below a folder that was looked at in this run (see `listing.look`), by path.

        Of texts, how lines end makes no difference. `unreadable` stands for the hash of a file that cannot be read;
        without it that raises OSError as `read_file` does.
        """
        key = f"{'texts' if are_texts else 'files'} {folder}"
        kept, still = self._kept.get(key, {}), self._still.setdefault(key, {})
        result: dict[str, str] = {}
        for path, facts in found.items():
            entry = still.get(path) or kept.get(path, "")
            if entry[:-_DIGITS] == facts != "":
                still[path] = entry
                result[path] = entry[-_DIGITS:]
                continue
            try:
                result[path] = _hash_text(folder / path) if are_texts else hash_file(folder / path)
            except OSError:
                if not unreadable:
                    raise
                result[path], self.is_complete = unreadable, False
                continue
            if self._was_still(facts):
                still[path] = facts + result[path]
            else:
                self.is_complete = False
        return result

    def save(self) -> None:
        """Keep what was read, of files that lay still before; not where nothing can be written."""
        if self._folder is not None and self._still != self._kept:
            import json

            keep(self._folder / _NAME, json.dumps(self._still).encode())

    @cached_property
    def _kept(self) -> dict[str, dict[str, str]]:
        """What an earlier run kept: facts and hash in one text, by path below each folder. Read when it is needed."""
        return _load(self._folder / _NAME) if self._folder and is_own(self._folder) else {}

    def _was_still(self, facts: str) -> bool:
        times = facts.split(" ")[1:3]
        return bool(times) and max(map(int, times)) < (self._start - _STILL) * 1e9


def is_ready(folder: Path) -> bool:
    """Whether something can be kept in the folder, which is made, and hidden from git. Raises OSError."""
    folder.mkdir(exist_ok=True)
    if not is_own(folder):
        return False
    if not (folder / ".gitignore").exists():
        write(folder / ".gitignore", _IGNORED)
    return True


def is_own(folder: Path) -> bool:
    """Whether the folder is one, and no link that leads out of the project."""
    return folder.is_dir() and not folder.is_symlink()


def sign(data: bytes) -> bytes:
    """Return `data` behind its hash, which tells a file that was cut short."""
    return hashlib.sha256(data).hexdigest().encode() + b"\n" + data


def signed(path: Path, limit: int) -> bytes | None:
    """Return what was written with its hash into a file; None when there is no such file that is whole."""
    # Unlike Path.is_symlink, it says no in a folder that may not be entered.
    if os.path.islink(path):
        return None
    try:
        digest, _, data = read_file(path, limit).partition(b"\n")
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest().encode() == digest else None


def keep(path: Path, data: bytes) -> None:
    """Write what is true of files as long as they lie still, with its hash; not where nothing can be written."""
    with suppress(OSError):
        if not is_ready(path.parent):
            return
        before = time.time()
        write(path, sign(data))
        if not before - 1 < os.stat(path).st_mtime < time.time() + 1:
            # By another clock than ours nobody can tell what lay still.
            os.unlink(path)


def write(path: Path, data: bytes) -> None:
    """Write a file whole: whoever reads it meanwhile sees the old one or the new one."""
    # Imported here, because a run that finds nothing to do writes nothing.
    import tempfile

    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.stem}-", suffix=".part")
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _hash_text(path: Path) -> str:
    return hashlib.sha256(with_line_feeds(read_file(path))).hexdigest()


def _load(path: Path) -> dict[str, dict[str, str]]:
    import json

    data = signed(path, _LARGEST)
    try:
        document = json.loads(data or b"{}")
        return {
            str(folder): {path: entry for path, entry in entries.items() if isinstance(entry, str)}
            for folder, entries in document.items()
        }
    except (ValueError, AttributeError, RecursionError):
        return {}
