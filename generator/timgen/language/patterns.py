r"""Regular expressions that mean the same wherever the spec's are used.

Python checks examples and bodies, JSON Schema asks for ECMA-262, and pydantic, which checks what the client
sends, has Rust's engine. What these three read differently is not admitted. One difference
is made up for: `$` also matches before a last line end in Python, which `compiled` does not let it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple


class Mistake(NamedTuple):
    """Why a pattern is not admitted."""

    message: str
    hint: str
    part: str | None = None
    """The text inside the pattern that is meant; None for all of it."""


_QUANTIFIER = r"(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})"
_CHARACTER = r"x[0-9A-Fa-f]{2}|u(?![Dd][89A-Fa-f])[0-9A-Fa-f]{4}|[tnrfv^$\\.*+?()\[\]{}|/]"
# What may stand outside and inside of brackets: a regular expression for a part of the pattern, what is wrong with
# it, and what to do. The first one that fits counts; one without a message is admitted.
_ESCAPES = (
    (r"\\[dD]", "counts other digits than 0 to 9 in some engines", "write [0-9] or [^0-9]"),
    (r"\\[wW]", "counts other letters than a to z in some engines", "write [0-9A-Za-z_] or [^0-9A-Za-z_]"),
    (r"\\[sS]", "counts other blanks in each engine", r"write those that are meant: [ \t\n]"),
    (r"\\[pP]", "names its classes differently in each engine", "write the characters that are meant"),
    (r"\\[AZz]", "is not known to JSON Schema", "write ^ or $"),
    (r"\\[1-9]|\\k|\(\?P=", "refers back, which the client's engine cannot", "write what is meant again"),
    (r"\\.", "is an escape that not every engine takes", "write the character itself, or as \\u0041"),
)
_OUTSIDE = (
    (rf"\\(?:{_CHARACTER})", "", ""),
    *_ESCAPES,
    (r"\(\?<?[=!]", "looks ahead or behind, which the client's engine cannot", "say it without"),
    (r"\(\?P?<", "names a group, of which nothing is made", "write (?:...)"),
    (r"\(\?:", "", ""),
    (r"\(\?>", "is an atomic group, which the client's engine does not know", "write (?:...)"),
    (r"\(\?", "sets a flag, which JSON Schema does not know", "write both cases out: [Aa]"),
    (rf"{_QUANTIFIER}\+", "is a possessive repetition, which the client's engine does not know", "leave the + out"),
    (rf"{_QUANTIFIER}\??", "", ""),
    (r"[{}\]]", "must be escaped where it stands for itself", "write a backslash before it"),
    (r"\.", "takes line ends in some engines", r"write [^\n], or \. for the dot itself"),
    (r"\[\^?\]", "is an empty set in some engines", r"write \] for the bracket itself"),
    (r"\[\^?", "", ""),
    (r".", "", ""),
)
_INSIDE = (
    (rf"\\(?:{_CHARACTER}|-)", "", ""),
    *_ESCAPES,
    (r"\[", "begins a set inside the set in some engines", r"write \[ for the bracket itself"),
    (r"&&|--|~~|\|\|", "combines sets in some engines", "write the character once"),
    (r".", "", ""),
)


def _table(rows: tuple[tuple[str, str, str], ...]) -> tuple[tuple[re.Pattern[str], str, str], ...]:
    return tuple((re.compile(part, re.DOTALL), message, hint) for part, message, hint in rows)


_TABLES = {False: _table(_OUTSIDE), True: _table(_INSIDE)}
_PARTS = re.compile(r"\\.|\[\^?(?:\\.|[^\\\]])*\]|.", re.DOTALL)


@cache
def mistake(pattern: str) -> Mistake | None:
    """Return why `pattern` is not admitted: what some engine refuses or reads differently, else None."""
    for part, message, hint in _read(pattern):
        if message:
            return Mistake(f"`{part}` {message}", hint, part)
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return Mistake(f"{pattern!r} is no regular expression: {error}", "")
    refusal = _refusal(pattern)
    return Mistake(f"the client's engine does not take {pattern!r}: {refusal}", "") if refusal else None


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return an admitted `pattern` for `search`, in which `$` matches at the very end only."""
    return re.compile("".join(r"\Z" if part == "$" else part for part in _PARTS.findall(pattern)))


def _read(pattern: str) -> Iterator[tuple[str, str, str]]:
    """Yield the parts of `pattern` in turn, each with what is wrong about it and what to do."""
    position, inside = 0, False
    while position < len(pattern):
        matches = ((part.match(pattern, position), message, hint) for part, message, hint in _TABLES[inside])
        found, message, hint = next((row for row in matches if row[0]), (None, "", ""))
        text = found[0] if found else pattern[position]
        yield text, message, hint
        inside = text in ("[", "[^") or (inside and text != "]")
        position += len(text)


def _refusal(pattern: str) -> str:
    """Return why Rust's engine takes no such pattern, empty when it does: above all that it is too large."""
    from pydantic_core import SchemaError, SchemaValidator

    try:
        SchemaValidator({"type": "str", "pattern": pattern})
    except SchemaError as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        return lines[-1].removeprefix("error: ").removeprefix("SchemaError: ")
    return ""
