"""Validators of bodies: open and closed sets, limits in bytes, and what tells the members of a union apart."""

from __future__ import annotations

from typing import Any

import pytest

from timgen.language.validators import answer_validator, request_validator

SHARED = "#/components/schemas/"


def problems(schema: Any, body: object, **shared: Any) -> list[str]:
    """Return the paths of what a validator of answers finds in `body`."""
    validator: Any = answer_validator(schema, shared)
    return sorted(".".join(map(str, error.absolute_path)) for error in validator.iter_errors(body))


def refused(schema: Any, body: object, **shared: Any) -> list[str]:
    """Return the paths of what a validator of requests finds in `body`."""
    validator: Any = request_validator(schema, shared)
    return sorted(".".join(map(str, error.absolute_path)) for error in validator.iter_errors(body))


def test_enums_are_open_at_every_depth() -> None:
    leaf = {"type": "string", "enum": ["a"]}
    schema = {
        "type": "object",
        "properties": {"A": leaf, "B": {"type": "array", "items": leaf}, "C": {"$ref": f"{SHARED}Leaf"}},
        "additionalProperties": {"anyOf": [leaf, {"type": "null"}]},
    }
    assert problems(schema, {"A": "new", "B": ["new"], "C": "new", "D": "new"}, Leaf=leaf) == []
    assert problems(schema, {"A": 1, "B": [1], "C": 1, "D": 1}, Leaf=leaf) == ["A", "B.0", "C", "D"]


def test_sets_are_closed_in_requests_at_every_depth() -> None:
    leaf = {"type": "string", "enum": ["a"]}
    schema = {
        "type": "object",
        "properties": {"A": leaf, "B": {"type": "array", "items": leaf}, "C": {"$ref": f"{SHARED}Leaf"}},
        "additionalProperties": {"anyOf": [leaf, {"type": "null"}]},
    }
    assert refused(schema, {"A": "a", "B": ["a"], "C": "a", "D": None}, Leaf=leaf) == []
    assert refused(schema, {"A": "new", "B": ["new"], "C": "new", "D": "new"}, Leaf=leaf) == ["A", "B.0", "C", "D"]


@pytest.mark.parametrize(
    ("schema", "value", "fits", "fits_answers"),
    [
        ({"enum": ["a"], "x-open": "The vendor says so"}, "new", True, True),
        ({"enum": ["a"], "x-prefixes": ["Own_", "My_"]}, "My_new", True, True),
        ({"enum": ["a"], "x-prefixes": ["Own_", "My_"]}, "new", False, True),
        ({"enum": ["a", 1], "x-prefixes": ["Own_"]}, 2, False, True),
        ({"enum": [0, 1]}, True, False, False),
        ({"enum": [0, 1]}, 1.0, True, True),
        ({"enum": ["a", 1]}, [], False, False),
        ({"enum": [True]}, 1, False, False),
        ({"enum": ["a", None]}, None, True, True),
        ({"type": "integer", "x-flag": True}, 1, True, True),
        ({"type": "integer", "x-flag": True}, 2, False, False),
        ({"type": "integer", "x-flag": True}, True, False, False),
        ({"type": "integer", "x-flag": False}, 2, True, True),
    ],
)
def test_what_belongs_to_a_set(schema: Any, value: object, fits: bool, fits_answers: bool) -> None:
    assert refused(schema, value) == ([] if fits else [""])
    assert problems(schema, value) == ([] if fits_answers else [""])


def test_a_union_s_member_for_all_others_is_open_in_answers_only() -> None:
    others = {"type": "string", "not": {"enum": ["text"]}}
    schema = {"anyOf": [others, {"const": 1}]}
    assert refused(schema, "text") == refused(schema, "other") == [""]
    assert problems(schema, "other") == []
    schema = {"anyOf": [{**others, "x-open": "There are others."}, {"const": 1}]}
    assert refused(schema, "text") == [""]
    assert refused(schema, "other") == []


@pytest.mark.parametrize("validate", [problems, refused])
@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ([1, 2], True),
        ([1, 234], False),
        ({"a": 1}, False),
        ({"": 1}, True),
        (["é"], True),
        (["éa"], False),
        (["\ud800"], False),
        (123456, True),
    ],
)
def test_limits_in_bytes_of_lists_and_objects_are_about_their_json(validate: Any, value: object, fits: bool) -> None:
    assert validate({"x-max-bytes": 6}, value) == ([] if fits else [""])


@pytest.mark.parametrize("validate", [problems, refused])
def test_the_end_of_a_pattern_is_the_very_end(validate: Any) -> None:
    assert validate({"pattern": "^[0-9]$"}, "1") == []
    assert validate({"pattern": "^[0-9]$"}, "1\n") == [""]
    fields = {"patternProperties": {"^[0-9]$": {"type": "string"}}, "additionalProperties": {"type": "integer"}}
    body = {"1": "a", "1\n": 1, "2": 2, "x": "b"}
    assert validate({**fields, "properties": {"x": {"type": "string"}}}, body) == ["2"]
    assert validate(fields, body) == ["2", "x"]


def test_a_former_name_is_no_field_of_its_own() -> None:
    schema = {
        "type": "object",
        "properties": {"A": {"type": "string", "former": {"B": "2020-01-01"}}},
        "required": ["A"],
    }
    assert refused(schema, {"B": "a"}) == [""]


def test_a_list_may_hold_so_many_of_one_kind() -> None:
    kind = {"properties": {"Kind": {"const": "own"}}, "required": ["Kind"]}
    schema = {"type": "array", "contains": kind, "minContains": 0, "maxContains": 1}
    assert refused(schema, [{"Kind": "own"}, {"Kind": "a"}, {}]) == []
    assert refused(schema, [{"Kind": "own"}, {"Kind": "own"}]) == [""]
    assert refused(schema, []) == []


def test_what_a_union_leaves_to_others_stays_excluded() -> None:
    schema = {"type": "object", "properties": {"Kind": {"type": "string", "not": {"enum": ["text"]}}}}
    assert problems(schema, {"Kind": "text"}) == ["Kind"]
    assert problems(schema, {"Kind": "other"}) == []


@pytest.mark.parametrize(
    ("text", "fits"), [("abcd", True), ("éé", True), ("ééa", False), ("\U0001f600", True), (12345, True)]
)
def test_limits_in_bytes_of_texts(text: object, fits: bool) -> None:
    assert problems({"x-max-bytes": 4}, text) == ([] if fits else [""])


def test_answers_need_no_field_but_what_tells_members_of_a_union_apart() -> None:
    schema = {
        "type": "object",
        "required": ["Kind", "Rest", "Text"],
        "properties": {
            "Kind": {"const": "a"},
            "Rest": {"type": "string", "not": {"enum": ["a"]}, "x-open": "There are others"},
            "Text": {"type": "string"},
        },
    }
    validator: Any = answer_validator(schema, {})
    assert [error.message for error in validator.iter_errors({})] == ["'Kind' is missing", "'Rest' is missing"]
    assert problems(schema, {"Kind": "a", "Rest": "b"}) == []
    assert refused(schema, {"Kind": "a", "Rest": "b"}) == [""]


def test_an_open_set_says_of_which_types_its_values_are() -> None:
    assert problems({"enum": ["a", 1]}, "b") == problems({"enum": ["a", 1]}, 2) == []
    assert problems({"enum": ["a", 1]}, 0.5) == [""]
