"""YAML the way the spec is written by hand: short mappings in one line, long ones as blocks, 120 columns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import cast

from timgen.model import JsonValue
from timgen.source import plain_as

_WIDTH = 120
_PLAIN = re.compile(r"(?:[^\W_]|\$(?=[a-z]))[\w /.$()'+:;=?&%!@~*<>-]*", re.ASCII)
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_BLOCKS = frozenset({"request", "response", "reply", "properties", "examples", "reply_codes"})


def dump(mapping: Mapping[str, JsonValue], *, first_line: str) -> str:
    """Return a file of the spec: the comment `first_line` and `mapping`."""
    return "\n".join((f"# {first_line}", *_mapping(mapping, 0))) + "\n"


def _mapping(mapping: Mapping[str, JsonValue], indent: int) -> Iterator[str]:
    for key, value in mapping.items():
        if key == "date" and not indent:
            yield f"date: {value}"
            continue
        yield from _entry(f"{' ' * indent}{_scalar(key)}:", key, value, indent)


def _entry(start: str, key: str, value: JsonValue, indent: int) -> Iterator[str]:
    flat = f"{start} {_flow(value)}"
    if not isinstance(value, dict | list) or not value:
        yield f"{start} {_scalar(value)}" if not isinstance(value, dict | list) else flat
    elif len(flat) <= _WIDTH and not _is_block(key, value):
        yield flat
    elif isinstance(value, dict):
        yield start
        yield from _mapping(value, indent + 2)
    else:
        yield start
        for item in value:
            yield from _item(item, indent + 2)


def _item(value: JsonValue, indent: int) -> Iterator[str]:
    start = f"{' ' * indent}-"
    flat = f"{start} {_flow(value)}"
    if not isinstance(value, dict | list) or not value or (len(flat) <= _WIDTH and "response" not in value):
        yield flat if isinstance(value, dict | list) else f"{start} {_scalar(value)}"
        return
    lines = _mapping(value, indent + 2) if isinstance(value, dict) else _items(value, indent + 2)
    for number, line in enumerate(lines):
        yield line if number else f"{start} {line[indent + 2 :]}"


def _items(values: list[JsonValue], indent: int) -> Iterator[str]:
    for value in values:
        yield from _item(value, indent)


def _is_block(key: str, value: JsonValue) -> bool:
    """Whether a value is written as a block however short it is."""
    if key in _BLOCKS and isinstance(value, list):
        return True
    return isinstance(value, dict) and (key == "properties" or _has_properties(value))


def _has_properties(value: Mapping[str, JsonValue]) -> bool:
    if value.get("type") in ("object", ["object"]) and isinstance(value.get("properties"), dict):
        return True
    return any(_has_properties(inner) for inner in value.values() if isinstance(inner, dict))


def _flow(value: JsonValue) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(item) for item in cast(list[JsonValue], value)) + "]"
    return _scalar(value)


def _scalar(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, float):
        text = repr(value)
        return text if "." in text else text.replace("e", ".0e")
    if isinstance(value, int):
        return str(value)
    return _text(str(value))


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and ": " not in text and not text.endswith((" ", ":")) and plain_as(text) == "text":
        return text
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)
