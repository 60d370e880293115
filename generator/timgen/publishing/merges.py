"""Merges: telling what git left in the output folder from what somebody edited there.

Where two sides changed a file, git leaves a text that timgen never wrote: one with conflict markers,
or one in which both changes stand. Git is only asked about files that nothing else explains, and
where it is not there, or has nothing to say, they count as edited.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from timgen.publishing.manifest import Listed, merged, parse
from timgen.publishing.outputs import MANIFEST
from timgen.reading.files import read_file, with_line_feeds
from timgen.reading.inputs import sha256

# Each the other side of a merge that is not finished; git removes it at the end.
_OPERATIONS = ("MERGE_HEAD", "REBASE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD")
# The sides of a file in conflict, whatever it came from.
_STAGES = (":2", ":3")
_PARENTS = ("HEAD^1", "HEAD^2")
_BEFORE = "ORIG_HEAD"
_INDEX = ":0"
_CONFLICT = (
    re.compile(rb"^<{7}(?: |$)", re.MULTILINE),
    re.compile(rb"^={7}\r?$", re.MULTILINE),
    re.compile(rb"^>{7}(?: |$)", re.MULTILINE),
)
# What a hook finds set; it would lead away from the repository of the output folder.
_OF_HOOKS = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"})
_PATIENCE = 60


@dataclass(frozen=True)
class Found:
    """What explains files of the output folder that its manifest does not."""

    listed: Listed
    """What the manifests of the sides list."""
    leftovers: frozenset[str]
    """Files that hold what a merge left."""


def has_conflict(data: bytes) -> bool:
    """Whether a text has the markers of a conflict, in their order."""
    start = 0
    for marker in _CONFLICT:
        found = marker.search(data, start)
        if found is None:
            return False
        start = found.end()
    return True


def look(output: Path, listed: Listed, strange: Collection[str], wanted: Mapping[str, bytes]) -> Found:
    """Explain files that hold what no manifest in the output folder lists for them.

    `listed` is what that manifest lists, `wanted` the files that the spec asks for, as far as they differ.
    """
    lists = _lists(output)
    everything = merged([listed, *lists.values()])
    texts = {path: read_file(output / path) for path in strange if path in wanted or path in everything}
    # A folder that one side renamed takes along what the other put there.
    contents = frozenset[str]().union(*everything.values())
    leftovers = {
        path
        for path, text in texts.items()
        if sha256(text) in contents or (has_conflict(text) and not has_conflict(wanted.get(path, b"")))
    }
    rest = {path: text for path, text in texts.items() if path not in leftovers and "\n" not in path}
    if lists and rest:
        open_sides = [lists[name] for name in (*_OPERATIONS, *_STAGES) if name in lists]
        if open_sides or any(len(hashes) > 1 for hashes in listed.values()):
            sides = [listed, lists.get("HEAD", {}), *open_sides]
            leftovers |= _contested(_as_in(output, rest, (_INDEX,)), sides)
        elif _PARENTS[1] in lists:
            sides = [lists.get(name, {}) for name in _PARENTS]
            leftovers |= _contested(_as_in(output, rest, (_INDEX, "HEAD")), sides)
        else:
            leftovers |= _replayed(output, lists, _as_in(output, rest, (_INDEX, "HEAD")))
    return Found(merged(lists.values()), frozenset(leftovers))


def _lists(output: Path) -> dict[str, Listed]:
    """Return what the manifests list that git knows of: of the commit at hand, and of those that are merged."""
    names = ("HEAD", *_OPERATIONS, *_STAGES, *_PARENTS, _BEFORE)
    lists: dict[str, Listed] = {}
    for name, data in _blobs(output, {name: f"{name}:./{MANIFEST}" for name in names}).items():
        try:
            lists[name] = parse(data)
        except ValueError:
            # A side that was never right explains nothing.
            continue
    return lists


def _as_in(output: Path, texts: Mapping[str, bytes], places: Iterable[str]) -> dict[str, bytes]:
    """Return those of the texts that git has just so in all of these places: nobody edited them since."""
    for place in places:
        blobs = _blobs(output, {path: f"{place}:./{path}" for path in texts})
        texts = {path: text for path, text in texts.items() if _is_same(blobs.get(path), text)}
    return dict(texts)


def _contested(paths: Iterable[str], sides: Iterable[Listed]) -> set[str]:
    """Return the files for which the sides of a merge do not list the same."""
    several = list(sides)
    return {
        path
        for path in paths
        if len({side.get(path) for side in several}) > 1 or any(len(side.get(path, ())) > 1 for side in several)
    }


def _replayed(output: Path, lists: Mapping[str, Listed], texts: Mapping[str, bytes]) -> set[str]:
    """Return the files that a rebase made of the commit below and of what stood there before it.

    Git keeps no trace of the merges in a rebase, so what they made is known by its lines.
    """
    # What stood there before anything else is part of the history still.
    if not texts or _git(output, "merge-base", "--is-ancestor", _BEFORE, "HEAD")[0] != 1:
        return set()
    names = (_PARENTS[0], _BEFORE)
    versions = [
        {
            path: blob
            for path, blob in _blobs(output, {path: f"{name}:./{path}" for path in texts}).items()
            if sha256(blob) in lists.get(name, {}).get(path, ())
        }
        for name in names
    ]
    return {
        path
        for path, text in texts.items()
        if all(path in of_side for of_side in versions)
        and set(text.split(b"\n")) <= {line for of_side in versions for line in of_side[path].split(b"\n")}
    }


def _is_same(blob: bytes | None, text: bytes) -> bool:
    return blob is not None and with_line_feeds(blob) == with_line_feeds(text)


def _blobs(output: Path, names: Mapping[str, str]) -> dict[str, bytes]:
    """Return what git has under these names, of those that it has; nothing where there is no repository."""
    _, answers = _git(output, "cat-file", "--batch", asked="".join(f"{name}\n" for name in names.values()))
    start = 0
    blobs: dict[str, bytes] = {}
    for key in names:
        end = answers.find(b"\n", start)
        if end < 0:
            break
        head, start = answers[start:end].rsplit(b" ", 2), end + 1
        if head[-1].isdigit():
            size = int(head[-1])
            if head[-2] == b"blob":
                blobs[key] = answers[start : start + size]
            start += size + 1
    return blobs


def _git(output: Path, *arguments: str, asked: str = "") -> tuple[int | None, bytes]:
    """Return how git in the output folder ends and what it says; None and nothing where there is no git."""
    # Imported here, because few runs ask git.
    import subprocess

    environment = {name: value for name, value in os.environ.items() if name not in _OF_HOOKS}
    try:
        result = subprocess.run(  # noqa: S603 - revisions and paths of outputs, no shell
            ["git", *arguments],  # noqa: S607 - whichever git the user has
            cwd=output,
            env={**environment, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
            input=asked.encode("utf-8", "surrogateescape"),
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None, b""
    return result.returncode, result.stdout
