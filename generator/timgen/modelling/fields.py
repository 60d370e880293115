"""Rows of the tables that show a body: its fields, with those of the objects inside."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from timgen.language.naming import python_name
from timgen.language.schema import Schema, ref_name, types
from timgen.modelling.describe import enum_values, limits, values_label
from timgen.modelling.model import Field, Member, Record

_NESTING = re.compile(r"(?:\[\]|\.\*)*")


def body_fields(schema: Schema, shared: Mapping[str, Schema], *, closed: bool) -> tuple[Field, ...]:
    """Return every field of a body, nested ones behind their parent.

    A field that nothing describes is described as the `shared` schema that it is. `closed`: apps write the body.
    """
    return tuple(_Rows(shared, closed).of(schema, "", "", 0))


def by_class(
    fields: tuple[Field, ...], classes: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[Field, ...], tuple[Record, ...]]:
    """Return the fields of a body with the names of their classes, and the objects inside as records.

    `classes` are those of the objects, by wire path: `MemberList[]`.
    """
    named = tuple(
        replace(field, class_names=names) if (names := _class_names(field, classes)) else field for field in fields
    )
    records: list[Record] = []
    for path, names in classes.items():
        own = tuple(field for field in named if field.path == f"{path}.{field.wire_name}")
        if own:
            python_path = own[0].python_path.rpartition(".")[0]
            records.append(Record(names, path, python_path, own))
    return named, tuple(records)


def _class_names(field: Field, classes: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(
        name
        for path, names in classes.items()
        if path.startswith(field.path) and _NESTING.fullmatch(path[len(field.path) :])
        # What has keys of the app's own is an object, and its values are others.
        if ".*" not in path[len(field.path) :] or "map of" in field.type
        for name in names
    )


def item_name(schema: Schema) -> str | None:
    """Return the shared schema that the items of a list are."""
    items = schema.get("items")
    return ref_name(cast(Schema, items)) if isinstance(items, Mapping) else None


def members(schema: Schema) -> tuple[Member, ...]:
    """Return the members of a union."""
    options = cast(list[Schema], schema.get("oneOf") or schema.get("anyOf") or [])
    return tuple(
        Member(ref_name(option), str(option.get("description") or option.get("type", "any"))) for option in options
    )


class _Rows:
    def __init__(self, shared: Mapping[str, Schema], closed: bool) -> None:
        self.shared = shared
        self.closed = closed

    def of(self, schema: Schema, path: str, python_path: str, depth: int) -> Iterator[Field]:
        """Yield the fields of an object; the paths are what stands before their names."""
        required = set(cast(list[str], schema.get("required", ())))
        for name, part in cast(Mapping[str, Schema], schema.get("properties", {})).items():
            schema_name = _shared(part)
            described = part.get("description") or self.shared.get(schema_name or "", {}).get("description", "")
            in_python = f"{python_path}{python_name(name)}"
            yield Field(
                path=f"{path}{name}",
                python_path=in_python,
                wire_name=name,
                depth=depth,
                type=type_text(part),
                schema_name=schema_name,
                required=name in required,
                description=str(described),
                limits=limits(part),
                values=enum_values(part),
                values_label=values_label(part, closed=self.closed),
            )
            yield from self._inside(part, f"{path}{name}", in_python, depth + 1)

    def _inside(self, schema: Schema, path: str, python_path: str, depth: int) -> Iterator[Field]:
        yield from self.of(schema, f"{path}.", f"{python_path}.", depth)
        if isinstance(items := schema.get("items"), Mapping):
            yield from self._inside(cast(Schema, items), f"{path}[]", f"{python_path}[]", depth)
        if isinstance(values := schema.get("additionalProperties"), Mapping):
            yield from self._inside(cast(Schema, values), f"{path}.*", f"{python_path}.*", depth)
        for part in cast(Mapping[str, Schema], schema.get("patternProperties", {})).values():
            yield from self._inside(part, f"{path}.*", f"{python_path}.*", depth)
        for part in cast(list[Schema], schema.get("anyOf") or schema.get("oneOf") or []):
            yield from self._inside(part, path, python_path, depth)


def type_text(schema: Schema) -> str:
    """Return the type for people: `string`, `integer or string`, `array of GroupMember`."""
    if name := ref_name(schema):
        return name
    if options := cast(list[Schema], schema.get("anyOf") or schema.get("oneOf") or []):
        return " or ".join(dict.fromkeys(type_text(option) for option in options))
    if "const" in schema:
        return json.dumps(schema["const"], ensure_ascii=False)
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
