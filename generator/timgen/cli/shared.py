"""What the commands share: the project at hand, exit codes, the stages that they start."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

import click

from timgen.cli.reporting import report
from timgen.reading import project as projects
from timgen.reading.project import NoProjectError, Project

if TYPE_CHECKING:
    from timgen.modelling.model import Api
    from timgen.pipeline import Progress, Tree
    from timgen.publishing.standing import Standing

P = ParamSpec("P")

FINDINGS = 1
FAILURE = 2


format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="How findings are reported.",
)


class State:
    """What the options before the command say."""

    def __init__(self, root: Path | None) -> None:
        self._root = root

    def project(self, *, packaged: bool = False) -> Project:
        """Return the project to work on; with `packaged`, this release's own where there is no other."""
        if self._root:
            return projects.at(self._root.resolve())
        try:
            return projects.find(Path.cwd())
        except NoProjectError:
            if packaged:
                return projects.packaged()
            raise


def guarded(function: Callable[P, None]) -> Callable[P, None]:
    """Turn what a user can cause into a message and exit code 2."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        from timgen.publishing.outputs import ManifestError

        try:
            function(*args, **kwargs)
        except (NoProjectError, ManifestError) as error:
            _fail(str(error))
        except BrokenPipeError:
            # The reader of our output has seen enough.
            sys.stderr.close()
            sys.exit(FAILURE)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            _fail(f"{where}{error.strerror or error}")

    return run


def _fail(message: str) -> None:
    click.echo(f"timgen: {message}", err=True)
    sys.exit(FAILURE)


def model_of(state: State) -> Api:
    """Return the model of the project at hand, or of this release; report what stands in the way and exit."""
    from timgen.pipeline import SpecError, load_api

    try:
        return load_api(state.project(packaged=True).root)
    except SpecError as error:
        report(list(error.findings), "text")
        sys.exit(FINDINGS)


@contextmanager
def tree_of(standing: Standing, form: str) -> Generator[Tree]:
    """Make the output, which is there until the block ends, or report what stands in the way and exit."""
    import tempfile

    from timgen.pipeline import make_tree

    with tempfile.TemporaryDirectory(prefix="timgen-") as name:
        with progress_shown() as progress:
            tree, findings = make_tree(
                standing.project, standing.inputs, standing.memory, standing.existing, Path(name), progress
            )
        if tree is None:
            report(findings, form)
            sys.exit(FINDINGS)
        yield tree


@contextmanager
def progress_shown() -> Generator[Progress]:
    """Work with the stage at work shown on a terminal; elsewhere say nothing."""
    if not sys.stderr.isatty():
        yield lambda _stage: None
        return
    from rich.console import Console

    with Console(stderr=True).status("Reading") as status:
        yield lambda stage: status.update(stage)
