"""A vendored copy on disk: where it may be, how it differs from what it should be, and its update."""

from __future__ import annotations

import keyword
from dataclasses import dataclass
from pathlib import Path

from timgen.publishing import publish
from timgen.publishing.manifest import Listed, merged
from timgen.publishing.outputs import existing_files, is_interrupted
from timgen.reading.inputs import sha256
from timgen.reading.project import Project
from timgen.tools.vendor.making import Made
from timgen.tools.vendor.record import RECORD, Record


@dataclass(frozen=True)
class Difference:
    """How a copy differs from what it should be. Paths below its folder, sorted."""

    missing: tuple[str, ...]
    outdated: tuple[str, ...]
    """As timgen wrote them, but from another spec, with other options or by another version of timgen."""
    edited: tuple[str, ...]
    """Neither what timgen wrote nor what it would write."""

    def __bool__(self) -> bool:
        return bool(self.missing or self.outdated or self.edited)


@dataclass(frozen=True)
class Update:
    """What a run changed. Paths below the copy's folder, sorted."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


class PlaceError(Exception):
    """A copy cannot be in this folder."""


def check_place(folder: Path, project: Project) -> None:
    """Raise PlaceError when a copy cannot be in `folder`, whatever is there."""
    target = folder.resolve()
    if not target.name.isidentifier() or keyword.iskeyword(target.name):
        raise PlaceError(f"{folder}: no program could import a package called {target.name!r}")
    for own in (project.output, project.spec, project.templates):
        if target.is_relative_to(own.resolve()):
            raise PlaceError(f"{folder}: {own.name}/ is the project's own; a copy stands outside of it")
    if target.exists() and not target.is_dir():
        raise PlaceError(f"{folder} is a file")


def check_new(folder: Path) -> None:
    """Raise PlaceError when there is something in `folder` that is no copy."""
    if folder.is_dir() and any(folder.iterdir()) and not is_interrupted(folder):
        raise PlaceError(f"{folder} is not empty and no vendored copy: it has no {RECORD}. Nothing was written.")


def compare(folder: Path, made: Made, record: Record | None) -> Difference:
    """Compare the copy in `folder`, which `record` describes, with what it should be."""
    wanted = {path: sha256(data) for path, data in made.all_files.items()}
    existing = _existing(folder)
    known = _known(folder, record)
    changed = [path for path in wanted if path in existing and existing[path] != wanted[path]]
    gone = [path for path in known if path not in wanted and path in existing]
    edited = {path for path in (*changed, *gone) if path != RECORD and existing[path] not in known.get(path, ())}
    return Difference(
        missing=tuple(sorted(path for path in wanted if path not in existing)),
        outdated=tuple(sorted({*changed, *gone} - edited)),
        edited=tuple(sorted(edited)),
    )


def update(folder: Path, made: Made, record: Record | None) -> Update:
    """Make `folder` hold the copy, what was edited there included; files that are not timgen's stay.

    OSError leaves the old copy as it was, or where even that fails one that the next run completes.
    """
    files = made.all_files
    existing = _existing(folder)
    known = _known(folder, record)
    changed = {path: data for path, data in sorted(files.items()) if existing.get(path) != sha256(data)}
    gone = sorted(path for path in known if path not in files and path in existing)
    if changed or gone or is_interrupted(folder):
        ours = merged([known, {path: frozenset({sha256(data)}) for path, data in changed.items()}])
        publish.replace_files(folder, changed, gone, ours)
    return Update(tuple(changed), tuple(gone), len(files) - len(changed))


def _existing(folder: Path) -> dict[str, str]:
    return existing_files(folder) if folder.is_dir() else {}


def _known(folder: Path, record: Record | None) -> Listed:
    """Return the hashes that timgen gave each file of the copy."""
    interrupted = publish.journal(folder)
    if record is None:
        return interrupted
    return merged([{path: frozenset({digest}) for path, digest in record.files.items()}, interrupted])
