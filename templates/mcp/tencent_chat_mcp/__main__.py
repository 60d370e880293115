"""`tencent-chat-mcp`: the server over standard input and output."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from . import __version__

ALLOW_VARIABLE = "TENCENT_CHAT_MCP_ALLOW"


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until the client hangs up. Returns 2, with a message, when what is to be allowed is no command."""
    options = _parser().parse_args(arguments)
    # Each is loaded when it is needed: help and version need nothing, and the SDK takes a while.
    from .allowing import Allowed, UnknownNameError

    named = os.environ.get(ALLOW_VARIABLE, "").replace(",", " ").split()
    try:
        allowed = Allowed([*options.allow, *named])
    except UnknownNameError as error:
        print(f"tencent-chat-mcp: {error}", file=sys.stderr)
        return 2
    from .server import server

    try:
        server(allowed).run()
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tencent-chat-mcp",
        description="Offers the Tencent Cloud Chat server API to language models: an MCP server over standard input "
        "and output, started by an MCP client. It calls commands that only read, and those that --allow names.",
        epilog="The app comes from the environment: TENCENT_CHAT_SDKAPPID; TENCENT_CHAT_SECRET_KEY or "
        "TENCENT_CHAT_USERSIG; TENCENT_CHAT_REGION or TENCENT_CHAT_BASE_URL; and TENCENT_CHAT_IDENTIFIER, "
        "administrator when left out.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"tencent-chat-mcp {__version__}")
    parser.add_argument(
        "--allow",
        metavar="NAME",
        action="append",
        default=[],
        help="let commands be called that change something: messages.send, openim/sendmsg, 'groups.*' or '*'; "
        f"repeatable, and {ALLOW_VARIABLE} may name more, with commas between",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
