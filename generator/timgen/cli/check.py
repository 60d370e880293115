"""`timgen check`."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from timgen.cli.reporting import all_fine, report_drift
from timgen.cli.shared import FINDINGS, State, format_option, guarded, inputs_of, tree_of


@click.command()
@format_option
@click.pass_obj
@guarded
def check(state: State, form: str) -> None:
    """Tell whether generated/ is what the spec says; write nothing.

    Exits with 1 and a diff when it is not, naming missing, stale, edited and extra files.
    """
    from timgen.pipeline import is_current
    from timgen.publishing.manifest import MANIFEST
    from timgen.publishing.publish import compare, is_listed

    project, inputs, memory = inputs_of(state)
    if is_current(project, memory):
        all_fine(f"{len(memory.files)} files are what the spec says.", form)
        return
    tree = tree_of(project, inputs, memory, form)
    drift = compare(project.output, tree.files)
    if not drift and not is_listed(project.output, tree.manifest):
        drift = replace(drift, stale=(MANIFEST,))
    if not drift:
        all_fine(f"{len(tree.files)} files are what the spec says.", form)
        return
    report_drift(project, tree, drift, form)
    sys.exit(FINDINGS)
