"""Rules about the keywords of body schemas: each is one that means something where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from timgen.checking.rules.registry import Rule, choices, fields_of, mapping, sequence, shared_schemas, suggestion
from timgen.language.naming import python_name
from timgen.language.patterns import mistake
from timgen.language.schema import Schema, is_literal, ref_name, walk
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.source import Document, KeyPath
from timgen.reading.spec import Spec

_TYPES = frozenset({"string", "integer", "number", "boolean", "object", "array", "null"})
_NUMBERS = ("integer", "number")
# The types that each keyword says something about. One of them must be named beside it.
_ABOUT: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("minLength", "maxLength", "pattern", "not"), ("string",)),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "x-unit"), _NUMBERS),
    **dict.fromkeys(("minItems", "maxItems", "items", "contains"), ("array",)),
    **dict.fromkeys(("properties", "required", "additionalProperties", "patternProperties"), ("object",)),
    "title": ("object", "array"),
    "x-flag": ("integer",),
    "x-max-bytes": ("string", "array", "object"),
    "x-time": (*_NUMBERS, "string"),
}
_OF_FIELDS = ("description", "default", "deprecated", "former", "aliases")
_BESIDE_REFERENCE = ("$ref", *_OF_FIELDS)
_BESIDE_UNION = ("anyOf", "oneOf", "discriminator", *_OF_FIELDS)
# What says of which type a value is.
_TYPED = ("type", "$ref", "enum", "const", "anyOf", "oneOf")
# What x-flag says by itself.
_OF_FLAGS = ("enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "x-unit", "x-time")


class _Part(NamedTuple):
    """A schema somewhere in the spec."""

    document: Document
    path: KeyPath
    schema: Schema
    role: str
    """That of its body; query for a parameter's."""
    is_body: bool
    """Whether it is a body itself, whose type other rules see to."""

    def at(self, key: str, rule: str, message: str, hint: str = "") -> Diagnostic:
        """Return a finding about a keyword, or about the whole when it is empty."""
        return self.document.at((*self.path, key) if key else self.path, rule, message, hint, key=True)


