"""Publishing: the finished tree replaces the old one, file by file, or not at all.

Only files that changed are written. The manifest remembers what was written, so that a file
edited by hand is never overwritten and only our own stale files are removed.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from timgen.publishing.manifest import MANIFEST, Manifest, ManifestError, read_manifest
from timgen.reading.inputs import sha256

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
    """Written by timgen from an older spec."""
    edited: tuple[str, ...]
    """Changed by somebody else since timgen wrote them."""
    extra: tuple[str, ...]
    """Not timgen's, or no longer: a file that the spec does not ask for."""

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.edited or self.extra)


@dataclass(frozen=True)
class Published:
    """What a run changed. Paths below the output folder, sorted."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


class RefusedError(Exception):
    """Files that somebody edited stand in the way; nothing was written."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = tuple(sorted(paths))
        super().__init__(", ".join(self.paths))


def existing_files(output: Path) -> dict[str, str]:
    """Return the hash of every file below the output folder, by path; caches and the manifest are left out."""
    found: dict[str, str] = {}
    for folder, folders, names in os.walk(output):
        folders[:] = [
            name for name in folders
            if name != _CACHE and not name.startswith(".") and not name.endswith(".egg-info")
            and Path(folder, name).relative_to(output).as_posix() not in _BUILT
        ]  # fmt: skip
        prefix = "".join(f"{part}/" for part in Path(folder).relative_to(output).parts)
        for name in names:
            relative = f"{prefix}{name}"
            if relative not in (MANIFEST, _JOURNAL) and not name.startswith("."):
                found[relative] = sha256(Path(folder, name).read_bytes())
    return found


def compare(output: Path, wanted: Mapping[str, str], manifest: Manifest) -> Drift:
    """Compare the files of the output folder with the hashes that they should have."""
    existing = existing_files(output)
    known = _known_hashes(output, manifest)
    different = [path for path in wanted if path in existing and existing[path] != wanted[path]]
    edited = [path for path in different if existing[path] not in known.get(path, ())]
    return Drift(
        missing=tuple(sorted(path for path in wanted if path not in existing)),
        stale=tuple(sorted(set(different) - set(edited))),
        edited=tuple(sorted(edited)),
        extra=tuple(sorted(path for path in existing if path not in wanted)),
    )


def publish(output: Path, files: Mapping[str, bytes], manifest: Manifest) -> Published:
    """Make the output folder hold `files` and the manifest.

    Raises RefusedError when a file that would change was edited by hand. OSError leaves the old
    tree as it was, or where even that fails a tree that the next run completes.
    """
    old = read_manifest(output)
    known = _known_hashes(output, old)
    existing = existing_files(output) if output.is_dir() else {}
    wanted = {path: sha256(data) for path, data in files.items()}
    changed = sorted(path for path, digest in wanted.items() if existing.get(path) != digest)
    stale = sorted(path for path in known if path not in wanted and path in existing)
    edited = [path for path in (*changed, *stale) if path in existing and existing[path] not in known.get(path, ())]
    if edited:
        raise RefusedError(edited)
    text = manifest.to_json().encode()
    manifest_path = output / MANIFEST
    manifest_changed = not manifest_path.is_file() or manifest_path.read_bytes() != text
    if changed or stale or manifest_changed or is_interrupted(output):
        output.mkdir(parents=True, exist_ok=True)
        remove_leftovers(output)
        replace_files(output, {**{path: files[path] for path in changed}, MANIFEST: text}, stale, known)
    return Published(tuple(changed), tuple(stale), len(files) - len(changed))


def is_interrupted(output: Path) -> bool:
    """Whether a run that was killed left something behind."""
    return any(output.glob(f"{_STAGE_PREFIX}*")) or (output / _JOURNAL).exists()


def _known_hashes(output: Path, manifest: Manifest) -> dict[str, set[str]]:
    """Return the hashes that timgen itself gave each file: now, or in a run that was interrupted."""
    return journaled(output, {path: entry.sha256 for path, entry in manifest.files.items()})


def journaled(output: Path, hashes: Mapping[str, str]) -> dict[str, set[str]]:
    """Return for each file its hash and those that an interrupted run gave it. Raises ManifestError."""
    known = {path: {digest} for path, digest in hashes.items()}
    try:
        journal = cast(dict[str, list[str]], json.loads((output / _JOURNAL).read_text(encoding="utf-8")))
        for path, digests in journal.items():
            known.setdefault(path, set()).update(digests)
    except FileNotFoundError:
        return known
    except (ValueError, TypeError, AttributeError) as error:
        raise ManifestError(f"{output / _JOURNAL} is damaged; delete it") from error
    return known


def replace_files(
    output: Path, files: Mapping[str, bytes], stale: Iterable[str], known: Mapping[str, Collection[str]]
) -> None:
    """Write `files` and remove `stale` below the folder `output`, or undo what was done and raise OSError.

    While files are replaced, and for as long as not all of it could be undone, the journal holds
    every hash that timgen gave a file: `known` and the new ones.
    """
    stage = Path(tempfile.mkdtemp(prefix=_STAGE_PREFIX, dir=output))
    journal = output / _JOURNAL
    keep_journal = journal.is_file()
    undo: list[tuple[Path, Path | None]] = []
    try:
        for path, data in files.items():
            staged = stage / "new" / path
            staged.parent.mkdir(parents=True, exist_ok=True)
            staged.write_bytes(data)
        hashes = {path: [*known.get(path, ()), sha256(data)] for path, data in files.items()}
        entries = {**{path: list(digests) for path, digests in known.items()}, **hashes}
        (stage / _JOURNAL).write_text(json.dumps(entries), encoding="utf-8")
        os.replace(stage / _JOURNAL, journal)
        for path in (*files, *stale):
            target = output / path
            backup = stage / "old" / path
            if target.exists():
                backup.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(target, backup)
            undo.append((target, backup if backup.exists() else None))
            if path in files:
                target.parent.mkdir(parents=True, exist_ok=True)
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


def remove_leftovers(output: Path) -> None:
    """Remove the stage of a run that was killed."""
    for path in output.glob(f"{_STAGE_PREFIX}*"):
        shutil.rmtree(path, ignore_errors=True)
