"""Plain text as Markdown (CommonMark and GitHub's tables) that shows exactly that text."""

from __future__ import annotations

import re
from functools import cache

_SPECIAL = re.compile(
    r"""
      [\\`*\[\]<>|~$]                 # markup anywhere
    | &(?=\#?\w+;)                    # an entity
    | (?<![^\W_])_ | _(?![^\W_])      # emphasis; inside a word it is none
    | (?<=\{)[{%\#] | (?<=[}%\#])\}   # templates of site generators
    | ^[-+\#=]                        # a list or a heading at the start of a line
    """,
    re.VERBOSE,
)
# What ends the target of a link, a table cell or the line.
_IN_TARGETS = re.compile(r"[\\ \n\r\t()<>|`{}]")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])")
_NEEDS_ENTITIES = re.compile(r"[`|]|\{[{%#]|[}%#]\}")


@cache
def escape(text: str) -> str:
    r"""Return `text` as inline Markdown on one line; it starts no block, closes no table cell and holds no HTML.

    Words stay readable in the source: `To_Account` is left as it is, `a|b` becomes `a\|b`.
    """
    return _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", _line(text)))


@cache
def code(text: str) -> str:
    """Return `text` as an inline code span on one line, in a table as elsewhere."""
    line = _line(text)
    if not line or _NEEDS_ENTITIES.search(line):
        # A code span cannot show these in every place: inside a table a backslash before | is
        # swallowed, outside it is not.
        return f"<code>{_entities(line)}</code>"
    return f"`{line}`"


def url(address: str) -> str:
    """Return an address for the target of a link, in a table as elsewhere."""
    return _IN_TARGETS.sub(lambda match: f"%{ord(match[0]):02X}", address)


def _line(text: str) -> str:
    """Return `text` on one line, with what does not print as an escape."""
    folded = " ".join(text.split())
    if folded.isprintable():
        return folded
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in folded)


def _entities(text: str) -> str:
    return "".join(char if char.isalnum() or char == " " else f"&#{ord(char)};" for char in text)
