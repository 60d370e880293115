"""`timgen diff`."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from timgen.cli.reporting import report
from timgen.cli.shared import FINDINGS, State, guarded, progress_shown
from timgen.reading.project import NoProjectError

if TYPE_CHECKING:
    from pathlib import Path

    from timgen.modelling.build import Built
    from timgen.reading.spec import Spec
    from timgen.tools.diff.compare import Comparison
    from timgen.tools.diff.revisions import Side


@click.command()
@click.argument("old")
@click.argument("new", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "markdown"]),
    default="text",
    help="How changes are reported; markdown is the paragraph for a CHANGELOG.",
)
@click.pass_obj
@guarded
def diff(state: State, old: str, new: str | None, form: str) -> None:
    """Tell what changed from the spec OLD to NEW, and what that does to apps.

    OLD and NEW are revisions of the project's git repository, or folders; without NEW it is the working tree. Exits
    with 1 when `version` in spec/api.yaml moved by less than the changes ask for.
    """
    from timgen.tools.diff.compare import compare
    from timgen.tools.diff.revisions import opened

    with opened(old, new, _project(state)) as (before, after):
        with progress_shown() as progress:
            progress("Checking both specs")
            older, newer = _load(before, "OLD", form), _load(after, "NEW", form)
        comparison = compare(older, newer)
    _show(comparison, old, newer.spec, form)
    if not comparison.is_declared:
        sys.exit(FINDINGS)


def _project(state: State) -> Path | None:
    """Return the folder of the project at hand; None where there is none, which two folders do not need."""
    try:
        return state.project().root
    except NoProjectError:
        return None


def _load(side: Side, argument: str, form: str) -> Built:
    """Return the model of one side, or report what is wrong with it and exit."""
    from timgen.pipeline import load

    built, findings = load(side.root)
    if built is None:
        click.echo(f"{argument}, {side.name}, does not lint:", err=True)
        named = [replace(finding, file=f"{side.before}{finding.file}") for finding in findings]
        report(named, "text" if form == "markdown" else form)
        sys.exit(FINDINGS)
    return built


def _show(comparison: Comparison, since: str, spec: Spec, form: str) -> None:
    from timgen.tools.diff import report as reports

    if form == "json":
        click.echo(reports.as_json(comparison))
    elif form == "github":
        click.echo(reports.as_github(comparison, since, spec), nl=False)
        click.echo(reports.summary(comparison, since), err=True)
    elif form == "markdown":
        click.echo(reports.as_markdown(comparison), nl=False)
        if not comparison.is_declared:
            click.echo(reports.summary(comparison, since), err=True)
    else:
        for line in reports.as_text(comparison, since).splitlines():
            click.echo(_coloured(line))


def _coloured(line: str) -> str:
    """Return a line of the report with colour, which click strips where there is no terminal."""
    colours = {"Breaking:": "red", "Additive:": "green", "Documentation:": "cyan"}
    return click.style(line, fg=colours[line], bold=True) if line in colours else line
