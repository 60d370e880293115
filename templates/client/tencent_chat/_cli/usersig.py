"""`usersig`: makes, reads and checks UserSigs."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from .arguments import (
    UsageError,
    Verbs,
    add_app,
    add_verb,
    app_id,
    ask_secret,
    at_terminal,
    key,
    settings,
    standard_input,
)
from .screen import Screen

if TYPE_CHECKING:
    from ..usersig import UserSig


def add_to(verbs: Verbs) -> None:
    parser = add_verb(
        verbs,
        "usersig",
        "make, read or check a UserSig",
        """A UserSig is what an account logs in with, and a secret until it expires: it is read from stdin or asked
        for, and only generate prints one.""",
        """\
        Examples:
          {program} usersig generate bob --expire 3600
          {program} usersig decode < token.txt
          {program} usersig verify --userid bob < token.txt

        Exit codes: 0 fine; 1 no UserSig, or it does not hold; 2 wrong usage.
        """,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)

    generate = add_verb(
        actions,
        "generate",
        "make a UserSig with the app's key",
        "Prints a UserSig for an account, signed with TENCENT_CHAT_SECRET_KEY or the key that is asked for.",
        "Example:\n  {program} usersig generate bob --expire 3600\n",
    )
    generate.add_argument("userid", metavar="USERID", help="the account")
    generate.add_argument(
        "--expire", metavar="SECONDS", type=int, help="validity; 180 days when left out"
    )
    add_app(generate)
    generate.set_defaults(run=_generate)

    decode = add_verb(
        actions,
        "decode",
        "show what a UserSig says",
        "Shows the claims of the UserSig on stdin. Its signature is not checked.",
        "Example:\n  {program} usersig decode < token.txt\n",
    )
    decode.add_argument("--json", action="store_true", help="print the claims as JSON")
    decode.set_defaults(run=_decode)

    verify = add_verb(
        actions,
        "verify",
        "check a UserSig with the app's key",
        """Checks signature, app, account and validity of the UserSig on stdin, with TENCENT_CHAT_SECRET_KEY or the
        key that is asked for.""",
        "Example:\n  {program} usersig verify --userid bob < token.txt\n",
    )
    verify.add_argument("--userid", metavar="ACCOUNT", help="the account that it must be for")
    verify.add_argument("--json", action="store_true", help="print the claims as JSON")
    add_app(verify)
    verify.set_defaults(run=_verify)


def _generate(arguments: argparse.Namespace) -> int:
    from ..usersig import DEFAULT_EXPIRE, generate

    found, asking = settings(arguments), at_terminal()
    sdkappid, secret_key = app_id(found, asking=asking), key(found, asking=asking)
    expire = DEFAULT_EXPIRE if arguments.expire is None else arguments.expire
    token = generate(sdkappid, secret_key.reveal(), arguments.userid, expire=expire)
    Screen(sys.stdout).line(token)
    return 0


def _decode(arguments: argparse.Namespace) -> int:
    from ..usersig import decode

    return _report(decode, as_json=arguments.json)


def _verify(arguments: argparse.Namespace) -> int:
    from ..usersig import verify

    found, asking = settings(arguments), at_terminal()
    sdkappid, secret_key = app_id(found, asking=asking), key(found, asking=asking)
    return _report(
        lambda token: verify(token, sdkappid, secret_key.reveal(), userid=arguments.userid),
        as_json=arguments.json,
    )


def _report(read: Callable[[str], UserSig], *, as_json: bool) -> int:
    """Show the claims that `read` finds in the token on stdin, or why it finds none; return the exit code."""
    from ..usersig import UserSigError

    try:
        claims = read(_token())
    except UserSigError as error:
        Screen(sys.stderr).problem(str(error))
        return 1
    _show(claims, as_json=as_json)
    return 0


def _token() -> str:
    """Return the token on stdin. Raises UsageError when there is none."""
    if at_terminal():
        secret = ask_secret("UserSig: ")
        token = secret.reveal() if secret else ""
    else:
        token = standard_input().decode("ascii", "replace").strip()
    if not token:
        raise UsageError("no UserSig: it is read from stdin")
    return token


def _show(claims: UserSig, *, as_json: bool) -> None:
    output = Screen(sys.stdout)
    end = claims.time + claims.expire
    if as_json:
        output.json(
            {
                "identifier": claims.identifier,
                "sdkappid": claims.sdkappid,
                "time": claims.time,
                "expire": claims.expire,
                "expires_at": end,
                "expired": end < time.time(),
                "userbuf": claims.userbuf is not None,
            }
        )
        return
    output.rows(
        [
            ("Account", claims.identifier),
            ("SDKAppID", str(claims.sdkappid)),
            ("Signed", _date(claims.time)),
            ("Expires", f"{_date(end)}, {_distance(end - time.time())}"),
            ("Userbuf", None if claims.userbuf is None else f"{len(claims.userbuf)} bytes"),
        ],
        "",
    )


def _date(moment: int) -> str:
    try:
        return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(moment))
    except (ValueError, OverflowError, OSError):
        return f"{moment} (Unix seconds)"


def _distance(seconds: float) -> str:
    units = (("days", 86400), ("hours", 3600), ("minutes", 60))
    unit, size = next((unit for unit in units if abs(seconds) >= 2 * unit[1]), ("seconds", 1))
    amount = f"{abs(seconds) / size:.0f} {unit}"
    return f"in {amount}" if seconds >= 0 else f"{amount} ago"
