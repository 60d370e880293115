"""`timgen watch`."""

from __future__ import annotations

import gc
import subprocess
import sys
from typing import TYPE_CHECKING

import click

from timgen.cli.shared import FAILURE, State, guarded

if TYPE_CHECKING:
    from pathlib import Path

_NAMED = 3
"""Changed files that are named; of more, how many they are is told."""


@click.command()
@click.pass_obj
@guarded
def watch(state: State) -> None:
    """Write generated/ anew whenever a file in spec/ or templates/ changes, until Ctrl-C.

    Each run is one of `timgen generate`: its findings are shown, and the next change starts the next run.
    """
    try:
        from timgen.tools.watch import changes
    except ImportError:
        click.echo("timgen: watch needs the package watchfiles: pip install 'timgen[watch]'", err=True)
        sys.exit(FAILURE)

    # Unlike the others it may run for days.
    gc.enable()
    root = state.project().root
    try:
        click.echo("Watching spec/ and templates/; Ctrl-C ends.")
        for paths in changes(root):
            if paths:
                more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
                click.echo(f"Changed: {', '.join(paths[:_NAMED])}{more}")
            _generate(root)
            # A fixed last line of each run, by which editors know that its findings are complete.
            click.echo("Waiting for changes.")
    except KeyboardInterrupt:
        click.echo()
    except RuntimeError as error:
        click.echo(f"timgen: cannot watch: {error}; WATCHFILES_FORCE_POLLING=1 may help", err=True)
        sys.exit(FAILURE)


def _generate(root: Path) -> None:
    """Run `timgen generate` in a process of its own, which no state of the files can take this one down with."""
    sys.stdout.flush()
    command = [sys.executable, "-m", "timgen", "--root", str(root), "generate"]
    subprocess.run(command, check=False)  # noqa: S603
