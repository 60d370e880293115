"""Meta-schemas of a project: its own ones, and damaged ones."""

import pytest

from support.minispec import Mini
from support.rules import (
    ALL,
    NOTE_SERVICE,
    ROOM_SERVICE,
    SEND,
    Case,
    assert_nothing_found,
    assert_one_finding,
    case,
    findings,
)

CASES = (
    case(
        "merge-conflict",
        "spec/meta/command.schema.json",
        ALL,
        '{\n▲<<<<<<< HEAD\n  "type": "object"\n=======\n>>>>>>> one\n}\n',
        "",
        "a merge left a conflict here",
        name="merge",
    ),
    case(
        "meta-schema",
        "spec/meta/command.schema.json",
        ALL,
        '{\n  "type": ▲5\n}\n',
        "",
        "the meta-schema is no JSON Schema: 5 is not valid",
        name="form",
    ),
    case(
        "meta-schema",
        "spec/meta/command.schema.json",
        ALL,
        '{\n  "type": ▲object\n}\n',
        "",
        "the meta-schema is not JSON: ",
        name="syntax",
    ),
    case(
        "meta-schema",
        "spec/meta/command.schema.json",
        ALL,
        '{"properties": {"request": {"$ref": ▲"nobody.schema.json"}}}',
        '{"properties": {"request": {"$ref": "body.schema.json"}}}',
        "nobody.schema.json leads nowhere",
        name="reference",
    ),
)


@pytest.mark.parametrize("given", CASES, ids=str)
def test_a_bad_spec_is_one_finding_with_its_place(mini: Mini, given: Case) -> None:
    assert_one_finding(mini, given)


@pytest.mark.parametrize("given", CASES, ids=str)
def test_the_good_spec_beside_it_has_nothing_to_report(mini: Mini, given: Case) -> None:
    assert_nothing_found(mini, given)


def test_the_project_may_bring_its_own_meta_schemas(mini: Mini) -> None:
    mini.write("spec/meta/service.schema.json", '{"type": "object", "required": ["owner"]}')
    assert {(f.file, f.rule, f.message) for f in findings(mini)} == {
        (NOTE_SERVICE, "missing-key", "`owner` is missing"),
        (ROOM_SERVICE, "missing-key", "`owner` is missing"),
    }


def test_a_damaged_meta_schema_is_the_only_finding(mini: Mini) -> None:
    mini.write("spec/meta/body.schema.json", b'"\xff"')
    mini.patch(SEND, "window: 60", "window: 0")
    found = findings(mini)
    assert [(f.file, f.line, f.column, f.rule) for f in found] == [("spec/meta/body.schema.json", 1, 1, "meta-schema")]
    assert found[0].message == "the meta-schema is not JSON in UTF-8"


def test_what_editors_leave_beside_the_meta_schemas_plays_no_part(mini: Mini) -> None:
    mini.write("spec/meta/._command.schema.json", "\0")
    mini.path("spec/meta/.#command.schema.json").symlink_to("ann@host.1")
    mini.path("spec/meta/old.schema.json").mkdir()
    assert findings(mini) == []


def test_a_meta_schema_may_be_false(mini: Mini) -> None:
    mini.write("spec/meta/service.schema.json", "false")
    assert {(f.file, f.rule) for f in findings(mini)} == {(NOTE_SERVICE, "schema"), (ROOM_SERVICE, "schema")}


def test_what_editors_learn_from_the_output_plays_no_part(mini: Mini) -> None:
    """The names there are those of the last run, while the spec is of now."""
    names = '"../../generated/editor/names.schema.json#/$defs/product"'
    schema = '{"type": "object", "properties": {"product": {"type": "string", "$ref": %s}}}'
    mini.write("spec/meta/service.schema.json", schema % names)
    assert findings(mini) == []
    mini.write("generated/editor/names.schema.json", '{"$defs": {"product": false}}')
    assert findings(mini) == []
    mini.patch("spec/v4/room_svc/_service.yaml", "product: chat", "product: 5")
    (found,) = findings(mini)
    assert (found.file, found.line) == (ROOM_SERVICE, 2)
