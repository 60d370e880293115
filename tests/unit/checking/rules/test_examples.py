"""Rules about examples, defaults and other values of the spec."""

import pytest

from support.minispec import Mini
from support.rules import (
    LIST,
    NOTE,
    PERSON,
    SEND,
    WEBHOOK,
    Case,
    assert_nothing_found,
    assert_one_finding,
    case,
    findings,
)

CASES = (
    case(
        "invalid-value",
        PERSON,
        "enum: [Owner, Guest]\n      x-enum-descriptions: [Made the room, Was invited]",
        "enum: [Owner, Guest, ▲true]",
        'enum: [Owner, Guest, "true"]',
        "true is not of type 'string'",
        'quote it: "true"',
        "boolean",
    ),
    case(
        "invalid-value",
        NOTE,
        "Kind: {const: link}",
        "Kind: {type: integer, const: ▲link}",
        "Kind: {type: string, const: link}",
        "'link' is not of type 'integer'",
        name="constant",
    ),
    *(
        case(
            "invalid-value",
            LIST,
            "Offset: {type: integer, description: Members to skip.}",
            f"Offset: {{{bad}, description: It.}}",
            f"Offset: {{{good}, description: It.}}",
            message,
            name=name,
        )
        for name, bad, good, message in (
            (
                "type",
                "type: string, enum: [a, ▲1]",
                "type: string, enum: [a, '1']",
                "reject it: 1 is not of type 'string'",
            ),
            ("boolean", "type: integer, enum: [0, ▲true]", "type: [integer, boolean], enum: [0, true]", "'integer'"),
            (
                "length",
                "type: string, maxLength: 2, enum: [ab, ▲abc]",
                "type: string, maxLength: 3, enum: [abc]",
                "too",
            ),
            (
                "bytes",
                "type: string, x-max-bytes: 3, enum: [▲éé]",
                "type: string, x-max-bytes: 4, enum: [éé]",
                "4 bytes",
            ),
            (
                "pattern",
                "type: string, pattern: '^a$', enum: [a, ▲b]",
                "type: string, pattern: '^.', enum: [a]".replace(".", "a"),
                "does not match",
            ),
            ("bound", "type: integer, minimum: 1, enum: [▲0, 1]", "type: integer, minimum: 0, enum: [0]", "less than"),
        )
    ),
    case(
        "invalid-default",
        LIST,
        "minimum: 1, maximum: 100",
        "minimum: 1, maximum: 100, default: ▲101",
        "minimum: 1, maximum: 100, default: 100",
        "its schema rejects the default: 101 is greater than the maximum of 100",
    ),
    case(
        "invalid-default",
        LIST,
        "minimum: 1, maximum: 100",
        'minimum: 1, maximum: 100, default: ▲"5"',
        "minimum: 1, maximum: 100, default: 5",
        "'5' is not of type 'integer'",
        name="type",
    ),
    case(
        "invalid-default",
        PERSON,
        "enum: [Owner, Guest]",
        "enum: [Owner, Guest]\n      default: ▲Gest",
        "enum: [Owner, Guest]\n      default: Guest",
        "'Gest' is not in its enum",
        "did you mean Guest?",
        "enum",
    ),
    case(
        "invalid-example",
        LIST,
        "Limit: 10}",
        "Limit: ▲101}",
        "Limit: 100}",
        "its schema rejects the request: 101 is greater than the maximum of 100",
        "",
        "limit",
    ),
    case(
        "invalid-example",
        WEBHOOK,
        "Note: {Kind: text, Text: Hello}",
        "Note: {Kind: text, Text: ▲5}",
        "Note: {Kind: later, Text: 5}",
        "its schema rejects the request: 5 is not of type 'string'",
        "",
        "union",
    ),
    case(
        "invalid-example",
        PERSON,
        "enum: [Owner, Guest]",
        "enum: [Owners, Guest]",
        "enum: [Owners, Guest]\n      x-open: The sample has another one",
        "its schema rejects the response: 'Owner' is not in its enum",
        "did you mean Owners?",
        "set",
        at=(LIST, 30, 104),
    ),
    Case(
        "invalid-example",
        (
            (
                SEND,
                "    Note: {",
                "    Way: {type: string, enum: [up, down], x-prefixes: [Own_], description: It.}\n    Note: {",
            ),
            (SEND, "Random: 7, ", "Random: 7, Way: ▲side, "),
        ),
        (
            (
                SEND,
                "    Note: {",
                "    Way: {type: string, enum: [up, down], x-prefixes: [Own_], description: It.}\n    Note: {",
            ),
            (SEND, "Random: 7, ", "Random: 7, Way: Own_side, "),
        ),
        "its schema rejects the request: 'side' is not in its enum",
        "one of up, down; or say why there are others: x-open",
        "prefix",
    ),
    Case(
        "invalid-example",
        (
            (LIST, "Offset: {type: integer", "Offset: {type: integer, x-flag: true"),
            (LIST, "Limit: 10}", "Limit: 10, Offset: ▲2}"),
        ),
        (
            (LIST, "Offset: {type: integer", "Offset: {type: integer, x-flag: true"),
            (LIST, "Limit: 10}", "Limit: 10, Offset: 1}"),
        ),
        "its schema rejects the request: 2 is neither 0 nor 1",
        "",
        "flag",
    ),
    Case(
        "invalid-example",
        (
            (WEBHOOK, "CallbackCommand: {", "Way: {enum: [up, down], description: It.}\n    CallbackCommand: {"),
            (WEBHOOK, "CallbackCommand: Note.BeforeSend, ", "CallbackCommand: Note.BeforeSend, Way: ▲side, "),
        ),
        (
            (WEBHOOK, "CallbackCommand: {", "Way: {enum: [up, down], description: It.}\n    CallbackCommand: {"),
            (WEBHOOK, "CallbackCommand: Note.BeforeSend, ", "CallbackCommand: Note.BeforeSend, Way: up, "),
        ),
        "its schema rejects the request: 'side' is not in its enum",
        "one of up, down",
        "event",
    ),
    case(
        "invalid-example",
        WEBHOOK,
        "ErrorCode: 1}",
        "ErrorCode: ▲'1'}",
        "ErrorCode: 2}",
        "its schema rejects the reply: '1' is not of type 'integer'",
        name="reply",
    ),
    case(
        "invalid-example",
        SEND,
        'ErrorInfo: "", ErrorCode: 0}',
        'ErrorInfo: "", ErrorCode: ▲"0"}',
        'ErrorInfo: "", ErrorCode: -7}',
        "its schema rejects the response: '0' is not of type 'integer'",
        name="code",
    ),
    case(
        "invalid-example",
        LIST,
        "{ActionStatus: OK",
        "{ActionStatus: ▲Fine",
        "{ActionStatus: FAIL",
        "'Fine' is not in its enum",
        "one of OK, FAIL",
        name="status",
    ),
    case(
        "no-envelope",
        SEND,
        'response: {ActionStatus: OK, ErrorInfo: "", ErrorCode: 0}',
        '▲response: {ErrorInfo: ""}',
        "response: {ErrorCode: 0}",
        "an answer without ErrorCode and ActionStatus",
        "write ErrorCode: 0",
    ),
    case(
        "invalid-default",
        LIST,
        "Total: {type: integer",
        'Note: {$ref: "#/components/schemas/Person", default: {Name: ann, Role: ▲Gest}}\n    Total: {type: integer',
        'Note: {$ref: "#/components/schemas/Person", default: {Name: ann, Role: Guest}}\n    Total: {type: integer',
        "'Gest' is not in its enum",
        "did you mean Guest?",
        "reference",
    ),
    case(
        "unknown-example-field",
        LIST,
        "{RoomId: lobby, Limit: 10}",
        "{RoomId: lobby, ▲Limt: 10}",
        "{RoomId: lobby, Offset: 10}",
        "the request has no field Limt here",
        "did you mean Limit?",
        "request",
    ),
    case(
        "unknown-example-field",
        LIST,
        "MemberList: [{Name: ann, Role: Owner}]",
        "MemberList: [{Name: ann, ▲Roll: Owner}]",
        "MemberList: [{Name: ann}]",
        "the response has no field Roll here",
        "did you mean Role?",
        "reference",
    ),
    case(
        "unknown-example-field",
        LIST,
        "Total: 1, ",
        "Total: 1, ▲RequestId: x, ",
        "",
        "the response has no field RequestId here",
        "it has ActionStatus, ErrorCode, ErrorInfo, MemberList, Total",
        "envelope",
    ),
    case(
        "unknown-example-field",
        SEND,
        "Note: {Kind: text, Text: Hello}",
        "Note: {Kind: text, ▲Url: Hello}",
        "Note: {Kind: later, Url: Hello}",
        "the request has no field Url here",
        "it has Kind, Text",
        "union",
    ),
    case(
        "unknown-example-field",
        SEND,
        'ErrorInfo: "", ErrorCode: 0}',
        'ErrorInfo: "", ▲Code: 0}',
        'ErrorInfo: "", ErrorCode: 10002}',
        "the response has no field Code here",
        name="no-response",
    ),
    case(
        "unknown-example-field",
        WEBHOOK,
        "request: {CallbackCommand: Note.BeforeSend, ",
        "request: {CallbackCommand: Note.BeforeSend, ▲SdkAppid: x, ",
        "request: {",
        "the request has no field SdkAppid here",
        name="event",
    ),
    case(
        "unknown-example-field",
        WEBHOOK,
        "ErrorCode: 1}",
        "ErrorCode: 1, ▲Notes: {Kind: text}}",
        "ErrorCode: 1, Note: {Kind: text}}",
        "the reply has no field Notes here",
        "did you mean Note?",
        "reply",
    ),
)


