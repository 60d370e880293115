"""Publishing: the finished tree replaces the old one, file by file, or not at all.

Only files that changed are written. The manifest remembers what was written, so that a file
edited by hand is never overwritten and only our own stale files are removed.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import cast

from timgen.publishing import merges
from timgen.publishing.manifest import Listed, Manifest, merged, read_manifest
from timgen.publishing.outputs import (
    JOURNAL,
    MANIFEST,
    STAGE_PREFIX,
    ManifestError,
    existing_files,
    hashes,
    is_interrupted,
)
from timgen.reading.files import read_file
from timgen.reading.index import Index
from timgen.reading.listing import facts

Content = bytes | Path
"""Of a file: its bytes, or the file that becomes it."""


@dataclass(frozen=True)
class Drift:
    """How the output folder differs from what it should be. Paths below it, sorted."""

    missing: tuple[str, ...]
    stale: tuple[str, ...]
    """Written by timgen from an older spec, or left by a merge."""
    gone: tuple[str, ...]
    """Written by timgen from what the spec no longer has."""
    edited: tuple[str, ...]
    """Changed by somebody else since timgen wrote them."""
    extra: tuple[str, ...]
    """Not timgen's."""

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.gone or self.edited or self.extra)


@dataclass(frozen=True)
class Published:
    """What a run changed. Paths below the output folder, sorted."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    extra: tuple[str, ...]
    """What is there and not timgen's."""


class RefusedError(Exception):
    """Files that somebody edited stand in the way; nothing was written."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = tuple(sorted(paths))
        super().__init__(", ".join(self.paths))


def compare(output: Path, files: Mapping[str, Content], manifest: Manifest, existing: Mapping[str, str]) -> Drift:
    """Compare the output folder, which holds what is `existing`, with what it should hold: see `publish`.

    Raises ManifestError when what an earlier run left cannot be read.
    """
    return _compare(output, files, manifest, existing)[0]


def publish(
    output: Path,
    files: Mapping[str, Content],
    manifest: Manifest,
    existing: Mapping[str, str],
    index: Index,
) -> Published:
    """Make the output folder hold what the manifest lists, and the manifest.

    `files` are those of them that were made anew; the others are there already. `existing` is what stood in the
    folder when the run began; what is to be replaced is looked at once more. Several runs write one after the other.
    Raises RefusedError when a file that would change was edited by hand, ManifestError when what an earlier run left
    cannot be read. OSError leaves the old tree as it was, or where even that fails a tree that the next run completes.
    """
    with _alone(output):
        drift, known = _compare(output, files, manifest, existing)
        if not _still_stand(output, (*drift.missing, *drift.stale, *drift.gone), existing, index):
            drift, known = _compare(output, files, manifest, existing_files(output, index))
        if drift.edited:
            raise RefusedError(drift.edited)
        changed = sorted((*drift.missing, *drift.stale))
        if lost := [path for path in changed if path not in files]:
            raise OSError(errno.EBUSY, "changed by somebody else meanwhile; run timgen again", str(output / lost[0]))
        if drift or is_interrupted(output) or not is_listed(output, manifest):
            new = {**{path: files[path] for path in changed}, MANIFEST: manifest.to_json().encode()}
            ours = merged([known, {path: frozenset({manifest.files[path]}) for path in changed}])
            _replace(output, new, drift.gone, ours)
        return Published(tuple(changed), drift.gone, len(manifest.files) - len(changed), drift.extra)


def is_listed(output: Path, manifest: Manifest) -> bool:
    """Whether the output folder has exactly this manifest."""
    try:
        due = manifest.to_json().encode()
        return read_file(output / MANIFEST, len(due)) == due
    except OSError:
        return False


def replace_files(
    output: Path, files: Mapping[str, Content], stale: Collection[str], known: Mapping[str, Collection[str]]
) -> None:
    """Write `files` and remove `stale` below the folder `output`.

    `known` are the hashes that timgen gave files there, and those that it gives them now. OSError leaves the old tree
    as it was, or where even that fails a tree that the next run completes.
    """
    with _alone(output):
        _replace(output, files, stale, known)


@contextmanager
def _alone(output: Path) -> Generator[None]:
    """Wait until no other run writes below the folder, which is made: what one leaves is one's that was killed then."""
    output.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":
        yield
        return
    import fcntl

    folder = os.open(output, os.O_RDONLY)
    try:
        # Some file systems have no locks.
        with suppress(OSError):
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _still_stand(output: Path, paths: Iterable[str], existing: Mapping[str, str], index: Index) -> bool:
    """Whether these files are, or are not, in the output folder as they were when the run began."""
    places = {path: os.path.join(output, path) for path in paths}
    there = {path: facts(place) for path, place in places.items() if os.path.lexists(place)}
    return hashes(output, there, index) == {path: existing[path] for path in places if path in existing}


