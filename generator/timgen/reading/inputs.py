"""What a run depends on, as hashes: it tells what need not be made anew."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path, PurePosixPath

from timgen.reading.files import read_file, with_line_feeds
from timgen.reading.listing import spec_files, template_files
from timgen.reading.project import NoProjectError, Project

# Packages whose version shapes the bytes.
_TOOLS = ("datamodel-code-generator", "jinja2", "pydantic", "ruff")

# Modules and packages of timgen that do not.
_NO_PART = ("_data", "__main__.py", "cli", "importing", "tools")


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
        services = (str(PurePosixPath(file).with_name("_service.yaml")) for file in files)
        own = (f"{path} {self.spec.get(path, '')}" for path in sorted({*files, *services}))
        return _digest([self.templates, self._common, *own])

    @cached_property
    def _common(self) -> str:
        names = ("spec/api.yaml", "spec/errors.yaml", "spec/schemas/")
        return _digest(f"{path} {digest}" for path, digest in sorted(self.spec.items()) if path.startswith(names))


def read_inputs(project: Project) -> Inputs:
    """Hash the spec, the templates, the generator itself and the versions of its tools.

    How lines end makes no difference. Raises NoProjectError when there are no templates, OSError
    when one cannot be read.
    """
    if not project.templates.is_dir():
        raise NoProjectError(f"{project.root} has no templates/ folder, and this installation brings none")
    package = Path(__file__).parents[1]
    own = [path for path in sorted(package.glob("**/*.py")) if path.relative_to(package).parts[0] not in _NO_PART]
    return Inputs(
        tools={"timgen": _hash_files(package, own)[:16], **{name: _version(name) for name in _TOOLS}},
        spec={path.relative_to(project.root).as_posix(): _hash(path) for path in spec_files(project.spec)},
        templates=_hash_files(project.templates, template_files(project.templates)),
    )


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


def _hash(path: Path) -> str:
    try:
        return sha256(with_line_feeds(read_file(path)))
    except OSError:
        # Reading the spec reports it.
        return "unreadable"


def _hash_files(folder: Path, files: Iterable[Path]) -> str:
    return _digest(
        f"{path.relative_to(folder).as_posix()} {sha256(with_line_feeds(read_file(path)))}" for path in files
    )


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
