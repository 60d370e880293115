"""What is wrong with a body, in words: the field's path and the rule, never the value of a text."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_ESCAPE = re.compile(r"\\(?=[^\w])")

_TYPE_NAMES = {
    "array": "an array",
    "boolean": "a boolean",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}


def first_violation(validator: Draft202012Validator, value: object) -> ValidationError | None:
    """Return the first rule that `value` breaks."""
    # The package's types leave open what is iterated.
    errors: Iterator[ValidationError] = cast(Any, validator).iter_errors(value)
    error = next(errors, None)
    return None if error is None else _meant(error)


def field_of(error: ValidationError) -> str:
    """Return the field that breaks the rule, or is missing, as `MemberList.Role`; empty for the whole value."""
    steps = [step for step in error.absolute_path if isinstance(step, str)]
    if error.validator == "required":
        steps.append(_missing(error))
    return ".".join(steps)


def keyword_of(error: ValidationError) -> str:
    """Return the keyword of the rule; `type` and `enum` also where a union says which types or values there are."""
    return "type" if _other_types(error) else "enum" if _set_of(error) else str(error.validator)


def in_words(error: ValidationError) -> str:
    """Return a broken rule as `MemberList[0].Role: must be a string, not an integer`.

    A rule that the value itself breaks, rather than one of its fields, comes without a path.
    """
    path, rule = _field_path(error.absolute_path), _broken_rule(error)
    if error.validator == "required":
        path = f"{path}.{_missing(error)}" if path else _missing(error)
    return f"{path}: {rule}" if path else rule


def _meant(error: ValidationError) -> ValidationError:
    """Return the violation inside the member of a union that the value comes closest to."""
    while error.context and not _other_types(error) and not _set_of(error):
        error = min(_members(error), key=len)[0]
    return error


def _members(union: ValidationError) -> list[list[ValidationError]]:
    """Return the violations of each member of a union."""
    members: defaultdict[object, list[ValidationError]] = defaultdict(list)
    for inner in union.context or ():
        members[inner.schema_path[0]].append(inner)
    return list(members.values())


def _other_types(error: ValidationError) -> list[str]:
    """Return the types of a union none of whose members takes the value's type."""
    if not error.context or any(
        inner.validator != "type" or inner.relative_path for inner in error.context
    ):
        return []
    return list(
        dict.fromkeys(name for inner in error.context for name in _as_list(inner.validator_value))
    )


def _broken_rule(error: ValidationError) -> str:
    instance: Any = error.instance
    limit: Any = error.validator_value
    match error.validator:
        case "type":
            return _wrong_type(_as_list(limit), instance)
        case "anyOf" | "oneOf" if types := _other_types(error):
            return _wrong_type(types, instance)
        case "required":
            return "is missing"
        case "const":
            return f"must be {json.dumps(limit)}"
        case "enum":
            return f"must be {' or '.join(map(json.dumps, limit))}"
        case "anyOf" if values := _set_of(error):
            return f"must be {' or '.join(values)}"
        case "maxContains":
            return f"has too many items of one kind, at most {limit} are allowed"
        case "minItems":
            return f"has {len(instance)} items, at least {limit} are needed"
        case "maxItems":
            return f"has {len(instance)} items, at most {limit} are allowed"
        case "minLength":
            return f"has {len(instance)} characters, at least {limit} are needed"
        case "maxLength":
            return f"has {len(instance)} characters, at most {limit} are allowed"
        case "pattern":
            return f"does not match {limit}"
        case "minimum" | "maximum" | "x-max-bytes":
            return error.message
        case _:
            return "has a value that the command does not take"


def _set_of(error: ValidationError) -> list[str]:
    """Return the values, and the beginnings of values, of a set that is written as a union; empty where it is none."""
    union: object = error.validator_value
    members = cast("list[dict[str, Any]]", union) if isinstance(union, list) else []
    if error.validator != "anyOf" or not all(
        "enum" in member or "pattern" in member for member in members
    ):
        return []
    values = [json.dumps(value) for member in members for value in member.get("enum", ())]
    patterns = [
        str(member["pattern"]).removeprefix("^") for member in members if "pattern" in member
    ]
    return [
        *values,
        *(f"begin with {json.dumps(_ESCAPE.sub('', pattern))}" for pattern in patterns),
    ]


def _wrong_type(types: Sequence[str], instance: object) -> str:
    return f"must be {' or '.join(_TYPE_NAMES[name] for name in types)}, not {_TYPE_NAMES[_json_type(instance)]}"


def _json_type(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def _missing(error: ValidationError) -> str:
    required = cast("list[str]", error.validator_value)
    return next(name for name in required if name not in cast("dict[str, object]", error.instance))


def _field_path(steps: Iterable[str | int]) -> str:
    return "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps
    ).removeprefix(".")


def _as_list(value: object) -> list[str]:
    return [value] if isinstance(value, str) else cast("list[str]", value)
