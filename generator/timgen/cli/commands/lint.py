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
    from timgen import pipeline
    from timgen.publishing.memory import recall
    from timgen.reading.diagnostics import errors
    from timgen.reading.index import FOLDER, Index
    from timgen.reading.inputs import look_around, read_inputs

    project = state.project()
    index = Index(project.root / FOLDER)
    inputs = read_inputs(project, index, look_around(project, with_templates=False))
    with progress_shown() as progress:
        progress("Checking the spec")
        files, findings = pipeline.lint(project, inputs, recall(project.root, inputs, index))
    if findings:
        report(findings, form)
    if errors(findings):
        sys.exit(FINDINGS)
    if not findings:
        all_fine(f"{files} files, nothing to report.", form)
