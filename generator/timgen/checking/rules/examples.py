"""Rules about examples, defaults and values: they obey their own schema and show nothing that it does not describe."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, cast

from timgen.checking import metaschemas
from timgen.checking.rules.registry import (
    Rule,
    answer_head,
    choices,
    deepest,
    known_fields,
    mapping,
    reply_head,
    sequence,
    shared_schemas,
    suggestion,
    verdict,
)
from timgen.language.patterns import mistake
from timgen.language.schema import Schema, ref_name, references, type_name, types, walk
from timgen.language.todo import is_marked
from timgen.language.validators import request_validator
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.source import Document, KeyPath
from timgen.reading.spec import Spec

if TYPE_CHECKING:
    from jsonschema import ValidationError

    from timgen.language.quick import Validator

# What a value of an enum must obey as well.
_BESIDE_VALUES = frozenset(
    {"type", "minLength", "maxLength", "pattern", "x-max-bytes"}
    | {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
)


def invalid_example(spec: Spec, root: Path) -> Iterator[Diagnostic]:
    """Find an example that its schema rejects. The sets of answers are closed for it too."""
    heads = _heads(spec)
    bodies = _Bodies(shared_schemas(spec), metaschemas.validators(root)["body"])
    for document, part in _documents(spec):
        if document.file in spec.settled:
            continue
        schema = mapping(document.mapping.get(part)) or {"type": "object", "properties": {}}
        validator = bodies.validator(_with_head(schema, heads[part] or {})) or bodies.validator(schema)
        for where, body in _examples(document, part) if validator else ():
            for error in _errors(validator, body):
                # What a person must still write is the finding of `todo`.
                if is_marked(error.instance):
                    continue
                message = f"its schema rejects the {part}: {_reason(error)}"
                yield document.at((*where, *error.absolute_path), "invalid-example", message, _advice(error))


def no_envelope(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find an example of an answer that says neither that the call succeeded nor that it failed."""
    known = verdict(spec)
    for document in spec.commands.values() if known.fields else ():
        for where, body in _examples(document, "response"):
            if isinstance(body, dict) and not mapping(cast(object, body)).keys() & set(known.fields):
                message = f"an answer without {' and '.join(known.fields)}"
                hint = f"write {known.code}: {known.success}, or what the service sends"
                yield document.at(where, "no-envelope", message, hint, key=True)


def invalid_default(spec: Spec, root: Path) -> Iterator[Diagnostic]:
    """Find a default that its own schema rejects."""
    bodies = _Bodies(shared_schemas(spec), metaschemas.validators(root)["body"])
    for body in spec.bodies:
        if body.document.file in spec.settled:
            continue
        for path, schema in body.parts:
            validator = bodies.validator(schema) if "default" in schema else None
            for error in _errors(validator, schema.get("default")):
                where = (*body.path, *path, "default", *error.absolute_path)
                message = f"its schema rejects the default: {_reason(error)}"
                yield body.document.at(where, "invalid-default", message, _advice(error))


def invalid_value(spec: Spec, root: Path) -> Iterator[Diagnostic]:
    """Find a value of an enum, or a constant, that the limits and the type beside it reject."""
    bodies = _Bodies({}, metaschemas.validators(root)["body"])
    for body in spec.bodies:
        for path, schema in body.parts if body.document.file not in spec.settled else ():
            values: list[tuple[KeyPath, object]] = [
                (("enum", index), value) for index, value in enumerate(sequence(schema.get("enum")))
            ]
            values += [(("const",), schema["const"])] if "const" in schema else []
            rest = {key: value for key, value in schema.items() if key in _BESIDE_VALUES}
            validator = bodies.validator(rest) if values and rest else None
            for where, value in values:
                for error in _errors(validator, value):
                    message = f"the keywords beside it reject it: {_reason(error)}"
                    given = error.instance
                    hint = f'quote it: "{_shown(given)}"' if given is None or isinstance(given, bool) else ""
                    yield body.document.at((*body.path, *path, *where), "invalid-value", message, hint)


