"""YAML the way the spec is written by hand: short mappings in one line, long ones as blocks, 120 columns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import cast

from timgen.language.schema import JsonValue
from timgen.reading.source import plain_as

_WIDTH = 120
_PLAIN = re.compile(r"(?:[^\W_]|\$(?=[a-z]))[\w /.$()'+:;=&%!@~*<>-]*", re.ASCII)
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def dump(mapping: Mapping[str, JsonValue], *, first_line: str) -> str:
    """Return a file of the spec: the comment `first_line` and `mapping`."""
    return "\n".join((f"# {first_line}", *_mapping(mapping, 0))) + "\n"


def _mapping(mapping: Mapping[str, JsonValue], indent: int) -> Iterator[str]:
    for key, value in mapping.items():
        start = f"{' ' * indent}{_scalar(key)}:"
        if key == "date" and not indent:
            yield f"{start} {value}"
        elif _is_short(value, f"{start} {_flow(value)}") and not _is_block(key, value):
            yield f"{start} {_flow(value)}"
        else:
            yield start
            yield from _block(value, indent + 2)


def _block(value: JsonValue, indent: int) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _mapping(cast(dict[str, JsonValue], value), indent)
        return
    start = f"{' ' * indent}-"
    for item in cast(list[JsonValue], value):
        if _is_short(item, f"{start} {_flow(item)}") and not _is_example(item):
            yield f"{start} {_flow(item)}"
            continue
        for number, line in enumerate(_block(item, indent + 2)):
            yield line if number else f"{start} {line[indent + 2 :]}"


def _is_short(value: JsonValue, line: str) -> bool:
    return not isinstance(value, dict | list) or not value or len(line) <= _WIDTH


def _is_block(key: str, value: JsonValue) -> bool:
    """Whether a value is written as a block however short it is."""
    if isinstance(value, list):
        return key in ("examples", "reply_codes")
    return isinstance(value, dict) and bool(value) and (key == "properties" or _has_properties(value))  # pyright: ignore


def _has_properties(value: object) -> bool:
    """Whether a schema inside `value` is an object with fields."""
    if not isinstance(value, dict):
        return False
    schema = cast(dict[str, object], value)
    is_record = "type" in schema and isinstance(schema.get("properties"), dict)
    return is_record or any(_has_properties(inner) for inner in schema.values())


def _is_example(value: JsonValue) -> bool:
    return isinstance(value, dict) and "summary" in value


def _flow(value: JsonValue) -> str:
    if isinstance(value, dict):
        pairs = cast(dict[str, JsonValue], value).items()
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(inner)}" for key, inner in pairs) + "}"
    if isinstance(value, list):
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
