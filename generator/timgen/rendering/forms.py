"""Body schemas in plain JSON Schema, in two forms: of what apps write, and of what the service sends.

In requests and replies, sets of values are closed. In answers and events they are open, and no field is required.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from timgen.language.keywords import is_flag, is_open, prefixes
from timgen.language.schema import (
    REF_PREFIX,
    SUBSCHEMA_LISTS,
    SUBSCHEMA_MAPS,
    SUBSCHEMAS,
    JsonValue,
    Schema,
    ref_name,
    references,
    selectors,
    types,
    walk,
)
from timgen.modelling.describe import deprecation, former_names
from timgen.rendering.markdown import escape

Json = dict[str, JsonValue]

_OF_VALUES = ("enum", "x-enum-descriptions", "x-enum-deprecated")
_DECIDING = {
    *SUBSCHEMA_MAPS,
    *SUBSCHEMA_LISTS,
    *SUBSCHEMAS,
    *("$ref", "const", "contains", "discriminator", "enum", "maxContains", "maxItems", "maxLength", "maximum"),
    *("minContains", "minItems", "minLength", "minimum", "not", "pattern", "required", "type", "x-max-bytes"),
}
# What means something in every engine where it is not escaped.
_SYNTAX = re.compile(r"[\\^$.*+?()\[\]{}|]")


def validation(schema: Schema, shared: Mapping[str, Schema]) -> Json:
    """Return `schema` in the form of what apps write, with what decides about values alone.

    That is plain JSON Schema but for `discriminator`, as OpenAPI has it, and `x-max-bytes`.
    """
    form = _Form(shared, closed=True).of(schema)
    for _, part in walk(form):
        # Every part is a fresh dict.
        fresh = cast(Json, part)
        for key in fresh.keys() - _DECIDING:
            del fresh[key]
    return form


@dataclass(frozen=True)
class Forms:
    """The shared schemas as components, each in the forms that are needed."""

    components: Mapping[str, Json]
    received: Mapping[str, str]
    """The component of what the service sends, where that is another one than that of requests."""
    _writing: _Form
    _sending: _Form

    def written(self, schema: Schema) -> Json:
        """Return `schema` in the form of what apps write."""
        return self._writing.of(schema)

    def sent(self, schema: Schema) -> Json:
        """Return `schema` in the form of what the service sends."""
        return _renamed(self._sending.of(schema), self.received)


def forms(
    shared: Mapping[str, Schema], written: Iterable[Schema], sent: Iterable[Schema], taken: Iterable[str]
) -> Forms:
    """Return the forms of those `shared` schemas that bodies lead to.

    `written` and `sent` are the bodies, `taken` the names of their components. The form of requests keeps the name
    of the schema; where that of the service differs, it is called `Received...`.
    """
    writing, sending = _Form(shared, closed=True), _Form(shared, closed=False)
    to_service = _reached(written, writing)
    from_service = _reached(sent, sending)
    received: dict[str, str] = {}
    names = {*taken, *shared}
    for name in sorted(_differing(to_service, from_service)):
        other = f"Received{name}"
        while other in names:
            other = f"Received{other}"
        names.add(other)
        received[name] = other
    apart = {received.get(name, name): _renamed(form, received) for name, form in from_service.items()}
    return Forms({**apart, **to_service}, received, writing, sending)


def _reached(roots: Iterable[Schema], form: _Form) -> dict[str, Json]:
    """Return the shared schemas that `roots` lead to in a form, each in that form."""
    found: dict[str, Json] = {}
    queue = [name for root in roots for name in references(form.of(root))]
    while queue:
        name = queue.pop()
        if name not in found:
            found[name] = form.of(form.shared[name])
            queue += references(found[name])
    return found


def _differing(one: Mapping[str, Json], other: Mapping[str, Json]) -> set[str]:
    """Return the names in both of what is not the same in both, or leads to what is not."""
    both = one.keys() & other.keys()
    found = {name for name in both if one[name] != other[name]}
    while more := {name for name in both - found if references(one[name]) & found}:
        found |= more
    return found


class _Form:
    """Writes schemas so that tools which know JSON Schema alone judge bodies as the client does."""

    def __init__(self, shared: Mapping[str, Schema], *, closed: bool) -> None:
        self.shared = shared
        self.closed = closed

    def of(self, schema: Schema) -> Json:
        form = {key: value for key, value in schema.items() if not (key in ("x-flag", "x-time") and value is False)}
        options = [key for key in SUBSCHEMA_LISTS if key in form]
        for key in options:
            form[key] = self._possible(cast(list[Schema], form[key]))
        form = _map_subschemas(form, self.of)
        if is_flag(schema):
            form["enum"] = [0, 1]
        if "enum" in form:
            self._values(form, schema)
        if self.closed and self._is_closed_rest(schema):
            form["not"] = {}
        if not self.closed and form.pop("required", None) and (needed := selectors(schema)):
            form["required"] = needed
        if "discriminator" in form:
            form["discriminator"] = self._discriminator(form)
        _describe(form)
        for key in options:
            _dissolve(form, key)
        return form

    def _values(self, form: Json, schema: Schema) -> None:
        """Write a set of values, with what else there may be."""
        beginnings = prefixes(schema)
        if self.closed and not is_open(schema):
            others: list[Json] = [{"type": "string", "pattern": f"^{_literally(text)}"} for text in beginnings]
        else:
            names = types(schema)
            others = [{"type": names[0] if len(names) == 1 else names}]
            form.pop("type", None)
        if others:
            form["anyOf"] = [{key: form.pop(key) for key in _OF_VALUES if key in form}, *others]

    def _possible(self, options: list[Schema]) -> list[Schema]:
        """Return the members of a union that a value can be."""
        if not self.closed:
            return options
        return [option for option in options if not self._is_impossible(option, frozenset())] or options

    def _is_impossible(self, schema: Schema, reached: frozenset[str]) -> bool:
        """Whether no value fits: what stands for all values that a closed set lacks."""
        name = ref_name(schema)
        if name is not None:
            return name not in reached and self._is_impossible(self.shared[name], reached | {name})
        fields = cast(Mapping[str, Schema], schema.get("properties", {}))
        needed = cast(list[str], schema.get("required", [])) if types(schema) == ["object"] else []
        return self._is_closed_rest(schema) or any(
            name in fields and self._is_impossible(fields[name], reached) for name in needed
        )

    def _is_closed_rest(self, schema: Schema) -> bool:
        return "not" in schema and not is_open(schema)

    def _discriminator(self, form: Json) -> Json:
        """Return it with the values of the members: tools otherwise take the names of schemas for them."""
        field = str(cast(Mapping[str, JsonValue], form["discriminator"])["propertyName"])
        members = [name for member in cast(list[Schema], form["oneOf"]) if (name := ref_name(member))]
        constants = {name: _constant(self.shared[name], field) for name in members}
        return {
            "propertyName": field,
            "mapping": {value: REF_PREFIX + name for name, value in constants.items() if value is not None},
        }


def _constant(schema: Schema, field: str) -> str | None:
    """Return the one value that `schema` allows for a field."""
    value = cast(Mapping[str, Schema], schema.get("properties", {})).get(field, {}).get("const")
    return None if value is None else str(value)


def _dissolve(form: Json, key: str) -> None:
    """Put the only member of a union in its place."""
    options = cast(list[Json], form[key])
    if len(options) == 1 and "discriminator" not in form:
        del form[key]
        form |= {name: value for name, value in options[0].items() if name not in form}


def _describe(form: Json) -> None:
    """Escape the description and add what OpenAPI has no word for."""
    sentences = [str(form["description"])] if "description" in form else []
    if "deprecated" in form:
        form["x-deprecated"] = form["deprecated"]
        form["deprecated"] = True
        sentences.append(deprecation(cast(Mapping[str, str], form["x-deprecated"])))
    if "former" in form:
        form["x-former"] = form.pop("former")
        sentences.append(former_names(cast(Mapping[str, str], form["x-former"])))
    if "aliases" in form:
        form["x-aliases"] = form.pop("aliases")
    if sentences:
        form["description"] = escape(" ".join(sentences))


def _literally(text: str) -> str:
    """Return the regular expression that `text` alone matches, for every engine."""
    return _SYNTAX.sub(r"\\\g<0>", text)


def _renamed(form: Json, names: Mapping[str, str]) -> Json:
    """Return `form`, which is nobody else's, with references to other names."""
    for _, part in walk(form):
        # Every part is a fresh dict.
        fresh = cast(Json, part)
        if name := ref_name(fresh):
            fresh["$ref"] = REF_PREFIX + names.get(name, name)
        if "discriminator" in fresh:
            mapping = cast(dict[str, str], cast(Json, fresh["discriminator"])["mapping"])
            for value, ref in mapping.items():
                name = ref.removeprefix(REF_PREFIX)
                mapping[value] = REF_PREFIX + names.get(name, name)
    return form


def _map_subschemas(schema: Json, function: Callable[[Schema], Json]) -> Json:
    for key in SUBSCHEMA_MAPS:
        if key in schema:
            schema[key] = {name: function(child) for name, child in cast(Mapping[str, Schema], schema[key]).items()}
    for key in SUBSCHEMA_LISTS:
        if key in schema:
            schema[key] = [function(child) for child in cast(list[Schema], schema[key])]
    for key in SUBSCHEMAS:
        if isinstance(part := schema.get(key), Mapping):
            schema[key] = function(cast(Schema, part))
    return schema
