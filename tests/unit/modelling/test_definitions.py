"""The classes that body schemas are cut into."""

from __future__ import annotations

from typing import Any

from timgen.modelling.definitions import Definitions

SHARED = "#/components/schemas/"


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
    assert [name for name, _ in definitions.made] == ["XRequest", "XMember", "XMember"]


def test_a_closure_has_all_that_a_class_needs() -> None:
    definitions = Definitions({"A": "one", "B": "two", "C": "two"})
    for name, target in (("A", "B"), ("B", "A"), ("C", "C")):
        schema = {"type": "object", "properties": {"X": {"$ref": f"{SHARED}{target}"}}}
        module = definitions.modules[name]
        definitions.add(schema, name, module, "shared", origin="spec/x.yaml", prefix=name)
    assert definitions.closure(["one.A"]) == {"one.A", "two.B"}
    assert definitions.closure(["two.C"]) == {"two.C"}


def test_the_classes_of_the_objects_inside_are_known_by_path() -> None:
    definitions = Definitions({"Note": "note"})
    member = {"type": "object", "properties": {"Id": {"type": "string"}}}
    definitions.add(member, "Note", "note", "shared", origin="spec", prefix="Note")
    nested = {"type": "object", "properties": {"Member": member, "Note": {"$ref": "#/components/schemas/Note"}}}
    schema = {
        "type": "object",
        "properties": {
            "MemberList": {"type": "array", "items": {"type": "array", "items": nested}},
            "ByName": {"type": "object", "additionalProperties": member},
            "Either": {"anyOf": [{"type": "string"}, member, {**member, "title": "Other"}]},
        },
    }
    key = definitions.add(schema, "PutRequest", "things.put", "request", origin="spec", prefix="Put")
    assert definitions.inner_classes(key) == {
        "MemberList[][]": ("PutMember",),
        "MemberList[][].Member": ("PutMemberMember",),
        "ByName.*": ("PutByName",),
        "Either": ("PutEither2", "PutOther"),
    }
