"""Where a project's spec, templates and output are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Project:
    """A folder with `spec/`, `templates/` and `generated/`; without templates of its own it uses this release's."""

    root: Path

    @property
    def spec(self) -> Path:
        return self.root / "spec"

    @property
    def templates(self) -> Path:
        own = self.root / "templates"
        return own if own.is_dir() else packaged().root / "templates"

    @property
    def output(self) -> Path:
        return self.root / "generated"


class NoProjectError(Exception):
    """There is no project where one was looked for."""


def find(start: Path) -> Project:
    """Return the project of the nearest folder upwards from `start` that has `spec/api.yaml`.

    Raises NoProjectError when there is none.
    """
    for folder in (start, *start.parents):
        if (folder / "spec" / "api.yaml").is_file():
            return Project(folder)
    raise NoProjectError(f"no spec/api.yaml in {start} or above; name the project's folder with --root")


def at(root: Path) -> Project:
    """Return the project in the folder `root`. Raises NoProjectError when it has no `spec/` folder."""
    if not (root / "spec").is_dir():
        raise NoProjectError(f"{root} has no spec/ folder")
    return Project(root)


def packaged() -> Project:
    """Return the project that came with this installation: the spec and the templates of its release."""
    data = Path(__file__).parents[1] / "_data"
    return Project(data if data.is_dir() else Path(__file__).parents[3])
