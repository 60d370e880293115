"""Rules about examples and defaults: they obey their own schema and show nothing that it does not describe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from timgen.diagnostics import Diagnostic
from timgen.model import Schema
from timgen.rules import metaschemas
from timgen.rules.registry import Rule, deepest, mapping, sequence, shared_schemas, suggestion
from timgen.schema import body_validator, open_components, ref_name, references, type_name, types
from timgen.source import Document, KeyPath
from timgen.spec import Spec

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

_REPLY_HEAD = ("ActionStatus", "ErrorCode", "ErrorInfo")


def invalid_example(spec: Spec, root: Path) -> Iterator[Diagnostic]:
    """Find an example that its schema rejects."""
    trusted = _trusted(spec)
    bodies = _Bodies(shared_schemas(spec), metaschemas.validators(root)["body"])
    for document, part in _documents(spec):
        if document.file in trusted:
            continue
        validator = bodies.validator(mapping(document.mapping.get(part)) or {"type": "object"})
        if validator is None:
            continue
        for where, body in _examples(document, part):
            for path, message in _errors(validator, body):
                message = f"its schema rejects the {part}: {message}"
                yield document.at((*where, *path), "invalid-example", message)


def invalid_default(spec: Spec, root: Path) -> Iterator[Diagnostic]:
    """Find a default that its own schema rejects."""
    trusted = _trusted(spec)
    bodies = _Bodies(shared_schemas(spec), metaschemas.validators(root)["body"])
    for body in spec.bodies:
        if body.document.file in trusted:
            continue
        for path, schema in body.parts:
            if "default" not in schema:
                continue
            where, default = (*body.path, *path, "default"), schema["default"]
            known = sequence(schema.get("enum"))
            if known and not any(default == value and type(default) is type(value) for value in known):
                hint = suggestion(str(default), map(str, known)) or f"one of {', '.join(map(str, known))}"
                yield body.document.at(where, "invalid-default", f"{default!r} is not in its enum", hint)
            elif validator := bodies.validator(schema):
                for inner, message in _errors(validator, default):
                    message = f"its schema rejects the default: {message}"
                    yield body.document.at((*where, *inner), "invalid-default", message)


def unknown_example_field(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a field of an example that no schema describes."""
    envelope = mapping(spec.api.mapping.get("envelope")).get("properties")
    heads: dict[str, Mapping[str, object] | None] = {
        "request": {},
        "response": cast(Mapping[str, object], envelope) if isinstance(envelope, Mapping) else None,
        "reply": dict.fromkeys(_REPLY_HEAD, cast(object, {})),
    }
    trusted, fields = _trusted(spec), _Fields(shared_schemas(spec))
    for document, part in _documents(spec):
        head, schema = heads[part], document.mapping.get(part, {"properties": {}})
        if document.file in trusted or head is None or not isinstance(schema, Mapping):
            continue
        given = cast(Mapping[str, object], schema)
        if isinstance(own := given.get("properties"), Mapping):
            given = {**given, "properties": {**head, **cast(Mapping[str, object], own)}}
        for where, body in _examples(document, part):
            for path, name, known in fields.unknown(given, body):
                hint = suggestion(name, known) or f"it has {', '.join(sorted(known)) or 'no fields'}"
                message = f"the {part} has no field {name} here"
                yield document.at((*where, *path, name), "unknown-example-field", message, hint, key=True)


def _trusted(spec: Spec) -> frozenset[str]:
    """Return the files of which nothing new can be told: they and all that they depend on stayed the same."""
    common = (spec.api, *spec.schemas.values())
    return spec.trusted if all(document.file in spec.trusted for document in common) else frozenset()


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


def _errors(validator: Draft202012Validator, value: object) -> Iterator[tuple[KeyPath, str]]:
    try:
        for error in validator.iter_errors(cast(Any, value)):  # pyright: ignore
            inner = deepest(error)
            yield tuple(inner.absolute_path), inner.message
    except RecursionError:
        # Of a schema without end, which another rule reports.
        return


class _Bodies:
    """Makes validators of body schemas, of sound ones only: what is wrong with the others, other rules report."""

    def __init__(self, shared: Mapping[str, Schema], form: Any) -> None:
        self._shared = shared
        self._form = form
        self._sound: dict[str, bool] = {}

    def validator(self, schema: Schema) -> Draft202012Validator | None:
        """Return the validator of `schema`, None when it or a shared schema that it leads to is not sound."""
        if not self._form.is_valid(schema):
            return None
        reached: set[str] = set()
        queue = [schema]
        while queue:
            for name in references(queue.pop()) - reached:
                if not self._is_sound(name):
                    return None
                reached.add(name)
                queue.append(self._shared[name])
        return body_validator(schema, open_components({name: self._shared[name] for name in reached}))

    def _is_sound(self, name: str) -> bool:
        if name not in self._sound:
            self._sound[name] = name in self._shared and self._form.is_valid(self._shared[name])
        return self._sound[name]


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
        is_open = not properties or any(_is_open(part) for part in parts)
        for name, inner in mapping(value).items():
            if name in known:
                for names in properties:
                    found += self.unknown(mapping(mapping(names).get(name)), inner, (*path, name))
            elif not is_open:
                found.append((path, name, known))
            else:
                for part in parts:
                    found += self.unknown(mapping(part.get("additionalProperties")), inner, (*path, name))
        return found


def _fits(schema: Schema, value: object) -> bool:
    """Whether `value` is of the schema's type and has its constants: whether it can be what was meant."""
    names = types(schema) if isinstance(schema.get("type"), str | list) else []
    if names and type_name(value) not in names:
        return False
    for name, part in mapping(schema.get("properties")).items():
        given = mapping(value).get(name)
        field = mapping(part)
        if given is not None and "const" in field and field["const"] != given:
            return False
        if given in sequence(mapping(field.get("not")).get("enum")):
            return False
    return True


def _is_open(schema: Schema) -> bool:
    if "additionalProperties" in schema or "patternProperties" in schema:
        return True
    return any("not" in mapping(part) for part in mapping(schema.get("properties")).values())


RULES = (
    Rule("invalid-example", "a schema rejects its example", invalid_example),
    Rule("invalid-default", "a schema rejects its default", invalid_default),
    Rule("unknown-example-field", "an example shows a field that nothing describes", unknown_example_field),
)
