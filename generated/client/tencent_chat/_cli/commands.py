"""`commands`: what can be called."""

from __future__ import annotations

import argparse
import sys

from ..commands import Command, RateLimit, named, similar
from .arguments import Verbs, add_verb
from .lookup import having
from .screen import Screen

_REPEAT = {
    "safe": "it may be sent again when its outcome is unknown",
    "unsafe": "it must not be sent again when its outcome is unknown",
    "deduplicated": "sent again within {seconds} s, it is carried out once",
}
# Below this a column of summaries is no use.
_NARROW = 24


def add_to(verbs: Verbs) -> None:
    parser = add_verb(
        verbs,
        "commands",
        "list and find commands",
        """Lists the commands in whose method, wire name or summary all words occur, in any case. Of the only one,
        or one that is named in full, it shows all that is known.""",
        """\
        Examples:
          {program} commands group member
          {program} commands messages.send
          {program} commands --json | jq -r '.[].path'

        Exit codes: 0 found; 1 none.
        """,
    )
    parser.add_argument(
        "words", metavar="WORD", nargs="*", help="what to look for; all when left out"
    )
    parser.add_argument("--json", action="store_true", help="print a JSON list with all details")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """List what was found."""
    words: list[str] = arguments.words
    exact = named(words[0]) if len(words) == 1 else None
    found = [exact] if exact else having(words)
    if not found:
        _none(Screen(sys.stderr), words)
        return 1
    output = Screen(sys.stdout)
    if arguments.json:
        output.json([_facts(command) for command in found], indent=2)
    elif len(found) == 1:
        _details(output, found[0])
    else:
        _list(output, found)
    return 0


def _none(notes: Screen, words: list[str]) -> None:
    close = similar(words[0]) if len(words) == 1 else []
    notes.problem(f"no command has {' and '.join(words)}" + ("; similar ones:" if close else ""))
    for command in close:
        notes.line(f"  {command.method}  ({command.path})")


def _list(output: Screen, found: list[Command]) -> None:
    methods = max(len(command.method) for command in found)
    paths = max(len(command.path) for command in found)
    margin = methods + paths + 4
    beside = output.width - margin >= _NARROW
    for command in found:
        if beside:
            method = output.styled(f"{command.method:<{methods}}", "bold")
            output.text(command.summary, " " * margin, first=f"{method}  {command.path:<{paths}}  ")
        else:
            fits = len(command.method) + 2 + len(command.path) <= output.width
            output.line(
                output.styled(command.method, "bold") + ("  " if fits else "\n    ") + command.path
            )
            output.text(command.summary, "    ")


def _details(output: Screen, command: Command) -> None:
    output.line(output.styled(command.summary, "bold"))
    output.rows(
        [
            ("Method", f"client.{command.method}()"),
            ("Path", command.path),
            ("Deprecated", _deprecated(command)),
            ("Once called", ", ".join(f"client.{name}()" for name in command.aliases)),
            ("Rate limit", "; ".join(_limit(limit) for limit in command.rate_limits) or "unknown"),
            ("Changes", "nothing, it only reads" if command.reads else None),
            ("Repeat", _repeat(command)),
            (
                "Batch",
                f"{command.batch.field}, at most {command.batch.max} a call"
                if command.batch
                else None,
            ),
            ("Paging", "its list comes in pages" if command.paging else None),
            ("Filled in", ", ".join(command.fill)),
            ("Taken too", ", ".join(f"{old} for {new}" for old, new in command.former.items())),
            ("Docs", f"{command.docs} ({command.date})"),
        ]
    )
    if command.errors:
        output.line("  Errors")
        output.rows(
            [(f"{int(code)}", f"{code.name}: {code.message}") for code in command.errors], "    "
        )


def _deprecated(command: Command) -> str | None:
    if command.deprecated is None:
        return None
    since, use = command.deprecated
    return f"since {since}: {use}" if since else use


def _repeat(command: Command) -> str:
    text = f"{command.repeat}: {_REPEAT[command.repeat]}".format(seconds=command.dedupe_window)
    condition = command.safe_if
    if condition is None:
        return text
    return f"{text}, unless with{'' if condition.given else 'out'} {condition.field}"


def _limit(limit: RateLimit) -> str:
    plan = f" (plan {limit.plan})" if limit.plan else ""
    note = f", {limit.note}" if limit.note else ""
    return f"{limit.calls} per {limit.per}{plan}{note}"


def _facts(command: Command) -> dict[str, object]:
    return {
        "method": command.method,
        "path": command.path,
        "summary": command.summary,
        "docs": command.docs,
        "date": command.date,
        "rate_limits": [limit._asdict() for limit in command.rate_limits],
        "reads": command.reads,
        "repeat": command.repeat,
        "errors": [int(code) for code in command.errors],
        "deprecated": command.deprecated and command.deprecated._asdict(),
        "aliases": list(command.aliases),
        "former": dict(command.former),
    }
