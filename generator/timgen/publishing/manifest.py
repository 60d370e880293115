"""The manifest: what timgen wrote, a line a file, so that the diff of a change is the change.

It is read line by line, because git merges it: what both sides of a merge list is known, whether git
left conflict markers or both lines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from pathlib import Path

from timgen.publishing.outputs import MANIFEST, ManifestError
from timgen.reading.files import read_file

Listed = Mapping[str, frozenset[str]]
"""Hashes of what timgen wrote, by path: one each, several where a merge left more."""

_COMMENT = "Written by timgen: the files that it wrote, with the SHA-256 of each."
_LARGEST = 2**25
_LONGEST = 10_000
_TEXT = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
# Older releases listed the hash of a file's source behind its own.
_ENTRY = re.compile(rf'({_TEXT})\s*:\s*\[?\s*"([0-9a-f]{{64}})"(?:\s*,\s*"[0-9a-f]*"\s*\])?\s*,?')
_OTHER = re.compile(rf"(?:{_TEXT}\s*:\s*)?(?:\{{|\}}|\{{\}}|{_TEXT})\s*,?")
_MARKER = re.compile(r"(?:<{7}|\|{7}|={7}|>{7})(?: .*)?")


@dataclass(frozen=True)
class Manifest:
    """What timgen writes."""

    files: Mapping[str, str] = field(default_factory=dict[str, str])
    """Hash of each file, by its path below the output folder."""

    def to_json(self) -> str:
        # What `json.dumps` makes with an indent of 1, which is ten times as slow.
        lines = [
            f"  {encode_basestring(path)}: {encode_basestring(digest)}" for path, digest in sorted(self.files.items())
        ]
        files = "{\n" + ",\n".join(lines) + "\n }" if lines else "{}"
        return f'{{\n "comment": "{_COMMENT}",\n "files": {files}\n}}\n'


def read_manifest(output: Path) -> Listed:
    """Return what the manifest of the output folder lists, nothing when there is none.

    Raises ManifestError when it cannot be read.
    """
    path = output / MANIFEST
    try:
        return parse(read_file(path, _LARGEST))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except ValueError as error:
        raise ManifestError(f"{path} is damaged; restore it from version control") from error
    except OSError as error:
        raise ManifestError(f"{path} is damaged ({error.strerror}); restore it from version control") from error


def parse(data: bytes) -> Listed:
    """Return what the text of a manifest lists, merged or not. Raises ValueError when it is none."""
    lines = [line for text in data.decode("utf-8").split("\n") if (line := text.strip())]
    listed: dict[str, frozenset[str]] = {}
    for line in lines:
        if len(line) > _LONGEST:
            raise ValueError("no line of a manifest is that long")
        if entry := _ENTRY.fullmatch(line):
            path = str(json.loads(entry[1])) if "\\" in entry[1] else entry[1][1:-1]
            listed[path] = listed.get(path, frozenset()) | {entry[2]}
        elif not _OTHER.fullmatch(line) and not _MARKER.fullmatch(line):
            raise ValueError(f"no line of a manifest: {line[:80]!r}")
    braces = [line for line in (*lines[:1], *lines[-1:]) if not _MARKER.fullmatch(line)]
    if any(brace not in ("{", "}") for brace in braces) or not any(line.startswith('"files"') for line in lines):
        raise ValueError("no manifest")
    return listed


def merged(several: Iterable[Listed]) -> Listed:
    """Return what any of several manifests lists."""
    result: dict[str, frozenset[str]] = {}
    for listed in several:
        for path, hashes in listed.items():
            result[path] = result.get(path, frozenset()) | hashes
    return result
