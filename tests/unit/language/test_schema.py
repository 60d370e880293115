"""Schemas: their types, references and parts."""

from __future__ import annotations

from typing import Any

import pytest

from timgen.language.schema import is_literal, ref_name, types, walk

SHARED = "#/components/schemas/"


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        ({"type": "string"}, ["string"]),
        ({"type": ["integer", "string"]}, ["integer", "string"]),
        ({"enum": ["a", 1, True, None, 2]}, ["string", "integer", "boolean", "null"]),
        ({"type": "integer", "enum": ["a"]}, ["integer"]),
        ({}, []),
    ],
)
def test_types(schema: Any, names: list[str]) -> None:
    assert types(schema) == names


def test_references() -> None:
    assert ref_name({"$ref": f"{SHARED}Note"}) == "Note"
    assert ref_name({"properties": {"$ref": {"type": "string"}}}) is None


def test_a_walk_visits_every_schema_and_no_field_named_like_a_keyword() -> None:
    schema = {
        "properties": {
            "items": {"type": "string"},
            "A": {"anyOf": [{"type": "string"}, {"items": {"type": "integer"}}]},
            "B": {"additionalProperties": {"patternProperties": {"^x": {"const": 1}}}},
            "C": {"additionalProperties": True},
        },
        "default": {"items": {"type": "array"}},
    }
    assert [path for path, _ in walk(schema)] == [
        (),
        ("properties", "items"),
        ("properties", "A"),
        ("properties", "A", "anyOf", 0),
        ("properties", "A", "anyOf", 1),
        ("properties", "A", "anyOf", 1, "items"),
        ("properties", "B"),
        ("properties", "B", "additionalProperties"),
        ("properties", "B", "additionalProperties", "patternProperties", "^x"),
        ("properties", "C"),
    ]


@pytest.mark.parametrize(
    ("value", "fits"),
    [(2**63 - 1, True), (2**63, False), (-(2**63), True), (-(2**63) - 1, False), ("a" * 99, True), (None, True)],
)
def test_type_checkers_take_64_bits(value: object, fits: bool) -> None:
    assert is_literal(value) is fits
