"""The index: hashes of files, kept by what the file system says of them, so that a file is read once.

It does what git's index does. Size, times and inode stand for the content as long as they stay the same, and
an entry is kept only of a file that lay still for a while before it was read: a later edit within the same tick of
the clock would go unnoticed otherwise. What is not kept is read again.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from timgen.reading.files import read_file

FOLDER = ".timgen"
"""Below a project: what this machine remembers of it."""

_NAME = "index"
_IGNORED = b"# What timgen remembers of earlier runs; it may be deleted.\n*\n"
_LARGEST = 2**27
# Seconds; the coarsest clock of a file system in use, FAT's, counts in twos.
_STILL = 3.0

_Entry = tuple[str, int, int, int, int, str]
"""Kind, size, time of change of content and of anything, inode; then the hash."""


class Index:
    """Hashes of files by path. Without a folder nothing is kept beyond the run."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._kept: dict[str, _Entry] = dict(_load(folder / _NAME)) if folder and is_own(folder) else {}
        self._seen: dict[str, _Entry] = {}
        self._start = time.time()

    def sha256(self, path: str, kind: str = "", change: Callable[[bytes], bytes] = bytes) -> str:
        """Return the hash of the content of a regular file after `change`, which `kind` names.

        Raises OSError as `read_file` does, and of what is no regular file.
        """
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):
            read_file(Path(path))
        return self._sha256(path, found, kind, change)

    def sha256_if_file(self, path: str) -> str:
        """Return the hash of a file, nothing for what is none. Raises OSError when it cannot be read."""
        try:
            found = os.stat(path)
        except OSError:
            return ""
        return self._sha256(path, found) if stat.S_ISREG(found.st_mode) else ""

    def save(self) -> None:
        """Keep what was read, of files that lay still before; not where nothing can be written."""
        if self._folder is None:
            return
        still = {path: entry for path, entry in self._seen.items() if self._was_still(entry)}
        if still == self._kept:
            return
        with suppress(OSError):
            if not is_ready(self._folder):
                return
            before = time.time()
            write(self._folder / _NAME, sign(json.dumps(still).encode()))
            written = os.stat(self._folder / _NAME).st_mtime
            if not before - 1 < written < time.time() + 1:
                # By another clock than ours nobody can tell what lay still.
                os.unlink(self._folder / _NAME)

    def _sha256(
        self, path: str, found: os.stat_result, kind: str = "", change: Callable[[bytes], bytes] = bytes
    ) -> str:
        known = (kind, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
        for entries in (self._seen, self._kept):
            entry = entries.get(path)
            if entry is not None and entry[:5] == known and (entries is self._kept or self._was_still(entry)):
                self._seen[path] = entry
                return entry[5]
        digest = hashlib.sha256(change(read_file(Path(path)))).hexdigest()
        self._seen[path] = (*known, digest)
        return digest

    def _was_still(self, entry: _Entry) -> bool:
        return max(entry[2], entry[3]) < (self._start - _STILL) * 1e9


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
    if path.is_symlink():
        return None
    try:
        digest, _, data = read_file(path, limit).partition(b"\n")
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest().encode() == digest else None


def write(path: Path, data: bytes) -> None:
    """Write a file whole: whoever reads it meanwhile sees the old one or the new one."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.stem}-", suffix=".part")
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _load(path: Path) -> Iterator[tuple[str, _Entry]]:
    data = signed(path, _LARGEST)
    try:
        document = json.loads(data or b"{}")
        for name, entry in cast(Mapping[str, Any], document).items():
            kind, size, changed, touched, inode, digest = entry
            yield name, (kind, size, changed, touched, inode, digest)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return
