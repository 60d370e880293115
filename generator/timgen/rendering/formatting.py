"""Formatting the generated Python: ruff over all files that changed, where they are."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ruff import find_ruff_bin  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]

# Isolated: nobody's own settings may change the bytes, nor what is rendered beside.
_COMMON = [
    *("--isolated", "--no-respect-gitignore", "--config", 'include = ["*.py"]'),
    *("--no-cache", "--quiet", "--target-version", "py311", "--line-length", "100"),
]


@dataclass(frozen=True)
class Mistake:
    """Where a generated file is not Python, by lines and columns from 1."""

    path: str
    line: int
    column: int
    message: str


class FormattingError(Exception):
    """Generated files are not Python."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(f"{one.path}:{one.line}:{one.column}: {one.message}" for one in self.mistakes))


def format_python(folder: Path, packages: Iterable[str]) -> None:
    """Give the Python files below a folder sorted imports and ruff's format.

    Folders there are `packages` even without the file that says so. Raises FormattingError when some
    do not parse, with the first mistake of each; those are as they were then.
    """
    if not any(folder.rglob("*.py")):
        return
    lacking = [file for package in packages if not (file := folder / package / "__init__.py").exists()]
    stand_ins = [file for file in lacking if file.parent.is_dir()]
    for file in stand_ins:
        file.touch()
    found = _ruff(folder, "check", "--fix", "--select", "I,F401", "--exit-zero", "--output-format", "json", *_COMMON)
    for file in stand_ins:
        file.unlink()
    if mistakes := _mistakes(folder.resolve(), found):
        raise FormattingError(mistakes)
    _ruff(folder, "format", *_COMMON)


def _mistakes(folder: Path, found: str) -> list[Mistake]:
    first: dict[str, Mistake] = {}
    for one in json.loads(found):
        if one["code"] in (None, "invalid-syntax"):
            path = Path(one["filename"]).relative_to(folder).as_posix()
            first.setdefault(path, Mistake(path, one["location"]["row"], one["location"]["column"], one["message"]))
    return list(first.values())


def _ruff(folder: Path, *arguments: str) -> str:
    command = [find_ruff_bin(), *arguments, "."]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=True).stdout  # noqa: S603
