"""Validators of requests: JSON Schema, with lengths in bytes, and unions decided by what they are told apart by."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias, cast

from jsonschema import Draft202012Validator, ValidationError, validators

_REF = "#/components/schemas/"

Json: TypeAlias = dict[str, Any]
"""A JSON object."""


def validator(schema: Mapping[str, Any]) -> Draft202012Validator:
    """Return a validator of what fits `schema`, which refers to nothing."""
    return cast("Draft202012Validator", _validator_class()(schema))


class Links:
    """Puts shared schemas in the place of references to them: looking them up takes longer than many a check."""

    def __init__(self, shared: Mapping[str, Any]) -> None:
        self._shared = shared
        self._linked: dict[str, Json] = {}

    def of(self, schema: object) -> Any:
        """Return `schema` without references; what contains itself does so again."""
        if isinstance(schema, list):
            return [self.of(part) for part in cast("list[object]", schema)]
        if not isinstance(schema, dict):
            return schema
        fields = cast(Json, schema)
        if "$ref" in fields:
            return self._named(fields["$ref"])
        linked: Json = {name: self.of(part) for name, part in fields.items()}
        if "discriminator" in fields:
            mapping: Mapping[str, str] = fields["discriminator"]["mapping"]
            linked["discriminator"]["mapping"] = {
                value: self._named(ref) for value, ref in mapping.items()
            }
        return linked

    def _named(self, reference: str) -> Json:
        name = reference.removeprefix(_REF)
        if name not in self._linked:
            linked = self._linked[name] = dict[str, Any]()
            linked |= self.of(self._shared[name])
        return self._linked[name]


@cache
def _validator_class() -> Any:
    keywords = {
        "oneOf": _one_of,
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "x-max-bytes": _max_bytes,
    }
    # Making a class takes longer than many a validation.
    return cast(Any, validators).extend(Draft202012Validator, keywords)


def _max_bytes(
    _validator: object, limit: int, instance: object, _schema: object
) -> Iterator[ValidationError]:
    if isinstance(instance, str):
        text, what = instance, "UTF-8"
    elif isinstance(instance, list | dict):
        text, what = json.dumps(instance, ensure_ascii=False, separators=(",", ":")), "JSON"
    else:
        return
    if (size := len(text.encode("utf-8", "surrogatepass"))) > limit:
        yield ValidationError(f"has {size} bytes of {what}, at most {limit} are allowed")


def _pattern(
    _validator: object, pattern: str, instance: object, _schema: object
) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not _compiled(pattern).search(instance):
        yield ValidationError(f"does not match {pattern}")


def _pattern_properties(
    validator: Any, patterns: Mapping[str, Any], instance: object, _schema: object
) -> Iterator[ValidationError]:
    for pattern, part in patterns.items():
        for name, value in (
            cast("dict[str, object]", instance).items() if isinstance(instance, dict) else ()
        ):
            if _compiled(pattern).search(name):
                yield from validator.descend(value, part, path=name, schema_path=pattern)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # In Python alone `$` also matches before a last line end.
    return re.compile(re.sub(r"(?<!\\)\$$", r"\\Z", pattern))


def _one_of(
    validator: Any, members: list[Any], instance: object, schema: Mapping[str, Any]
) -> Iterator[Any]:
    discriminator = schema.get("discriminator")
    if discriminator is None:
        yield from Draft202012Validator.VALIDATORS["oneOf"](
            validator, members, instance, cast(Any, schema)
        )
        return
    name, mapping = discriminator["propertyName"], discriminator["mapping"]
    value = cast("dict[str, object]", instance).get(name) if isinstance(instance, dict) else None
    if isinstance(value, str) and value in mapping:
        yield from validator.descend(instance, mapping[value])
        return
    others = [
        member for member in members if not any(member is known for known in mapping.values())
    ]
    if others:
        yield from validator.descend(instance, others[0])
    else:
        # Some member says what it is: no object, or one that lacks the name, or none of the values.
        known = {
            "type": "object",
            "required": [name],
            "properties": {name: {"enum": list(mapping)}},
        }
        yield from validator.descend(instance, known)
