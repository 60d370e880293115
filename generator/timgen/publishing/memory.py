"""The memory: what this machine knows of earlier runs, so that the next one is fast.

It stands in `.timgen/` at the project's root, outside of version control: a file for each of the last
runs, named by the hash of what went into it. Nothing depends on it: it may be deleted at any
moment, a file that is damaged counts for nothing, and where none can be written none is.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from timgen.reading.files import read_file
from timgen.reading.inputs import Inputs

FOLDER = ".timgen"

_KEPT = 8
"""As many branches as somebody goes back and forth between."""
_LARGEST = 2**26
_IGNORED = b"# What timgen remembers of earlier runs; it may be deleted.\n*\n"


@dataclass(frozen=True)
class Made:
    """One file of a run."""

    sha256: str
    source: str
    """Hash of what it was made of, before formatting."""


@dataclass(frozen=True)
class Run:
    """What a run without findings read and made."""

    spec: Mapping[str, str]
    """Hash of each file of the spec, by its path below the project."""
    files: Mapping[str, Made]
    """By path below the output folder."""


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

    @property
    def files(self) -> Mapping[str, str]:
        """Hashes of what a run of these inputs makes, by path; empty when none is remembered."""
        return {path: made.sha256 for path, made in self.same.files.items()} if self.same else {}

    def earlier(self) -> tuple[Run, ...]:
        """Return the runs of the same tools."""
        if self.folder is None:
            return ()
        runs = (_read(path) for path in sorted(self.folder.glob(f"{self.tools}-*.json")))
        return tuple(run for run in runs if run is not None)

    def keep(self, run: Run) -> None:
        """Remember a run of these inputs, and forget the oldest."""
        if self.folder is None:
            return
        with suppress(OSError):
            self.folder.mkdir(exist_ok=True)
            if not _is_own(self.folder):
                return
            if not (self.folder / ".gitignore").exists():
                _write(self.folder / ".gitignore", _IGNORED)
            _write(self.folder / _name(self.tools, self.whole), _to_bytes(run))
            _forget(self.folder)


def recall(root: Path, inputs: Inputs) -> Memory:
    """Return what is remembered of the project in `root`, for a run of `inputs`."""
    folder = root / FOLDER
    tools, whole = inputs.tools_hash[:16], inputs.whole[:32]
    if os.path.lexists(folder) and not _is_own(folder):
        return Memory()
    return Memory(folder, tools, whole, _read(folder / _name(tools, whole)))


def _forget(folder: Path) -> None:
    """Remove all but the newest runs, and what a killed run left behind."""
    ages = {path: path.lstat().st_mtime for path in folder.iterdir() if path.name != ".gitignore"}
    runs = sorted((path for path in ages if path.suffix == ".json"), key=lambda path: ages[path])
    # One that is minutes old is no longer being written.
    halves = [path for path in ages if path.suffix == ".part" and ages[path] < max(ages.values()) - 600]
    for path in (*runs[:-_KEPT], *halves):
        path.unlink(missing_ok=True)


def _is_own(folder: Path) -> bool:
    """Whether the folder is one, and no link that leads out of the project."""
    return folder.is_dir() and not folder.is_symlink()


def _name(tools: str, whole: str) -> str:
    return f"{tools}-{whole}.json"


def _to_bytes(run: Run) -> bytes:
    document = {
        "spec": dict(run.spec),
        "files": {path: [made.sha256, made.source] for path, made in run.files.items()},
    }
    data = json.dumps(document).encode()
    return hashlib.sha256(data).hexdigest().encode() + b"\n" + data


def _read(path: Path) -> Run | None:
    """Return the run in a file; None when there is none that is whole."""
    if path.is_symlink():
        return None
    try:
        digest, _, data = read_file(path, _LARGEST).partition(b"\n")
        if hashlib.sha256(data).hexdigest().encode() != digest:
            return None
        document = cast(dict[str, Any], json.loads(data))
        return Run(dict(document["spec"]), {path: Made(*made) for path, made in document["files"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _write(path: Path, data: bytes) -> None:
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
