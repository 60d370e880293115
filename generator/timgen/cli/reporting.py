"""What the command line shows: findings, and what differs from what the spec says."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from timgen.pipeline import Tree
    from timgen.publishing.publish import Drift
    from timgen.reading.diagnostics import Diagnostic
    from timgen.reading.project import Project

DRIFT = {
    "missing": ("missing", "run `timgen generate`"),
    "stale": ("not what the spec says", "run `timgen generate`"),
    "gone": ("its source is gone", "run `timgen generate`"),
    "edited": ("edited by hand", "restore or delete it; what it shall say belongs into spec/ or templates/"),
    "extra": ("not made by timgen", "delete it or move it"),
}
"""What is wrong with a file of the output, and what to do about it."""
_RULES = {"gone": "stale"}
"""The rule's id, where it is not the same word."""
_ALONE = {DRIFT[kind][0] for kind in ("gone", "extra")}
"""What no diff follows, so that the line says what to do."""


_HEADLINE = re.compile(r"(?P<place>.*?:[0-9]+:[0-9]+): (?P<label>(?:error|warning)\[[a-z-]+\]): (?P<message>.*)")


def all_fine(summary: str, form: str) -> None:
    """Say that there is nothing to report, which is an empty list as JSON and nothing as annotations."""
    click.echo(summary, err=form != "text")
    if form == "json":
        click.echo("[]")


def report(findings: list[Diagnostic], form: str) -> None:
    """Show findings as `form` says: text, json or github."""
    from timgen.reading import diagnostics

    if form == "json":
        click.echo(diagnostics.as_json(findings))
    elif form == "github":
        click.echo(diagnostics.as_github(findings), nl=False)
    else:
        for line in diagnostics.as_text(findings).splitlines():
            click.echo(_coloured(line))
        click.echo(diagnostics.summary(findings))


def _coloured(line: str) -> str:
    """Return a line of a report with colour, which click strips where there is no terminal."""
    if line.startswith("  "):
        return click.style(line, fg="cyan") if line.lstrip().startswith("=") else line
    head = _HEADLINE.fullmatch(line)
    if not head:
        return line
    label = click.style(head["label"], fg="red" if head["label"].startswith("error") else "yellow", bold=True)
    return f"{click.style(head['place'], bold=True)}: {label}: {head['message']}"


def report_drift(project: Project, tree: Tree, drift: Drift, form: str) -> None:
    """Show what differs from what the spec says, as text with a diff."""
    import difflib

    from timgen.publishing.outputs import MANIFEST

    report_paths(drift, form)
    if form != "text":
        return
    different = sorted((*drift.stale, *drift.edited, *drift.missing))
    files = {path: tree.files[path].read_bytes() for path in different if path in tree.files}
    files[MANIFEST] = tree.manifest.to_json().encode()
    for path in different:
        file = project.output / path
        # Split by hand, so that line ends that were edited show.
        old = file.read_bytes().decode(errors="replace").split("\n") if file.is_file() else []
        new = files[path].decode().split("\n") if path in files else []
        name = f"generated/{path}"
        for line in difflib.unified_diff(old, new, name, f"{name} (spec)", lineterm=""):
            colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
            click.echo(click.style(line, fg=colour) if colour else line)
    if different or drift.gone:
        click.echo("Run `timgen generate`.", err=True)


def report_paths(drift: Drift, form: str) -> None:
    """Show which files differ from what the spec says."""
    from timgen.reading.diagnostics import Diagnostic

    findings = [
        Diagnostic(f"generated/{path}", 1, 1, _RULES.get(kind, kind), *DRIFT[kind])
        for kind, paths in asdict(drift).items()
        for path in paths
    ]
    if form != "text":
        report(findings, form)
        return
    for finding in findings:
        hint = f"; {finding.hint}" if finding.message in _ALONE else ""
        click.echo(f"{finding.file}: {finding.message}{hint}")
