"""What a run depends on, as hashes: it tells what need not be made anew."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from timgen.reading.files import with_line_feeds
from timgen.reading.index import Index
from timgen.reading.listing import spec_files, template_files
from timgen.reading.project import NoProjectError, Project, packaged

# Packages whose version shapes the bytes, or the findings.
_TOOLS = ("datamodel-code-generator", "jinja2", "jsonschema", "jsonschema-rs", "pydantic", "pyyaml", "ruff")

# Modules and packages of timgen that do not.
_NO_PART = ("_data", "__main__.py", "cli", "importing", "tools")

_UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Inputs:
    """Hashes of everything that an output is made from."""

    tools: Mapping[str, str]
    spec: Mapping[str, str]
    templates: str

    @cached_property
    def tools_hash(self) -> str:
        return _digest(f"{name} {version}" for name, version in sorted(self.tools.items()))

    @cached_property
    def whole(self) -> str:
        """Hash of all of it."""
        files = (f"{path} {digest}" for path, digest in sorted(self.spec.items()))
        return _digest([self.tools_hash, self.templates, *files])

    def stamp(self, files: Sequence[str]) -> str:
        """Hash files of commands or webhooks together with all that their outputs may build on."""
        services = (f"{file.rpartition('/')[0]}/_service.yaml" for file in files)
        own = (f"{path} {self.spec.get(path, '')}" for path in sorted({*files, *services}))
        return _digest([self.templates, self._common, *own])

    def key(self, file: str) -> str:
        """Under what a file of the spec is kept: its content, and the meta-schemas that say what it means."""
        return f"{file} {self.spec.get(file, '')} {self._metas}"

    def part_key(self, kind: str, file: str) -> str:
        """Under what is kept that follows from a file of a command or a webhook and from the common ones alone."""
        return f"{kind} {file} {self.spec.get(file, '')} {self._common}"

    @cached_property
    def spec_hash(self) -> str | None:
        """Hash of the whole spec; None while files cannot be read, which nobody can tell from each other."""
        if _UNREADABLE in self.spec.values():
            return None
        return _digest(f"{path} {digest}" for path, digest in sorted(self.spec.items()))

    @property
    def common_key(self) -> str:
        """Under what is kept which files of commands and webhooks go well with the common ones."""
        return f"sound with {self._common} {self._metas}"

    @cached_property
    def _metas(self) -> str:
        return _digest(
            f"{path} {digest}" for path, digest in sorted(self.spec.items()) if path.startswith("spec/meta/")
        )

    @cached_property
    def _common(self) -> str:
        names = ("spec/api.yaml", "spec/errors.yaml", "spec/schemas/")
        return _digest(f"{path} {digest}" for path, digest in sorted(self.spec.items()) if path.startswith(names))


def read_inputs(project: Project, index: Index | None = None, *, with_templates: bool = True) -> Inputs:
    """Hash the spec, the templates, the generator itself, and the versions of its tools and of Python.

    How lines end makes no difference. Raises NoProjectError when there are no templates, OSError
    when one cannot be read.
    """
    if with_templates and not project.templates.is_dir():
        raise NoProjectError(f"{project.root} has no templates/ folder, and this installation brings none")
    index = index or Index()
    package = Path(__file__).parents[1]
    own = [path for path in sorted(package.glob("**/*.py")) if path.relative_to(package).parts[0] not in _NO_PART]
    # They stand in for those that a project does not bring.
    metas = packaged().spec / "meta"
    return Inputs(
        tools={
            "timgen": _hash_files(package, own, index)[:16],
            "meta-schemas": _hash_files(metas, spec_files(metas), index)[:16],
            "python": sys.version,
            **{name: _version(name) for name in _TOOLS},
        },
        spec=_spec(project, index),
        templates=(_hash_files(project.templates, template_files(project.templates), index) if with_templates else ""),
    )


def are_still(inputs: Inputs, project: Project, index: Index) -> bool:
    """Whether the spec is as it was when the inputs were read: what was made since is theirs then."""
    return _spec(project, index) == inputs.spec


def _spec(project: Project, index: Index) -> dict[str, str]:
    return {path.relative_to(project.root).as_posix(): _hash(path, index) for path in spec_files(project.spec)}


@cache
def _version(name: str) -> str:
    """Return the version of an installed distribution, which the name of its folder says."""
    beginning = f"{name.replace('-', '_')}-"
    for folder in sys.path:
        for entry in os.listdir(folder) if os.path.isdir(folder) else ():
            if entry.startswith(beginning) and entry.endswith(".dist-info"):
                return entry.removeprefix(beginning).removesuffix(".dist-info")
    # Takes longer to import than a run that changes nothing needs for all else.
    from importlib.metadata import version

    return version(name)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _hash(path: Path, index: Index) -> str:
    try:
        return _text_hash(path, index)
    except OSError:
        # Reading the spec reports it.
        return _UNREADABLE


def _hash_files(folder: Path, files: Iterable[Path], index: Index) -> str:
    return _digest(f"{path.relative_to(folder).as_posix()} {_text_hash(path, index)}" for path in files)


def _text_hash(path: Path, index: Index) -> str:
    return index.sha256(str(path), "text", with_line_feeds)


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
