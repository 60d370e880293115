"""Python source for values of the spec."""

from __future__ import annotations

from typing import cast

from timgen.language.schema import JsonValue

WIDTH = 88
"""Characters of a line of source in examples."""


def literal(value: JsonValue, indent: int = 0) -> str:
    """Return Python source for a JSON value, broken over lines where it is long.

    This is the only way in which text of the spec gets into code.
    """
    line = flat(value)
    if len(line) + indent <= WIDTH or not isinstance(value, dict | list | tuple) or not value:
        return line
    inner = indent + 4
    if isinstance(value, dict):
        pairs = cast(dict[object, object], value).items()
        items = [f"{literal(key)}: {literal(item, inner)}" for key, item in pairs]
    else:
        items = [literal(item, inner) for item in cast(list[object], value)]
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]") if isinstance(value, list) else ("(", ")")
    lines = "".join(f"{' ' * inner}{item},\n" for item in items)
    return f"{opening}\n{lines}{' ' * indent}{closing}"


def flat(value: JsonValue) -> str:
    """Return Python source for a JSON value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flat(k)}: {flat(v)}" for k, v in cast(dict[object, object], value).items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flat(item) for item in cast(list[object], value)) + "]"
    if isinstance(value, tuple):
        items = cast(tuple[object, ...], value)
        return "(" + ", ".join(flat(item) for item in items) + ("," if len(items) == 1 else "") + ")"
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool | int | float):
        return repr(value)
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _text(value: str) -> str:
    """Return a string literal in double quotes, the way ruff formats it."""
    source = repr(str(value))
    if source.startswith('"') or '"' in source:
        return source
    return f'"{source[1:-1]}"'
