"""Marks: what the client has to know of a field that apps write, beside its type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from timgen.language.keywords import instant, is_open, prefixes, span
from timgen.language.schema import Schema, subschemas, types
from timgen.modelling.definitions import Definitions

MARKS = (
    "x-required",
    "x-null",
    "x-open",
    "x-prefixes",
    "x-time",
    "x-unit",
    "x-max-bytes",
    "x-max-contains",
    "x-aliases",
)
"""What the client has to know of a field that apps write, beside its type."""


def field_marks(schema: Schema, definitions: Definitions) -> dict[str, object]:
    """Return the marks of a field, `schema`, which its values may have in lists and maps as well."""
    found: dict[str, object] = {}
    if _takes_null(schema, definitions):
        found["x-null"] = True
    for part in _values(schema, definitions, frozenset()):
        if is_open(part) or "patternProperties" in part:
            found["x-open"] = True
        if beginnings := prefixes(part):
            known = cast(list[str], found.get("x-prefixes", []))
            found["x-prefixes"] = list(dict.fromkeys([*known, *beginnings]))
        if form := instant(part):
            found["x-time"] = form
        if unit := span(part):
            found["x-unit"] = unit
    target = definitions.target(schema)
    if not {"array", "object"}.isdisjoint(types(target)) and "x-max-bytes" in target:
        found["x-max-bytes"] = target["x-max-bytes"]
    if "contains" in target:
        ((name, constant),) = cast(Mapping[str, Schema], cast(Schema, target["contains"])["properties"]).items()
        found["x-max-contains"] = [name, constant["const"], target["maxContains"]]
    if "aliases" in schema:
        found["x-aliases"] = schema["aliases"]
    return found


def _takes_null(schema: Schema, definitions: Definitions, reached: frozenset[str] = frozenset()) -> bool:
    definition, target = definitions.resolve(schema)
    if definition is not None:
        key = definition.key
        return key not in reached and _takes_null(target, definitions, reached | {key})
    options = cast(list[Schema], schema.get("anyOf") or schema.get("oneOf") or [])
    return "null" in types(schema) or any(_takes_null(option, definitions, reached) for option in options)


def _values(schema: Schema, definitions: Definitions, reached: frozenset[str]) -> Iterator[Schema]:
    """Yield `schema` and what is inside of it, but for the fields of objects."""
    definition, target = definitions.resolve(schema)
    if definition is not None:
        if definition.key not in reached and not definitions.is_record(definition.key):
            yield from _values(target, definitions, reached | {definition.key})
        return
    yield schema
    for path, part in subschemas(schema):
        if path[0] != "properties":
            yield from _values(part, definitions, reached)


def pattern_map(schema: Schema, definitions: Definitions) -> Schema | None:
    """Return the map in a field, itself or in lists, whose keys have patterns."""
    parts = _values(schema, definitions, frozenset())
    return next((part for part in parts if "patternProperties" in part and "properties" not in part), None)
