"""Publishing: the finished tree replaces the old one, file by file, or not at all.

Only files that changed are written. The manifest remembers what was written, so that a file
edited by hand is never overwritten and only our own stale files are removed.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import cast

from timgen.publishing import merges
from timgen.publishing.manifest import MANIFEST, Listed, Manifest, ManifestError, merged, read_manifest
from timgen.reading.files import read_file
from timgen.reading.index import Index

Content = bytes | Path
"""Of a file: its bytes, or the file that becomes it."""

_JOURNAL = ".timgen-journal.json"
_STAGE_PREFIX = ".timgen-stage-"
# What Python and the build of the client's package leave behind.
_CACHE = "__pycache__"
_BUILT = frozenset({"client/build", "client/dist"})


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


def existing_files(output: Path, index: Index | None = None) -> dict[str, str]:
    """Return the hash of every file below the output folder, by path; caches and the manifest are left out.

    What cannot be an output, such as a pipe, a link to a folder or a name that is not UTF-8, stands among
    them with an empty hash.
    """
    index = index or Index()
    found: dict[str, str] = {}
    for folder, folders, names in os.walk(output):
        folders[:] = [
            name for name in folders
            if name != _CACHE and not name.startswith(".") and not name.endswith(".egg-info")
            and Path(folder, name).relative_to(output).as_posix() not in _BUILT
        ]  # fmt: skip
        prefix = folder[len(str(output)) :].lstrip(os.sep).replace(os.sep, "/")
        prefix = f"{prefix}/" if prefix else ""
        found.update({_shown(prefix + name): "" for name in folders if os.path.islink(os.path.join(folder, name))})
        for name in names:
            path = prefix + name
            if path not in (MANIFEST, _JOURNAL) and not name.startswith("."):
                shown = path if path.isascii() else _shown(path)
                found[shown] = index.sha256_if_file(os.path.join(folder, name)) if path == shown else ""
    return found


def compare(output: Path, files: Mapping[str, Content], manifest: Manifest, index: Index | None = None) -> Drift:
    """Compare the output folder with what it should hold: see `publish`.

    Raises ManifestError when what an earlier run left cannot be read.
    """
    return _compare(output, files, manifest, index)[0]


def publish(output: Path, files: Mapping[str, Content], manifest: Manifest, index: Index | None = None) -> Published:
    """Make the output folder hold what the manifest lists, and the manifest.

    `files` are those of them that were made anew; the others are there already. Raises RefusedError when a file
    that would change was edited by hand, ManifestError when what an earlier run left cannot be read. OSError leaves
    the old tree as it was, or where even that fails a tree that the next run completes.
    """
    drift, known = _compare(output, files, manifest, index)
    if drift.edited:
        raise RefusedError(drift.edited)
    changed = sorted((*drift.missing, *drift.stale))
    if lost := [path for path in changed if path not in files]:
        raise OSError(errno.EBUSY, "changed by somebody else meanwhile; run timgen again", str(output / lost[0]))
    if drift or is_interrupted(output) or not is_listed(output, manifest):
        new = {**{path: files[path] for path in changed}, MANIFEST: manifest.to_json().encode()}
        ours = merged([known, {path: frozenset({manifest.files[path]}) for path in changed}])
        replace_files(output, new, drift.gone, ours)
    return Published(tuple(changed), drift.gone, len(manifest.files) - len(changed), drift.extra)


def is_listed(output: Path, manifest: Manifest) -> bool:
    """Whether the output folder has exactly this manifest."""
    try:
        return read_file(output / MANIFEST) == manifest.to_json().encode()
    except OSError:
        return False


def replace_files(
    output: Path, files: Mapping[str, Content], stale: Collection[str], known: Mapping[str, Collection[str]]
) -> None:
    """Write `files` and remove `stale` below the folder `output`.

    `known` are the hashes that timgen gave files there, and those that it gives them now. OSError leaves the old tree
    as it was, or where even that fails a tree that the next run completes.
    """
    _refuse_links(output, (*files, *stale))
    output.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(output)
    _replace(output, files, stale, known)


def is_interrupted(output: Path) -> bool:
    """Whether a run that was killed left something behind."""
    return any(output.glob(f"{_STAGE_PREFIX}*")) or (output / _JOURNAL).exists()


def _compare(
    output: Path, files: Mapping[str, Content], manifest: Manifest, index: Index | None
) -> tuple[Drift, Listed]:
    """Return how the output folder differs, and the hashes that timgen itself gave each file."""
    existing, due = existing_files(output, index), manifest.files
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
        entries = cast(dict[str, list[str]], json.loads(read_file(output / _JOURNAL)))
        return {path: frozenset(hashes) for path, hashes in entries.items()}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ManifestError(f"{output / _JOURNAL} is damaged; delete it") from error


def _bytes(content: Content) -> bytes:
    return read_file(content) if isinstance(content, Path) else content


def _shown(path: str) -> str:
    """Return a path as it can be printed."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


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
    """Write `files` and remove `stale`, or undo what was done and raise OSError.

    While files are replaced, and for as long as not all of it could be undone, the journal holds
    every hash that timgen gave a file.
    """
    stage = Path(tempfile.mkdtemp(prefix=_STAGE_PREFIX, dir=output))
    journal = output / _JOURNAL
    keep_journal = journal.is_file()
    undo: list[tuple[Path, Path | None]] = []
    try:
        for folder in {path.rpartition("/")[0] for path in files}:
            (stage / "new" / folder).mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            staged = stage / "new" / path
            if isinstance(content, Path):
                shutil.move(content, staged)
            else:
                staged.write_bytes(content)
        (stage / _JOURNAL).write_text(json.dumps({path: list(hashes) for path, hashes in known.items()}))
        os.replace(stage / _JOURNAL, journal)
        folders = set[str]()
        for path in (*files, *stale):
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
                os.replace(stage / "new" / path, target)
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
    for path in output.glob(f"{_STAGE_PREFIX}*"):
        shutil.rmtree(path, ignore_errors=True)
