"""Body schemas: types, open enums, limits in bytes, and the classes they are cut into."""

from __future__ import annotations

from typing import Any

import pytest

from timgen.language.schema import is_literal, ref_name, types, walk
from timgen.language.validators import answer_validator, request_validator
from timgen.modelling.definitions import Definitions

SHARED = "#/components/schemas/"


def problems(schema: Any, body: object, **shared: Any) -> list[str]:
    """Return the paths of what a validator of answers finds in `body`."""
    validator: Any = answer_validator(schema, shared)
    return sorted(".".join(map(str, error.absolute_path)) for error in validator.iter_errors(body))


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


def test_enums_are_open_at_every_depth() -> None:
    leaf = {"type": "string", "enum": ["a"]}
    schema = {
        "type": "object",
        "properties": {"A": leaf, "B": {"type": "array", "items": leaf}, "C": {"$ref": f"{SHARED}Leaf"}},
        "additionalProperties": {"anyOf": [leaf, {"type": "null"}]},
    }
    assert problems(schema, {"A": "new", "B": ["new"], "C": "new", "D": "new"}, Leaf=leaf) == []
    assert problems(schema, {"A": 1, "B": [1], "C": 1, "D": 1}, Leaf=leaf) == ["A", "B.0", "C", "D"]


def refused(schema: Any, body: object, **shared: Any) -> list[str]:
    """Return the paths of what a validator of requests finds in `body`."""
    validator: Any = request_validator(schema, shared)
    return sorted(".".join(map(str, error.absolute_path)) for error in validator.iter_errors(body))


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


@pytest.mark.parametrize(
    ("value", "fits"),
    [(2**63 - 1, True), (2**63, False), (-(2**63), True), (-(2**63) - 1, False), ("a" * 99, True), (None, True)],
)
def test_type_checkers_take_64_bits(value: object, fits: bool) -> None:
    assert is_literal(value) is fits


def cut(schema: Any, prefix: str = "CreateGroup") -> dict[str, Any]:
    """Return the definitions that a request's schema is cut into, by name."""
    definitions = Definitions({"Note": "note"})
    definitions.add(schema, f"{prefix}Request", "groups.create", "request", origin="spec/x.yaml", prefix=prefix)
    return {definition.name: definition.schema for definition in definitions.by_key.values()}


def test_inline_objects_are_cut_out_and_named_after_command_and_field() -> None:
    inner = {"type": "object", "properties": {"Id": {"type": "integer"}}}
    schema = {
        "type": "object",
        "properties": {
            "Owner": {"type": "object", "description": "D.", "properties": {"Address": inner}},
            "MemberList": {"type": "array", "items": inner},
            "Rows": {"type": "array", "title": "Line", "items": inner},
            "Grid": {"type": "array", "items": {"type": "array", "items": inner}},
            "Labels": {"type": "object", "additionalProperties": inner},
            "Content": {"anyOf": [{"type": "string"}, inner, inner]},
            "Note": {"$ref": f"{SHARED}Note", "description": "E."},
            "Free": {"type": "object"},
        },
    }
    found = cut(schema)
    assert list(found) == [
        "CreateGroupRequest", "CreateGroupOwner", "CreateGroupOwnerAddress", "CreateGroupMember", "CreateGroupLine",
        "CreateGroupGrid", "CreateGroupLabel", "CreateGroupContent2", "CreateGroupContent3",
    ]  # fmt: skip
    properties = found["CreateGroupRequest"]["properties"]
    assert properties["Owner"] == {"$ref": f"{SHARED}groups.create.CreateGroupOwner", "description": "D."}
    assert properties["Note"] == {"$ref": f"{SHARED}note.Note", "description": "E."}
    assert properties["Free"] == {"type": "object"}
    assert properties["Grid"]["items"]["items"] == {"$ref": f"{SHARED}groups.create.CreateGroupGrid"}


def test_two_definitions_of_one_name_are_told() -> None:
    inner = {"type": "object", "properties": {}}
    definitions = Definitions({})
    schema = {"type": "object", "properties": {"Member": inner, "MemberList": {"type": "array", "items": inner}}}
    definitions.add(schema, "XRequest", "a.x", "request", origin="spec/x.yaml", prefix="X")
    assert [(one.name, other.name) for one, other in definitions.collisions] == [("XMember", "XMember")]


def test_a_closure_has_all_that_a_class_needs() -> None:
    definitions = Definitions({"A": "one", "B": "two", "C": "two"})
    for name, target in (("A", "B"), ("B", "A"), ("C", "C")):
        schema = {"type": "object", "properties": {"X": {"$ref": f"{SHARED}{target}"}}}
        module = definitions.modules[name]
        definitions.add(schema, name, module, "shared", origin="spec/x.yaml", prefix=name)
    assert definitions.closure(["one.A"]) == {"one.A", "two.B"}
    assert definitions.closure(["two.C"]) == {"two.C"}
