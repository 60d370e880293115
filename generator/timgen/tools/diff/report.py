"""A comparison as text, JSON, annotations of a GitHub workflow, or a paragraph for the CHANGELOG."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from timgen.reading.spec import Spec
from timgen.rendering.markdown import code, escape
from timgen.tools.diff.changes import Change, Level
from timgen.tools.diff.commands import API
from timgen.tools.diff.compare import Comparison
from timgen.tools.diff.positions import position

_TITLES: Mapping[Level, str] = {"breaking": "Breaking", "additive": "Additive", "docs": "Documentation"}
_GITHUB: Mapping[Level, str] = {"breaking": "warning", "additive": "notice", "docs": "notice"}


def as_text(comparison: Comparison, since: str) -> str:
    """Return the changes by level, each with its file, and a line that says which step of the version they ask for.

    `since` names the older spec.
    """
    lines: list[str] = []
    for level, title in _TITLES.items():
        if changes := _of(comparison, level):
            lines.append(f"{title}:")
            for change in changes:
                lines.append(f"  {_printable(change.subject)}: {_printable(change.message)} [{change.kind}]")
                lines.append(f"    {_printable(change.file)}")
            lines.append("")
    return "\n".join([*lines, summary(comparison, since)]) + "\n"


def as_json(comparison: Comparison) -> str:
    """Return `{"level", "step", "changes": [{"level", "kind", "subject", "file", "message"}]}`."""
    changes = [asdict(change) for change in comparison.changes]
    found = {"level": comparison.level, "step": comparison.step, "changes": changes}
    return json.dumps(found, indent=2, ensure_ascii=False)


def as_github(comparison: Comparison, since: str, spec: Spec) -> str:
    """Return an annotation for each change, at its place in `spec`, which is the newer one.

    There is an error too for a version that did not move enough.
    """
    lines = [
        f"::{_GITHUB[change.level]} {_place(change.file, *position(spec, change))},"
        f"title={_property(f'{change.level}: {change.kind}')}::{_data(f'{change.subject}: {change.message}')}"
        for change in comparison.changes
    ]
    if not comparison.is_declared:
        place = _place(API, *spec.api.position(("version",)))
        lines.append(f"::error {place},title=version::{_data(summary(comparison, since))}")
    return "".join(f"{line}\n" for line in lines)


def as_markdown(comparison: Comparison) -> str:
    """Return the paragraph for the CHANGELOG: what breaks and what is new, under the version that it needs."""
    version = comparison.new_version if comparison.is_declared else comparison.needed
    lines = [f"## {version}", ""]
    for level, title in (("breaking", "Breaking:"), ("additive", "New:")):
        if changes := [change for change in comparison.changes if change.level == level]:
            lines += [title, "", *(f"- {code(change.subject)}: {escape(change.message)}." for change in changes), ""]
    if docs := len(_of(comparison, "docs")):
        lines += [f"Documentation: {docs} {_plural('change', docs)}.", ""]
    if not comparison.changes:
        lines += ["No changes.", ""]
    return "\n".join(lines[:-1]) + "\n"


def summary(comparison: Comparison, since: str) -> str:
    """Return one line: how many changes of which level, and whether the version says so."""
    old, new = comparison.old_version, comparison.new_version
    if not comparison.changes:
        return f"No changes since {since}."
    counted = ", ".join(_counted(comparison))
    if comparison.step == "none":
        return f"{counted} since {since}: no step of the version is needed."
    asked = f"a {comparison.step} step, from {old} to {comparison.needed} or later"
    if comparison.is_declared:
        return f"{counted} since {since}: {asked}; it is {new}."
    return f"{counted} since {since}: `version` in {API} must make {asked}, but it is {new}."


def _counted(comparison: Comparison) -> Iterator[str]:
    for level in _TITLES:
        if count := len(_of(comparison, level)):
            kind = {"breaking": "breaking", "additive": "additive", "docs": "documentation"}[level]
            yield f"{count} {kind} {_plural('change', count)}"


def _of(comparison: Comparison, level: str) -> list[Change]:
    return [change for change in comparison.changes if change.level == level]


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"


def _printable(text: str) -> str:
    """Return `text` without anything that could steer a terminal."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _place(file: str, line: int, column: int) -> str:
    return f"file={_property(file)},line={line},col={column}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
