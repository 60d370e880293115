"""Sentences about body schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import cast

from timgen.language.keywords import instant, is_flag, is_open, prefixes
from timgen.language.schema import Schema, types
from timgen.modelling.model import EnumValue

_TEMPLATES: Mapping[str, str] = {
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "x-max-bytes": "at most {} bytes",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "pattern": "must match `{}`",
}


def describe(schema: Schema) -> str:
    """Return a field's description with its limits and the meaning of its values, as one paragraph."""
    sentences = [_full_stop(str(schema["description"]))] if schema.get("description") else []
    sentences += [_full_stop(limit[:1].upper() + limit[1:]) for limit in limits(schema)]
    values = enum_values(schema)
    if values and all(value.description for value in values):
        meanings = (f"`{value.value}` ({_inside(_meaning(value))})" for value in values)
        sentences.append(f"Values: {', '.join(meanings)}{_or_beginnings(schema)}.")
    else:
        sentences += [f"`{value.value}` is {value.deprecated}." for value in values if value.deprecated]
        if beginnings := prefixes(_of_values(schema)):
            sentences.append(f"Other values begin with {_alternatives(beginnings)}.")
    return " ".join(sentences)


def enum_values(schema: Schema) -> tuple[EnumValue, ...]:
    """Return the known values of a set, or of a list of such, with their meanings; else nothing."""
    schema = _of_values(schema)
    if "enum" not in schema:
        return ()
    values = cast(list[str | int], schema["enum"])
    meanings = cast(list[str], schema.get("x-enum-descriptions", [""] * len(values)))
    deprecated = {
        name: _deprecated(entry)
        for name, entry in cast(Mapping[str, Mapping[str, str]], schema.get("x-enum-deprecated", {})).items()
    }
    return tuple(
        EnumValue(value, meaning, deprecated.get(str(value), ""))
        for value, meaning in zip(values, meanings, strict=True)
    )


def values_label(schema: Schema, *, closed: bool) -> str:
    """Return what stands before the values of `enum_values`: whether they are all. `closed`: in what apps write."""
    schema = _of_values(schema)
    if "enum" not in schema:
        return ""
    return f"One of{_or_beginnings(schema)}" if closed and not is_open(schema) else "Known values"


def limits(schema: Schema) -> tuple[str, ...]:
    """Return the limits of a field for people: `at most 30 bytes of UTF-8`."""
    return tuple(_limits(schema))


def deprecation(deprecated: Mapping[str, str]) -> str:
    """Return a sentence: `Deprecated since 2021-12-31: use Work.`."""
    text = _deprecated(deprecated)
    return _full_stop(text[:1].upper() + text[1:])


def former_names(former: Mapping[str, str]) -> str:
    """Return a sentence: `Formerly ShutUpTime (until 2022-07-29).`."""
    return f"Formerly {' and '.join(f'{name} (until {date})' for name, date in former.items())}."


def _limits(schema: Schema) -> Iterator[str]:
    if is_flag(schema):
        yield "on the wire 1 for yes, 0 for no"
    if form := instant(schema):
        yield f"a Unix time in {'milliseconds' if form == 'unix-ms' else 'seconds'}"
    if unit := schema.get("x-unit"):
        yield f"in {unit}"
    low, high = schema.get("minimum"), schema.get("maximum")
    if (low, high) == (0, 2**32 - 1):
        yield "an unsigned 32-bit number"
    elif low is not None and high is not None:
        yield f"from {low} to {high}"
    elif low is not None:
        yield f"at least {low}"
    elif high is not None:
        yield f"at most {high}"
    for key, template in _TEMPLATES.items():
        if key in schema:
            text = template.format(schema[key])
            text += _measure(schema) if key == "x-max-bytes" else ""
            yield text.replace("1 characters", "1 character").replace("1 items", "1 item") if schema[key] == 1 else text
    if "contains" in schema:
        ((name, part),) = cast(Mapping[str, Schema], cast(Schema, schema["contains"])["properties"]).items()
        yield f"at most {schema['maxContains']} with {name} `{part['const']}`"
    items = schema.get("items")
    if isinstance(items, Mapping):
        for limit in _limits(cast(Schema, items)):
            yield f"each {limit}"
    if "default" in schema:
        yield f"default {_json(schema['default'])}"
    if fill := schema.get("x-fill"):
        number = "a number greater than the one before" if fill == "rising" else "a random number"
        yield f"{number} is filled in when left out"
    if former := schema.get("former"):
        yield f"formerly {' and '.join(f'`{name}`' for name in cast(Mapping[str, str], former))}"
    for name, since in sorted(cast(Mapping[str, str], schema.get("aliases", {})).items()):
        yield f"called `{name}` in Python until {since}"
    if deprecated := schema.get("deprecated"):
        yield _deprecated(cast(Mapping[str, str], deprecated))


def _of_values(schema: Schema) -> Schema:
    """Return `schema`, or what a list holds in the end."""
    items = schema.get("items")
    return _of_values(cast(Schema, items)) if "enum" not in schema and isinstance(items, Mapping) else schema


def _or_beginnings(schema: Schema) -> str:
    beginnings = prefixes(_of_values(schema))
    return f", or one that begins with {_alternatives(beginnings)}" if beginnings else ""


def _alternatives(texts: tuple[str, ...]) -> str:
    return " or ".join(f"`{text}`" for text in texts)


def _meaning(value: EnumValue) -> str:
    return f"{value.description}; {value.deprecated}" if value.deprecated else value.description


def _deprecated(entry: Mapping[str, str]) -> str:
    since = f" since {entry['since']}" if "since" in entry else ""
    return f"deprecated{since}: {entry['use']}"


def _measure(schema: Schema) -> str:
    """Return of what the bytes are counted, behind their number."""
    names = types(schema)
    return f" of {'UTF-8' if 'string' in names or not names else 'JSON'}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _inside(meaning: str) -> str:
    """Return a meaning for use inside a sentence: names keep their capital, words lose it."""
    first = meaning.split(" ", 1)[0]
    return meaning[:1].lower() + meaning[1:] if first[1:].islower() or len(first) == 1 else meaning


def _full_stop(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
