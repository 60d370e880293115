"""Sentences and table rows about body schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import cast

from timgen.model import EnumValue, Field, Schema
from timgen.schema import ref_name, types


def describe(schema: Schema) -> str:
    """Return a field's description with its limits and the meaning of its values, as one paragraph."""
    sentences = [_full_stop(str(schema["description"]))] if schema.get("description") else []
    sentences += [_full_stop(limit[:1].upper() + limit[1:]) for limit in limits(schema)]
    values = enum_values(schema)
    if values and all(value.description for value in values):
        meanings = (f"`{value.value}` ({_inside(value.description)})" for value in values)
        sentences.append(f"Values: {', '.join(meanings)}.")
    return " ".join(sentences)


def enum_values(schema: Schema) -> tuple[EnumValue, ...]:
    """Return the known values of an open enum, or of a list of such, with their meanings; else nothing."""
    if "enum" not in schema and isinstance(items := schema.get("items"), Mapping):
        return enum_values(cast(Schema, items))
    values = cast(list[str | int], schema.get("enum", []))
    meanings = cast(list[str], schema.get("x-enum-descriptions", [""] * len(values)))
    return tuple(EnumValue(value, meaning) for value, meaning in zip(values, meanings, strict=True))


def limits(schema: Schema) -> tuple[str, ...]:
    """Return the limits of a field for people: `at most 30 bytes of UTF-8`."""
    return tuple(_limits(schema))


def body_fields(schema: Schema) -> tuple[Field, ...]:
    """Return the rows of a body's table: every field, nested ones behind their parent."""
    return tuple(_rows(schema, "", 0))


def _limits(schema: Schema) -> Iterator[str]:
    unit = schema.get("x-unit")
    if unit:
        yield f"in {unit}"
    low, high = schema.get("minimum"), schema.get("maximum")
    if (low, high) == (0, 2**32 - 1):
        yield "an unsigned 32-bit number"
    elif low is not None and high is not None:
        yield f"from {low} to {high}"
    elif low is not None:
        yield f"at least {low}"
    elif high is not None:
        yield f"at most {high}"
    for key, template in (
        ("exclusiveMinimum", "more than {}"),
        ("exclusiveMaximum", "less than {}"),
        ("minLength", "at least {} characters"),
        ("maxLength", "at most {} characters"),
        ("x-max-bytes", "at most {} bytes of UTF-8"),
        ("minItems", "at least {} items"),
        ("maxItems", "at most {} items"),
        ("pattern", "must match `{}`"),
    ):
        if key in schema:
            text = template.format(schema[key])
            yield text.replace("1 characters", "1 character").replace("1 items", "1 item") if schema[key] == 1 else text
    items = schema.get("items")
    if isinstance(items, Mapping):
        for limit in _limits(cast(Schema, items)):
            yield f"each {limit}"
    if "default" in schema:
        yield f"default {_json(schema['default'])}"
    if fill := schema.get("x-fill"):
        number = "a number greater than the one before" if fill == "rising" else "a random number"
        yield f"{number} is filled in when left out"
    if deprecated := cast(Mapping[str, str], schema.get("deprecated", {})):
        since = f" since {deprecated['since']}" if "since" in deprecated else ""
        yield f"deprecated{since}: {deprecated['use']}"


def _rows(schema: Schema, prefix: str, depth: int) -> Iterator[Field]:
    required = set(cast(list[str], schema.get("required", ())))
    for name, part in cast(Mapping[str, Schema], schema.get("properties", {})).items():
        yield Field(
            path=f"{prefix}{name}",
            wire_name=name,
            depth=depth,
            type=type_text(part),
            schema_name=_shared(part),
            required=name in required,
            description=str(part.get("description", "")),
            limits=limits(part),
            values=enum_values(part),
        )
        yield from _nested(part, f"{prefix}{name}", depth + 1)


def _nested(schema: Schema, path: str, depth: int) -> Iterator[Field]:
    yield from _rows(schema, f"{path}.", depth)
    if isinstance(items := schema.get("items"), Mapping):
        yield from _nested(cast(Schema, items), f"{path}[]", depth)
    if isinstance(values := schema.get("additionalProperties"), Mapping):
        yield from _nested(cast(Schema, values), f"{path}.*", depth)
    for part in cast(Mapping[str, Schema], schema.get("patternProperties", {})).values():
        yield from _nested(part, f"{path}.*", depth)
    for part in cast(list[Schema], schema.get("anyOf") or schema.get("oneOf") or []):
        yield from _nested(part, path, depth)


def type_text(schema: Schema) -> str:
    """Return the type for people: `string`, `integer or string`, `array of GroupMember`."""
    if name := ref_name(schema):
        return name
    if options := cast(list[Schema], schema.get("anyOf") or schema.get("oneOf") or []):
        return " or ".join(dict.fromkeys(type_text(option) for option in options))
    if "const" in schema:
        return _json(schema["const"])
    return " or ".join(_one_type(name, schema) for name in types(schema)) or "any"


def _one_type(name: str, schema: Schema) -> str:
    if name == "array" and isinstance(items := schema.get("items"), Mapping):
        return f"array of {type_text(cast(Schema, items))}"
    if name == "object" and isinstance(values := schema.get("additionalProperties"), Mapping):
        return f"map of {type_text(cast(Schema, values))}"
    return name


def _shared(schema: Schema) -> str | None:
    if name := ref_name(schema):
        return name
    items = schema.get("items")
    return _shared(cast(Schema, items)) if isinstance(items, Mapping) else None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _inside(meaning: str) -> str:
    """Return a meaning for use inside a sentence: names keep their capital, words lose it."""
    first = meaning.split(" ", 1)[0]
    return meaning[:1].lower() + meaning[1:] if first[1:].islower() or len(first) == 1 else meaning


def _full_stop(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
