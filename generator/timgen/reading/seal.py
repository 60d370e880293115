"""The seal: that everything was in order, kept by the facts of every file, so that a run that finds them again ends.

It stands for the content of thousands of files as an entry of the index does for that of one, by the same rule: it
is kept only where all of them lay still before they were read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from timgen.reading.index import is_own, keep, signed
from timgen.reading.listing import Facts

_NAME = "seal"
_LARGEST = 200


class Seal:
    """What was found for everything that a run depends on, as it stands."""

    def __init__(self, folder: Path, tools: Mapping[str, str], folders: Iterable[Facts]) -> None:
        self._path = folder / _NAME
        lines = [f"{name}\0{version}" for name, version in tools.items()]
        for number, found in enumerate(folders):
            lines.append(f"{number}\0{len(found)}")
            lines += found
            lines += found.values()
        self._digest = hashlib.sha256("\0".join(lines).encode("utf-8", "surrogateescape")).hexdigest()

    def read(self) -> int | None:
        """Return how many files the output has, when a run found it in order and nothing was touched since."""
        data = signed(self._path, _LARGEST) if is_own(self._path.parent) else None
        digest, _, count = (data or b"").partition(b" ")
        return int(count) if digest == self._digest.encode() and count.isdigit() else None

    def keep(self, count: int) -> None:
        """Keep that the output is in order."""
        keep(self._path, f"{self._digest} {count}".encode())
