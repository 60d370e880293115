"""Values that stand in an example where a page shows none."""

from __future__ import annotations

from collections.abc import Mapping

from timgen.checking.rules.registry import mapping, sequence
from timgen.language.schema import JsonValue, Schema, ref_name, types
from timgen.language.todo import TODO

_MAX_DEPTH = 12


def placeholder(schema: Schema, shared: Mapping[str, Schema], depth: int = 0) -> JsonValue:
    """Return a small value that `schema` accepts: of an object the required fields only, `TODO` as text."""
    if depth > _MAX_DEPTH:
        return None
    if name := ref_name(schema):
        return placeholder(shared.get(name, {}), shared, depth + 1)
    if "const" in schema:
        return schema["const"]
    if values := sequence(schema.get("enum")):
        return values[0]
    for key in ("oneOf", "anyOf"):
        if options := sequence(schema.get(key)):
            return placeholder(mapping(options[0]), shared, depth + 1)
    kind = next(iter(types(schema)), "object" if "properties" in schema else "string")
    if kind == "object":
        properties = mapping(schema.get("properties"))
        required = [str(name) for name in sequence(schema.get("required"))]
        return {name: placeholder(mapping(properties.get(name)), shared, depth + 1) for name in required}
    if kind == "array":
        items = mapping(schema.get("items"))
        return [placeholder(items, shared, depth + 1)] if items else []
    if kind in ("integer", "number"):
        return schema.get("minimum", 0)
    return {"boolean": False, "null": None}.get(kind, TODO)
