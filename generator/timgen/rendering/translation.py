"""From the spec's schemas to what datamodel-code-generator makes the right types of.

The models have no template. They are written to `client/<package>/models/`, a module for each file of shared
schemas, each command and each webhook. They import what templates put beside them there, as far as they need it:

- `_base`: `Model`, `RequestModel` and `ResponseModel`, from which all classes derive
- `_webhook`: `BeforeEvent`, `AfterEvent` and `Reply`, from which the bodies of webhooks do
- `_element`: `Element`, the base of objects that are a constant text and its content
- `_constraints`: `Known[...]`, values of a set that are no texts; `Flag`, a yes or no that travels as 1 or 0
- `_limits`: the types of `api.text_limits`
- `_times`: `utc` and `delta`, which read a time from a number
- `_former`: `deprecated`, which marks attributes under the names that they had before
- `_keys`: `Key` and `Keys`, which say what values keys of the app's own have
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from timgen.language.keywords import is_dynamic, is_flag, is_open, is_set, prefixes
from timgen.language.schema import Schema, is_literal, references, types
from timgen.modelling.definitions import NUMBER_LIMITS, Definition, Definitions, text_limit
from timgen.modelling.marks import field_marks
from timgen.rendering.codegen import ROOT
from timgen.rendering.members import is_element

_BASES = {
    "request": "_base.RequestModel",
    "response": "_base.ResponseModel",
    "shared": "_base.Model",
    "envelope": "_base.ResponseModel",
    "before": "_webhook.BeforeEvent",
    "after": "_webhook.AfterEvent",
    "reply": "_webhook.Reply",
}


def translate(definition: Definition, definitions: Definitions) -> Mapping[str, object]:
    """Return the definition as datamodel-code-generator shall see it: without words."""
    schema = _Translation(definition, definitions).schema(definition.schema, ())
    if "properties" not in definition.schema:
        return schema
    role = definition.role if definition.written or definition.role != "shared" else "response"
    base = "_element.Element" if is_element(definition, definitions) else definition.extends or _BASES[role]
    return {**schema, "customBasePath": f"{ROOT}.{base}"}


class _Translation:
    """Translates one definition."""

    def __init__(self, definition: Definition, definitions: Definitions) -> None:
        self.definition = definition
        self.definitions = definitions
        self.strict = definition.written

    def schema(self, schema: Schema, path: tuple[str | int, ...]) -> dict[str, object]:
        if "$ref" not in schema:
            return self._type(schema, path)
        reference: dict[str, object] = {"$ref": schema["$ref"]}
        if path and (others := self._beyond_the_set(schema)):
            return {"anyOf": [reference, *others]}
        return reference

    def _beyond_the_set(self, schema: Schema) -> list[dict[str, object]]:
        """Return the types that a value has which is none of the set that `schema` refers to: one may come."""
        target = self.definitions.target(schema)
        if not is_set(target) or is_open(target):
            return []
        return [{"type": name} for name in types(target)]

    def _type(self, schema: Schema, path: tuple[str | int, ...]) -> dict[str, object]:
        for key in ("anyOf", "oneOf"):
            if key in schema:
                members = cast(list[Schema], schema[key])
                translated = [self.schema(member, (*path, key, index)) for index, member in enumerate(members)]
                tag = {"discriminator": schema["discriminator"]} if "discriminator" in schema else {}
                return {key: translated, **tag}
        if "const" in schema:
            return self._constant(schema["const"])
        if "properties" in schema:
            return self._record(schema, path)
        if is_flag(schema):
            return {"type": "integer", "customTypePath": f"{ROOT}._constraints.Flag"}
        options = [self._one_type(name, schema, path) for name in types(schema)]
        values = [value for value in cast(list[object], schema.get("enum", [])) if is_literal(value)]
        # Apart, and what is no text first: it becomes `Known`.
        texts: list[object] = [value for value in values if isinstance(value, str)]
        others = [value for value in values if not isinstance(value, str)]
        known: list[dict[str, object]] = [{"enum": part} for part in (others, texts) if part]
        # A shared set is a type of its own; what else may come stands where it is used.
        closed = not path and known and not is_open(schema)
        options = [*known, *(self._prefixed(schema) if closed else options)]
        if len(options) == 1 and not self._is_list_of_itself(schema, path):
            return options[0]
        return {"anyOf": options} if options else {}

    def _prefixed(self, schema: Schema) -> list[dict[str, object]]:
        return [{"type": "string"}] if prefixes(schema) else []

    def _is_list_of_itself(self, schema: Schema, path: tuple[str | int, ...]) -> bool:
        # datamodel-code-generator forgets the items of such a list unless it is a member of a union.
        key = self.definition.key
        return not path and schema.get("type") == "array" and key in self.definitions.closure(references(schema))

    def _constant(self, value: object) -> dict[str, object]:
        if is_literal(value):
            return {"const": value}
        return {"type": "integer", "minimum": value, "maximum": value} if self.strict else {"type": "integer"}

    def _record(self, schema: Schema, path: tuple[str | int, ...]) -> dict[str, object]:
        properties = cast(Mapping[str, Schema], schema["properties"])
        needed: list[str] = []
        if self.strict:
            given = cast(list[str], schema.get("required", []))
            needed = [name for name in given if "x-fill" not in properties[name]]
        # What the service sends may lack all but what tells a member of a union from the others; an element without
        # content is given an empty one.
        kept = not self.definition.read or is_element(self.definition, self.definitions)
        required = [name for name in needed if kept or properties[name].keys() & {"const", "not"}]
        fields: dict[str, object] = {}
        for name, part in properties.items():
            field = self.schema(part, (*path, "properties", name))
            marks = field_marks(part, self.definitions) if self.strict else {}
            if name in needed and name not in required:
                marks["x-required"] = True
            fields[name] = _marked(field, marks)
        result: dict[str, object] = {"type": "object", "properties": fields}
        if is_dynamic(schema):
            result["additionalProperties"] = True
        if required:
            result["required"] = required
        return result

    def _one_type(self, name: str, schema: Schema, path: tuple[str | int, ...]) -> dict[str, object]:
        if name == "number":
            # A whole number stays one, so that an answer is written back as it came.
            return self._limited({"type": ["integer", "number"]}, schema, NUMBER_LIMITS)
        if name == "integer":
            return self._limited({"type": name}, schema, NUMBER_LIMITS)
        if name == "string":
            limit = text_limit(schema, self.definition.name, path)
            result: dict[str, object] = {"type": name}
            if limit is not None and self.strict:
                result["customTypePath"] = f"{ROOT}._limits.{limit.name}"
            return self._limited(result, schema, ("minLength", "maxLength", "pattern"))
        if name == "array":
            result = self._limited({"type": name}, schema, ("minItems", "maxItems"))
            if isinstance(items := schema.get("items"), Mapping):
                result["items"] = self.schema(cast(Schema, items), (*path, "items"))
            return result
        if name == "object":
            return self._mapping(schema, path)
        return {"type": name}

    def _mapping(self, schema: Schema, path: tuple[str | int, ...]) -> dict[str, object]:
        result: dict[str, object] = {"type": "object"}
        values = schema.get("additionalProperties")
        patterns = list(cast(Mapping[str, Schema], schema.get("patternProperties", {})).values())
        # Which value has which key is checked by the client.
        members = [*patterns, *([cast(Schema, values)] if isinstance(values, Mapping) else [])]
        translated = [self.schema(member, (*path, "additionalProperties")) for member in members]
        if patterns and not isinstance(values, Mapping):
            # Keys without a pattern may have any value.
            translated.append({})
        if translated:
            result["additionalProperties"] = translated[0] if len(translated) == 1 else {"anyOf": translated}
        return result

    def _limited(self, result: dict[str, object], schema: Schema, keys: tuple[str, ...]) -> dict[str, object]:
        if self.strict:
            result.update({key: schema[key] for key in keys if key in schema})
        return result


def _marked(field: dict[str, object], marks: Mapping[str, object]) -> dict[str, object]:
    """Return a field with what the client has to know of it beside its type."""
    # Beside a bare reference, datamodel-code-generator would drop them.
    return {**({"allOf": [field]} if marks and "$ref" in field else field), **marks}
