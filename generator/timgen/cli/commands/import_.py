"""`timgen import`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from timgen.cli.shared import FINDINGS, State, guarded


@click.command("import")
@click.argument("pages", nargs=-1, required=True, metavar="PAGE.md...", type=click.Path(path_type=Path))
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="File to write one page's draft to; - prints all drafts. Default: the place in spec/.",
)
@click.pass_obj
@guarded
def import_(state: State, pages: tuple[Path, ...], output: Path | None) -> None:
    """Draft spec files from pages of the vendor's documentation, as Markdown.

    The drafts have the fields, limits, codes and samples of the page, and the mark TODO where a person
    must find words or decide; `timgen lint` names every such place. No file is overwritten.
    """
    from timgen.importing import PageError, known_in, read_drafts, write_drafts, write_new
    from timgen.reading.spec import read_spec

    to_stdout = output == Path("-")
    if output and not to_stdout and len(pages) > 1:
        raise click.UsageError("--output takes one page, or - for all")
    project = state.project()
    known = known_in(read_spec(project.root)[0])
    refused = False
    for number, page in enumerate(pages):
        try:
            drafts = read_drafts(page, known)
            if to_stdout:
                click.echo(("---\n" if number else "") + drafts[0].text, nl=False)
            elif output:
                write_new(output, drafts[0].text, str(output))
                click.echo(f"wrote   {output}")
            else:
                for path in write_drafts(project.root, drafts):
                    click.echo(f"wrote   {path}")
            for line, warning in drafts[0].warnings:
                click.echo(f"{page}:{line}: {warning}", err=True)
        except PageError as error:
            click.echo(f"{page}: {error}", err=True)
            refused = True
    if refused:
        sys.exit(FINDINGS)
