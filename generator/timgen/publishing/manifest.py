"""The manifest: what an earlier run wrote, and what it wrote it from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Entry:
    """One file of the manifest."""

    sha256: str
    source: str
    """Hash of what the file was made of, before formatting."""


@dataclass(frozen=True)
class Manifest:
    """What an earlier run wrote, and what it wrote it from."""

    tools: Mapping[str, str] = field(default_factory=dict[str, str])
    spec: str = ""
    """Hash over the spec's files."""
    templates: str = ""
    """Hash over the templates' files."""
    inputs: Mapping[str, str] = field(default_factory=dict[str, str])
    """Hash of each file of the spec, by its path below the project."""
    files: Mapping[str, Entry] = field(default_factory=dict[str, Entry])

    def to_json(self) -> str:
        document = {
            "comment": "Written by timgen; it tells what timgen wrote and from what.",
            "tools": dict(sorted(self.tools.items())),
            "spec": self.spec,
            "templates": self.templates,
            "inputs": dict(sorted(self.inputs.items())),
            "files": {path: [entry.sha256, entry.source] for path, entry in sorted(self.files.items())},
        }
        text = json.dumps(document, indent=1, ensure_ascii=False)
        return text.replace('[\n   "', '["').replace('",\n   "', '", "').replace('"\n  ]', '"]') + "\n"


class ManifestError(Exception):
    """The manifest cannot be read."""


def read_manifest(output: Path) -> Manifest:
    """Return the manifest of the output folder, an empty one when there is none.

    Raises ManifestError when it cannot be read.
    """
    path = output / MANIFEST
    try:
        raw = cast(dict[str, Any], json.loads(path.read_text(encoding="utf-8")))
        return Manifest(
            tools=dict(raw["tools"]),
            spec=raw["spec"],
            templates=raw["templates"],
            inputs=dict(raw["inputs"]),
            files={path: Entry(*entry) for path, entry in raw["files"].items()},
        )
    except FileNotFoundError:
        return Manifest()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestError(f"{path} is damaged; restore it from version control") from error
