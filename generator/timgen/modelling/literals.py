"""Python source for values of the spec."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from timgen.language.schema import JsonValue
from timgen.modelling.model import Argument

_WIDTH = 88


def literal(value: JsonValue, indent: int = 0) -> str:
    """Return Python source for a JSON value, broken over lines where it is long.

    This is the only way in which text of the spec gets into code.
    """
    flat = _flat(value)
    if len(flat) + indent <= _WIDTH or not isinstance(value, dict | list | tuple) or not value:
        return flat
    inner = indent + 4
    if isinstance(value, dict):
        pairs = cast(dict[object, object], value).items()
        items = [f"{literal(key)}: {literal(item, inner)}" for key, item in pairs]
    else:
        items = [literal(item, inner) for item in cast(list[object], value)]
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]") if isinstance(value, list) else ("(", ")")
    lines = "".join(f"{' ' * inner}{item},\n" for item in items)
    return f"{opening}\n{lines}{' ' * indent}{closing}"


def call_source(function: str, arguments: Iterable[Argument], body: Mapping[str, JsonValue]) -> str:
    """Return the call of a client method that sends `body`, as Python source.

    Fields that are no arguments go into `extra`.
    """
    names = {argument.wire_name: argument.name for argument in arguments}
    given = [(names[wire_name], value) for wire_name, value in body.items() if wire_name in names]
    extra = {wire_name: value for wire_name, value in body.items() if wire_name not in names}
    if extra:
        given.append(("extra", extra))
    flat = f"{function}({', '.join(f'{name}={_flat(value)}' for name, value in given)})"
    if len(flat) <= _WIDTH:
        return flat
    lines = "".join(f"    {name}={literal(value, 4)},\n" for name, value in given)
    return f"{function}(\n{lines})"


def _flat(value: JsonValue) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flat(k)}: {_flat(v)}" for k, v in cast(dict[object, object], value).items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flat(item) for item in cast(list[object], value)) + "]"
    if isinstance(value, tuple):
        items = cast(tuple[object, ...], value)
        return "(" + ", ".join(_flat(item) for item in items) + ("," if len(items) == 1 else "") + ")"
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
