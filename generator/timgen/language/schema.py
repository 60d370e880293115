"""Body schemas: JSON Schema 2020-12 with the x- keys of `spec/meta`, and how to walk them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias, cast

JsonValue: TypeAlias = object
"""A value of JSON: dict, list, str, int, float, bool or None."""

Schema: TypeAlias = Mapping[str, JsonValue]
"""A body schema as written in the spec."""

REF_PREFIX = "#/components/schemas/"

SUBSCHEMA_MAPS = ("properties", "patternProperties")
SUBSCHEMA_LISTS = ("anyOf", "oneOf")
SUBSCHEMAS = ("items", "additionalProperties")
INSIDE = frozenset({*SUBSCHEMA_MAPS, *SUBSCHEMA_LISTS, *SUBSCHEMAS})
"""The keywords under which there are schemas inside of one; most schemas have none of them."""

_TYPE_NAMES: Mapping[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    dict: "object",
    list: "array",
    type(None): "null",
}


def ref_name(schema: Schema) -> str | None:
    """Return the name of the shared schema that `schema` refers to."""
    ref = schema.get("$ref")
    return ref.removeprefix(REF_PREFIX) if isinstance(ref, str) else None


def types(schema: Schema) -> list[str]:
    """Return the types that `schema` names, or those of its values when it names none."""
    given = schema.get("type")
    if given is not None:
        return cast(list[str], given) if isinstance(given, list) else [str(given)]
    values = cast(list[object], schema.get("enum", []))
    return list(dict.fromkeys(type_name(value) for value in values))


def type_name(value: object) -> str:
    """Return the name that JSON Schema gives the type of a value."""
    return _TYPE_NAMES[type(value)]


def is_literal(value: object) -> bool:
    """Whether type checkers take `value` in a Literal: mypy refuses integers beyond 64 bits."""
    return not isinstance(value, int) or -(2**63) <= value < 2**63


def subschemas(schema: Schema) -> list[tuple[tuple[str | int, ...], Schema]]:
    """Return the schemas directly inside `schema`, each with its path from there."""
    found: list[tuple[tuple[str | int, ...], Schema]] = []
    if INSIDE.isdisjoint(schema):
        return found
    # All of them are dicts, as they were read; asking for a Mapping takes several times as long.
    for key, value in schema.items():
        if key in SUBSCHEMA_MAPS and isinstance(value, dict):
            for name, child in cast(dict[str, object], value).items():
                if isinstance(child, dict):
                    found.append(((key, name), cast(Schema, child)))
        elif key in SUBSCHEMA_LISTS and isinstance(value, list):
            for index, child in enumerate(cast(list[object], value)):
                if isinstance(child, dict):
                    found.append(((key, index), cast(Schema, child)))
        elif key in SUBSCHEMAS and isinstance(value, dict):
            found.append(((key,), cast(Schema, value)))
    return found


def walk(schema: Schema, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Schema]]:
    """Yield `schema` and every schema inside it, parents first, without following references."""
    left = [(path, schema)]
    while left:
        path, schema = left.pop()
        yield path, schema
        left += [(path + step, child) for step, child in reversed(subschemas(schema))]


def references(schema: Schema) -> frozenset[str]:
    """Return what `schema` itself refers to: names of shared schemas, or keys of definitions cut from them."""
    return frozenset(name for _, part in walk(schema) if (name := ref_name(part)))


def reached(roots: Iterable[Schema], shared: Mapping[str, Schema]) -> frozenset[str]:
    """Return the names of the shared schemas that `roots` lead to."""
    return led_to((name for root in roots for name in references(root)), shared)


def led_to(names: Iterable[str], shared: Mapping[str, Schema]) -> frozenset[str]:
    """Return those of `names` that are `shared` schemas, and the names of those that they lead to."""
    return closure(names, lambda name: references(shared[name]) if name in shared else None)


def closure(names: Iterable[str], leads: Callable[[str], Iterable[str] | None]) -> frozenset[str]:
    """Return `names` and those that they lead to, as `leads` says; None says that a name is none."""
    found: set[str] = set()
    queue = list(names)
    while queue:
        name = queue.pop()
        if name not in found and (others := leads(name)) is not None:
            found.add(name)
            queue += others
    return frozenset(found)


def selectors(schema: Schema) -> list[str]:
    """Return the required fields that tell a member of a union from the others: all that the service must send."""
    properties = cast(Mapping[str, Schema], schema.get("properties", {}))
    required = cast(list[str], schema.get("required", []))
    return [name for name in required if properties.get(name, {}).keys() & {"const", "not"}]
