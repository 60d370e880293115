"""The memory: what this machine knows of earlier runs, so that the next one is fast.

It stands in `.timgen/` at the project's root, outside of version control: a file for each of the last
runs, named by the hash of what went into it. Nothing depends on it: it may be deleted at any
moment, a file that is damaged counts for nothing, and where none can be written none is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from timgen.reading.index import FOLDER, Index, is_own, is_ready, sign, signed, write
from timgen.reading.inputs import Inputs
from timgen.reading.shelf import Shelf

_KEPT = 8
"""As many branches as somebody goes back and forth between."""
_LARGEST = 2**26


@dataclass(frozen=True)
class Run:
    """What a run without findings made."""

    files: Mapping[str, str]
    """Hash of each file of the output, by its path below that folder."""
    sources: Mapping[str, str]
    """Hash of what each of them was made of, before formatting."""


@dataclass(frozen=True)
class Memory:
    """The runs that are remembered of a project; none, and none will be, without a folder."""

    folder: Path | None = None
    tools: str = ""
    """Hash of the tools at work: what others made is of no use."""
    whole: str = ""
    """Hash of everything that goes into the run at hand."""
    same: Run | None = None
    """A run of exactly these inputs."""
    index: Index = field(default_factory=Index)
    """Hashes of the files of the project."""
    shelf: Shelf = field(default_factory=Shelf)
    """What was worked out of single files and bodies."""

    @property
    def is_blank(self) -> bool:
        """Whether no run of the same tools is remembered: everything will be made."""
        return self.folder is None or not any(self.folder.glob(f"{self.tools}-*.json"))

    def earlier(self) -> Iterator[Run]:
        """Yield the runs of the same tools, the latest first."""
        ages = _ages(self.folder.glob(f"{self.tools}-*.json")) if self.folder else {}
        for path in sorted(ages, key=lambda path: ages[path], reverse=True):
            run = _read(path)
            if run is not None:
                yield run

    def keep(self, run: Run) -> None:
        """Remember a run of these inputs, and forget the oldest."""
        if self.folder is None:
            return
        with suppress(OSError):
            if not is_ready(self.folder):
                return
            write(self.folder / _name(self.tools, self.whole), _to_bytes(run))
            _forget(self.folder)
            self.index.save()
            self.shelf.save()


def recall(root: Path, inputs: Inputs, index: Index | None = None) -> Memory:
    """Return what is remembered of the project in `root`, for a run of `inputs`."""
    folder = root / FOLDER
    tools, whole = inputs.tools_hash[:16], inputs.whole[:32]
    if os.path.lexists(folder) and not is_own(folder):
        return Memory()
    same = _read(folder / _name(tools, whole))
    return Memory(folder, tools, whole, same, index or Index(), Shelf(folder, tools))


def _forget(folder: Path) -> None:
    """Remove all but the newest runs, and what a killed run left behind."""
    ages = _ages(path for path in folder.iterdir() if path.name != ".gitignore")
    runs = sorted((path for path in ages if path.suffix == ".json"), key=lambda path: ages[path])
    # One that is minutes old is no longer being written.
    halves = [path for path in ages if path.suffix == ".part" and ages[path] < max(ages.values()) - 600]
    for path in (*runs[:-_KEPT], *halves):
        path.unlink(missing_ok=True)


def _ages(paths: Iterable[Path]) -> dict[Path, float]:
    """Return when files changed, of those that another run has not removed meanwhile."""
    ages: dict[Path, float] = {}
    for path in paths:
        with suppress(FileNotFoundError):
            ages[path] = path.lstat().st_mtime
    return ages


def _name(tools: str, whole: str) -> str:
    return f"{tools}-{whole}.json"


def _to_bytes(run: Run) -> bytes:
    return sign(json.dumps([dict(part) for part in (run.files, run.sources)]).encode())


def _read(path: Path) -> Run | None:
    """Return the run in a file; None when there is none that is whole."""
    data = signed(path, _LARGEST)
    if data is None:
        return None
    try:
        files, sources = cast(list[dict[str, object]], json.loads(data))
        is_sound = all(isinstance(digest, str) for part in (files, sources) for digest in part.values())
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    return Run(cast(Mapping[str, str], files), cast(Mapping[str, str], sources)) if is_sound else None
