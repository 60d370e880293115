"""Body schemas as JSON Schema: references, open enums, validators of requests and of answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from timgen.model import Schema
from timgen.patterns import compiled

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

REF_PREFIX = "#/components/schemas/"

SUBSCHEMA_MAPS = ("properties", "patternProperties")
SUBSCHEMA_LISTS = ("anyOf", "oneOf")
SUBSCHEMAS = ("items", "additionalProperties")


def ref_name(schema: Schema) -> str | None:
    """Return the name of the shared schema that `schema` refers to."""
    ref = schema.get("$ref")
    return ref.removeprefix(REF_PREFIX) if isinstance(ref, str) else None


def types(schema: Schema) -> list[str]:
    """Return the types that `schema` names, or those of its values when it names none."""
    given = schema.get("type")
    if given is not None:
        return cast(list[str], given) if isinstance(given, list) else [str(given)]
    values = cast(list[object], schema.get("enum", []))
    return list(dict.fromkeys(type_name(value) for value in values))


def type_name(value: object) -> str:
    """Return the name that JSON Schema gives the type of a value."""
    names: dict[type, str] = {
        str: "string",
        bool: "boolean",
        int: "integer",
        float: "number",
        dict: "object",
        list: "array",
        type(None): "null",
    }
    return names[type(value)]


def is_literal(value: object) -> bool:
    """Whether type checkers take `value` in a Literal: mypy refuses integers beyond 64 bits."""
    return not isinstance(value, int) or -(2**63) <= value < 2**63


def subschemas(schema: Schema) -> Iterator[tuple[tuple[str | int, ...], Schema]]:
    """Yield the schemas directly inside `schema`, each with its path from there."""
    # All of them are dicts, as they were read; asking for a Mapping takes several times as long.
    for key, value in schema.items():
        if key in SUBSCHEMA_MAPS and isinstance(value, dict):
            for name, child in cast(dict[str, object], value).items():
                if isinstance(child, dict):
                    yield (key, name), cast(Schema, child)
        elif key in SUBSCHEMA_LISTS and isinstance(value, list):
            for index, child in enumerate(cast(list[object], value)):
                if isinstance(child, dict):
                    yield (key, index), cast(Schema, child)
        elif key in SUBSCHEMAS and isinstance(value, dict):
            yield (key,), cast(Schema, value)


def walk(schema: Schema, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Schema]]:
    """Yield `schema` and every schema inside it, parents first, without following references."""
    yield path, schema
    for step, child in subschemas(schema):
        yield from walk(child, path + step)


def references(schema: Schema) -> frozenset[str]:
    """Return what `schema` itself refers to: names of shared schemas, or keys of definitions cut from them."""
    return frozenset(name for _, part in walk(schema) if (name := ref_name(part)))


def selectors(schema: Schema) -> list[str]:
    """Return the required fields that tell a member of a union from the others: all that the service must send."""
    properties = _mapping(schema.get("properties"))
    required = cast(list[str], schema.get("required", []))
    return [name for name in required if _mapping(properties.get(name)).keys() & {"const", "not"}]


def request_validator(schema: Schema, components: Mapping[str, Schema]) -> Draft202012Validator:
    """Return a validator of what the client sends, whose references point into `components`, the shared schemas.

    Sets of values are closed but for those with `x-open`; texts with one of the `x-prefixes` belong to them.
    An `x-flag` is 0 or 1, and `x-max-bytes` is enforced.
    """
    return _validator(schema, components, closed=True)


def answer_validator(schema: Schema, components: Mapping[str, Schema]) -> Draft202012Validator:
    """Return a validator of what the service sends: every set of values is open, and no field is required.

    But for those by which a member of a union is told from the others. A flag is 0 or 1 all the same.
    """
    return _validator(schema, components, closed=False)


def _validator(schema: Schema, components: Mapping[str, Schema], *, closed: bool) -> Draft202012Validator:
    document = {**schema, "components": {"schemas": components}}
    return cast("Draft202012Validator", _validator_class(closed)(document))


@cache
def _validator_class(closed: bool) -> Any:
    from jsonschema import Draft202012Validator, validators

    keywords: dict[str, object] = {
        "additionalProperties": _additional_properties,
        "enum": _enum if closed else _of_their_types,
        "not": _not_closed if closed else _not,
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "x-flag": _flag,
        "x-max-bytes": _max_bytes,
    }
    if not closed:
        keywords["required"] = _selectors
    # Making a class takes longer than many a validation.
    return cast(Any, validators).extend(Draft202012Validator, keywords)


def _enum(_validator: object, values: list[object], instance: object, schema: Schema) -> Iterator[Exception]:
    from jsonschema import ValidationError

    prefixes = tuple(cast(list[str], schema.get("x-prefixes", ())))
    if "x-open" in schema or (prefixes and isinstance(instance, str) and instance.startswith(prefixes)):
        return
    if not _holds(values, instance):
        yield ValidationError(f"{instance!r} is not one of {[*values, *(f'{prefix}...' for prefix in prefixes)]!r}")


def _of_their_types(_validator: object, values: list[object], instance: object, schema: Schema) -> Iterator[Exception]:
    from jsonschema import ValidationError

    is_whole = isinstance(instance, float) and instance.is_integer()
    if "type" not in schema and ("integer" if is_whole else type_name(instance)) not in types(schema):
        yield ValidationError(f"{instance!r} is of another type than {values!r}")


def _not(_validator: object, excluded: Mapping[str, list[object]], instance: object, _schema: object) -> Iterator[Any]:
    from jsonschema import ValidationError

    # Closed also where other sets are open: another member of the union stands for these values.
    if _holds(excluded["enum"], instance):
        yield ValidationError(f"{instance!r} stands for another member of the union")


def _not_closed(
    validator: object, excluded: Mapping[str, list[object]], instance: object, schema: Schema
) -> Iterator[Any]:
    from jsonschema import ValidationError

    if "x-open" in schema:
        yield from _not(validator, excluded, instance, schema)
    else:
        yield ValidationError(f"{instance!r} is not one of {excluded['enum']!r}")


def _flag(_validator: object, is_flag: bool, instance: object, _schema: object) -> Iterator[Exception]:
    from jsonschema import ValidationError

    # That a boolean is none its type says.
    if is_flag and type(instance) in (int, float) and not _holds([0, 1], instance):
        yield ValidationError(f"{instance!r} is neither 0 nor 1")


def _max_bytes(_validator: object, limit: int, instance: object, _schema: object) -> Iterator[Exception]:
    from jsonschema import ValidationError

    if isinstance(instance, str) and (size := _utf8_size(instance)) > limit:
        yield ValidationError(f"{size} bytes of UTF-8, at most {limit} are allowed")
    elif isinstance(instance, list | dict) and (size := _utf8_size(_compact(cast(object, instance)))) > limit:
        yield ValidationError(f"{size} bytes of JSON, at most {limit} are allowed")


def _pattern(_validator: object, pattern: str, instance: object, _schema: object) -> Iterator[Exception]:
    from jsonschema import ValidationError

    if isinstance(instance, str) and not compiled(pattern).search(instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(
    validator: Any, patterns: Mapping[str, Schema], instance: object, _schema: object
) -> Iterator[Exception]:
    for pattern, part in patterns.items():
        for name, value in _mapping(instance).items():
            if compiled(pattern).search(name):
                yield from validator.descend(value, part, path=name, schema_path=pattern)


def _additional_properties(validator: Any, part: object, instance: object, schema: Schema) -> Iterator[Exception]:
    patterns = [compiled(pattern) for pattern in _mapping(schema.get("patternProperties"))]
    if isinstance(part, Mapping):
        for name, value in _mapping(instance).items():
            if name not in _mapping(schema.get("properties")) and not any(p.search(name) for p in patterns):
                yield from validator.descend(value, part, path=name)


def _selectors(_validator: object, _required: list[str], instance: object, schema: Schema) -> Iterator[Exception]:
    from jsonschema import ValidationError

    for name in selectors(schema):
        if isinstance(instance, dict) and name not in instance:
            yield ValidationError(f"{name!r} is missing")


def _holds(values: list[object], instance: object) -> bool:
    """Whether `instance` is one of `values` as JSON compares them: 1 is 1.0 and is not true."""
    is_bool = isinstance(instance, bool)
    return any(value == instance and isinstance(value, bool) == is_bool for value in values)


def _compact(value: object) -> str:
    # What is no JSON, such as a date of YAML, other rules report.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def _utf8_size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _mapping(value: object) -> Mapping[str, object]:
    return cast(Mapping[str, object], value) if isinstance(value, Mapping) else {}


def moving_fields(variant: Mapping[str, object]) -> set[str]:
    """Return the request fields that a variant of `paging`, as the spec has it, changes from page to page."""
    carry, offset, descend = (variant.get(key) for key in ("carry", "offset", "descend"))
    found = list(cast(Mapping[str, object], carry).values()) if isinstance(carry, Mapping) else []
    found += [cast(Mapping[str, object], part).get("field") for part in (offset, descend) if isinstance(part, Mapping)]
    return {field for field in (*found, variant.get("page")) if isinstance(field, str)}
