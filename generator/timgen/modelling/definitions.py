"""Class definitions: body schemas cut into named ones, the form that datamodel-code-generator takes.

Every inline object gets its stable name here, before a model generator could number it, and
every schema its module: `groups.create.CreateGroupMember`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from timgen.language.naming import item_name, pascal
from timgen.language.schema import REF_PREFIX, Schema, closure, ref_name, references, types, walk
from timgen.modelling.model import TextLimit

NUMBER_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_OF_FIELDS = ("deprecated", "former", "aliases")
_OF_RECORDS = ("title", "properties", "required", "additionalProperties", "patternProperties")

Role = Literal["request", "response", "shared", "envelope", "before", "after", "reply"]
"""What a body is; before and after are the events of webhooks."""
# What the objects inside of a webhook's bodies are.
_INNER_ROLES: Mapping[Role, Role] = {"before": "response", "after": "response", "reply": "request"}
_WRITTEN = frozenset[Role]({"request", "reply"})


@dataclass(frozen=True)
class Definition:
    """One class or type alias of the generated models."""

    name: str
    module: str
    role: Role
    schema: Schema
    """Refers to other definitions by `#/components/schemas/<module>.<name>`; still has its x- keys."""
    origin: str
    """The file of the spec that it is made from."""
    extends: str | None = None
    """Module and name of the class that it extends: `envelope.Response`."""
    written: bool = False
    """Whether apps write it: it is in a request or a reply."""
    read: bool = False
    """Whether apps read it: it is in an answer or an event."""

    @property
    def key(self) -> str:
        return f"{self.module}.{self.name}"

    @property
    def text(self) -> str:
        """All that it says, the same for the same."""
        said = [self.key, self.schema, self.role, self.extends, self.origin, self.written, self.read]
        return json.dumps(said)

    @property
    def fields(self) -> Mapping[str, Schema]:
        """Its fields by wire name; none for what is no object."""
        return cast(Mapping[str, Schema], self.schema.get("properties", {}))


class _Inner(dict[str, Definition]):
    """Definitions that refer to others."""

    def __init__(self, outer: Mapping[str, Definition]) -> None:
        super().__init__()
        self._outer = outer

    def __missing__(self, key: str) -> Definition:
        return self._outer[key]


@dataclass
class Definitions:
    """Definitions by key, in the order in which they were made."""

    modules: Mapping[str, str]
    """Module of each shared schema."""
    by_key: dict[str, Definition] = field(default_factory=dict[str, Definition])
    made: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Name and origin of all that was added here, one name twice that two of them have."""

    def within(self) -> Definitions:
        """Return definitions of which nothing else is known, which refer to these and do not hold them."""
        return Definitions(self.modules, _Inner(self.by_key))

    def add(
        self,
        schema: Schema,
        name: str,
        module: str,
        role: Role,
        *,
        origin: str,
        prefix: str,
        extends: str | None = None,
        written: bool = False,
        read: bool = False,
    ) -> str:
        """Add `schema` as the class `name`, its inline objects as classes whose names start with `prefix`.

        Who writes and reads it follows from its role, but for a shared one. Returns the key of the definition.
        """
        is_request = role in _WRITTEN
        empty = Definition(
            name, module, role, {}, origin, extends, written or is_request, read or not (written or is_request)
        )
        self.reserve(empty)
        cutter = _Cutter(self, empty)
        body = cutter.record(schema, prefix) if _is_record(schema) else cutter.cut(schema, prefix, name)
        self.by_key[empty.key] = replace(empty, schema=body)
        return empty.key

    def is_record(self, key: str) -> bool:
        """Whether the definition is a class, with fields of its own."""
        return _is_record(self.by_key[key].schema)

    def reserve(self, definition: Definition) -> None:
        """Take the place of `definition`, whose schema follows: a class stands before the classes of its fields."""
        self.made.append((definition.name, definition.origin))
        self.by_key[definition.key] = definition

    def resolve(self, schema: Schema) -> tuple[Definition | None, Schema]:
        """Follow the reference that `schema` is; return the definition and what stands there."""
        key = ref_name(schema)
        if key is None:
            return None, schema
        definition = self.by_key[key]
        return definition, definition.schema

    def target(self, schema: Schema) -> Schema:
        """Return what stands at the end of the references that `schema` is."""
        while "$ref" in schema:
            schema = self.resolve(schema)[1]
        return schema

    def closure(self, keys: Iterable[str]) -> frozenset[str]:
        """Return `keys` and the keys of everything that they refer to."""
        return closure(keys, self._leads)

    def _leads(self, key: str) -> Iterable[str]:
        definition = self.by_key[key]
        return (*references(definition.schema), *([definition.extends] if definition.extends else []))

    def inner_classes(self, key: str) -> Mapping[str, tuple[str, ...]]:
        """Return the classes of the objects inside the definition `key`, by wire path: `MemberList[]`.

        No two definitions have one name: a class may seem to hold itself then.
        """
        found: dict[str, tuple[str, ...]] = {}
        for name, part in self.by_key[key].fields.items():
            self._add_inner(part, name, found)
        return found

    def _add_inner(self, schema: Schema, path: str, found: dict[str, tuple[str, ...]]) -> None:
        definition, target = self.resolve(schema)
        if definition is not None:
            if self.modules.get(definition.name) == definition.module:
                return
            if _is_record(target):
                found[path] = (*found.get(path, ()), definition.name)
        for name, part in cast(Mapping[str, Schema], target.get("properties", {})).items():
            self._add_inner(part, f"{path}.{name}", found)
        if isinstance(items := target.get("items"), Mapping):
            self._add_inner(cast(Schema, items), f"{path}[]", found)
        values = [*cast(Mapping[str, Schema], target.get("patternProperties", {})).values()]
        if isinstance(others := target.get("additionalProperties"), Mapping):
            values.append(cast(Schema, others))
        for part in values:
            self._add_inner(part, f"{path}.*", found)
        for part in cast(list[Schema], target.get("anyOf") or target.get("oneOf") or []):
            self._add_inner(part, path, found)

    @property
    def text_limits(self) -> tuple[TextLimit, ...]:
        """The constrained string types that the definitions name."""
        return tuple(
            limit
            for definition in self.by_key.values()
            for path, part in walk(definition.schema)
            if (limit := text_limit(part, definition.name, path))
        )


