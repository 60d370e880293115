"""Python types of method arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from timgen.language.keywords import instant, is_flag, is_open, is_set, prefixes, span
from timgen.language.schema import Schema, is_literal, references, subschemas, types
from timgen.modelling.definitions import Definition, Definitions

_SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_ANY_OBJECT = "Mapping[str, object]"
_TIMES = ("datetime", "timedelta")


class Annotations:
    """Annotations of the arguments that stand for request fields.

    Where a model object is due, a mapping with wire names is accepted as well, any iterable for a
    list, and a time for the number that it travels as.
    """

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions

    def of(self, schema: Schema) -> str:
        """Return the annotation for a field: `Iterable[CreateGroupMember | Mapping[str, object]]`."""
        return " | ".join(dict.fromkeys(self._parts(schema)))

    def of_items(self, schema: Schema) -> str:
        """Return the annotation for an item of a list field: `CreateGroupMember | Mapping[str, object]`."""
        items = self.definitions.resolve(schema)[1].get("items")
        return self.of(cast(Schema, items)) if isinstance(items, Mapping) else "object"

    def item(self, answer: Schema, path: str) -> str:
        """Return the type of the items at `path`, `Response.List`, of an answer, as its model has them."""
        schema = self._item(answer, path)
        definition, target = self.definitions.resolve(schema)
        if definition is None or not (_is_record(target) or not self._is_expanded(definition)):
            return self._received(schema)
        if _is_record(target):
            return definition.name
        return " | ".join([definition.name, *self._beyond_the_set(target)])

    def _received(self, schema: Schema) -> str:
        """Return the annotation of what an answer has that names no class; it may be none of a set."""
        parts = [*self._parts(schema), *self._beyond_the_set(schema)]
        wire = [part for part in parts if part not in _TIMES]
        return " | ".join(dict.fromkeys(wire))

    def _beyond_the_set(self, schema: Schema) -> list[str]:
        return [_SCALARS[name] for name in types(schema)] if is_set(schema) and not is_open(schema) else []

    def item_definitions(self, answer: Schema, path: str) -> list[Definition]:
        """Return what the type of the items at `path` names."""
        found: set[str] = set()
        self._collect(self._item(answer, path), found)
        return [self.definitions.by_key[key] for key in sorted(found)]

    def definitions_in(self, schema: Schema) -> list[Definition]:
        """Return what the annotations of the fields of an object name."""
        found: set[str] = set()
        for part in cast(Mapping[str, Schema], schema.get("properties", {})).values():
            self._collect(part, found)
        return [self.definitions.by_key[key] for key in sorted(found)]

    def _item(self, answer: Schema, path: str) -> Schema:
        schema = answer
        for name in path.split("."):
            _, target = self.definitions.resolve(schema)
            schema = cast(Mapping[str, Schema], target["properties"])[name]
            while (items := self.definitions.resolve(schema)[1].get("items")) is not None:
                schema = cast(Schema, items)
        return schema

    def _parts(self, schema: Schema) -> Iterator[str]:
        definition, target = self.definitions.resolve(schema)
        if definition is not None:
            if _is_record(target):
                yield definition.name
                yield _ANY_OBJECT
            elif self._is_expanded(definition):
                # So that its items may be mappings too.
                yield from self._parts(target)
            else:
                yield definition.name
                if self._holds_record(target):
                    yield _ANY_OBJECT
            return
        if options := _options(schema):
            for option in options:
                yield from self._parts(option)
            return
        if "const" in schema:
            yield f"Literal[{schema['const']!r}]" if is_literal(schema["const"]) else "int"
            return
        if is_flag(schema):
            yield "bool"
            return
        names = types(schema)
        values = [value for value in cast(list[object], schema.get("enum", [])) if is_literal(value)]
        if values:
            yield f"Literal[{', '.join(repr(value) for value in values)}]"
        if prefixes(schema):
            yield "str"
        if not values or is_open(schema):
            for name in names:
                yield self._type(name, schema)
        if instant(schema):
            yield "datetime"
        if span(schema):
            yield "timedelta"
        if not names:
            yield "object"

    def _type(self, name: str, schema: Schema) -> str:
        if name == "array":
            items = schema.get("items")
            return f"Iterable[{self.of(cast(Schema, items)) if isinstance(items, Mapping) else 'object'}]"
        if name == "object":
            values = schema.get("additionalProperties")
            patterns = list(cast(Mapping[str, Schema], schema.get("patternProperties", {})).values())
            if isinstance(values, Mapping):
                patterns.append(cast(Schema, values))
            else:
                # Other keys may have any value.
                patterns.clear()
            if not patterns:
                return _ANY_OBJECT
            return f"Mapping[str, {' | '.join(dict.fromkeys(self.of(part) for part in patterns))}]"
        return _SCALARS[name]

    def _holds_record(self, schema: Schema) -> bool:
        _, target = self.definitions.resolve(schema)
        return _is_record(target) or any(self._holds_record(option) for option in _options(target))

    def _is_expanded(self, definition: Definition) -> bool:
        """Whether an annotation has what `definition` stands for in its place: a list, a map, a reference, a time."""
        schema = definition.schema
        if instant(schema) or span(schema):
            return True
        if not (schema.get("type") == "array" or _is_mapping(schema) or "$ref" in schema):
            return False
        # What holds itself, other than in a field of an object, could be expanded without end.
        reached: set[str] = set()
        queue = list(references(schema))
        while queue:
            key = queue.pop()
            inner = self.definitions.by_key[key].schema
            if key not in reached and not _is_record(inner):
                reached.add(key)
                queue += references(inner)
        return definition.key not in reached

    def _collect(self, schema: Schema, found: set[str]) -> None:
        definition, target = self.definitions.resolve(schema)
        if definition is not None:
            if not self._is_expanded(definition):
                found.add(definition.key)
                return
            schema = target
        if "$ref" in schema:
            self._collect(schema, found)
        for _, part in subschemas(schema):
            self._collect(part, found)


def _options(schema: Schema) -> list[Schema]:
    return cast(list[Schema], schema.get("anyOf") or schema.get("oneOf") or [])


def _is_record(schema: Schema) -> bool:
    return "properties" in schema


def _is_mapping(schema: Schema) -> bool:
    return schema.get("type") == "object" and not _is_record(schema)