def _compare(
    output: Path, files: Mapping[str, Content], manifest: Manifest, existing: Mapping[str, str]
) -> tuple[Drift, Listed]:
    """Return how the output folder differs, and the hashes that timgen itself gave each file."""
    due = manifest.files
    listed = read_manifest(output)
    known = merged([listed, journal(output)])
    different = {path for path, digest in due.items() if path in existing and existing[path] != digest}
    others = existing.keys() - due.keys()
    ours = {path for path in different | others if existing[path] in known.get(path, ())}
    if strange := [path for path in (different | others) - ours if existing[path]]:
        wanted = {path: _bytes(files[path]) for path in strange if path in files}
        found = merges.look(output, listed, strange, wanted)
        known = merged([known, found.listed])
        ours |= {path for path in strange if path in found.leftovers or existing[path] in known.get(path, ())}
    drift = Drift(
        missing=tuple(sorted(due.keys() - existing.keys())),
        stale=tuple(sorted(different & ours)),
        gone=tuple(sorted(others & ours)),
        edited=tuple(sorted((different | (others & listed.keys())) - ours)),
        extra=tuple(sorted(others - ours - listed.keys())),
    )
    return drift, known


def journal(output: Path) -> Listed:
    """Return the hashes that an interrupted run gave files, or was about to. Raises ManifestError."""
    try:
        entries = cast(dict[str, list[str]], json.loads(read_file(output / JOURNAL)))
        return {path: frozenset(hashes) for path, hashes in entries.items()}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ManifestError(f"{output / JOURNAL} is damaged; delete it") from error


def _bytes(content: Content) -> bytes:
    return read_file(content) if isinstance(content, Path) else content


def _refuse_links(output: Path, paths: Iterable[str]) -> None:
    """Raise OSError where a folder of the output is a link that leads elsewhere."""
    holding = {PurePosixPath(folder) for folder in {path.rpartition("/")[0] for path in paths}}
    folders = {folder for inner in holding for folder in (inner, *inner.parents)}
    for folder in sorted(folders - {PurePosixPath()}):
        if (output / folder).is_symlink():
            raise OSError(errno.ENOTDIR, "a link in the place of a folder; remove it", str(output / folder))


def _replace(
    output: Path, files: Mapping[str, Content], stale: Iterable[str], known: Mapping[str, Collection[str]]
) -> None:
    """Remove `stale` and write `files`, or undo what was done and raise OSError.

    In this order, since a file may stand where a folder is due, or the reverse. While files are
    replaced, and for as long as not all of it could be undone, the journal holds every hash that
    timgen gave a file.
    """
    _refuse_links(output, (*files, *stale))
    _remove_leftovers(output)
    stage = Path(tempfile.mkdtemp(prefix=STAGE_PREFIX, dir=output))
    journal = output / JOURNAL
    keep_journal = journal.is_file()
    undo: list[tuple[Path, Path | None]] = []
    try:
        # By number, since to make files in many folders takes a file system several times as long.
        new = {path: stage / str(number) for number, path in enumerate(files)}
        for path, content in files.items():
            staged = new[path]
            if isinstance(content, Path):
                shutil.move(content, staged)
            else:
                staged.write_bytes(content)
        (stage / JOURNAL).write_text(json.dumps({path: list(hashes) for path, hashes in known.items()}))
        os.replace(stage / JOURNAL, journal)
        folders = set[str]()
        for path in (*stale, *files):
            target = output / path
            backup: Path | None = None
            if target.exists():
                backup = stage / "old" / path
                backup.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(target, backup)
            undo.append((target, backup))
            if path in files:
                folder = path.rpartition("/")[0]
                if folder not in folders:
                    (output / folder).mkdir(parents=True, exist_ok=True)
                    folders.add(folder)
                os.replace(new[path], target)
            else:
                target.unlink()
                _remove_empty_parents(target.parent, output)
        keep_journal = False
    except BaseException:
        undone = [_undo(target, saved, output) for target, saved in reversed(undo)]
        keep_journal = keep_journal or not all(undone)
        raise
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        if not keep_journal:
            journal.unlink(missing_ok=True)


def _undo(target: Path, saved: Path | None, output: Path) -> bool:
    """Put back what stood at `target`; return whether that worked."""
    try:
        if saved is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(saved, target)
        else:
            if target.is_file():
                target.unlink()
            _remove_empty_parents(target.parent, output)
    except OSError:
        return False
    return True


def _remove_empty_parents(folder: Path, output: Path) -> None:
    while folder != output and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _remove_leftovers(output: Path) -> None:
    """Remove the stage of a run that was killed."""
    for path in output.glob(f"{STAGE_PREFIX}*"):
        shutil.rmtree(path, ignore_errors=True)
