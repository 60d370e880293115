"""The program. Exit codes: 0 fine, 1 findings, 2 wrong usage or a file that cannot be read or written."""

from __future__ import annotations

from pathlib import Path

import click

from timgen.cli.commands.check import check
from timgen.cli.commands.coverage import coverage
from timgen.cli.commands.diff import diff
from timgen.cli.commands.explain import explain
from timgen.cli.commands.generate import generate
from timgen.cli.commands.import_ import import_
from timgen.cli.commands.lint import lint
from timgen.cli.commands.new import new
from timgen.cli.commands.vendor import vendor
from timgen.cli.commands.watch import watch
from timgen.cli.shared import State


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--root",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of the project. Default: the nearest one upwards that has spec/api.yaml.",
)
@click.version_option(package_name="timgen", prog_name="timgen")
@click.pass_context
def main(context: click.Context, root: Path | None) -> None:
    """Generate a typed client of an API, and its documentation, from one spec."""
    context.obj = State(root)


for command in (generate, check, lint, watch, diff, new, vendor, import_, explain, coverage):
    main.add_command(command)
