"""`explain`: the meaning of an error code."""

from __future__ import annotations

import argparse
import sys

from .._tables.errors import TABLE, Entry, Meaning
from ..commands import COMMANDS
from ..error_codes import ErrorCode
from ..exceptions import ChatAPIError, api_error_class
from .arguments import Verbs, add_verb
from .screen import Screen

_SUGGESTIONS = 3
_AGAIN = {
    "never": "The same call fails again.",
    "backoff": "The same call may pass later; wait longer after each failure.",
    "resign": "It may pass with a new UserSig; the client makes one by itself.",
}


def add_to(verbs: Verbs) -> None:
    parser = add_verb(
        verbs,
        "explain",
        "say what an error code means",
        "Says what an error code means, what to do about it, and which commands answer with it.",
        """\
        Examples:
          {program} explain 60008
          {program} explain INVALID_SDKAPPID

        Exit codes: 0 known; 1 unknown, similar codes are named.
        """,
    )
    parser.add_argument("code", metavar="CODE", help="a number, or a name of ErrorCode")
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Explain the code."""
    code = _code(arguments.code)
    if code is None:
        _unknown(Screen(sys.stderr), arguments.code)
        return 1
    output = Screen(sys.stdout)
    if arguments.json:
        output.json(_facts(code), indent=2)
    else:
        _page(output, code)
    return 0


def _code(text: str) -> ErrorCode | None:
    """Return the code with this number or name."""
    number = _number(text)
    if number is not None:
        return next((code for code in ErrorCode if code == number), None)
    return ErrorCode.__members__.get(text.upper().replace("-", "_").removeprefix("ERRORCODE."))


def _number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _unknown(notes: Screen, text: str) -> None:
    number = _number(text)
    if number is None:
        from difflib import get_close_matches

        names = get_close_matches(text.upper(), ErrorCode.__members__, n=_SUGGESTIONS)
        near = [ErrorCode[name] for name in names]
    else:
        near = sorted(sorted(ErrorCode, key=lambda code: abs(code - number))[:_SUGGESTIONS])
    notes.problem(f"no error code {text} is known" + ("; similar ones:" if near else ""))
    for code in near:
        notes.text(f"{TABLE[code].general.message}", "    ", first=f"  {int(code)} {code.name}: ")


def _named_by(code: ErrorCode) -> list[tuple[str, str]]:
    """Return path and method of the commands whose pages name the code."""
    return [(path, command.method) for path, command in COMMANDS.items() if code in command.errors]


def _facts(code: ErrorCode) -> dict[str, object]:
    entry = TABLE[code]
    return {
        "code": int(code),
        "name": code.name,
        **entry.general._asdict(),
        "exception": _raised(code).__name__,
        "deprecated": entry.deprecated and entry.deprecated._asdict(),
        "services": {
            service: {**meaning._asdict(), "exception": _raised(code, service).__name__}
            for service, meaning in entry.services.items()
        },
        "commands": [path for path, _ in _named_by(code)],
    }


def _page(output: Screen, code: ErrorCode) -> None:
    entry: Entry = TABLE[code]
    output.line(output.styled(f"{int(code)} {code.name}", "bold"))
    output.line()
    if entry.deprecated:
        since, use = entry.deprecated
        output.text(f"Deprecated{f' since {since}' if since else ''}: {use}.")
        output.line()
    _meaning(output, entry.general, "")
    output.line()
    _rows(output, entry.general, _raised(code), "")
    for service, meaning in entry.services.items():
        output.line()
        output.line(f"In {service}:")
        _meaning(output, meaning, "  ")
        _rows(output, meaning, _raised(code, service), "  ")
    named_by = _named_by(code)
    if named_by:
        output.line()
        output.line("Named by the pages of:")
        width = max(len(method) for _, method in named_by)
        for path, method in named_by:
            output.line(f"  {method:<{width}}  {path}")


def _raised(code: ErrorCode, service: str = "") -> type[ChatAPIError]:
    """Return the class that a call raises, in a service where the code means something else."""
    return api_error_class(code, f"{service}/")


def _rows(output: Screen, meaning: Meaning, raised: type[ChatAPIError], margin: str) -> None:
    output.rows(
        [
            ("Category", f"{meaning.category}: {raised.__doc__}"),
            ("Raises", raised.__name__),
            ("Again?", _AGAIN[meaning.retry]),
        ],
        margin,
    )


def _meaning(output: Screen, meaning: Meaning, margin: str) -> None:
    output.text(meaning.message, margin)
    output.text(f"To do: {meaning.fix}", margin)
