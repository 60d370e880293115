"""What is known of commands and schemas beyond the client's registry, from the catalogue beside this module."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

Json = dict[str, Any]

_FOLDER = Path(__file__).with_name("catalogue")
_REFERENCE = "#/components/schemas/"


@dataclass(frozen=True)
class Page:
    """What a command takes and answers."""

    description: str
    facts: tuple[str, ...]
    """On pages, failed items, editions, repeating: sentences."""
    request: tuple[str, ...]
    """A line a field; nested ones are indented, a star marks what a call needs."""
    answer: tuple[str, ...]
    """The same, beside the envelope."""
    schema: Json
    """JSON Schema of the body; its references lead to the shared schemas."""
    example: Mapping[str, Json]
    """`body` and `answer`."""


@dataclass(frozen=True)
class SharedSchema:
    """A schema that several commands share."""

    head: str
    """Name, kind, meaning, limits and values on a line."""
    fields: tuple[str, ...]
    schema: Json


@cache
def page(path: str) -> Page:
    """Return the page of the command at `path`, which there must be."""
    raw = _read(f"commands/{path}.json")
    return Page(
        raw["description"],
        facts=tuple(raw["facts"]),
        request=tuple(raw["request"]),
        answer=tuple(raw["answer"]),
        schema=raw["schema"],
        example=raw["example"],
    )


@cache
def schemas() -> Mapping[str, SharedSchema]:
    """Return the shared schemas by name."""
    return {
        name: SharedSchema(raw["head"], tuple(raw["fields"]), raw["schema"])
        for name, raw in _read("schemas.json").items()
    }


def needed(schema: Json) -> list[str]:
    """Return the shared schemas that `schema` leads to, the nearest first."""
    known = schemas()
    found = list(dict.fromkeys(_references(schema)))
    for name in found:
        found += [
            further for further in _once(_references(known[name].schema)) if further not in found
        ]
    return found


def standalone(schema: Json, *, filled: Sequence[str] = ()) -> Json:
    """Return a JSON Schema that holds all that it refers to, and does not ask for what is `filled` in by the client."""
    whole = {**schema, "$defs": {name: schemas()[name].schema for name in needed(schema)}}
    whole["required"] = [name for name in schema.get("required", ()) if name not in filled]
    return cast(Json, json.loads(json.dumps(whole).replace(_REFERENCE, "#/$defs/")))


def _once(names: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _references(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, value in cast(Json, schema).items():
            if key == "$ref":
                yield str(value).removeprefix(_REFERENCE)
            else:
                yield from _references(value)
    elif isinstance(schema, list):
        for item in cast("list[object]", schema):
            yield from _references(item)


def _read(name: str) -> Json:
    return cast(Json, json.loads((_FOLDER / name).read_text(encoding="utf-8")))