def keyword_type(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a keyword without a type that it says something about."""
    for part in _parts(spec):
        types = _types(part.schema)
        if any(key in part.schema for key in ("$ref", "anyOf", "oneOf")) or (part.is_body and types != ["object"]):
            continue
        if "type" in part.schema and not (types and set(types) <= _TYPES):
            # That these are no types is another rule's finding.
            continue
        for key in part.schema.keys() & _ABOUT.keys():
            wanted = _ABOUT[key]
            if not types:
                yield part.at(key, "keyword-type", f"`{key}` needs a type beside it", f"type: {wanted[0]}")
            elif not set(wanted) & set(types):
                message = f"`{key}` is about {_listed(wanted)}, the type is {_listed(types)}"
                yield part.at(key, "keyword-type", message, "remove it, or correct the type")
            elif key == "x-flag" and part.schema[key] is True and types != ["integer"]:
                yield part.at(key, "keyword-type", "a flag is an integer and nothing else", "type: integer")


def any_type(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a schema that says nothing about types."""
    for part in _parts(spec):
        keys = part.schema.keys()
        if not (keys & set(_TYPED) or keys & _ABOUT.keys() or part.is_body):
            hint = "type: string, or another one; several as type: [string, integer]"
            yield part.at("", "any-type", "the type is missing", hint)


def array_items(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a list of which nobody says what it holds."""
    for part in _parts(spec):
        if "array" in _types(part.schema) and "items" not in part.schema:
            yield part.at(
                "", "array-items", "the list's `items` are missing", "items: {type: string}, or what it holds"
            )


def beside_reference(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a keyword beside a `$ref` that says nothing there."""
    for part in _parts(spec):
        name = ref_name(part.schema)
        for key in part.schema if name is not None else ():
            if key not in _BESIDE_REFERENCE:
                hint = f"write it in {name}, or write the schema out here"
                yield part.at(key, "beside-reference", f"`{key}` says nothing beside a $ref", hint)


def beside_union(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a keyword beside `anyOf` or `oneOf` that says nothing there."""
    for part in _parts(spec):
        union = next((key for key in ("anyOf", "oneOf") if key in part.schema), None)
        if union is None or "$ref" in part.schema:
            continue
        if union == "anyOf" and "oneOf" in part.schema:
            hint = "make one of them a shared schema and a member of the other"
            yield part.at("oneOf", "beside-union", "`anyOf` and `oneOf` do not stand together", hint)
        for key in part.schema:
            if key not in _BESIDE_UNION:
                yield part.at(key, "beside-union", f"`{key}` says nothing beside `{union}`", "write it in the members")


def contradiction(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find keywords that say the same thing twice or two things at once."""
    for part in _parts(spec):
        time = part.schema.get("x-time")
        if part.schema.get("x-flag") is True:
            for key in _OF_FLAGS:
                if part.schema.get(key, False) is not False:
                    message = f"`{key}` beside `x-flag: true`, which says it all: 0 or 1"
                    yield part.at(key, "contradiction", message, "remove one of them")
        elif time in ("unix", "unix-ms") and "x-unit" in part.schema:
            message = "`x-unit` is for spans, `x-time` for instants"
            yield part.at("x-unit", "contradiction", message, "remove one of them")


def enum_part(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find what is said about values that an enum does not have."""
    for part in _parts(spec):
        values = sequence(part.schema.get("enum"))
        for name in mapping(part.schema.get("x-enum-deprecated")):
            if values and name not in map(str, values):
                hint = suggestion(name, map(str, values)) or choices(values)
                where = (*part.path, "x-enum-deprecated", name)
                yield part.document.at(where, "enum-part", f"{name} is no value of the enum", hint, key=True)
        if "x-prefixes" in part.schema and values and not any(isinstance(value, str) for value in values):
            yield part.at("x-prefixes", "enum-part", "only texts have beginnings, the values are none", "remove it")
        if "x-open" in part.schema and not part.schema.keys() & {"enum", "not"}:
            yield part.at("x-open", "enum-part", "there is no set of values here that it could be about", "remove it")
        elif "x-open" not in part.schema and not all(map(is_literal, values)):
            message = "type checkers know no value beyond 64 bits, so the set cannot be closed"
            yield part.at("enum", "enum-part", message, "say so with x-open")


def former_name(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a former name that the client cannot take for the present one."""
    shared = shared_schemas(spec)
    for part in _parts(spec):
        if "former" in part.schema and (part.role not in ("request", "shared") or part.path[-2:-1] != ("properties",)):
            message = "only fields of requests have former names"
            yield part.at("former", "former-name", message, "remove it: elsewhere both names would be fields")
        if part.role in ("request", "shared"):
            yield from _taken_names(part)
            yield from _taken_in_union(part, shared)


def argument_alias(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a former name of an argument that is the name of another one, or that cannot be one."""
    for part in _parts(spec):
        if "aliases" in part.schema and (part.role not in ("request", "shared") or part.path[-2:-1] != ("properties",)):
            yield part.at("aliases", "argument-alias", "only fields of requests are arguments", "remove it")
        properties = mapping(part.schema.get("properties"))
        first = {python_name(field): field for field in properties}
        own = _own_arguments(part.document) if part.is_body and part.role == "request" else {}
        for field, schema in properties.items():
            for name in mapping(mapping(schema).get("aliases")):
                where = (*part.path, "properties", field, "aliases", name)
                if name in first:
                    owner = "the field itself" if first[name] == field else first[name]
                    message = f"{name} is a name of {owner} already"
                    yield part.document.at(where, "argument-alias", message, "remove it from one of them", key=True)
                elif python_name(name) != name:
                    message = f"no argument can have been called {name}: it was {python_name(name)}"
                    yield part.document.at(where, "argument-alias", message, key=True)
                elif name in own:
                    message = f"the method that `{own[name]}` makes has an argument {name} of its own"
                    yield part.document.at(where, "argument-alias", message, "remove it", key=True)
                first.setdefault(name, field)


def _own_arguments(command: Document) -> dict[str, str]:
    """Return the arguments that methods made of a command have of their own, with the keyword that makes these."""
    arguments = {"paging": ("cursor", "max_items"), "batch": ("concurrency", "progress")}
    return {name: key for key, names in arguments.items() if key in command.mapping for name in names}


def closed_object(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find an object that is said to have no other fields."""
    for part in _parts(spec):
        if part.schema.get("additionalProperties") is False:
            message = "nothing can hold to this: `call` and answers let other fields pass"
            hint = "leave it out: the methods take the fields named here anyway, and no others"
            yield part.at("additionalProperties", "closed-object", message, hint)


def contained(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find `contains` about a field that the items of the list do not have."""
    shared = shared_schemas(spec)
    for body in spec.bodies:
        for path, schema in body.parts:
            given, items = mapping(schema.get("contains")), mapping(schema.get("items"))
            fields = fields_of(items, shared) if given and items else None
            where = (*body.path, *path, "contains")
            for name in mapping(given.get("properties")) if fields is not None else ():
                if name not in (fields or {}):
                    message = f"the items have no field {name}" if fields else "the items are no objects"
                    hint = suggestion(name, fields or ())
                    yield body.document.at((*where, "properties", name), "contains", message, hint, key=True)
                elif name not in sequence(given.get("required")):
                    message = f"without {name} among `required` it also counts items that lack it"
                    yield body.document.at((*where, "required"), "contains", message, f"required: [{name}]", key=True)


def field_only(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find what the client can check in a field only, in a place where it cannot."""
    shared = shared_schemas(spec)
    for body in spec.bodies:
        for path, schema in body.parts:
            steps = _steps_in_field(path)
            target = schema if "$ref" not in schema else _target(schema, shared)
            key = next((key for key in _FIELD_ONLY if _is_lost(key, target, steps)), None)
            if key is None or (not path and body.role == "shared"):
                continue
            place = "$ref" if "$ref" in schema else key
            where = (*body.path, *path, *((place,) if path else ()))
            message = f"the client checks `{key}` of a field only, not of values inside of one"
            hint = "make the value a field of an object, or leave it out"
            yield body.document.at(where, "field-only", message, hint, key=True)


# What only fields can have, and through which steps it may stand further inside of one.
_FIELD_ONLY: Mapping[str, frozenset[str]] = {
    "x-max-bytes": frozenset(),
    "contains": frozenset(),
    "x-flag": frozenset(),
    "patternProperties": frozenset({"items", "anyOf", "oneOf"}),
    "x-prefixes": frozenset({"items", "anyOf", "oneOf"}),
}


def _is_lost(key: str, schema: Schema, steps: frozenset[str] | None) -> bool:
    if not schema.get(key, False) or (key == "x-max-bytes" and not {"array", "object"} & set(_types(schema))):
        return False
    if key == "patternProperties" and "properties" in schema:
        return False
    return steps is None or not steps <= _FIELD_ONLY[key]


def _steps_in_field(path: KeyPath) -> frozenset[str] | None:
    """Return the keywords between a field and what stands at `path` inside of it; None outside of fields."""
    steps: set[str] | None = None
    rest = list(path)
    while rest:
        step = str(rest.pop(0))
        if step == "properties":
            steps = set()
        elif steps is not None:
            steps.add(step)
        if step in ("properties", "patternProperties", "anyOf", "oneOf"):
            del rest[:1]
    return None if steps is None else frozenset(steps)


def _target(schema: Schema, shared: Mapping[str, Schema]) -> Schema:
    reached: set[str] = set()
    while (name := ref_name(schema)) and name not in reached:
        reached.add(name)
        schema = shared.get(name, {})
    return schema


def pattern(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a regular expression that not every engine reads alike."""
    for part in _parts(spec):
        text = part.schema.get("pattern")
        found = mistake(text) if isinstance(text, str) else None
        if found:
            where = (*part.path, "pattern")
            yield part.document.at(where, "pattern", found.message, found.hint, inside=found.part)
        for name in mapping(part.schema.get("patternProperties")):
            if found := mistake(name):
                where = (*part.path, "patternProperties", name)
                yield part.document.at(where, "pattern", found.message, found.hint, key=True)


def _parts(spec: Spec) -> Iterator[_Part]:
    """Yield every schema of the files in which something new can be told."""
    for body in spec.bodies:
        if body.document.file not in spec.trusted:
            for path, schema in body.parts:
                is_body = not path and body.role != "shared"
                yield _Part(body.document, (*body.path, *path), schema, body.role, is_body)
    for index, parameter in enumerate(sequence(spec.api.mapping.get("query"))):
        if spec.api.file not in spec.trusted:
            # That it is no mapping is another rule's finding.
            schema = mapping(mapping(parameter).get("schema")) or {"const": ""}
            for path, inner in walk(schema, ("query", index, "schema")):
                yield _Part(spec.api, path, inner, "query", is_body=False)


def _types(schema: Schema) -> list[str]:
    """Return the types that `schema` names, none where they are no names: that is another rule's finding."""
    given = schema.get("type")
    return [name for name in (sequence(given) or [given]) if isinstance(name, str)]


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return " or ".join(names)


def _taken_names(part: _Part) -> Iterator[Diagnostic]:
    """Find former names of an object's fields that are names of other fields too."""
    properties = mapping(part.schema.get("properties"))
    first: dict[str, str] = {}
    for field, schema in properties.items():
        for name in mapping(mapping(schema).get("former")):
            where = (*part.path, "properties", field, "former", name)
            if name in properties:
                message = f"{name} is a field of its own here"
                yield part.document.at(where, "former-name", message, "remove one of the two", key=True)
            elif name in first:
                message = f"{name} is a former name of {first[name]} too"
                yield part.document.at(where, "former-name", message, "which field is it now?", key=True)
            first.setdefault(name, field)


def _taken_in_union(part: _Part, shared: Mapping[str, Schema]) -> Iterator[Diagnostic]:
    """Find former names of a union member's fields that mean something else in another member."""
    union = next((key for key in ("anyOf", "oneOf") if key in part.schema), "")
    members = [fields_of(mapping(member), shared) or {} for member in sequence(part.schema.get(union))]
    for fields in members:
        for field, schema in fields.items():
            for name in mapping(schema.get("former")):
                others = [other for other in members if other is not fields]
                if any(name in other for other in others):
                    message = f"{name}, a former name of {field}, is a field of another member"
                    yield part.at(union, "former-name", message, "remove one of the two")
                elif any(_former_of(name, other) not in (None, field) for other in others):
                    message = f"{name} is a former name of {field}, and of another field in another member"
                    yield part.at(union, "former-name", message, "which field is it now?")


def _former_of(name: str, fields: Mapping[str, Schema]) -> str | None:
    return next((field for field, schema in fields.items() if name in mapping(schema.get("former"))), None)


RULES = (
    Rule("keyword-type", "a keyword says nothing about the type beside it", keyword_type, alone=True),
    Rule("any-type", "a schema says nothing about types", any_type, alone=True),
    Rule("array-items", "nobody says what a list holds", array_items, alone=True),
    Rule("beside-reference", "a keyword says nothing beside a $ref", beside_reference, alone=True),
    Rule("beside-union", "a keyword says nothing beside anyOf or oneOf", beside_union, alone=True),
    Rule("contradiction", "two keywords say the same or contradict each other", contradiction, alone=True),
    Rule("enum-part", "something is said about values that an enum does not have", enum_part, alone=True),
    Rule("former-name", "the client cannot take a former name for the present one", former_name, alone=True),
    Rule("argument-alias", "a former name of an argument is that of another one", argument_alias, alone=True),
    Rule("closed-object", "an object is said to have no other fields", closed_object, alone=True),
    Rule("contains", "contains is about a field that the items of the list do not have", contained, alone=True),
    Rule("field-only", "the client cannot check a keyword where it stands", field_only, alone=True),
    Rule("pattern", "not every engine reads a regular expression alike", pattern, alone=True),
)
