"""Texts about fields."""

from __future__ import annotations

from typing import Any

import pytest

from timgen.modelling.describe import (
    deprecation,
    describe,
    enum_values,
    former_names,
    limits,
    values_label,
)
from timgen.modelling.fields import body_fields, type_text


@pytest.mark.parametrize(
    ("schema", "texts"),
    [
        ({"x-unit": "seconds"}, ("in seconds",)),
        ({"minimum": 0, "maximum": 4294967295}, ("an unsigned 32-bit number",)),
        ({"minimum": 1, "maximum": 100}, ("from 1 to 100",)),
        ({"minimum": 0}, ("at least 0",)),
        ({"maximum": 0.5}, ("at most 0.5",)),
        ({"exclusiveMinimum": 0, "exclusiveMaximum": 10}, ("more than 0", "less than 10")),
        ({"minLength": 1, "maxLength": 2}, ("at least 1 character", "at most 2 characters")),
        ({"x-max-bytes": 30}, ("at most 30 bytes of UTF-8",)),
        ({"type": ["string", "object"], "x-max-bytes": 30}, ("at most 30 bytes of UTF-8",)),
        ({"type": "array", "x-max-bytes": 30}, ("at most 30 bytes of JSON",)),
        ({"type": "object", "x-max-bytes": 30}, ("at most 30 bytes of JSON",)),
        ({"type": "integer", "x-time": "unix"}, ("a Unix time in seconds",)),
        ({"type": "integer", "x-time": "unix-ms"}, ("a Unix time in milliseconds",)),
        ({"type": "integer", "x-time": False, "x-flag": False}, ()),
        ({"type": "integer", "x-flag": True, "default": 0}, ("on the wire 1 for yes, 0 for no", "default 0")),
        ({"items": {"type": "integer", "x-time": "unix"}}, ("each a Unix time in seconds",)),
        (
            {
                "contains": {"properties": {"MsgType": {"const": "Own"}}, "required": ["MsgType"]},
                "minContains": 0,
                "maxContains": 1,
            },
            ("at most 1 with MsgType `Own`",),
        ),
        ({"former": {"Old": "2022-07-29"}}, ("formerly `Old`",)),
        ({"former": {"Old": "2022-07-29", "Older": "2020-01-01"}}, ("formerly `Old` and `Older`",)),
        ({"minItems": 1, "maxItems": 500}, ("at least 1 item", "at most 500 items")),
        ({"maxItems": 3, "items": {"x-max-bytes": 9}}, ("at most 3 items", "each at most 9 bytes of UTF-8")),
        ({"pattern": "^a{1}$"}, ("must match `^a{1}$`",)),
        ({"default": False}, ("default false",)),
        ({"default": None}, ("default null",)),
        ({"default": 'say "ä"'}, ('default "say \\"ä\\""',)),
        ({"default": {"a": [1]}}, ('default {"a": [1]}',)),
        ({"x-fill": "random"}, ("a random number is filled in when left out",)),
        ({"x-fill": "rising"}, ("a number greater than the one before is filled in when left out",)),
        ({"deprecated": {"use": "Use B"}}, ("deprecated: Use B",)),
        ({"deprecated": {"since": "2024-07-09", "use": "Use B"}}, ("deprecated since 2024-07-09: Use B",)),
    ],
)
def test_limits(schema: Any, texts: tuple[str, ...]) -> None:
    assert limits(schema) == texts


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"type": "string"}, "string"),
        ({"type": ["integer", "string"]}, "integer or string"),
        ({"$ref": "#/components/schemas/Note"}, "Note"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Note"}}, "array of Note"),
        ({"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}, "array of array of integer"),
        ({"type": "array"}, "array"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "map of string"),
        ({"anyOf": [{"type": "string"}, {"type": "string"}, {"type": "null"}]}, "string or null"),
        ({"const": "text"}, '"text"'),
        ({"enum": [1, "a"]}, "integer or string"),
        ({}, "any"),
    ],
)
def test_types(schema: Any, text: str) -> None:
    assert type_text(schema) == text


def test_a_description_tells_limits_and_meanings() -> None:
    schema = {
        "type": "integer",
        "description": "Whether it is kept",
        "enum": [0, 1, 2],
        "x-enum-descriptions": ["Not kept", "Kept for a day", "API decides"],
        "default": 0,
    }
    assert describe(schema) == (
        "Whether it is kept. Default 0. Values: `0` (not kept), `1` (kept for a day), `2` (API decides)."
    )


def test_values_without_meanings_are_left_to_the_type() -> None:
    assert describe({"type": "string", "enum": ["a"], "description": "Done!"}) == "Done!"


SET: dict[str, Any] = {
    "type": "string",
    "enum": ["a", "b"],
    "x-enum-descriptions": ["First", "Second"],
    "x-enum-deprecated": {"a": {"since": "2024-07-09", "use": "use b"}},
    "x-prefixes": ["Own_"],
}


def test_a_set_tells_what_is_deprecated_and_how_other_values_begin() -> None:
    assert describe(SET) == (
        "Values: `a` (first; deprecated since 2024-07-09: use b), `b` (second), or one that begins with `Own_`."
    )
    without_meanings = {key: value for key, value in SET.items() if key != "x-enum-descriptions"}
    assert describe(without_meanings) == "`a` is deprecated since 2024-07-09: use b. Other values begin with `Own_`."


def test_values_tell_what_is_deprecated() -> None:
    texts = [value.text for value in enum_values({"type": "array", "items": SET})]
    assert texts == ["First (deprecated since 2024-07-09: use b)", "Second"]
    assert enum_values({"enum": [1], "x-enum-deprecated": {"1": {"use": "use 2"}}})[0].text == "Deprecated: use 2"


@pytest.mark.parametrize(
    ("schema", "closed", "label"),
    [
        ({"enum": ["a"]}, True, "One of"),
        ({"enum": ["a"]}, False, "Known values"),
        ({"enum": ["a"], "x-open": "There are others"}, True, "Known values"),
        ({"type": "array", "items": SET}, True, "One of, or one that begins with `Own_`"),
        ({"type": "string"}, True, ""),
    ],
)
def test_the_label_of_values_says_whether_they_are_all(schema: Any, closed: bool, label: str) -> None:
    assert values_label(schema, closed=closed) == label
    (row,) = body_fields({"properties": {"Field": schema}}, {}, closed=closed)
    assert row.values_label == label


def test_sentences_about_older_editions() -> None:
    assert deprecation({"since": "2021-12-31", "use": "use Work"}) == "Deprecated since 2021-12-31: use Work."
    assert former_names({"Old": "2022-07-29", "Older": "2020-01-01"}) == (
        "Formerly Old (until 2022-07-29) and Older (until 2020-01-01)."
    )
