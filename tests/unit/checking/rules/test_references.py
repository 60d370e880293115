"""Rules about what names something else: schemas, codes, fields, services."""

import pytest

from support import minispec
from support.minispec import Mini
from support.rules import (
    ADD,
    ALL,
    API,
    ERRORS,
    LIST,
    NOTE,
    PERSON,
    ROOM_SERVICE,
    SEND,
    Case,
    assert_nothing_found,
    assert_one_finding,
    case,
    described,
    findings,
)

CASES = (
    case(
        "unknown-reference",
        SEND,
        "schemas/Note",
        "schemas/Noet",
        "schemas/TextNote",
        "no shared schema is named Noet",
        "did you mean Note?",
        at=(SEND, 12, 18),
    ),
    case(
        "unknown-reference",
        PERSON,
        "Name: {type: string, maxLength: 32, description: The name.}",
        'Name: {$ref: ▲"#/components/schemas/Qqq", description: The name.}',
        described("Name", "The name."),
        "no shared schema is named Qqq",
        "write it in spec/schemas",
        "nothing-alike",
    ),
    case(
        "endless-reference",
        NOTE,
        ALL,
        minispec.NOTE + 'Self: {$ref: ▲"#/components/schemas/Self"}\n',
        minispec.NOTE + 'Other: {$ref: "#/components/schemas/TextNote"}\n',
        "Self → Self refers to nothing but itself",
        "write the schema out",
        "direct",
    ),
    case(
        "endless-reference",
        NOTE,
        ALL,
        minispec.NOTE
        + 'Self:\n  description: Self.\n  anyOf: [{type: string}, {$ref: ▲"#/components/schemas/Self"}]\n',
        minispec.NOTE
        + "Tree:\n  type: object\n  description: A tree.\n"
        + '  properties:\n    Child: {$ref: "#/components/schemas/Tree"}\n',
        "Self → Self refers to nothing but itself",
        "write the schema out",
        "union",
    ),
    Case(
        "file-cycle",
        (
            (NOTE, "    Url: {", '    By: {$ref: ▲"#/components/schemas/Person"}\n    Url: {'),
            (PERSON, "    Name: {", '    Last: {$ref: ▲"#/components/schemas/Note"}\n    Name: {'),
        ),
        ((NOTE, "    Url: {", '    By: {$ref: "#/components/schemas/Person"}\n    Url: {'),),
        "spec/schemas/person.yaml refers back to this file",
        "into one file",
    ),
    case(
        "unknown-error-code",
        ADD,
        "errors: [10002, -7]",
        "errors: [10002, ▲-70]",
        "errors: [-7]",
        "-70 is not in errors.yaml",
        "the nearest codes there: -7, 10002",
    ),
    case(
        "unknown-error-code",
        ROOM_SERVICE,
        "invalid_request: 10002",
        "invalid_request: ▲99",
        "invalid_request: -7",
        "99 is not in errors.yaml",
        "write a new one into spec/errors.yaml first",
        "service",
    ),
    case(
        "unknown-error-code",
        ROOM_SERVICE,
        "invalid_request: 10002",
        "invalid_request: 10002\ntoo_long: [10002, ▲99]",
        "invalid_request: 10002\ntoo_long: [-7]",
        "99 is not in errors.yaml",
        "write a new one into spec/errors.yaml first",
        "service",
    ),
    case(
        "unknown-category",
        ERRORS,
        "category: server",
        "category: ▲sever",
        "category: limit",
        "sever is no category of spec/api.yaml",
        "did you mean server?",
    ),
    case(
        "code-without-area",
        API,
        "categories:\n",
        "error_areas: {main: {title: Main, codes: [[-6, -1], [10000, 10999]]}}\ncategories:\n",
        "error_areas: {main: {title: Main, codes: [[-7, -7], [10002, 10002]]}}\ncategories:\n",
        "-7 is in no area of the error table",
        "widen the range of an area in spec/api.yaml, or add an area",
        at=(ERRORS, 7, 1),
    ),
    case(
        "unknown-namespace",
        SEND,
        "method: notes.send",
        "method: ▲note.send",
        "method: rooms.send",
        "note is no namespace of spec/api.yaml",
        "did you mean notes?",
    ),
    case(
        "unknown-field",
        SEND,
        "fields: [Random]",
        "fields: [▲Radnom]",
        "fields: [Random, Note]",
        "the request has no field Radnom",
        "did you mean Random?",
        "dedupe",
    ),
    case(
        "unknown-field",
        ADD,
        "batch: {field: Names",
        "batch: {field: ▲Name",
        "batch: {field: Names",
        "the request has no field Name",
        "did you mean Names?",
        "batch",
    ),
    case(
        "unknown-field",
        LIST,
        "total: Total}",
        "total: ▲Sum}",
        "total: Total}",
        "the response has no field Sum",
        "it has MemberList, Total",
        "paging",
    ),
    case(
        "unknown-field",
        LIST,
        "start: {Limit: 100}",
        "start: {Limit: 100, Max: ▲5}",
        "start: {Limit: 100, Offset: 5}",
        "the request has no field Max",
        "",
        "start",
    ),
    case(
        "unknown-field",
        ADD,
        "    code: Result",
        "    code: ▲Results",
        "    info: Name\n    code: Result",
        "the response has no field Results.Results",
        "did you mean Result?",
        "failures",
    ),
    case(
        "unknown-product",
        ROOM_SERVICE,
        "product: chat",
        "product: ▲chatt",
        "product: push",
        "chatt is no product of spec/api.yaml",
        "did you mean chat?",
    ),
    case(
        "unknown-error-code",
        API,
        "invalid_request: 10002",
        "invalid_request: ▲10003",
        "invalid_request: -7",
        "10003 is not in errors.yaml",
        "the nearest codes there",
        "of every service",
    ),
    case(
        "unknown-field",
        API,
        "status: ActionStatus",
        "status: ▲ActionState",
        "status: ErrorInfo",
        "the envelope has no field ActionState",
        "did you mean ActionStatus?",
        "verdict",
    ),
    case(
        "unknown-service",
        ERRORS,
        "category: limit\n  retry: never",
        "category: limit\n  retry: never\n  services: {▲note_svcs: {message: It is., fix: Wait.}}",
        "category: limit\n  retry: never\n  services: {note_svc: {message: It is., fix: Wait.}}",
        "spec/v4 has no service note_svcs",
        "did you mean note_svc?",
    ),
    case(
        "unknown-error-code",
        ADD,
        "repeat: unsafe\n",
        "repeat: safe\nrepeated: [{code: ▲4711, evidence: None.}]\n",
        "repeat: safe\nrepeated: [{code: -7, evidence: Its failures.}]\n",
        "4711 is not in errors.yaml",
        "nearest",
        "repeated",
    ),
    case(
        "unknown-field",
        ADD,
        "repeat: unsafe\n",
        "repeat: unsafe\nsafe_if: {given: ▲RoomID}\n",
        "repeat: unsafe\nsafe_if: {given: RoomId}\n",
        "the request has no field RoomID",
        "did you mean RoomId?",
        "safe_if",
    ),
    case(
        "unknown-error-code",
        ERRORS,
        "  name: TOO_LONG",
        "  deprecated: {use: ▲10003}\n  name: TOO_LONG",
        "  deprecated: {use: 10002}\n  name: TOO_LONG",
        "10003 is not in errors.yaml",
        "the nearest codes there: -7, 10002",
        "successor",
    ),
    case(
        "unknown-error-code",
        SEND,
        'ErrorInfo: "", ErrorCode: 0}',
        'ErrorInfo: "", ErrorCode: ▲5}',
        'ErrorInfo: "", ErrorCode: 10002}',
        "5 is not in errors.yaml",
        "the nearest codes there: -7, 10002",
        "example",
    ),
)


