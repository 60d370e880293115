"""`PYTHONPATH=tests python -m benchmarks`: the figures of `make bench`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from benchmarks import client, emulator, generator, peers
from benchmarks.table import Checkout, Row, lines

ROOT = Path(__file__).parents[2]


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(["generator", "client", "emulator"]))
@click.option("--before", metavar="REVISION", help="Measure an earlier commit as well, in turn with what is at hand.")
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True)
def main(parts: tuple[str, ...], before: str | None, rounds: int) -> None:
    """Measure what people wait for, against other tools, in one run; print a table in Markdown.

    Without PARTS all is measured. Figures of two runs say nothing about each other.
    """
    checkouts = [Checkout("now", ROOT)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if before:
            checkouts.insert(0, Checkout("before", _unpack(before, folder / "before")))
        rows = list(_measure(parts, checkouts, folder, rounds))
    click.echo("\n".join(lines(checkouts, rows)))


def _measure(parts: tuple[str, ...], checkouts: list[Checkout], folder: Path, rounds: int) -> Iterator[Row]:
    if not parts or "generator" in parts:
        peers.install()
        yield from generator.measure(checkouts, folder, rounds)
    if not parts or "client" in parts:
        yield from client.measure(checkouts, rounds)
    if not parts or "emulator" in parts:
        yield from emulator.measure(checkouts, rounds)


def _unpack(revision: str, folder: Path) -> Path:
    """Write the files of an earlier commit."""
    archive = folder.with_suffix(".tar")
    command = ["git", "-C", str(ROOT), "archive", "--output", str(archive), revision]
    if subprocess.run(command, check=False).returncode:
        sys.exit(2)
    folder.mkdir()
    subprocess.run(["tar", "-x", "-f", str(archive), "-C", str(folder)], check=True)
    return folder


if __name__ == "__main__":
    main()