@pytest.mark.parametrize("given", CASES, ids=str)
def test_a_bad_spec_is_one_finding_with_its_place(mini: Mini, given: Case) -> None:
    assert_one_finding(mini, given)


@pytest.mark.parametrize("given", CASES, ids=str)
def test_the_good_spec_beside_it_has_nothing_to_report(mini: Mini, given: Case) -> None:
    assert_nothing_found(mini, given)


def test_examples_may_have_any_field_where_the_schema_lets_them(mini: Mini) -> None:
    mini.patch(LIST, "Total: 1, ", "Total: 1, Free: {A: {B: 1}}, Rest: {C: 1, A: 2}, Named: {D: 1}, Both: {A: [{}]}, ")
    fields = """\
    Free: {type: object, description: It.}
    Rest: {type: object, description: It., additionalProperties: true, properties: {A: {const: 2}}}
    Named: {type: object, description: It., patternProperties: {D: {type: integer}}, properties: {A: {const: 2}}}
    Both:
      description: It.
      anyOf: [{type: string}, {type: object, properties: {A: {type: array, description: It., items: {}}}}]
    Total:"""
    mini.patch(LIST, "    Total:", fields.replace("items: {}", "items: {type: object}"))
    assert findings(mini) == []


def test_an_answer_may_be_told_by_its_status_alone(mini: Mini) -> None:
    mini.patch(SEND, 'response: {ActionStatus: OK, ErrorInfo: "", ErrorCode: 0}', "response: {ActionStatus: FAIL}")
    assert findings(mini) == []


def test_a_value_of_many_is_told_with_some(mini: Mini) -> None:
    mini.patch(
        SEND,
        "    Note: {",
        f"    Way: {{enum: [{', '.join(f'w{i}' for i in range(20))}], description: It.}}\n    Note: {{",
    )
    mini.patch(SEND, "Random: 7, ", "Random: 7, Way: zzz, ")
    hint = "one of w0, w1, w2, w3, w4, w5, w6, w7 ... (20 in all); or say why there are others: x-open"
    assert [finding.hint for finding in findings(mini)] == [hint]
