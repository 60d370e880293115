"""A file that holds what apps remember: a snapshot of each, and behind it everything that changed since.

Every change is in the file before it is answered, so that nothing is lost whenever the process ends. A line is
a JSON object; a last line that is cut off belongs to a call that was not answered.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from .._catalogue.catalogue import Json


class Journal:
    """The file, open for further changes. Raises OSError when it cannot be had, ValueError for one that is none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(
            path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600
        )
        try:
            _lock(self._file, path)
            self.entries = list(_entries(path))
        except BaseException:
            os.close(self._file)
            raise

    def append(self, sdkappid: int, entry: Mapping[str, Any]) -> None:
        """Add a change to the file."""
        line = (
            json.dumps({"app": sdkappid, **entry}, ensure_ascii=False, separators=(",", ":")) + "\n"
        )
        content = memoryview(line.encode("utf-8", "backslashreplace"))
        while content:
            content = content[os.write(self._file, content) :]

    def compact(self, snapshots: Mapping[int, Json]) -> None:
        """Put snapshots in the place of everything that the file holds."""
        fresh = self._path.with_name(f"{self._path.name}.new")
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | getattr(os, "O_BINARY", 0)
        old, self._file = self._file, os.open(fresh, flags, 0o600)
        _lock(self._file, self._path)
        for sdkappid, snapshot in snapshots.items():
            self.append(sdkappid, {"restore": snapshot})
        os.fsync(self._file)
        os.replace(fresh, self._path)
        os.close(old)

    def close(self) -> None:
        """Let others have the file."""
        os.close(self._file)


def _entries(path: Path) -> Iterator[Json]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n") and number > 1:
                # Cut off: what it was about was not answered.
                os.truncate(path, file.tell() - len(line))
                return
            try:
                entry = json.loads(line)
            except ValueError:
                entry = None
            if not isinstance(entry, dict) or type(cast(Json, entry).get("app")) is not int:
                raise ValueError(f"{path}:{number}: no entry of the emulator's state")
            yield cast(Json, entry)


def _lock(file: int, path: Path) -> None:
    if sys.platform == "win32":
        return
    import fcntl

    with contextlib.suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return
    raise BlockingIOError(f"{path} is in use by another emulator")
