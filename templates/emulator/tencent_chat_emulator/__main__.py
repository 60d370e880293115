"""`tencent-chat-emulator`: the emulator in the foreground."""

from __future__ import annotations

import argparse
import logging
import signal
import ssl
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from ._catalogue.catalogue import Catalogue
from ._core.carrying import behaviours
from ._core.listing import as_json, as_text
from .emulator import DEFAULT_IDENTIFIER, DEFAULT_SDKAPPID, DEFAULT_SECRET_KEY, Emulator


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM, after one line on standard output that says where and for whom.

    Returns 2 when the address or a file cannot be had.
    """
    options = _parser().parse_args(arguments)
    if options.list:
        json = options.list == "json"
        print(as_json(behaviours()) if json else as_text(Catalogue(), behaviours()), end="")
        return 0
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda _number, _frame: stop.set())
    if options.verbose:
        _log_to_standard_error()
    try:
        tls = _tls(options.certificate, options.private_key)
        with Emulator(
            options.port,
            seed=options.seed,
            rate_limits=options.rate_limits,
            sdkappid=options.sdkappid,
            secret_key=options.secret_key,
            administrators=options.administrator or [DEFAULT_IDENTIFIER],
            host=options.host,
            tls=tls,
            state=options.state,
        ) as emulator:
            if options.webhooks_to:
                emulator.webhooks.send_to(options.webhooks_to, options.webhooks_token)
            print(
                f"{emulator.url} is the emulator: sdkappid {emulator.sdkappid}, secret_key {emulator.secret_key}, "
                f"identifier {emulator.identifier}. Ctrl-C ends it.",
                flush=True,
            )
            stop.wait()
    except (OSError, ValueError) as error:
        print(f"tencent-chat-emulator: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tencent-chat-emulator",
        description="A double of the Tencent Cloud Chat server API with a memory. It prints its address and the "
        "credentials that it takes, and runs until Ctrl-C. POST, GET, PUT and DELETE below /_emulator/ control it.",
    )
    parser.add_argument(
        "--list",
        nargs="?",
        const="text",
        choices=("text", "json"),
        help="print which commands are modelled, and end",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=_port, default=0, help="port to listen on (a free one)")
    parser.add_argument(
        "--state", type=Path, metavar="FILE", help="keep what is remembered in this file"
    )
    parser.add_argument("--webhooks-to", metavar="URL", help="send webhooks there")
    parser.add_argument("--webhooks-token", metavar="TOKEN", help="sign webhooks with this token")
    parser.add_argument("--rate-limits", action="store_true", help="refuse calls that are too many")
    parser.add_argument("--seed", type=int, default=0, help="other IDs for another seed (0)")
    parser.add_argument(
        "--sdkappid", type=int, default=DEFAULT_SDKAPPID, help=f"of the app ({DEFAULT_SDKAPPID})"
    )
    parser.add_argument("--secret-key", default=DEFAULT_SECRET_KEY, help="of the app")
    parser.add_argument(
        "--administrator",
        action="append",
        help=f"an account that may call ({DEFAULT_IDENTIFIER}); repeatable",
    )
    parser.add_argument(
        "--certificate",
        type=Path,
        metavar="FILE",
        help="PEM file with a certificate chain: serve HTTPS",
    )
    parser.add_argument(
        "--private-key",
        type=Path,
        metavar="FILE",
        help="PEM file with the certificate's key (the same file)",
    )
    parser.add_argument(
        "--verbose", action="store_true", help="a line for each call on standard error"
    )
    return parser


def _tls(certificate: Path | None, private_key: Path | None) -> ssl.SSLContext | None:
    if certificate is None:
        if private_key is not None:
            raise ValueError("--private-key needs --certificate")
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, private_key)
    except OSError as error:
        names = " and ".join(str(file) for file in (certificate, private_key) if file)
        raise ValueError(f"{names}: no certificate and its key can be read: {error}") from None
    return context


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 65535")
    return int(text)


def _log_to_standard_error() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    log = logging.getLogger("tencent_chat_emulator")
    log.addHandler(handler)
    log.setLevel(logging.INFO)


if __name__ == "__main__":
    sys.exit(main())
