"""`timgen vendor`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from timgen.cli.reporting import report
from timgen.cli.shared import FAILURE, FINDINGS, State, format_option, guarded, progress_shown
from timgen.cli.vendor_reporting import report_check, report_paths, report_update

if TYPE_CHECKING:
    from timgen.reading.project import Project
    from timgen.tools.vendor.making import Made
    from timgen.tools.vendor.record import Options, Record


@click.command()
@click.argument("folder", metavar="DEST", type=click.Path(path_type=Path))
@click.option(
    "--only",
    multiple=True,
    metavar="NAMES",
    help="Namespaces, methods and `webhooks`, with commas between them: groups,messages.send,webhooks.",
)
@click.option("--whole", is_flag=True, help="Everything, in place of an earlier --only.")
@click.option("--async/--no-async", "has_async", default=None, help="With the asynchronous client, or without.")
@click.option("--cli/--no-cli", "has_cli", default=None, help="With the command line of the client, or without.")
@click.option("--check", "is_check", is_flag=True, help="Write nothing; exit with 1 and name what differs.")
@click.option("--force", is_flag=True, help="Overwrite what was edited by hand.")
@format_option
@click.pass_obj
@guarded
def vendor(
    state: State,
    folder: Path,
    only: tuple[str, ...],
    whole: bool,
    has_async: bool | None,
    has_cli: bool | None,
    is_check: bool,
    force: bool,
    form: str,
) -> None:
    """Write the client into the folder DEST of somebody's project, or bring the copy there up to date.

    DEST becomes a package that can be imported under any name. Its `timgen.json` holds the options, which
    later runs keep unless they are given others. A file that was edited by hand is refused and nothing is
    written.
    """
    from timgen.tools.vendor import copy
    from timgen.tools.vendor.record import Options

    if only and whole:
        raise click.UsageError("--only and --whole exclude each other")
    if is_check and force:
        raise click.UsageError("--check writes nothing, so there is nothing to --force")
    names = tuple(name for given in only for name in map(str.strip, given.split(",")) if name)
    if only and not names:
        raise click.UsageError("--only names nothing")
    project = state.project(packaged=True)
    try:
        copy.check_place(folder, project)
        record = _record_of(folder, is_check=is_check, force=force)
    except copy.PlaceError as error:
        _fail(str(error))
    kept = record.options if record else Options()
    options = Options(
        names or (() if whole else kept.only),
        kept.has_async if has_async is None else has_async,
        kept.has_cli if has_cli is None else has_cli,
    )
    made = _made(project, options, form, recorded=not names)
    if record and record.distribution != made.record.distribution:
        _fail(
            f"{folder} is a copy of {record.distribution}, but the spec at hand is that of {made.record.distribution}"
        )
    difference = copy.compare(folder, made, record)
    if is_check:
        report_check(folder, made, difference, form)
        if difference:
            sys.exit(FINDINGS)
    elif difference.edited and not force:
        report_paths(folder, {"edited": difference.edited}, form)
        click.echo("Restore or delete these files, or overwrite them with --force. Nothing was written.", err=True)
        sys.exit(FINDINGS)
    else:
        report_update(folder, made, record, copy.update(folder, made, record), form)


def _record_of(folder: Path, *, is_check: bool, force: bool) -> Record | None:
    """Return the record of the copy at hand, None for a new one; PlaceError when there can be none."""
    from timgen.tools.vendor import copy
    from timgen.tools.vendor.record import RECORD, RecordError, read_record

    try:
        record = read_record(folder)
    except RecordError as error:
        if not force:
            hint = "restore it, or write the copy anew with --force and the options that it shall have"
            _fail(f"{error}; {hint}")
        return None
    if record is None and is_check:
        _fail(f"{folder} is no vendored copy: it has no {RECORD}")
    if record is None:
        copy.check_new(folder)
    return record


def _made(project: Project, options: Options, form: str, *, recorded: bool) -> Made:
    """Make the copy, or report what stands in the way and exit."""
    from timgen.tools.vendor.making import make
    from timgen.tools.vendor.record import RECORD
    from timgen.tools.vendor.selection import UnknownNamesError

    try:
        with progress_shown() as progress:
            made, findings = make(project, options, progress)
    except UnknownNamesError as error:
        where = f". {RECORD} names it; say with --only or --whole what the copy shall have" if recorded else ""
        _fail(f"{error}{where}")
    if made is None:
        report(findings, form)
        sys.exit(FINDINGS)
    return made


def _fail(message: str) -> NoReturn:
    click.echo(f"timgen: {message}", err=True)
    sys.exit(FAILURE)
