"""Findings about the spec, as values, and how they are shown."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["error", "warning"]
"""An error stands in the way of an output, a warning does not."""

_EXCERPT = 120
"""Characters of a source line that are shown."""


@dataclass(frozen=True, order=True)
class Diagnostic:
    """One thing that is wrong, where it is, and what to do about it."""

    file: str
    """Path relative to the project, with forward slashes."""
    line: int
    """From 1."""
    column: int
    """From 1, in characters."""
    rule: str
    """Stable id, such as `unknown-error-code`."""
    message: str
    hint: str = ""
    """What to do, or what was probably meant."""
    source: str = ""
    """The line of the file; empty when there is none."""
    severity: Severity = "error"

    @property
    def headline(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.severity}[{self.rule}]: {self.message}"


def errors(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return those that stand in the way of an output."""
    return [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """Return how many there are of each severity, as a sentence: `2 errors, 1 warning`."""
    found = Counter(diagnostic.severity for diagnostic in set(diagnostics))
    counts = [f"{count} {severity}{'s' if count > 1 else ''}" for severity, count in sorted(found.items())]
    return f"{', '.join(counts)}."


def as_text(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the findings as a compiler shows them: headline, source line, caret, suggestion."""
    return "".join(_block(diagnostic) for diagnostic in sorted(set(diagnostics)))


def as_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the findings as a JSON array of objects with the fields of `Diagnostic`."""
    return json.dumps([asdict(diagnostic) for diagnostic in sorted(set(diagnostics))], indent=2, ensure_ascii=False)


def as_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the findings as annotations of a GitHub workflow."""
    return "".join(
        f"::{d.severity} file={_property(d.file)},line={d.line},col={d.column},title={_property(d.rule)}::"
        f"{_data(f'{d.message}. {d.hint}' if d.hint else d.message)}\n"
        for d in sorted(set(diagnostics))
    )


def _block(diagnostic: Diagnostic) -> str:
    lines = [_printable(diagnostic.headline)]
    if diagnostic.source.strip():
        number = str(diagnostic.line)
        start = max(0, diagnostic.column - 1 - _EXCERPT // 2) if len(diagnostic.source) > _EXCERPT else 0
        excerpt = diagnostic.source[start : start + _EXCERPT]
        # The caret stands under the character it means, so the margin keeps the tabs before it.
        before = _printable(excerpt[: diagnostic.column - 1 - start], keep_tabs=True)
        margin = "".join("\t" if char == "\t" else " " * _width(char) for char in before)
        lines.append(f"  {number} | {_printable(excerpt, keep_tabs=True)}")
        lines.append(f"  {' ' * len(number)} | {margin}^")
    if diagnostic.hint:
        lines.append(f"    = {_printable(diagnostic.hint)}")
    return "\n".join(lines) + "\n"


def _printable(text: str, *, keep_tabs: bool = False) -> str:
    """Return `text` without anything that could steer a terminal."""
    return "".join(
        char if char.isprintable() or (keep_tabs and char == "\t") else char.encode("unicode_escape").decode()
        for char in text
    )


def _width(char: str) -> int:
    """Return how many columns of a terminal a character takes."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
