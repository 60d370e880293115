"""What the tests of publishing share: an output folder before and after."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from timgen.publishing.manifest import Manifest
from timgen.publishing.outputs import existing_files
from timgen.publishing.publish import Published, publish
from timgen.reading.index import Index
from timgen.reading.inputs import sha256

OLD = {
    "client/a.py": b"a = 1\n",
    "client/b.py": b"b = 1\n",
    "client/gone/c.py": b"c = 1\n",
    "docs/index.md": b"# Old\n",
    "docs/same.md": b"same\n",
}
NEW = {
    "client/a.py": b"a = 2\n",
    "client/b.py": b"b = 2\n",
    "client/new/d.py": b"d = 1\n",
    "docs/index.md": b"# New\n",
    "docs/same.md": b"same\n",
}
NEWER = {path: data + b"# newer\n" for path, data in NEW.items()}


def manifest(files: Mapping[str, bytes]) -> Manifest:
    return Manifest({path: sha256(data) for path, data in files.items()})


def put(output: Path, files: Mapping[str, bytes]) -> Published:
    """Publish files that were made in a folder elsewhere."""
    with tempfile.TemporaryDirectory() as name:
        made = {path: Path(name, path) for path in files}
        for path, file in made.items():
            os.makedirs(file.parent, exist_ok=True)
            with open(file, "wb") as opened:
                opened.write(files[path])
        return publish(output, made, manifest(files), existing_files(output), Index())


def tree(output: Path) -> dict[str, bytes]:
    """Return every file below the folder, hidden ones too."""
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in output.rglob("*") if path.is_file()}


def holding(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what the output folder holds after these files were published: they, the manifest, nothing else."""
    return {**files, "manifest.json": manifest(files).to_json().encode()}


def folders(output: Path) -> set[str]:
    return {path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_dir()}
