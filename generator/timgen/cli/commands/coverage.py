"""`timgen coverage`."""

from __future__ import annotations

from dataclasses import asdict

import click

from timgen.cli.shared import State, guarded, model_of


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is reported.")
@click.pass_obj
@guarded
def coverage(state: State, form: str) -> None:
    """Count commands, webhooks and error codes; name the entries that are partial or lack something."""
    import json

    from timgen.tools.coverage import as_text, measure

    measured = measure(model_of(state))
    click.echo(json.dumps(asdict(measured), indent=2) if form == "json" else as_text(measured).rstrip("\n"))
