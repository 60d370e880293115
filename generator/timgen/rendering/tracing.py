"""Which line of which template a place of an output comes from.

The template is rendered once more, with a mark in front of every piece of its text and of every value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from timgen.modelling.model import Api
from timgen.reading.diagnostics import Diagnostic
from timgen.rendering.formatting import Mistake
from timgen.rendering.render import Output, at_line, environment_of, places_of, view_of

# What no text has: these are no characters.
_MARK = re.compile("\ufdd0([^\ufdd1]*):([0-9]+)\ufdd1")
_LINE_END = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")
_EXCERPT = 120
"""Characters of a rendered line that are shown."""


def trace(
    folder: Path, api: Api, outputs: Iterable[Output], rendered: Path, mistakes: Iterable[Mistake]
) -> list[Diagnostic]:
    """Return the findings about files below the folder `rendered` that are not Python, each line of a template once.

    They stand at the line of the template in `folder` that the place was rendered from, and where that cannot be told
    at the template's first. What no template made is left out.
    """
    by_path = {output.path: output for output in outputs if output.sha256 is not None}
    found: dict[tuple[str, int], Diagnostic] = {}
    for mistake in mistakes:
        output = by_path.get(mistake.path)
        if output is None:
            continue
        # With their ends, which are those that Python knows.
        content = (rendered / mistake.path).read_bytes().decode()
        lines = _LINE_END.split(content)
        if output.template.endswith(".j2"):
            position = sum(map(len, lines[: mistake.line - 1])) + mistake.column - 1
            file, line = _origin(folder, api, output, content, position)
        else:
            file, line = output.template, mistake.line
        at = at_line(folder, file, line, f"the rendered code is not Python: {mistake.message}")
        text = "".join(lines[mistake.line - 1 : mistake.line]).strip()[:_EXCERPT]
        hint = f"{mistake.path}:{mistake.line}:{mistake.column} reads: {text}"
        found.setdefault((file, line), replace(at, hint=hint))
    return list(found.values())


def _origin(folder: Path, api: Api, output: Output, content: str, position: int) -> tuple[str, int]:
    """Return the template, and its line, that the character at a position of a rendered content comes from."""
    name = output.template
    environment = environment_of(folder).overlay(extensions=[_Marking], bytecode_cache=None)
    places = places_of(name.removesuffix(".j2"), api, view_of(api))
    context = next(place.context() for place in places if place.path == output.path)
    try:
        marked = environment.get_template(name).render(**context)
    except Exception:  # what looks at the text may raise whatever Python can when it meets the marks
        return name, 1
    if _MARK.sub("", marked) != content:
        # Something looked at the text, such as a filter, and made another one of the marks.
        return name, 1
    file, line, end = name, 1, 0
    for mark in _MARK.finditer(marked):
        position -= mark.start() - end
        if position < 0:
            break
        file, line, end = mark[1], int(mark[2]), mark.end()
    return file, line


class _Marking(Extension):
    """Puts the marks into templates."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            if token.type == "data":
                lines = enumerate(str(token.value).split("\n"), token.lineno)
                yield Token(token.lineno, "data", "\n".join(_mark(stream, number) + line for number, line in lines))
                continue
            if token.type == "variable_begin":
                yield Token(token.lineno, "data", _mark(stream, token.lineno))
            yield token


def _mark(stream: TokenStream, line: int) -> str:
    return f"\ufdd0{stream.name}:{line}\ufdd1"
