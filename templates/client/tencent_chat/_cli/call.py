"""`call`: sends one command."""

from __future__ import annotations

import argparse
import sys
import warnings
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from .._support.deprecation import deprecation
from .._support.urls import insecure_url
from ..commands import find, named, similar
from ..exceptions import ChatAPIError, RequestError, ResponseError, TransportError
from .arguments import (
    PROGRAM,
    UsageError,
    Verbs,
    add_app,
    add_identifier,
    add_place,
    add_verb,
    app,
    seconds,
    standard_input,
)
from .screen import Screen, duration

if TYPE_CHECKING:
    from ..attempts import Attempt
    from ..models.envelope import Response

_STDIN = "-"


def add_to(verbs: Verbs) -> None:
    parser = add_verb(
        verbs,
        "call",
        "send a command and show its answer",
        """Sends a command of the API with a body as it goes over the wire, and prints the answer as JSON. What
        is known about the call itself goes to stderr.""",
        """\
        Examples:
          {program} call accounts.check '{"CheckItem":[{"UserID":"bob"}]}'
          {program} call openim/sendmsg @message.json --json | jq .MsgKey
          generate-body | {program} call groups.create -

        Exit codes: 0 done; 1 the service refused, or not all items went through;
        2 nothing was sent, or no answer came back.
        """,
    )
    parser.add_argument("command", metavar="COMMAND", help="openim/sendmsg, or messages.send")
    parser.add_argument(
        "body",
        metavar="BODY",
        nargs="?",
        default="{}",
        help="@FILE, - for stdin, or JSON as it is; {} when left out",
    )
    parser.add_argument("--json", action="store_true", help="print the answer only, on one line")
    parser.add_argument(
        "--no-validate", action="store_true", help="send the body though it does not fit"
    )
    parser.add_argument("--no-retry", action="store_true", help="try once")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=seconds,
        help="to connect, and for the answer; 5 and 10 when left out",
    )
    parser.add_argument(
        "--unknown", action="store_true", help="send a command that this version does not know"
    )
    add_app(parser)
    add_identifier(parser)
    add_place(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Send the command. Raises UsageError and ConfigurationError."""
    path = _path(arguments.command, unknown=arguments.unknown)
    body = _body(arguments.body)
    attempts: list[Attempt] = []

    with app(arguments, asking=arguments.body != _STDIN).client(
        attempts=attempts,
        timeout=arguments.timeout,
        retry=False if arguments.no_retry else None,
        validate=not arguments.no_validate,
    ) as client:
        output, notes = Screen(sys.stdout), Screen(sys.stderr)
        if insecure := insecure_url([client.base_url]):
            notes.text(insecure, "  ", first=notes.styled("warning: ", "yellow"))
        if old := _deprecation(path, arguments.command):
            notes.text(old, "  ", first=notes.styled("warning: ", "yellow"))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                response = client.call(path, body)
        except ChatAPIError as error:
            if arguments.json:
                output.json(error.raw)
            _refused(notes, error, attempts)
            return 1
        except RequestError as error:
            notes.problem(f"the body does not fit {path}; nothing was sent")
            for problem in error.problems:
                notes.text(str(problem), "    ", first="  ")
            return 2
        except TransportError as error:
            notes.problem(f"{path}: {error.reason}")
            if error.outcome == "unknown":
                notes.text("It is unknown whether the command was carried out.", "  ")
            notes.text(f"To find out where it fails: {PROGRAM} doctor", "  ")
            return 2
        except ResponseError as error:
            notes.problem(f"{path}: {error.reason} (HTTP status {error.status})")
            notes.text(f"Received: {' '.join(error.text.split())[:200] or 'nothing'}", "  ")
            return 2
    if arguments.json:
        output.json(response.raw)
    else:
        _answered(notes, path, response, attempts)
        output.json(response.raw, indent=2)
    return _failed_items(notes, response)


def _path(name: str, *, unknown: bool) -> str:
    command = named(name)
    if command is not None:
        return command.path
    if unknown:
        return name
    close = similar(name)
    lines = [f"there is no command {name}"]
    lines += [f"  {command.method}  ({command.path})" for command in close]
    lines.append("  --unknown sends service/command all the same; `commands` lists what is known")
    raise UsageError("\n".join(lines))


def _deprecation(path: str, name: str) -> str | None:
    """Say what is old about a command, or about the name by which it was called; None when nothing is."""
    command = find(path)
    if command is None:
        return None
    if command.deprecated is not None:
        return deprecation(command.path, command.deprecated)
    method = name.lower().removeprefix("client.")
    return f"{method} is called {command.method} now" if method in command.aliases else None


def _body(given: str) -> dict[str, object]:
    """Return the body that the argument stands for. Raises UsageError that says where its JSON is wrong."""
    if given == _STDIN:
        where, data = "stdin", standard_input()
    elif given.startswith("@"):
        where = given[1:]
        data = Path(where).read_bytes()
    else:
        where, data = "BODY", given.encode("utf-8", "surrogateescape")
    body = _parsed(where, data)
    if not isinstance(body, dict):
        raise UsageError(f'{where}:1:1: the body must be a JSON object, like {{"GroupId": "a"}}')
    return cast(dict[str, object], body)


# Errors are raised outside of the `except` that found them: what Python says holds the body.
def _parsed(where: str, data: bytes) -> object:
    import json

    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=partial(_no_constant, where))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        problem = f"{line}:{column}: no UTF-8"
    except json.JSONDecodeError as error:
        problem = f"{error.lineno}:{error.colno}: {error.msg}"
        if where == "BODY" and _names_a_file(data):
            problem += f"\n  to send the file, write @{data.decode()}"
    except ValueError:
        problem = " a number has too many digits"
    except RecursionError:
        problem = "1:1: nested too deeply"
    raise UsageError(f"{where}:{problem}")


def _names_a_file(data: bytes) -> bool:
    try:
        return Path(data.decode()).is_file()
    except (OSError, ValueError):
        return False


def _no_constant(where: str, name: str) -> object:
    raise UsageError(f"{where}: JSON has no {name}")


def _answered(notes: Screen, path: str, response: Response, attempts: list[Attempt]) -> None:
    facts = [f"HTTP {response.http_status}", *_effort(attempts)]
    if attempts[-1].request_id:
        facts.append(f"request id {attempts[-1].request_id}")
    told = f"{response.action_status or 'OK'}, {', '.join(facts)}"
    notes.text(told, "  ", first=f"{notes.styled(path, 'bold')}: ")


def _effort(attempts: list[Attempt]) -> list[str]:
    """Say what the call took."""
    took = [] if attempts[-1].seconds is None else [duration(attempts[-1].seconds)]
    return took if len(attempts) == 1 else [*took, f"after {len(attempts)} attempts"]


def _refused(notes: Screen, error: ChatAPIError, attempts: list[Attempt]) -> None:
    code = "no code" if error.code is None else str(int(error.code))
    facts = ", ".join([f"HTTP {error.http_status}", *_effort(attempts)])
    notes.line(
        f"{notes.styled(f'{error.command}: {code}', 'red')} {error.name or ''}".rstrip()
        + f" ({facts})"
    )
    again = {
        "backoff": "the same call may pass later",
        "resign": "it may pass with a new UserSig",
    }.get(error.retry)
    notes.rows(
        [
            ("Meaning", error.message),
            ("To do", error.fix),
            ("Category", "; ".join(filter(None, [error.category, again]))),
            ("Service says", error.info),
            ("Request id", error.request_id),
            ("Docs", error.docs),
        ]
    )


def _failed_items(notes: Screen, response: Response) -> int:
    """Name the items that failed in a call that went through; return the exit code."""
    if not response.failures:
        return 0
    notes.line(notes.styled(f"{len(response.failures)} items failed:", "red"))
    for failure in response.failures:
        notes.text(str(failure), "    ", first="  ")
    return 1
