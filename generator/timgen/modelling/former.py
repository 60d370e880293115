"""Former names of request fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from timgen.language.schema import Schema, reached, ref_name, walk
from timgen.modelling.model import Former


class FormerNames:
    """Finds the former names in request bodies, whose references name `shared` schemas."""

    def __init__(self, shared: Mapping[str, Schema]) -> None:
        self._shared = shared
        holders = {name for name, schema in shared.items() if _has_former(schema)}
        self._followed = {name for name in shared if holders and reached([shared[name]], shared) | {name} & holders}

    def of(self, request: Schema) -> tuple[Former, ...]:
        """Return the former names of all fields, at their places in the body.

        A shared schema is not looked into again inside of itself: that has no end.
        """
        found: dict[str, Former] = {}
        self._visit([(request, frozenset())], "", found)
        return tuple(found[path] for path in sorted(found))

    def _visit(self, parts: Iterable[tuple[Schema, frozenset[str]]], path: str, found: dict[str, Former]) -> None:
        """Add what is below `path`; `parts` are the schemas that may hold there, and what each is inside of."""
        members = [member for part in parts for member in self._members(*part)]
        fields: dict[str, list[tuple[Schema, frozenset[str]]]] = {}
        inner: dict[str, list[tuple[Schema, frozenset[str]]]] = {}
        for schema, inside in members:
            for name, field in _schemas(schema.get("properties")).items():
                fields.setdefault(name, []).append((field, inside))
            for step, part in _inner(schema):
                inner.setdefault(step, []).append((part, inside))
        dot = "." if path else ""
        for name, alternatives in fields.items():
            for field, _ in alternatives:
                for old, since in cast(Mapping[str, str], field.get("former", {})).items():
                    # Rules see to it that no other member of a union has such a field.
                    found.setdefault(f"{path}{dot}{old}", Former(f"{path}{dot}{old}", name, since))
            self._visit(alternatives, f"{path}{dot}{name}", found)
        for step, alternatives in inner.items():
            self._visit(alternatives, f"{path}{step}", found)

    def _members(self, schema: Schema, inside: frozenset[str]) -> Iterator[tuple[Schema, frozenset[str]]]:
        """Yield `schema` with its references followed and its unions taken apart."""
        name = ref_name(schema)
        if name is not None:
            if name in self._followed and name not in inside:
                yield from self._members(self._shared[name], inside | {name})
            return
        yield schema, inside
        for key in ("anyOf", "oneOf"):
            for member in cast(list[Schema], schema.get(key, [])):
                yield from self._members(member, inside)


def _has_former(schema: Schema) -> bool:
    return any("former" in part for _, part in walk(schema))


def _inner(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield the schemas of items and of values by any name, with the step that leads there."""
    if isinstance(items := schema.get("items"), Mapping):
        yield "[]", cast(Schema, items)
    if isinstance(values := schema.get("additionalProperties"), Mapping):
        yield ".*", cast(Schema, values)
    for part in _schemas(schema.get("patternProperties")).values():
        yield ".*", part


def _schemas(value: object) -> Mapping[str, Schema]:
    return cast(Mapping[str, Schema], value) if isinstance(value, Mapping) else {}
