"""Formatting the generated Python: ruff over all files that changed, once."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ruff import find_ruff_bin  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]

# Isolated: nobody's own settings may change the bytes.
_COMMON = ["--isolated", "--no-cache", "--quiet", "--target-version", "py311", "--line-length", "100"]


class FormattingError(Exception):
    """A generated file is not Python."""


def format_python(files: Mapping[str, str]) -> dict[str, str]:
    """Return the files, by path, with sorted imports and ruff's format.

    Raises FormattingError when one does not parse; the text names file, line and column.
    """
    if not files:
        return {}
    with tempfile.TemporaryDirectory(prefix="timgen-") as name:
        folder = Path(name)
        for path, text in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
        _ruff(folder, "check", "--fix", "--select", "I,F401", "--exit-zero", "--output-format", "concise", *_COMMON)
        _ruff(folder, "format", *_COMMON)
        return {path: (folder / path).read_text(encoding="utf-8") for path in files}


def _ruff(folder: Path, *arguments: str) -> None:
    command = [find_ruff_bin(), *arguments, "."]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode or "invalid-syntax" in result.stdout:
        raise FormattingError((result.stdout or result.stderr).strip())
