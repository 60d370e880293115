"""What a run depends on, as hashes: it tells what need not be made anew."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from timgen.reading.index import Index
from timgen.reading.listing import Facts, is_left_out, look
from timgen.reading.project import NoProjectError, Project, packaged

# Packages whose version shapes the bytes, or the findings.
_TOOLS = ("datamodel-code-generator", "jinja2", "jsonschema", "jsonschema-rs", "pydantic", "pyyaml", "ruff")

# Modules and packages of timgen that do not.
_NO_PART = frozenset({"_data", "__main__.py", "cli", "importing", "tools"})

_OWN = Path(__file__).parents[1]
_API, _ERRORS, _SCHEMAS = "spec/api.yaml", "spec/errors.yaml", "spec/schemas/"
_UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Inputs:
    """Hashes of everything that an output is made from."""

    tools: Mapping[str, str]
    spec: Mapping[str, str]
    templates: str

    @cached_property
    def tools_hash(self) -> str:
        return digest(f"{name} {version}" for name, version in sorted(self.tools.items()))

    @cached_property
    def whole(self) -> str:
        """Hash of all of it."""
        files = (f"{path} {hashed}" for path, hashed in sorted(self.spec.items()))
        return digest([self.tools_hash, self.templates, *files])

    def stamp(self, files: Sequence[str]) -> str:
        """Hash files of commands or webhooks together with all else that their outputs may build on.

        But for errors.yaml and shared schemas, of which they see parts.
        """
        services = (f"{file.rpartition('/')[0]}/_service.yaml" for file in files)
        own = (f"{path} {self.spec.get(path, '')}" for path in sorted({_API, *files, *services}))
        return digest([self.templates, *own])

    def key(self, file: str) -> str:
        """Under what a file of the spec is kept: its content, and the meta-schemas that say what it means."""
        return f"{file} {self.spec.get(file, '')} {self._metas}"

    def part_key(self, kind: str, file: str) -> str:
        """Under what is kept that follows from a file of a command or a webhook, api.yaml and shared schemas alone."""
        return f"{kind} {file} {self.spec.get(file, '')} {self._of_bodies}"

    def common_part_key(self, kind: str) -> str:
        """Under what is kept that follows from the common files alone."""
        return f"{kind} {self._common}"

    @cached_property
    def spec_hash(self) -> str | None:
        """Hash of the whole spec; None while files cannot be read, which nobody can tell from each other."""
        if _UNREADABLE in self.spec.values():
            return None
        return digest(f"{path} {hashed}" for path, hashed in sorted(self.spec.items()))

    @property
    def common_key(self) -> str:
        """Under what is kept which files of commands and webhooks go well with the common ones."""
        return f"sound with {self._common} {self._metas}"

    @cached_property
    def _metas(self) -> str:
        return self._those("spec/meta/")

    @cached_property
    def _common(self) -> str:
        return self._those(_API, _ERRORS, _SCHEMAS)

    @cached_property
    def _of_bodies(self) -> str:
        return self._those(_API, _SCHEMAS)

    def _those(self, *beginnings: str) -> str:
        return digest(f"{path} {hashed}" for path, hashed in sorted(self.spec.items()) if path.startswith(beginnings))


@dataclass(frozen=True)
class Sources:
    """What there is to be hashed, as the file system tells it; no file was read yet."""

    versions: Mapping[str, str]
    """Of Python and of the tools."""
    own: Facts
    """The modules of timgen."""
    metas: Facts
    """The meta-schemas of this release, which stand in for those that a project does not bring."""
    spec: Facts
    templates: Facts


def look_around(project: Project, *, with_templates: bool = True) -> Sources:
    """Look at everything that an output is made from. Raises NoProjectError when there are no templates."""
    if with_templates and not project.templates.is_dir():
        raise NoProjectError(f"{project.root} has no templates/ folder, and this installation brings none")
    own = look(_OWN, lambda name, above: is_left_out(name) or (not above and name in _NO_PART))
    return Sources(
        versions={"python": sys.version, **versions(_TOOLS)},
        own={path: facts for path, facts in own.items() if path.endswith(".py")},
        metas=look(packaged().spec / "meta"),
        spec=look(project.spec),
        templates=look(project.templates) if with_templates else {},
    )


def read_inputs(project: Project, index: Index | None = None, sources: Sources | None = None) -> Inputs:
    """Hash the spec, the templates, the generator itself, and the versions of its tools and of Python.

    How lines end makes no difference. Raises NoProjectError when there are no templates, OSError
    when one cannot be read.
    """
    index, sources = index or Index(), sources or look_around(project)
    return Inputs(
        tools={
            "timgen": _hash_files(_OWN, sources.own, index)[:16],
            "meta-schemas": _hash_files(packaged().spec / "meta", sources.metas, index)[:16],
            **sources.versions,
        },
        spec=_spec(project, sources.spec, index),
        templates=_hash_files(project.templates, sources.templates, index),
    )


def are_still(inputs: Inputs, project: Project, index: Index, *, with_templates: bool = False) -> bool:
    """Whether the spec is, or all is, as it was when the inputs were read: what was made since is theirs then."""
    if _spec(project, look(project.spec), index) != inputs.spec:
        return False
    try:
        return not with_templates or _hash_files(project.templates, look(project.templates), index) == inputs.templates
    except OSError:
        return False


def _spec(project: Project, found: Facts, index: Index) -> dict[str, str]:
    # What cannot be read is reported when the spec is.
    hashes = index.hashes(project.spec, found, are_texts=True, unreadable=_UNREADABLE)
    return {f"spec/{path}": digest for path, digest in hashes.items()}


def versions(names: Sequence[str]) -> dict[str, str]:
    """Return the versions of installed distributions, which the names of their folders say."""
    beginnings = {name: f"{name.replace('-', '_')}-" for name in names}
    found: dict[str, str] = {}
    for folder in sys.path:
        for entry in os.listdir(folder) if os.path.isdir(folder) else ():
            if entry.endswith(".dist-info"):
                for name, beginning in beginnings.items():
                    if entry.lower().startswith(beginning):
                        found.setdefault(name, entry[len(beginning) :].removesuffix(".dist-info"))
    if len(found) < len(names):
        # Takes longer to import than a run that changes nothing needs for all else.
        from importlib.metadata import version

        found.update({name: version(name) for name in names if name not in found})
    return {name: found[name] for name in names}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _hash_files(folder: Path, found: Facts, index: Index) -> str:
    return digest(f"{path} {hashed}" for path, hashed in index.hashes(folder, found, are_texts=True).items())


def digest(lines: Iterable[str]) -> str:
    """Return the SHA-256 of lines."""
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
