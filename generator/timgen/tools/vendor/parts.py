"""The parts of the client that a copy can leave out, as the templates name their files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import cast

from timgen.reading.diagnostics import Diagnostic
from timgen.reading.project import Project
from timgen.reading.source import read

FILE = "client/_macros/parts.yaml"
"""Below the templates; those of a client that has no such parts lack it."""


@dataclass(frozen=True)
class Parts:
    """Patterns of the files of each part, below the package."""

    patterns: Mapping[str, tuple[str, ...]]

    def unneeded(self, path: str, without: Iterable[str]) -> bool:
        """Whether the file at `path` belongs to one of the parts `without`."""
        return any(fnmatchcase(path, pattern) for part in without for pattern in self.patterns.get(part, ()))


def read_parts(project: Project) -> tuple[Parts, list[Diagnostic]]:
    """Return what the project's templates say; no parts, and findings, when they say it wrongly."""
    path = project.templates / FILE
    if not path.is_file():
        return Parts({}), []
    document, findings = read(project.templates.parent, path)
    if findings:
        return Parts({}), findings
    patterns: dict[str, tuple[str, ...]] = {}
    for part, value in document.mapping.items():
        listed = cast(list[object], value) if isinstance(value, list) else [None]
        if not all(isinstance(pattern, str) for pattern in listed):
            findings.append(document.at((part,), "parts", f"{part} is no list of patterns of files"))
        patterns[part] = tuple(map(str, listed))
    return Parts(patterns), findings
