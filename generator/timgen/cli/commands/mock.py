"""`timgen mock`."""

from __future__ import annotations

from pathlib import Path

import click

from timgen.cli.shared import State, guarded, model_of

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on. Default: a free one.")
@click.option("--certificate", type=FILE, help="PEM file with a certificate chain: serve HTTPS.")
@click.option("--private-key", type=FILE, help="PEM file with the certificate's key. Default: the same file.")
@click.option("--verbose", is_flag=True, help="One line a call on standard error.")
@click.pass_obj
@guarded
def mock(state: State, host: str, port: int, certificate: Path | None, private_key: Path | None, verbose: bool) -> None:
    """Serve a mock of the API that checks calls and answers with the spec's examples.

    Outside a project it serves the spec of this release. It prints its address and the credentials
    it takes, and runs until Ctrl-C.
    """
    from timgen.mock import serve

    if private_key and not certificate:
        raise click.UsageError("--private-key needs --certificate")
    serve(model_of(state), host=host, port=port, certificate=certificate, private_key=private_key, verbose=verbose)
