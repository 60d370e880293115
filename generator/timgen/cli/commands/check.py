"""`timgen check`."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from timgen.cli.reporting import all_fine, report, report_drift
from timgen.cli.shared import FINDINGS, State, format_option, guarded, tree_of

if TYPE_CHECKING:
    from timgen.reading.project import Project


@click.command()
@format_option
@click.pass_obj
@guarded
def check(state: State, form: str) -> None:
    """Tell whether generated/ is what the spec says; write nothing.

    Exits with 1 and a diff when it is not, naming missing, stale, edited and extra files; also when `version` in
    spec/api.yaml moved by less than what changed since the latest tag asks for.
    """
    from timgen.publishing.standing import Standing

    project = state.project()
    standing = Standing(project)
    if standing.count is not None:
        _check_version(project, form)
        all_fine(f"{standing.count} files are what the spec says.", form)
        return
    from timgen.publishing.outputs import MANIFEST
    from timgen.publishing.publish import compare, is_listed

    with tree_of(standing, form) as tree:
        drift = compare(project.output, tree.files, tree.manifest, standing.existing)
        if not drift and not is_listed(project.output, tree.manifest):
            drift = replace(drift, stale=(MANIFEST,))
        if drift:
            report_drift(project, tree, drift, form)
            sys.exit(FINDINGS)
    _check_version(project, form)
    all_fine(f"{len(tree.manifest.files)} files are what the spec says.", form)


def _check_version(project: Project, form: str) -> None:
    """Report a version that moved by too little since the latest release, and exit."""
    from timgen.tools.diff.release import undeclared

    if findings := undeclared(project.root):
        report(findings, form)
        sys.exit(FINDINGS)
