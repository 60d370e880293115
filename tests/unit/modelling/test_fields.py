"""Rows of the tables of bodies."""

from __future__ import annotations

from typing import Any

from timgen.modelling.fields import body_fields, by_class, item_name, members


def test_rows_of_a_body() -> None:
    item = {"type": "object", "required": ["Id"], "properties": {"Id": {"type": "integer", "description": "The ID."}}}
    schema = {
        "type": "object",
        "required": ["List"],
        "properties": {
            "List": {"type": "array", "items": item},
            "Map": {"type": "object", "additionalProperties": item},
            "Either": {"anyOf": [{"type": "string"}, item]},
            "Note": {"type": "array", "items": {"$ref": "#/components/schemas/Note"}},
        },
    }
    rows = [
        (field.path, field.depth, field.required, field.schema_name) for field in body_fields(schema, {}, closed=True)
    ]
    assert rows == [
        ("List", 0, True, None),
        ("List[].Id", 1, True, None),
        ("Map", 0, False, None),
        ("Map.*.Id", 1, True, None),
        ("Either", 0, False, None),
        ("Either.Id", 1, True, None),
        ("Note", 0, False, "Note"),
    ]


def test_rows_have_their_paths_in_python() -> None:
    item = {"type": "object", "properties": {"UserID": {"type": "string", "description": "The ID."}}}
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {
            "MsgBody": {"type": "array", "items": {"type": "array", "items": item}},
            "ByName": {"type": "object", "additionalProperties": item},
        },
    }
    paths = {field.path: field.python_path for field in body_fields(schema, {}, closed=True)}
    assert paths == {
        "MsgBody": "msg_body",
        "MsgBody[][].UserID": "msg_body[][].user_id",
        "ByName": "by_name",
        "ByName.*.UserID": "by_name.*.user_id",
    }


def test_a_reference_is_described_as_what_it_leads_to() -> None:
    shared = {"Note": {"type": "object", "description": "A note."}}
    reference = {"$ref": "#/components/schemas/Note"}
    schema: dict[str, Any] = {
        "properties": {
            "One": reference,
            "Many": {"type": "array", "items": reference},
            "Own": {**reference, "description": "The first."},
        }
    }
    texts = [field.description for field in body_fields(schema, shared, closed=True)]
    assert texts == ["A note.", "A note.", "The first."]


def test_members_of_a_union_and_items_of_a_list() -> None:
    reference = {"$ref": "#/components/schemas/Note"}
    found = members({"anyOf": [reference, {"type": "string"}, {"description": "Anything."}]})
    assert [(member.schema_name, member.text) for member in found] == [
        ("Note", "any"),
        (None, "string"),
        (None, "Anything."),
    ]
    assert members({"type": "string"}) == ()
    assert item_name({"type": "array", "items": reference}) == "Note"
    assert item_name({"type": "array", "items": {"type": "string"}}) is None


def test_objects_inside_become_records_with_their_own_fields() -> None:
    item: dict[str, Any] = {"type": "object", "properties": {"UserID": {"type": "string"}}}
    outer: dict[str, Any] = {"type": "object", "properties": {"Level": {"type": "integer"}, "Inner": item}}
    patterns: dict[str, Any] = {"type": "object", "patternProperties": {"^[0-9]$": item}}
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {"List": {"type": "array", "items": outer}, "ByNumber": patterns, "Text": {"type": "string"}},
    }
    classes = {"List[]": ("Outer",), "List[].Inner": ("First", "Second"), "ByNumber.*": ("Value",)}
    fields, records = by_class(body_fields(schema, {}, closed=True), classes)
    assert {field.path: field.class_names for field in fields if field.class_names} == {
        "List": ("Outer",),
        "List[].Inner": ("First", "Second"),
    }
    assert [(r.class_names, r.path, r.python_path, [field.wire_name for field in r.fields]) for r in records] == [
        (("Outer",), "List[]", "list_[]", ["Level", "Inner"]),
        (("First", "Second"), "List[].Inner", "list_[].inner", ["UserID"]),
        (("Value",), "ByNumber.*", "by_number.*", ["UserID"]),
    ]
