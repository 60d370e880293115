"""`timgen generate`."""

from __future__ import annotations

import sys

import click

from timgen.cli.reporting import DRIFT, all_fine, report_paths
from timgen.cli.shared import FINDINGS, State, format_option, guarded, tree_of


@click.command()
@format_option
@click.pass_obj
@guarded
def generate(state: State, form: str) -> None:
    """Write generated/ anew from spec/ and templates/.

    Only files that changed are written. A file that was edited by hand is refused and nothing is written.
    """
    from timgen.publishing.standing import Standing

    standing = Standing(state.project())
    if standing.count is not None:
        all_fine(f"{standing.count} files are up to date.", form)
        return
    from timgen.publishing.publish import Drift, RefusedError, publish

    try:
        with tree_of(standing, form) as tree:
            published = publish(standing.project.output, tree.files, tree.manifest, standing.existing, standing.index)
    except RefusedError as error:
        report_paths(Drift(missing=(), stale=(), gone=(), edited=error.paths, extra=()), form)
        hint = "Restore these files, or delete them; what they shall say belongs into spec/ or templates/."
        click.echo(f"{hint} Nothing was written.", err=True)
        sys.exit(FINDINGS)
    lines = [f"wrote   generated/{path}" for path in published.written]
    lines += [f"removed generated/{path}" for path in published.removed]
    if lines:
        click.echo("\n".join(lines), err=form != "text")
    for path in published.extra:
        click.echo(f"generated/{path}: {DRIFT['extra'][0]}; {DRIFT['extra'][1]}", err=True)
    summary = (
        f"{len(published.written)} files written, {len(published.removed)} removed, {published.unchanged} unchanged."
    )
    all_fine(summary, form)
