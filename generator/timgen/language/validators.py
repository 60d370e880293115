"""Validators of bodies: of what apps write, and of what the service sends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any, cast

from timgen.language.patterns import compiled
from timgen.language.quick import Validator, quick
from timgen.language.schema import Schema, selectors, type_name, types

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator


def request_validator(schema: Schema, components: Mapping[str, Schema]) -> Validator:
    """Return a validator of what the client sends, whose references point into `components`, the shared schemas.

    Sets of values are closed but for those with `x-open`; texts with one of the `x-prefixes` belong to them.
    An `x-flag` is 0 or 1, and `x-max-bytes` is enforced.
    """
    return _validator(schema, components, closed=True)


def answer_validator(schema: Schema, components: Mapping[str, Schema]) -> Validator:
    """Return a validator of what the service sends: every set of values is open, and no field is required.

    But for those by which a member of a union is told from the others. A flag is 0 or 1 all the same.
    """
    return _validator(schema, components, closed=False)


def _validator(schema: Schema, components: Mapping[str, Schema], *, closed: bool) -> Validator:
    whole = {"components": {"schemas": components}}
    # Out of reach of the check that a schema is one, which does not take our `deprecated`.
    document = {"$ref": "#/body", "body": schema, **whole}
    return Validator(
        quick(document, _keywords(closed)),
        lambda: cast("Draft202012Validator", _validator_class(closed)({**schema, **whole})),
    )


def _keywords(closed: bool) -> dict[str, Callable[[Any, object, Schema], Iterator[str]]]:
    """Return what is ours about keywords: each yields what is wrong with a value."""
    keywords: dict[str, Callable[[Any, object, Schema], Iterator[str]]] = {
        "enum": _enum if closed else _of_their_types,
        "not": _not_closed if closed else _not,
        "pattern": _pattern,
        "x-flag": _flag,
        "x-max-bytes": _max_bytes,
    }
    if not closed:
        keywords["required"] = _selectors
    return keywords


@cache
def _validator_class(closed: bool) -> Any:
    from jsonschema import Draft202012Validator, ValidationError, validators

    def yields(
        check: Callable[[Any, object, Schema], Iterator[str]],
        _validator: object,
        value: Any,
        instance: object,
        schema: Schema,
    ) -> Iterator[ValidationError]:
        return map(ValidationError, check(value, instance, schema))

    keywords: dict[str, object] = {name: partial(yields, check) for name, check in _keywords(closed).items()}
    # What judges values by other schemas in turn, jsonschema-rs does as we do.
    keywords |= {"additionalProperties": _additional_properties, "patternProperties": _pattern_properties}
    # Making a class takes longer than many a validation.
    return cast(Any, validators).extend(Draft202012Validator, keywords)


def _enum(values: list[object], instance: object, schema: Schema) -> Iterator[str]:
    prefixes = tuple(cast(list[str], schema.get("x-prefixes", ())))
    if "x-open" in schema or (prefixes and isinstance(instance, str) and instance.startswith(prefixes)):
        return
    if not _holds(values, instance):
        yield f"{instance!r} is not one of {[*values, *(f'{prefix}...' for prefix in prefixes)]!r}"


def _of_their_types(values: list[object], instance: object, schema: Schema) -> Iterator[str]:
    is_whole = isinstance(instance, float) and instance.is_integer()
    if "type" not in schema and ("integer" if is_whole else type_name(instance)) not in types(schema):
        yield f"{instance!r} is of another type than {values!r}"


def _not(excluded: Mapping[str, list[object]], instance: object, _schema: object) -> Iterator[str]:
    # Closed also where other sets are open: another member of the union stands for these values.
    if _holds(excluded["enum"], instance):
        yield f"{instance!r} stands for another member of the union"


def _not_closed(excluded: Mapping[str, list[object]], instance: object, schema: Schema) -> Iterator[str]:
    if "x-open" in schema:
        yield from _not(excluded, instance, schema)
    else:
        yield f"{instance!r} is not one of {excluded['enum']!r}"


def _flag(is_flag: bool, instance: object, _schema: object) -> Iterator[str]:
    # That a boolean is none its type says.
    if is_flag and type(instance) in (int, float) and not _holds([0, 1], instance):
        yield f"{instance!r} is neither 0 nor 1"


def _max_bytes(limit: int, instance: object, _schema: object) -> Iterator[str]:
    if isinstance(instance, str) and (size := _utf8_size(instance)) > limit:
        yield f"{size} bytes of UTF-8, at most {limit} are allowed"
    elif isinstance(instance, list | dict) and (size := _utf8_size(_compact(cast(object, instance)))) > limit:
        yield f"{size} bytes of JSON, at most {limit} are allowed"


def _pattern(pattern: str, instance: object, _schema: object) -> Iterator[str]:
    if isinstance(instance, str) and not compiled(pattern).search(instance):
        yield f"{instance!r} does not match {pattern!r}"


def _selectors(_required: list[str], instance: object, schema: Schema) -> Iterator[str]:
    for name in selectors(schema):
        if isinstance(instance, dict) and name not in instance:
            yield f"{name!r} is missing"


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