@pytest.mark.parametrize("given", CASES, ids=str)
def test_a_bad_spec_is_one_finding_with_its_place(mini: Mini, given: Case) -> None:
    assert_one_finding(mini, given)


@pytest.mark.parametrize("given", CASES, ids=str)
def test_the_good_spec_beside_it_has_nothing_to_report(mini: Mini, given: Case) -> None:
    assert_nothing_found(mini, given)


def test_a_missing_file_of_shared_schemas_is_told_where_it_is_needed(mini: Mini) -> None:
    mini.remove(PERSON)
    assert [(f.file, f.rule) for f in findings(mini)] == [(LIST, "unknown-reference")]


def test_two_schemas_that_refer_to_each_other_are_both_named(mini: Mini) -> None:
    mini.write("spec/schemas/loop.yaml", 'A: {$ref: "#/components/schemas/B"}\nB: {$ref: "#/components/schemas/A"}\n')
    assert [(f.line, f.rule, f.message) for f in findings(mini)] == [
        (1, "endless-reference", "A → B → A refers to nothing but itself"),
        (2, "endless-reference", "B → A → B refers to nothing but itself"),
    ]


def test_a_union_of_itself_many_times_over_is_found_quickly(mini: Mini) -> None:
    ref = '{$ref: "#/components/schemas/A"}'
    mini.write("spec/schemas/loop.yaml", f"A: {{description: A., anyOf: [{ref}, {ref}, {ref}, {ref}]}}\n")
    mini.patch(SEND, '{$ref: "#/components/schemas/Note"}', ref)
    mini.patch(SEND, "fields: [Random]", "fields: [Random, Note.Text]")
    assert {f.rule for f in findings(mini)} == {"endless-reference", "unknown-field"}


def test_an_unknown_code_is_told_with_its_neighbours(mini: Mini) -> None:
    mini.patch(ADD, "errors: [10002, -7]", "errors: [10003, -7]")
    assert [f.hint for f in findings(mini)] == [
        "the nearest codes there: -7, 10002; write a new one into spec/errors.yaml first"
    ]
