"""The shelf: what a run worked out of one text, kept for the next run under the hash of that text.

One file of SQLite in the project's `.timgen/`, so that a run reads and writes just the entries that it needs, two
runs at once do not meet, and one that is killed leaves the others' entries whole. Entries are texts, mostly JSON:
the folder may have come with somebody else's archive, so that nothing in it may become code when it is read. An
entry is found again only by the same generator, the same tools and the same Python.
"""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from timgen.reading.index import is_own, is_ready

if TYPE_CHECKING:
    import sqlite3

_TABLE = "CREATE TABLE shelf (key TEXT PRIMARY KEY, text TEXT NOT NULL, sum INTEGER NOT NULL) WITHOUT ROWID"
_LARGEST = 2**28
"""Bytes, at which all is forgotten: some hundred edits of a catalogue of thousands of commands."""
_AT_ONCE = 500
"""Keys that one question names."""
_PATIENCE = 1.0
"""Seconds to wait for another run; who waits longer works without."""


class Shelf:
    """Texts by key. Without a folder, or where it cannot be used, it is empty and keeps nothing."""

    def __init__(self, folder: Path | None = None, tools: str = "") -> None:
        self._path = folder / f"{tools}.sqlite" if folder else None
        self._new: dict[str, str] = {}

    def take(self, keys: Iterable[str]) -> dict[str, str]:
        """Return what is kept under those of the keys that are known."""
        wanted = list(keys)
        if self._path is None or not _is_usable(self._path):
            return {}
        try:
            import sqlite3
        except ImportError:
            # Some build Python without it.
            return {}
        found: dict[str, str] = {}
        try:
            with closing(_open(self._path)) as database:
                for start in range(0, len(wanted), _AT_ONCE):
                    some = wanted[start : start + _AT_ONCE]
                    question = f"SELECT key, text, sum FROM shelf WHERE key IN ({', '.join('?' * len(some))})"  # noqa: S608 - question marks
                    rows = database.execute(question, some).fetchall()
                    found.update({key: text for key, text, checksum in rows if _sum(key, text) == checksum})
        except (sqlite3.Error, ValueError, UnicodeError):
            return {}
        return found

    def put(self, texts: Mapping[str, str]) -> None:
        """Keep texts at the next `save`."""
        self._new.update(texts)

    def save(self) -> None:
        """Write down what was put; where that cannot be done, leave it."""
        if self._path is None or not self._new:
            return
        try:
            import sqlite3
        except ImportError:
            return
        rows = [(key, text, _sum(key, text)) for key, text in self._new.items()]
        with suppress(OSError, UnicodeError):
            if not is_ready(self._path.parent):
                return
            # Of other tools, and what cannot be used; a journal must not outlive its shelf.
            kept = self._path.name if _is_usable(self._path) else "/"
            for other in self._path.parent.glob("*.sqlite*"):
                if not other.name.startswith(kept):
                    other.unlink(missing_ok=True)
            for _ in range(2):
                try:
                    with closing(_open(self._path)) as database, database:
                        database.executemany("INSERT OR REPLACE INTO shelf VALUES (?, ?, ?)", rows)
                    break
                except sqlite3.OperationalError:
                    # Another run is at it, or nothing can be written here.
                    break
                except sqlite3.Error:
                    # No shelf of ours: the next one is.
                    for part in self._path.parent.glob(f"{self._path.name}*"):
                        part.unlink(missing_ok=True)
        self._new.clear()


def _is_usable(path: Path) -> bool:
    """Whether there may be a shelf: a file of the project's own, of bearable size."""
    if not is_own(path.parent):
        return False
    try:
        found = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size < _LARGEST


def _open(path: Path) -> sqlite3.Connection:
    """Return the shelf in a file, made where there is none. Raises sqlite3.Error, also for a file of anything else."""
    import sqlite3

    database = sqlite3.connect(path, timeout=_PATIENCE)
    try:
        # Whoever pulls the plug loses the shelf; checksums tell.
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA trusted_schema = OFF")
        found = [text for (text,) in database.execute("SELECT sql FROM sqlite_master")]
        if not found:
            with suppress(sqlite3.OperationalError):
                database.execute(_TABLE)
        elif found != [_TABLE]:
            raise sqlite3.DatabaseError("not a shelf")
    except BaseException:
        database.close()
        raise
    return database


def _sum(key: object, text: object) -> int:
    return zlib.crc32(f"{key}\n{text}".encode("utf-8", "surrogatepass"))
