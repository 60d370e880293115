"""What `timgen vendor` shows."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timgen.cli.reporting import all_fine, report

if TYPE_CHECKING:
    from timgen.tools.vendor.copy import Difference, Update
    from timgen.tools.vendor.making import Made
    from timgen.tools.vendor.record import Record

_DIFFERENCES = {
    "missing": ("missing", "run `timgen vendor`"),
    "outdated": ("outdated", "run `timgen vendor`"),
    "edited": ("edited by hand", "restore or delete it; `timgen vendor --force` overwrites it"),
}


def report_check(folder: Path, made: Made, difference: Difference, form: str) -> None:
    """Show how the copy differs from what it should be, or that it does not."""
    if not difference:
        all_fine(f"{len(made.files)} files are {_name(made.record)}.", form)
        return
    report_paths(folder, asdict(difference), form)
    if form == "text":
        click.echo(f"Run `timgen vendor {folder}`.", err=True)


def report_update(folder: Path, made: Made, old: Record | None, update: Update, form: str) -> None:
    """Show what was written and removed; of a new copy only how much."""
    if old is not None:
        for path in update.written:
            click.echo(f"wrote   {(folder / path).as_posix()}", err=form != "text")
        for path in update.removed:
            click.echo(f"removed {(folder / path).as_posix()}", err=form != "text")
    changed = f"{len(update.written)} files written, {len(update.removed)} removed, {update.unchanged} unchanged."
    before = f"{old.version} -> " if old is not None and old.version != made.record.version else ""
    all_fine(f"{folder}: {made.record.distribution} {before}{made.record.version}: {changed}", form)


def report_paths(folder: Path, paths: dict[str, tuple[str, ...]], form: str) -> None:
    """Show how files of the copy differ from what they should be."""
    from timgen.reading.diagnostics import Diagnostic

    findings = [
        Diagnostic((folder / path).as_posix(), 1, 1, kind, *_DIFFERENCES[kind])
        for kind, found in paths.items()
        for path in found
    ]
    if form != "text":
        report(findings, form)
        return
    for finding in findings:
        click.echo(f"{finding.file}: {finding.message}")


def _name(record: Record) -> str:
    return f"{record.distribution} {record.version}"