def unknown_example_field(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a field of an example that no schema describes."""
    fields, heads = _Fields(shared_schemas(spec)), _heads(spec)
    for document, part in _documents(spec):
        schema = document.mapping.get(part, {"properties": {}})
        head = heads[part]
        if document.file in spec.settled or head is None or not isinstance(schema, Mapping):
            continue
        given = _with_head(cast(Schema, schema), head)
        for where, body in _examples(document, part):
            for path, name, known in fields.unknown(given, body):
                hint = suggestion(name, known) or known_fields(known)
                message = f"the {part} has no field {name} here"
                yield document.at((*where, *path, name), "unknown-example-field", message, hint, key=True)


def _documents(spec: Spec) -> Iterator[tuple[Document, str]]:
    for documents, parts in ((spec.commands, ("request", "response")), (spec.webhooks, ("request", "reply"))):
        for document in documents.values():
            for part in parts:
                yield document, part


def _examples(document: Document, part: str) -> Iterator[tuple[KeyPath, object]]:
    for index, example in enumerate(sequence(document.mapping.get("examples"))):
        body = mapping(example).get(part)
        if body is not None:
            yield ("examples", index, part), body


def _heads(spec: Spec) -> Mapping[str, Mapping[str, object] | None]:
    """Return the fields that bodies have beside their own, by part of a file; None where the spec does not tell."""
    return {"request": {}, "response": answer_head(spec) or None, "reply": reply_head(spec) or None}


def _with_head(schema: Schema, head: Mapping[str, object]) -> Schema:
    """Return the schema of a whole body: that of an answer or a reply has the fields of its head too."""
    own = schema.get("properties")
    if not isinstance(own, Mapping):
        return schema
    return {**schema, "properties": {**head, **cast(Schema, own)}}


def _errors(validator: Validator | None, value: object) -> Iterator[ValidationError]:
    if validator is None:
        return
    try:
        for error in validator.iter_errors(value):
            yield deepest(error)
    except RecursionError:
        # Of a schema without end, which another rule reports.
        return


def _reason(error: ValidationError) -> str:
    """Return why a value was refused, with null, true and false as they stand in YAML."""
    shown = _shown(error.instance)
    if error.validator == "enum":
        return f"{shown} is not in its enum"
    return f"{shown}{error.message.removeprefix(repr(error.instance))}" if shown.isalpha() else error.message


def _shown(value: object) -> str:
    return json.dumps(value) if value is None or isinstance(value, bool) else repr(value)


def _advice(error: ValidationError) -> str:
    """Return what to do about a value that is not in its set."""
    if error.validator != "enum":
        return ""
    values = cast(list[object], error.validator_value)
    known = [value if isinstance(value, str) else json.dumps(value) for value in values]
    return suggestion(str(error.instance), known) or f"{choices(known)}; or say why there are others: x-open"


class _Bodies:
    """Makes validators of body schemas, of sound ones only: what is wrong with the others, other rules report."""

    def __init__(self, shared: Mapping[str, Schema], form: Validator) -> None:
        self._shared = shared
        self._form = form
        self._references = cache(self._references_of)

    def validator(self, schema: Schema) -> Validator | None:
        """Return the validator of `schema`, None when it or a shared schema that it leads to is not sound."""
        if not self._is_sound(schema):
            return None
        reached: set[str] = set()
        queue = [*references(schema)]
        while queue:
            name = queue.pop()
            if name not in reached:
                inside = self._references(name)
                if inside is None:
                    return None
                reached.add(name)
                queue += inside
        return request_validator(schema, {name: self._shared[name] for name in reached})

    def _references_of(self, name: str) -> frozenset[str] | None:
        """Return what the shared schema `name` refers to, None when it is not sound."""
        schema = self._shared.get(name)
        return references(schema) if schema is not None and self._is_sound(schema) else None

    def _is_sound(self, schema: Schema) -> bool:
        return self._form.is_valid(schema) and not any(mistake(text) for text in _patterns(schema))


def _patterns(schema: Schema) -> Iterator[str]:
    for _, part in walk(schema):
        if "pattern" in part:
            yield str(part["pattern"])
        yield from mapping(part.get("patternProperties"))


_Unknown = tuple[KeyPath, str, frozenset[str]]
"""Path of an object, name of a field there, and the names that its schema has."""


class _Fields:
    """Compares values with the fields that schemas name.

    An object is free to have others where its schema names none, where it describes the names or
    values of others, or where it stands for what the vendor adds to a union later.
    """

    def __init__(self, shared: Mapping[str, Schema]) -> None:
        self._shared = shared

    def unknown(self, schema: Schema, value: object, path: KeyPath = ()) -> list[_Unknown]:
        """Return the fields inside `value` that `schema` does not name; of several readings the one with the fewest."""
        if type_name(value) not in ("array", "object"):
            return []
        readings = [self._in_one(parts, value, path) for parts in self._readings(schema, value, ())]
        return min(readings, key=len) if readings else []

    def _readings(self, schema: Schema, value: object, reached: tuple[str, ...]) -> list[list[Schema]]:
        """Return the alternatives of what `schema` may mean for `value`: each some schemas that apply together."""
        if not _fits(schema, value):
            return []
        factors: list[list[list[Schema]]] = [[[schema]]]
        name = ref_name(schema)
        if name is not None and name not in reached:
            # What cannot be found may name any field.
            target = self._shared.get(name, {"additionalProperties": True})
            factors.append(self._readings(target, value, (*reached, name)))
        for key in ("anyOf", "oneOf"):
            if options := sequence(schema.get(key)):
                readings = (self._readings(mapping(option), value, reached) for option in options)
                factors.append([reading for some in readings for reading in some])
        if len(factors) == 1:
            return factors[0]
        return [[part for reading in combination for part in reading] for combination in product(*factors)]

    def _in_one(self, parts: list[Schema], value: object, path: KeyPath) -> list[_Unknown]:
        found: list[_Unknown] = []
        if isinstance(value, list):
            for index, item in enumerate(cast(list[object], value)):
                for part in parts:
                    found += self.unknown(mapping(part.get("items")), item, (*path, index))
            return found
        properties = [part["properties"] for part in parts if isinstance(part.get("properties"), Mapping)]
        known = frozenset(name for names in properties for name in mapping(names))
        for name, inner in mapping(value).items():
            if name in known:
                for names in properties:
                    found += self.unknown(mapping(mapping(names).get(name)), inner, (*path, name))
            elif not properties or any(map(_is_open, parts)):
                for part in parts:
                    found += self.unknown(mapping(part.get("additionalProperties")), inner, (*path, name))
            else:
                found.append((path, name, known))
        return found


def _fits(schema: Schema, value: object) -> bool:
    """Whether `value` is of the schema's type and has its constants: whether it can be what was meant."""
    names = types(schema) if isinstance(schema.get("type"), str | list) else []
    if names and type_name(value) not in names:
        return False
    fields = mapping(schema.get("properties"))
    for name, given in mapping(value).items():
        field = mapping(fields.get(name))
        if given is not None and "const" in field and field["const"] != given:
            return False
        if "not" in field and given in sequence(mapping(field["not"]).get("enum")):
            return False
    return True


def _is_open(schema: Schema) -> bool:
    if "additionalProperties" in schema or "patternProperties" in schema:
        return True
    return any("not" in mapping(part) for part in mapping(schema.get("properties")).values())


RULES = (
    Rule("invalid-example", "a schema rejects its example", invalid_example, alone=True, shown=True),
    Rule("no-envelope", "an example of an answer does not say how the call went", no_envelope, alone=True, shown=True),
    Rule("invalid-default", "a schema rejects its default", invalid_default, alone=True),
    Rule("invalid-value", "a value of an enum breaks what stands beside it", invalid_value, alone=True),
    Rule(
        "unknown-example-field",
        "an example shows a field that nothing describes",
        unknown_example_field,
        alone=True,
        shown=True,
    ),
)
