"""What the spec's own keywords say of a schema: flags, instants, spans, sets."""

from __future__ import annotations

from typing import cast

from timgen.language.schema import Schema

SPANS = ("seconds", "milliseconds", "minutes", "hours", "days")
"""The units of `x-unit` that make a number a span of time."""


def is_flag(schema: Schema) -> bool:
    """Whether `schema` is a yes or no that travels as 1 and 0."""
    return schema.get("x-flag") is True


def instant(schema: Schema) -> str | None:
    """Return how an instant travels, unix or unix-ms; None for what is none."""
    form = schema.get("x-time")
    return form if isinstance(form, str) else None


def span(schema: Schema) -> str | None:
    """Return the unit of a span of time, None for what is none."""
    unit = schema.get("x-unit")
    return unit if isinstance(unit, str) and unit in SPANS else None


def is_set(schema: Schema) -> bool:
    """Whether `schema` lists its values; those of a request are all there are, unless it is open."""
    return "enum" in schema


def is_open(schema: Schema) -> bool:
    """Whether requests too may have other values than the listed ones."""
    return "x-open" in schema


def prefixes(schema: Schema) -> tuple[str, ...]:
    """Return the beginnings of texts that belong to a set beside its values."""
    return tuple(cast(list[str], schema.get("x-prefixes", ())))


def is_dynamic(schema: Schema) -> bool:
    """Whether an object has keys of the app's own."""
    return "patternProperties" in schema or "additionalProperties" in schema