def text_limit(schema: Schema, owner: str, path: tuple[str | int, ...]) -> TextLimit | None:
    """Return the constrained string type that `schema` needs, None when `str` will do.

    `path` is where it stands in the definition `owner`.
    """
    max_bytes = schema.get("x-max-bytes")
    if isinstance(max_bytes, int):
        return TextLimit(f"Utf8Max{max_bytes}", max_bytes, ())
    excluded = schema.get("not")
    if isinstance(excluded, Mapping):
        values = tuple(cast(list[str], cast(Mapping[str, object], excluded)["enum"]))
        return TextLimit(owner + "".join(pascal(str(step)) for step in path[1::2]), None, values)
    return None


class _Cutter:
    def __init__(self, definitions: Definitions, outer: Definition) -> None:
        self.definitions = definitions
        self.outer = outer

    def cut(self, schema: Schema, prefix: str, wire_name: str) -> dict[str, object]:
        """Return `schema` with a reference in place of every inline object.

        `prefix` is the class name of the object around it, `wire_name` the name of its field.
        """
        if shared := ref_name(schema):
            rest = {key: value for key, value in schema.items() if key != "$ref"}
            return {"$ref": f"{REF_PREFIX}{self.definitions.modules[shared]}.{shared}", **rest}
        if _is_record(schema):
            others = [name for name in types(schema) if name != "object"]
            if others:
                return self.cut(_split(schema, others), prefix, wire_name)
            return self._define(schema, prefix + str(schema.get("title") or pascal(wire_name)))
        result = dict(schema)
        result.pop("title", None)
        title = schema.get("title")
        if isinstance(items := schema.get("items"), Mapping):
            result["items"] = self.cut(_titled(cast(Schema, items), title), prefix, item_name(wire_name))
        if "patternProperties" in schema:
            result.update(self._by_pattern(schema, prefix, item_name(wire_name)))
        elif isinstance(values := schema.get("additionalProperties"), Mapping):
            part = _titled(cast(Schema, values), title)
            # Of numbers in a map, which are of two types in Python, datamodel-code-generator forgets the limits.
            cut = self._named if "number" in types(part) and part.keys() & set(NUMBER_LIMITS) else self.cut
            result["additionalProperties"] = cut(part, prefix, item_name(wire_name))
        for key in ("anyOf", "oneOf"):
            if isinstance(options := schema.get(key), list):
                result[key] = [
                    self.cut(cast(Schema, option), prefix, wire_name if index == 0 else f"{wire_name}_{index + 1}")
                    for index, option in enumerate(cast(list[object], options))
                ]
        return result

    def record(self, schema: Schema, prefix: str) -> dict[str, object]:
        """Return the object `schema` with references in place of the objects inside."""
        properties = cast(Mapping[str, Schema], schema.get("properties", {}))
        result = {key: value for key, value in schema.items() if key != "title"}
        result["properties"] = {name: self.cut(part, prefix, name) for name, part in properties.items()}
        result.update(self._by_pattern(schema, prefix, "Other"))
        return result

    def _by_pattern(self, schema: Schema, prefix: str, wire_name: str) -> dict[str, object]:
        """Return what says which values have keys of the app's own; each has a name, so that it can be told by key."""
        patterns = cast(Mapping[str, Schema], schema.get("patternProperties", {}))
        found: dict[str, object] = {}
        if patterns:
            found["patternProperties"] = {
                pattern: self._named(part, prefix, wire_name if number == 1 else f"{wire_name}_{number}")
                for number, (pattern, part) in enumerate(patterns.items(), 1)
            }
        if isinstance(values := schema.get("additionalProperties"), Mapping):
            found["additionalProperties"] = self._named(cast(Schema, values), prefix, f"{wire_name}_by_default")
        return found

    def _named(self, schema: Schema, prefix: str, wire_name: str) -> Schema:
        """Return a reference to `schema`."""
        if _is_record(schema) or "$ref" in schema:
            return self.cut(schema, prefix, wire_name)
        role = _INNER_ROLES.get(self.outer.role, self.outer.role)
        empty = replace(self.outer, name=f"{prefix}{pascal(wire_name)}Value", role=role, schema={}, extends=None)
        self.definitions.reserve(empty)
        self.definitions.by_key[empty.key] = replace(empty, schema=self.cut(schema, prefix, f"{wire_name}_item"))
        return {"$ref": REF_PREFIX + empty.key}

    def _define(self, schema: Schema, name: str) -> dict[str, object]:
        role = _INNER_ROLES.get(self.outer.role, self.outer.role)
        empty = replace(self.outer, name=name, role=role, schema={}, extends=None)
        self.definitions.reserve(empty)
        own = {key: value for key, value in schema.items() if key not in _OF_FIELDS}
        self.definitions.by_key[empty.key] = replace(empty, schema=self.record(own, name))
        of_field = {key: schema[key] for key in ("description", *_OF_FIELDS) if key in schema}
        return {"$ref": REF_PREFIX + empty.key, **of_field}


def _is_record(schema: Schema) -> bool:
    """Whether `schema` is an object with fields of its own, not a mapping with the caller's keys."""
    return bool(schema.get("properties")) or (schema.get("type") == "object" and schema.get("properties") == {})


def _split(schema: Schema, others: list[str]) -> Schema:
    """Return an object that may be something else as well (`type: [string, object]`) as a union."""
    record = {key: value for key, value in schema.items() if key in _OF_RECORDS}
    rest = {key: value for key, value in schema.items() if key not in _OF_RECORDS}
    description = {"description": rest.pop("description")} if "description" in rest else {}
    return {"anyOf": [{**record, "type": "object"}, {**rest, "type": others}], **description}


def _titled(items: Schema, title: object) -> Schema:
    """Hand a list's title down to its items, whose class it names."""
    return {**items, "title": title} if title and "title" not in items and "$ref" not in items else items
