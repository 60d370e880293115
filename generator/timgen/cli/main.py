"""The program. Exit codes: 0 fine, 1 findings, 2 wrong usage or a file that cannot be read or written."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import cast

import click

from timgen.cli.shared import State

COMMANDS = ("check", "coverage", "diff", "explain", "generate", "import", "lint", "new", "vendor", "watch")


class _Commands(click.Group):
    """The commands, of which a run imports the one that it carries out."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it so
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        name = "import_" if cmd_name == "import" else cmd_name
        return cast(click.Command, getattr(import_module(f"timgen.cli.commands.{name}"), name))


def _show_version(context: click.Context, _option: click.Parameter, is_asked: bool) -> None:
    """Show it without what click imports to find it, which takes a quarter of the time."""
    from timgen.reading.inputs import versions

    if is_asked and not context.resilient_parsing:
        click.echo(f"timgen, version {versions(('timgen',))['timgen']}")
        context.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--root",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of the project. Default: the nearest one upwards that has spec/api.yaml.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
@click.pass_context
def main(context: click.Context, root: Path | None) -> None:
    """Generate a typed client of an API, and its documentation, from one spec."""
    context.obj = State(root)
