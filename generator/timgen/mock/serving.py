"""`timgen mock`: the mock service in the foreground."""

from __future__ import annotations

import contextlib
import logging
import ssl
import time
from pathlib import Path

import click

from timgen.mock.service import MockService
from timgen.modelling.model import Api


def serve(
    api: Api,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    certificate: Path | None = None,
    private_key: Path | None = None,
    verbose: bool = False,
) -> None:
    """Serve until Ctrl-C, after one line on standard output that says where and for whom.

    With a PEM `certificate` (chain) it speaks HTTPS; the key is in `private_key`, or in the same file.
    `verbose` logs one line per call to standard error. Raises OSError when the address cannot be had or
    the files cannot be read, ssl.SSLError (an OSError) when they do not hold a certificate and its key,
    ValueError when there is a key without a certificate.
    """
    if private_key is not None and certificate is None:
        raise ValueError("a private key needs its certificate")
    ssl_context = None
    if certificate is not None:
        ssl_context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        ssl_context.load_cert_chain(certificate, private_key)
    if verbose:
        _log_to_standard_error()
    with (
        contextlib.suppress(KeyboardInterrupt),
        MockService(api, host=host, port=port, ssl_context=ssl_context) as mock,
    ):
        click.echo(
            f"{mock.url} is a mock of {api.title}: "
            f"sdkappid {mock.sdkappid}, secret_key {mock.secret_key}, identifier {mock.identifier}. Ctrl-C ends it."
        )
        while True:
            time.sleep(3600)


def _log_to_standard_error() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    log = logging.getLogger("timgen.mock")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
