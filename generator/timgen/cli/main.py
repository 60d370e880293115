"""The program. Exit codes: 0 fine, 1 findings, 2 wrong usage or a file that cannot be read or written."""

from __future__ import annotations

from pathlib import Path

import click

from timgen.cli.check import check
from timgen.cli.coverage import coverage
from timgen.cli.explain import explain
from timgen.cli.generate import generate
from timgen.cli.import_ import import_
from timgen.cli.lint import lint
from timgen.cli.mock import mock
from timgen.cli.new import new
from timgen.cli.shared import State
from timgen.cli.vendor import vendor
from timgen.cli.watch import watch


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


for command in (generate, check, lint, watch, new, import_, mock, explain, coverage, vendor):
    main.add_command(command)
