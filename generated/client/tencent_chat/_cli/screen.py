"""Writing to people: colours, widths and texts that any terminal can take."""

from __future__ import annotations

import os
import re
import shutil
import textwrap
from collections.abc import Iterable
from typing import Literal, TextIO, TypeAlias

from .arguments import PROGRAM

Style: TypeAlias = Literal["bold", "dim", "red", "green", "yellow"]

_CODES: dict[Style, str] = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}
_ESCAPES = re.compile("\033\\[[0-9]*m")
# Columns that a text needs to be readable.
_NARROW = 24
# Where nobody looks at lines, they are not broken.
_UNBROKEN = 1 << 16


class Screen:
    """A stream of text. Colours and line breaks are for terminals only."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.terminal = stream.isatty()
        self.width = shutil.get_terminal_size().columns if self.terminal else _UNBROKEN
        self._colours = (
            self.terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        )

    def can_write(self, text: str) -> bool:
        """Whether the stream's encoding has all of `text`."""
        try:
            text.encode(self.stream.encoding or "ascii")
        except (UnicodeEncodeError, LookupError):
            return False
        return True

    def styled(self, text: str, style: Style) -> str:
        """Return `text` in `style`, as it is where there are no colours."""
        return f"\033[{_CODES[style]}m{text}\033[0m" if self._colours else text

    def line(self, text: str = "") -> None:
        """Write a line as it is, at once: what comes next may take its time, and the program may be ended before."""
        print(text, file=self.stream, flush=True)

    def text(self, text: str, margin: str = "", *, first: str | None = None) -> None:
        """Write `text` between `margin` and the terminal's edge; `first` is the margin of its first line.

        The margin shrinks on narrow terminals; long words such as URLs stay whole.
        """
        first = margin if first is None else first
        indent = " " * len(_ESCAPES.sub("", first))
        lines = textwrap.wrap(
            printable(text),
            self.width,
            initial_indent=indent,
            subsequent_indent=margin[: max(self.width - _NARROW, 0)],
            break_long_words=False,
            break_on_hyphens=False,
        )
        self.line(first + lines[0][len(indent) :] if lines else first)
        for line in lines[1:]:
            self.line(line)

    def rows(self, rows: Iterable[tuple[str, str | None]], margin: str = "  ") -> None:
        """Write labels and what belongs to them, aligned; a row without anything is left out."""
        shown = [(label, text) for label, text in rows if text]
        width = max((len(label) for label, _ in shown), default=0)
        for label, text in shown:
            self.text(text, margin + " " * (width + 2), first=f"{margin}{label:<{width}}  ")

    def problem(self, text: str) -> None:
        """Write why the program could not do what it was asked for."""
        head, _, rest = text.partition("\n")
        self.line(f"{self.styled(f'{PROGRAM}:', 'bold')} {printable(head)}")
        for line in rest.splitlines():
            self.line(printable(line))

    def json(self, value: object, *, indent: int | None = None) -> None:
        """Write `value` as JSON that the stream's encoding has, and that no terminal takes for commands."""
        import json

        text = json.dumps(value, indent=indent, ensure_ascii=False)
        if not self.can_write(text) or not text.replace("\n", "").isprintable():
            text = json.dumps(value, indent=indent)
        self.line(text)


def printable(text: str) -> str:
    """Return `text` on one line, with escapes in place of what a terminal would obey."""
    return "".join(
        char if char.isprintable() else " " if char in "\n\r\t" else ascii(char)[1:-1]
        for char in text
    )


def duration(seconds: float) -> str:
    """Return a duration for people: `0.3 ms`, `12 ms`, `1.2 s`."""
    if seconds >= 0.9995:
        return f"{seconds:.1f} s"
    return f"{seconds * 1000:.{0 if seconds >= 0.00995 else 1}f} ms"
