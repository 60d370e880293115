"""`timgen new`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from timgen.cli.reporting import report
from timgen.cli.shared import FINDINGS, State, guarded

if TYPE_CHECKING:
    from timgen.tools.new import Part

_NAMES = {
    "service": ("NAME", "a folder with a file about itself: weather_svc"),
    "command": ("SERVICE/NAME", "its file, and that of its service when there is none: weather_svc/get_forecast"),
    "webhook": ("NAME", "its file: Weather.AfterStorm"),
    "error": ("CODE", "an entry at its place in spec/errors.yaml: 79999"),
    "schema": ("NAME", "a file with a schema that several commands share: Forecast"),
}


@click.group()
def new() -> None:
    """Begin a service, a command, a webhook, an error code or a shared schema.

    Writes what `timgen lint` takes but for the places marked TODO, each of which it names with what must
    be written there. Nothing is asked, and no file is overwritten.
    """


def _add(kind: str, metavar: str, meaning: str) -> None:
    # A negative code looks like an option.
    settings = {"ignore_unknown_options": kind == "error"}

    @new.command(kind, help=f"Begin {'an' if kind == 'error' else 'a'} {kind}: {meaning}.", context_settings=settings)
    @click.argument("name", metavar=metavar)
    @click.pass_obj
    @guarded
    def run(state: State, name: str) -> None:
        _begin(state, kind, name)


for _kind, _about in _NAMES.items():
    _add(_kind, *_about)


def _begin(state: State, kind: str, name: str) -> None:
    from timgen.reading.spec import read_spec
    from timgen.tools import new as tool

    root = state.project().root
    spec, unreadable = read_spec(root)
    # What the new part is measured by must be known.
    needed = {spec.api.file, spec.errors.file} if kind == "error" else {spec.api.file}
    broken = [
        one for one in unreadable if one.file in needed and (one.file, one.rule) != ("spec/errors.yaml", "missing-file")
    ]
    if broken:
        report(broken, "text")
        sys.exit(FINDINGS)
    if not spec.version and kind in ("service", "command"):
        raise click.UsageError("spec/api.yaml does not say `protocol: {version: ...}`, the folder of the commands")
    try:
        parts: list[Part] = (
            tool.new_error(spec, root, name)
            if kind == "error"
            else {
                "service": tool.new_service,
                "command": tool.new_command,
                "webhook": tool.new_webhook,
                "schema": tool.new_schema,
            }[kind](spec, name)
        )
        tool.write(root, parts)
    except tool.NewError as error:
        raise click.UsageError(str(error)) from error
    for part in parts:
        click.echo(f"{'changed' if part.replaces else 'wrote  '} {part.path}")
    for part in parts:
        if part.note:
            click.echo(part.note)
    count = tool.marks(parts)
    places = "1 place" if count == 1 else f"{count} places"
    click.echo(f"Next: fill in {places} marked TODO, which `timgen lint` names; then `timgen generate`.")
