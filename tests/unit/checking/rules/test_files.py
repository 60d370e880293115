"""Rules about the form of files."""

import json
import re

import pytest

from support import minispec
from support.minispec import Mini
from support.rules import (
    ADD,
    API,
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

WEBHOOKS = minispec.API[minispec.API.index("webhooks:\n") : minispec.API.index("regions:\n")]
"""What the spec says of all webhooks."""

CASES = (
    case(
        "schema",
        SEND,
        "date: 2024-02-29",
        "date: ▲2023-02-29",
        "date: 2024-02-29",
        "'2023-02-29' is not a date",
        "Date of that page",
        "format",
    ),
    case(
        "schema",
        SEND,
        "docs: https://",
        "docs: ▲http://",
        "docs: https://",
        "'http://example.com/send' has the wrong form",
        "The vendor's page",
        "pattern",
    ),
    case(
        "schema",
        SEND,
        "repeat: deduplicated\n",
        "repeat: ▲deduplicate\n",
        "repeat: deduplicated\n",
        "`deduplicate` is not a value",
        "did you mean deduplicated?",
        "choice",
    ),
    case(
        "schema",
        SEND,
        "summary: Text",
        "summary: ▲5",
        'summary: "5"',
        "`5` is read as a number; text is due here",
        'quote it: "5"',
        "text",
    ),
    case(
        "schema",
        API,
        "title: Mini chat",
        "title: ▲~",
        'title: "~"',
        "`~` is read as nothing; text is due here",
        'quote it: "~"',
        "tilde",
    ),
    case(
        "schema",
        SEND,
        "dedupe: {fields: [Random], window: 60}",
        "▲dedupe: [Random, 60]",
        "dedupe: {fields: [Random], window: 61}",
        "a mapping is due here, not a list",
        "",
        "mapping",
    ),
    case(
        "schema",
        ADD,
        "batch: {field: Names, max: 5}",
        "batch: {field: Names, max: ▲5.0}",
        "batch: {field: Names, max: 5}",
        "a whole number is due here, not a number",
        "",
        "fraction",
    ),
    case(
        "schema",
        API,
        "rooms: {noun: Room",
        "▲Rooms: {noun: Room, summary: X}\n  rooms: {noun: Room",
        "lobbies: {noun: Lobby, summary: X}\n  rooms: {noun: Room",
        "`Rooms` is not a name for this place",
        "",
        "name",
    ),
    case(
        "schema",
        LIST,
        "errors: [10002]",
        "errors: [10002]\nplans: ▲{}",
        "errors: [10002]\nplans: {console: A switch}",
        "nothing is here",
        "bought or switched on",
        "empty",
    ),
    case(
        "schema",
        PERSON,
        "maxLength: 32",
        "maxLength: ▲99999999999999999999",
        "maxLength: 2147483647",
        "99999999999999999999 is too large: at most 2147483647 can stand here",
        "Limit in characters",
        "large",
    ),
    case(
        "schema",
        LIST,
        "Offset: {type: integer",
        "Offset: {type: integer, minimum: ▲-9223372036854775809",
        "Offset: {type: integer, minimum: -9223372036854775808, maximum: 18446744073709551615",
        "-9223372036854775809 is too small: at least -9223372036854775808 can stand here",
        "64 bits",
        "small",
    ),
    case(
        "schema",
        PERSON,
        "maxLength: 32",
        "maxLength: ▲-1",
        "maxLength: 3",
        "-1 is too small: at least 0 can stand here",
        "Limit in characters",
        "negative",
    ),
    case(
        "schema",
        LIST,
        "Offset: {type: integer, description: Members to skip.}",
        "Offset: {description: It., ▲anyOf: [{type: integer}]}",
        "Offset: {description: It., anyOf: [{type: integer}, {type: string}]}",
        "`anyOf` has one member only",
        "write that one in the place of the union",
        "single",
    ),
    case(
        "schema",
        SEND,
        "summary: Send a note",
        "summary: ▲null",
        'summary: "null"',
        "text is due here, not nothing",
        "write it, or leave out what need not be here",
        "null",
    ),
    case(
        "schema",
        SEND,
        'Note: {$ref: "#/components/schemas/Note"}',
        "Note:\n      $ref: ▲#/components/schemas/Note",
        'Note:\n      $ref: "#/components/schemas/Note"',
        "what begins with # is read as a comment",
        'quote it: "#/components/schemas/Note"',
        "comment",
    ),
    case(
        "schema",
        SEND,
        'Note: {$ref: "#/components/schemas/Note"}',
        "Note: {$ref: ▲Note}",
        'Note: {$ref: "#/components/schemas/Note"}',
        "'Note' has the wrong form",
        'write "#/components/schemas/Note"',
        "bare-reference",
    ),
    case(
        "schema",
        NOTE,
        "Kind: {const: text}",
        "Kind: {const: ▲true}",
        "Kind: {const: text}",
        "text or a whole number is due here",
        "a constant is text or a whole number; a yes or no is `type: boolean`",
        "boolean-constant",
    ),
    case(
        "unknown-key",
        PERSON,
        "maxLength: 32",
        "▲maxLenght: 32",
        "maxLength: 32",
        "`maxLenght` is not known here",
        "did you mean maxLength?",
        "near",
    ),
    case(
        "unknown-key",
        PERSON,
        "maxLength: 32",
        "▲xunits: seconds",
        "maxLength: 32",
        "`xunits` is not known here",
        "did you mean x-unit?",
        "nearest",
    ),
    case(
        "unknown-key",
        SEND,
        "repeat: dedup",
        "▲zzz: 1\nrepeat: dedup",
        "repeat: dedup",
        "`zzz` is not known here",
        "known here: aliases, batch, date, dedupe, deprecated, description, docs, errors ... (24 in all)",
        "of-many",
    ),
    case(
        "schema",
        PERSON,
        "maxLength: 32",
        "▲x-prefixes: [Own_]",
        "enum: [ann], x-prefixes: [bo]",
        "`x-prefixes` needs `enum` beside it",
        name="companion",
    ),
    case(
        "schema",
        LIST,
        "Offset: {type: integer",
        "Offset: {type: integer, x-time: ▲null",
        "Offset: {type: integer, x-time: false",
        "`null` is not a value that is known here",
        "one of unix, unix-ms, false",
        "null",
    ),
    case(
        "schema",
        LIST,
        "Offset: {type: integer",
        "Offset: {type: ▲int, maximum: 5",
        "Offset: {type: integer, maximum: 5",
        "`int` is not a value that is known here",
        "did you mean integer?",
        "type",
    ),
    case(
        "unknown-key",
        PERSON,
        "x-enum-descriptions",
        "▲x-enum-description",
        "x-enum-descriptions",
        "`x-enum-description` is not known here",
        "did you mean x-enum-descriptions?",
    ),
    case(
        "unknown-key",
        SEND,
        "dedupe: {fields",
        "dedupe: {▲zzz: 1, fields",
        "dedupe: {fields",
        "`zzz` is not known here",
        "known here: fields, window",
        "list",
    ),
    case(
        "missing-key",
        SEND,
        "repeat: deduplicated\ndedupe: {fields: [Random], window: 60}\n",
        "",
        "repeat: safe\n",
        "`repeat` is missing",
        "May the call be sent again",
        at=(SEND, 1, 1),
    ),
    case(
        "missing-key",
        API,
        WEBHOOKS,
        "",
        WEBHOOKS,
        "`webhooks` is missing, which spec/webhooks/Note.BeforeSend.yaml needs",
        "what all webhooks share",
        "webhooks",
        at=(API, 1, 1),
    ),
    case(
        "missing-key",
        SEND,
        "dedupe: {fields: [Random], window: 60}",
        "▲dedupe: {fields: [Random]}",
        "dedupe: {fields: [Random], window: 60}",
        "`window` is missing",
        "Seconds",
        "inner",
    ),
    case(
        "todo",
        SEND,
        "summary: Text",
        'summary: "▲TODO: which text?"',
        "summary: A TODOS list",
        "summary is still to be decided",
        "which text?",
    ),
    case(
        "webhook-command",
        WEBHOOK,
        "CallbackCommand: Note.BeforeSend",
        "CallbackCommand: ▲Note.AfterSend",
        "CallbackCommand: Note.BeforeSend",
        "the file is named Note.BeforeSend, not Note.AfterSend",
    ),
)


@pytest.mark.parametrize("given", CASES, ids=str)
def test_a_bad_spec_is_one_finding_with_its_place(mini: Mini, given: Case) -> None:
    assert_one_finding(mini, given)


@pytest.mark.parametrize("given", CASES, ids=str)
def test_the_good_spec_beside_it_has_nothing_to_report(mini: Mini, given: Case) -> None:
    assert_nothing_found(mini, given)


@pytest.mark.parametrize("char", [" ", '"', "'", "<", ">", "{", "}"])
def test_an_address_has_no_character_that_ends_one(mini: Mini, char: str) -> None:
    text = f"docs: {json.dumps(f'https://example.com/a{char}b', ensure_ascii=False)}"
    for file in (API, SEND, WEBHOOK):
        mini.write(file, re.sub(r"(?m)^docs: .*$", lambda _: text, mini.read(file)))
    assert {(f.file, f.rule) for f in findings(mini)} == {(API, "schema"), (SEND, "schema"), (WEBHOOK, "schema")}


def test_a_field_has_a_name(mini: Mini) -> None:
    mini.patch(PERSON, "    Name:", '    "": {type: string, description: It.}\n    Name:')
    assert [(f.line, f.column, f.rule, f.hint) for f in findings(mini)] == [(6, 5, "schema", "A field has a name.")]


def test_marks_are_found_where_they_stand(mini: Mini) -> None:
    mini.patch(SEND, "summary: Send a note", "summary: TODO")
    mini.patch(SEND, "method: notes.send", "method: TODO")
    mini.patch(SEND, "repeat: deduplicated\ndedupe: {fields: [Random], window: 60}\n", "repeat: TODO\n")
    mini.patch(SEND, "description: A random number.", 'description: "TODO: is it random"')
    found = findings(mini)
    assert [(finding.rule, finding.line, finding.column) for finding in found] == [
        ("todo", 1, 10),
        ("todo", 2, 9),
        ("todo", 5, 9),
        ("todo", 10, 92),
    ]
    assert found[-1].hint == "is it random"


def test_words_that_only_contain_the_mark_are_none(mini: Mini) -> None:
    mini.patch(SEND, "summary: Send a note", "summary: Send TODOS")
    assert findings(mini) == []
