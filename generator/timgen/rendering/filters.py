"""The filters of templates: the only ways in which text of the spec reaches an output."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable
from functools import cache
from typing import NoReturn

import pydantic_core
from jinja2 import Undefined

from timgen.language.literals import literal
from timgen.language.schema import JsonValue, Schema
from timgen.modelling.model import Api
from timgen.rendering import markdown
from timgen.rendering.forms import validation
from timgen.rendering.openapi import document

_WIDTH = 100


@cache
def docstring(text: str, indent: int = 4, width: int = _WIDTH) -> str:
    """Return `text` for the inside of a triple-quoted docstring, in lines of `width`, further ones with `indent`.

    Paragraphs are separated by empty lines.
    """
    paragraphs = re.split(r"\n\s*\n", text.strip())
    margin = " " * indent
    result = "\n\n".join(_wrapped(paragraph, width - indent) for paragraph in paragraphs)
    # A quote at the end would close the docstring, unless it is escaped already.
    result = re.sub(r'(?<!\\)((?:\\\\)*)"\Z', r'\1\\"', result)
    return "\n".join(
        line if number == 0 or not line else margin + line for number, line in enumerate(result.split("\n"))
    )


def _wrapped(paragraph: str, width: int) -> str:
    line = _visible(" ".join(paragraph.split())).replace('"""', r"\"\"\"")
    if len(line) <= width:
        return line
    return "\n".join(textwrap.wrap(line, width=width, break_long_words=False, break_on_hyphens=False))


def comment(text: str) -> str:
    """Return `text` as one line that is safe behind `# `."""
    return _visible(" ".join(text.split()), escape_backslash=False)


def to_json(value: JsonValue, indent: int | None = None) -> str:
    """Return JSON source for `value`."""
    if indent is None:
        return _ENCODER.encode(value)
    try:
        # Many times as fast as the standard library, which indents in Python.
        return pydantic_core.to_json(value, indent=indent, fallback=_missing).decode()
    except pydantic_core.PydanticSerializationError:
        # Says the same in words of ours.
        return json.dumps(value, ensure_ascii=False, indent=indent, default=_missing)


def _validation(schema: Schema, api: Api) -> JsonValue:
    """Return a body schema with what decides about values alone, for validators that know little but JSON Schema."""
    return validation(schema, {name: shared.schema for name, shared in api.schemas_by_name.items()})


def _missing(value: object) -> NoReturn:
    """Say what no JSON value is; what a template misspelt says its own name."""
    if isinstance(value, Undefined):
        str(value)
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _visible(text: str, *, escape_backslash: bool = True) -> str:
    """Return `text` with everything that does not print, line breaks aside, as an escape."""
    if escape_backslash:
        text = text.replace("\\", r"\\")
    if text.replace("\n", " ").isprintable():
        return text
    return "".join(
        char if char.isprintable() or char == "\n" else char.encode("unicode_escape").decode() for char in text
    )


# Making one takes longer than writing a text.
_ENCODER = json.JSONEncoder(ensure_ascii=False, default=_missing)

FILTERS: dict[str, Callable[..., object]] = {
    "py": literal,
    "docstring": docstring,
    "comment": comment,
    "md": markdown.escape,
    "mdcode": markdown.code,
    "mdurl": markdown.url,
    "json": to_json,
    "openapi": document,
    "validation": _validation,
}
