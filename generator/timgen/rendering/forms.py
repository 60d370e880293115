"""Body schemas in plain JSON Schema, in two forms: of what apps write, and of what the service sends.

In requests and replies, sets of values are closed. In answers and events they are open, and no field is required.

Many tools understand less of JSON Schema than it has. So every schema has one type, several stand in a union; an open
set is its type, the values stand beside it; a limit in bytes is one in characters too; and what the service assumes
where a field is left out is no `default`, which tools take for a field that is always there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import cast

from timgen.language.keywords import is_flag, is_open, prefixes
from timgen.language.schema import (
    INSIDE,
    REF_PREFIX,
    SUBSCHEMA_LISTS,
    SUBSCHEMA_MAPS,
    SUBSCHEMAS,
    JsonValue,
    Schema,
    ref_name,
    selectors,
    type_name,
    types,
    walk,
)
from timgen.modelling.describe import deprecation, former_names, limits
from timgen.rendering.markdown import escape

Json = dict[str, JsonValue]

_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_OF_TYPES = {
    "string": ("minLength", "maxLength", "pattern"),
    "integer": _NUMBERS,
    "number": _NUMBERS,
    "array": ("items", "minItems", "maxItems", "if", "then"),
    "object": ("properties", "required", "patternProperties", "additionalProperties"),
}
"""What is said of values of a type, and of no others."""
_UNSAID = {"type", "x-flag", "x-time", "x-unit", "x-max-bytes", "default"}
"""What tools do not show but in words, and of which values these are."""
_DECIDING = {
    *SUBSCHEMA_MAPS,
    *SUBSCHEMA_LISTS,
    *SUBSCHEMAS,
    *("$ref", "const", "discriminator", "enum", "if", "maxItems", "maxLength", "maximum", "minItems", "minLength"),
    *("minimum", "not", "pattern", "required", "then", "type", "x-max-bytes"),
}
"""What decides whether a value fits."""
# What means something in every engine where it is not escaped.
_SYNTAX = re.compile(r"[\\^$.*+?()\[\]{}|]")


def validation(schema: Schema, shared: Mapping[str, Schema]) -> Json:
    """Return `schema` in the form of what apps write, with what decides about values alone.

    That is plain JSON Schema but for `discriminator`, as OpenAPI has it, and `x-max-bytes`.
    """
    form = Form(shared, closed=True).of(schema)
    for _, part in walk(form):
        # Every part is a fresh dict.
        fresh = cast(Json, part)
        for member in cast(list[Json], fresh.get("anyOf", [fresh])):
            if member.get("maxLength") == fresh.get("x-max-bytes"):
                # It stands for the bytes, which are counted here.
                member.pop("maxLength", None)
        for key in fresh.keys() - _DECIDING:
            del fresh[key]
    return form


def written_form(schema: Schema) -> Json:
    """Return a schema that refers to no other in the form of what apps write."""
    return Form({}, closed=True).of(schema)


class Form:
    """Writes schemas so that tools which know JSON Schema alone judge bodies as the client does."""

    def __init__(self, shared: Mapping[str, Schema], *, closed: bool) -> None:
        self.shared = shared
        self.closed = closed

    def of(self, schema: Schema) -> Json:
        form = dict(schema)
        for key in ("x-flag", "x-time"):
            if form.get(key) is False:
                del form[key]
        options = [key for key in SUBSCHEMA_LISTS if key in form]
        for key in options:
            form[key] = self._possible(cast(list[Schema], form[key]))
        form = map_subschemas(form, self.of)
        if "anyOf" in form:
            form["anyOf"] = [*_flat(cast(list[Json], form["anyOf"]))]
        if not self.closed and form.pop("required", None) and (needed := selectors(schema)):
            form["required"] = needed
        if "not" in form:
            excluded = {"type": "string", **cast(Schema, form["not"])}
            form["not"] = {} if self.closed and self._is_closed_rest(schema) else excluded
        if "contains" in form:
            # Some know `contains`, but not that there may be none.
            del form["minContains"]
            contained = self.of({"type": "object", **cast(Schema, form.pop("contains"))})
            form["if"] = {"contains": contained}
            form["then"] = {"contains": contained, "maxContains": form.pop("maxContains")}
        if is_flag(schema) and self.closed:
            form["enum"] = [0, 1]
        if "enum" in form and not (self.closed and not is_open(schema)):
            form["x-known-values"] = form.pop("enum")
        if "discriminator" in form:
            form["discriminator"] = self._discriminator(form)
        if not options:
            form = self._of_one_type(form, schema)
        _describe(form, schema)
        for key in options:
            _dissolve(form, key)
        return form

    def _of_one_type(self, form: Json, schema: Schema) -> Json:
        """Return `form` with one type, or with the types and values that there are as members of a union."""
        if "const" in form:
            return {"type": type_name(form["const"]), **form}
        names = types(schema)
        members: list[Json]
        if "enum" not in form:
            members = [_part(form, name) for name in names]
        else:
            members = [*_values(form, names), *(_beginning(text) for text in prefixes(schema))]
        inside = {key for member in members for key in member}
        whole = {key: value for key, value in form.items() if key not in inside}
        if len(members) > 1:
            return {**whole, "anyOf": members}
        return {**members[0], **whole} if members else form

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


def _flat(options: Iterable[Json]) -> Iterator[Json]:
    """Yield the members of a union, and those of a union that is one of them."""
    for option in options:
        if option.keys() == {"anyOf"}:
            yield from cast(list[Json], option["anyOf"])
        else:
            yield option


def _dissolve(form: Json, key: str) -> None:
    """Put the only member of a union in its place."""
    options = cast(list[Json], form[key])
    if len(options) == 1 and "discriminator" not in form:
        del form[key]
        form |= {name: value for name, value in options[0].items() if name not in form}


def _part(form: Json, name: str) -> Json:
    """Return what `form` says of values of a type."""
    part = {"type": name, **{key: form[key] for key in _OF_TYPES.get(name, ()) if key in form}}
    if name == "string" and isinstance(limit := form.get("x-max-bytes"), int):
        # What has more characters has more bytes.
        part["maxLength"] = min(limit, cast(int, part.get("maxLength", limit)))
    if name == "object" and "properties" not in part:
        # Said nothing, some take it for an object without any fields.
        part.setdefault("additionalProperties", True)
    return part


def _values(form: Json, names: list[str]) -> Iterator[Json]:
    """Yield the values of `form`, those of each type apart, with what is said of them."""
    values = cast(list[JsonValue], form["enum"])
    meanings = cast(list[str], form.get("x-enum-descriptions", []))
    old = cast(Mapping[str, JsonValue], form.get("x-enum-deprecated", {}))
    kinds = ["number" if names == ["number"] else type_name(value) for value in values]
    for name in dict.fromkeys(kinds):
        places = [place for place, kind in enumerate(kinds) if kind == name]
        part: Json = {"type": name, "enum": [values[place] for place in places]}
        if meanings:
            part["x-enum-descriptions"] = [meanings[place] for place in places]
        if members := _members([str(values[place]) for place in places]):
            part["x-enum-varnames"] = members
        if deprecated := {str(values[place]) for place in places} & old.keys():
            part["x-enum-deprecated"] = {value: old[value] for value in old if value in deprecated}
        yield part


def _members(values: list[str]) -> list[str]:
    """Return names for values of which some differ in case alone; nothing where none do."""
    names = [re.sub(r"\W", "_", value.upper()) for value in values]
    if all(count == 1 for count in Counter(names).values()):
        return []
    earlier = [names[:place].count(name) for place, name in enumerate(names)]
    return [f"{name}_{count + 1}" if count else name for name, count in zip(names, earlier, strict=True)]


def _describe(form: Json, schema: Schema) -> None:
    """Escape the description and add what OpenAPI has no word for."""
    sentences = [str(form["description"])] if "description" in form else []
    # Of most it is the type alone, which says nothing.
    if (unsaid := _UNSAID & schema.keys()) != {"type"}:
        sentences += [f"{text[:1].upper()}{text[1:]}." for text in limits({key: schema[key] for key in unsaid})]
    if "x-known-values" in form:
        known = ", ".join(str(value) for value in cast(list[JsonValue], form["x-known-values"]))
        sentences.append(f"Known values: {known}.")
    if "default" in form:
        form["x-default"] = form.pop("default")
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


def _beginning(text: str) -> Json:
    """Return what is fulfilled by texts that begin with `text`, for every engine."""
    literally = _SYNTAX.sub(r"\\\g<0>", text)
    return {"type": "string", "pattern": f"^{literally}"}


def renamed(form: Json, names: Mapping[str, str]) -> Json:
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


def map_subschemas(schema: Json, function: Callable[[Schema], Json]) -> Json:
    """Put what `function` makes of them in the place of the schemas directly inside `schema`, and return it."""
    if INSIDE.isdisjoint(schema):
        return schema
    for key in SUBSCHEMA_MAPS:
        if key in schema:
            schema[key] = {name: function(child) for name, child in cast(Mapping[str, Schema], schema[key]).items()}
    for key in SUBSCHEMA_LISTS:
        if key in schema:
            schema[key] = [function(child) for child in cast(list[Schema], schema[key])]
    for key in SUBSCHEMAS:
        if isinstance(part := schema.get(key), dict):
            schema[key] = function(cast(Schema, part))
    return schema
