"""`timgen lint`."""

from __future__ import annotations

import sys

import click

from timgen.cli.reporting import all_fine, report
from timgen.cli.shared import FINDINGS, State, format_option, guarded, progress_shown


@click.command()
@format_option
@click.pass_obj
@guarded
def lint(state: State, form: str) -> None:
    """Check the spec: syntax, form, references, names, examples. All findings in one run.

    Exits with 1 when there are errors; warnings alone, such as a shared schema that nothing uses, leave it at 0.
    """
    from timgen.pipeline import load

    project = state.project()
    with progress_shown() as progress:
        progress("Checking the spec")
        built, findings = load(project.root)
    if findings:
        report(findings, form)
    if built is None:
        sys.exit(FINDINGS)
    if not findings:
        all_fine(f"{sum(1 for _ in built.spec.documents())} files, nothing to report.", form)
