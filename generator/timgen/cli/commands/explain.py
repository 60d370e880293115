"""`timgen explain`."""

from __future__ import annotations

import re
import sys

import click

from timgen.cli.shared import FINDINGS, State, guarded, model_of


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("topic", metavar="CODE|templates")
@click.pass_obj
@guarded
def explain(state: State, topic: str) -> None:
    """Say what an error code means, what to do about it, and which commands answer with it.

    In place of a code, `templates`: the reference for those who write templates, as Markdown.
    """
    if topic == "templates":
        from timgen.tools.reference import reference

        click.echo(reference(), nl=False)
        return
    from timgen.tools import explain as pages

    if not re.fullmatch("-?[0-9]+", topic):
        raise click.UsageError(f"{topic!r} is no error code; give one, or `templates`")
    api, code = model_of(state), int(topic)
    error = next((error for error in api.errors if error.code == code), None)
    if error is None:
        click.echo(f"timgen: {code} is not in spec/errors.yaml; the nearest codes there:", err=True)
        for near in pages.nearest(api, code):
            click.echo(f"  {near.code} {near.name}", err=True)
        sys.exit(FINDINGS)
    title, _, rest = pages.explain(api, error).partition("\n")
    click.echo(click.style(title, bold=True))
    click.echo(rest, nl=False)
