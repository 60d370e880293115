"""Rules about bodies and what commands say about them."""

import pytest

from support.minispec import Mini
from support.rules import ADD, LIST, NOTE, PERSON, SEND, WEBHOOK, Case, assert_nothing_found, assert_one_finding, case

CASES = (
    Case(
        "paging-list",
        ((LIST, "- items: MemberList", "- items: ▲Total"),),
        ((LIST, "- items: MemberList", "- items: MemberList.Name"),),
        "Total is no list, and in none",
        "",
    ),
    case(
        "body-type",
        SEND,
        "examples:",
        "▲response: {type: object}\nexamples:",
        "response: {type: object, properties: {}}\nexamples:",
        "a response is an object with properties",
        "properties",
    ),
    case(
        "required-without-property",
        NOTE,
        "  description: A link.\n  required: [Kind]",
        "  description: A link.\n  required: [Kind, ▲Uri]",
        "  description: A link.\n  required: [Kind, Url]",
        "Uri is no property here",
        "did you mean Url?",
    ),
    case(
        "missing-description",
        PERSON,
        "Name: {type: string, maxLength: 32, description: The name.}",
        "▲Name: {type: string, maxLength: 32}",
        "Name: {type: string, maxLength: 33, description: The name.}",
        "Name has no description",
        "one line",
    ),
    case(
        "enum-descriptions",
        PERSON,
        "x-enum-descriptions: [Made the room, Was invited]",
        "x-enum-descriptions: ▲[Made the room]",
        "x-enum-descriptions: [Made it, Was invited]",
        "1 descriptions for 2 values",
        "one for each value",
    ),
    case(
        "fill-type",
        SEND,
        "{type: integer, minimum: 0, maximum: 4294967295, x-fill: random",
        "{type: number, x-fill: ▲random",
        "{type: integer, x-fill: random",
        "filled into integers only",
        "",
        "type",
    ),
    case(
        "fill-type",
        PERSON,
        "Name: {type: string, maxLength: 32",
        "Age: {type: integer, x-fill: ▲random, description: The age.}\n    Name: {type: string, maxLength: 32",
        "Age: {type: integer, description: The age.}\n    Name: {type: string, maxLength: 32",
        "nothing is filled in in a shared",
        "move it to requests",
        "shared",
    ),
    case(
        "fill-type",
        SEND,
        "    Random: {",
        "    Any:\n      description: It.\n      anyOf:\n        - {type: string}\n        - type: object\n"
        "          properties:\n            Random: {type: integer, x-fill: ▲random, description: It.}\n    Random: {",
        "    Any:\n      description: It.\n      type: array\n      items:\n        type: object\n"
        "        properties:\n          Random: {type: integer, x-fill: random, description: It.}\n    Random: {",
        "only fields of objects, and of objects in lists, are filled in",
        name="union",
    ),
    case(
        "union-member",
        NOTE,
        "  required: [Kind]\n  properties:\n    Kind: {const: link}",
        "  required: [Url]\n  properties:\n    Kind: {type: string, description: It.}",
        "  required: [Kind]\n  properties:\n    Kind: {const: link, description: It.}",
        "LinkNote has no constant Kind",
        "Kind: {const: ...}",
        at=(NOTE, 9, 7),
    ),
    case(
        "union-member",
        NOTE,
        '    - {$ref: "#/components/schemas/LinkNote"}',
        '    - {$ref: "#/components/schemas/LinkNote"}\n    - ▲{type: string}',
        '    - {$ref: "#/components/schemas/LinkNote", description: A link.}',
        "a member must be a $ref",
        "",
        "inline",
    ),
    case(
        "open-union",
        NOTE,
        "not: {enum: [text, link]}",
        "not: {enum: [text]}",
        "not: {enum: [link, text]}",
        "UnknownNote must exclude what its siblings stand for; different: link",
        at=(NOTE, 1, 1),
    ),
    case(
        "dedupe",
        SEND,
        "dedupe: {fields: [Random], window: 60}\n",
        "",
        "dedupe: {fields: [Note], window: 1}\n",
        "a deduplicated command needs `dedupe`",
        "by which fields",
        "missing",
        at=(SEND, 5, 9),
    ),
    case(
        "dedupe",
        SEND,
        "repeat: deduplicated\ndedupe",
        "repeat: safe\n▲dedupe",
        "repeat: deduplicated\ndedupe",
        "`dedupe` needs `repeat: deduplicated`",
        "",
        "reverse",
    ),
    case(
        "repeated",
        ADD,
        "repeat: unsafe\n",
        "repeat: safe\n▲safe_if: {given: RoomId}\n",
        "repeat: unsafe\nsafe_if: {given: RoomId}\n",
        "`safe_if` needs `repeat: unsafe`",
        "",
        "condition",
    ),
    case(
        "repeated",
        ADD,
        "repeat: unsafe\n",
        "repeat: unsafe\n▲repeated: [{code: -7, evidence: Its failures.}]\n",
        "repeat: unsafe\nsafe_if: {absent: RoomId}\nrepeated: [{code: -7, evidence: Its failures.}]\n",
        "`repeated` is about safe calls",
        "`safe_if`",
        "codes",
    ),
    case(
        "reads",
        ADD,
        "repeat: unsafe\n",
        "reads: ▲true\nrepeat: unsafe\n",
        "reads: false\nrepeat: unsafe\n",
        "what only reads does no harm twice, and `repeat` is unsafe",
        "`reads: false`",
        "harm",
    ),
    case(
        "reads",
        LIST,
        "repeat: safe\n",
        "reads: true\nrepeat: safe\n▲repeated: [{code: -7, evidence: The page says so.}]\n",
        "reads: true\nrepeat: safe\n",
        "what only reads was never done before",
        "`reads: false`",
        "done before",
    ),
    case(
        "batch-list",
        ADD,
        "batch: {field: Names",
        "batch: {field: ▲RoomId",
        "batch: {field: Names",
        "RoomId is no list",
        "",
        "type",
    ),
    case(
        "batch-list",
        ADD,
        "max: 5}",
        "max: ▲6}",
        "max: 4}",
        "the field's own maxItems is 5",
        "a part must not be larger than a call takes",
        "limit",
    ),
    case(
        "empty-range",
        LIST,
        "Offset: {type: integer",
        "Offset: {type: integer, ▲minimum: 101, maximum: 100",
        "Offset: {type: integer, minimum: 10, maximum: 10",
        "minimum is 101, maximum is 100: nothing lies between",
    ),
    case(
        "empty-range",
        LIST,
        "    Limit: {type: integer, minimum: 1, maximum: 100",
        "    Page: {type: number, ▲exclusiveMinimum: 1, exclusiveMaximum: 1, description: It.}\n"
        "    Limit: {type: integer, minimum: 1, maximum: 100",
        "    Page: {type: number, exclusiveMinimum: 1, exclusiveMaximum: 1.5, description: It.}\n"
        "    Limit: {type: integer, minimum: 1, maximum: 100",
        "nothing lies between",
        name="exclusive",
    ),
    case(
        "empty-range",
        NOTE,
        "Url: {type: string",
        "Url: {type: string, ▲minLength: 33, maxLength: 32",
        "Url: {type: string, minLength: 32, maxLength: 32",
        "minLength is 33, maxLength is 32",
        name="length",
    ),
    case(
        "empty-range",
        WEBHOOK,
        "{from: 1, to: 9",
        "{▲from: 10, to: 9",
        "{from: 9, to: 9",
        "from is 10, to is 9",
        name="codes",
    ),
    case(
        "reply-outcome",
        WEBHOOK,
        "{code: 0, outcome: allow, ",
        "▲{code: 0, ",
        "{code: 0, outcome: fail, ",
        "say what this code does",
        "allow, reject, drop or fail",
    ),
    case(
        "reply-outcome",
        WEBHOOK,
        "  - {from: 1, to: 9, outcome: reject",
        "  - {code: 10, outcome: ▲allow, meaning: It is sent.}\n  - {from: 1, to: 9, outcome: reject",
        "  - {code: 10, outcome: drop, meaning: It is dropped.}\n  - {from: 1, to: 9, outcome: reject",
        "one code alone stands for `allow`",
        name="twice",
    ),
    case(
        "reply-outcome",
        WEBHOOK,
        "{from: 1, to: 9, outcome: reject",
        "{from: 1, to: 9, outcome: ▲drop",
        "{code: 1, outcome: drop",
        "one code alone stands for `drop`",
        name="range",
    ),
    Case(
        "reply-outcome",
        (
            (WEBHOOK, "phase: before", "phase: after"),
            (WEBHOOK, "{code: 0, outcome: allow, ", "{code: 0, "),
            (WEBHOOK, "{from: 1, to: 9, outcome: reject", "{from: 1, to: 9, ▲outcome: reject"),
        ),
        (
            (WEBHOOK, "phase: before", "phase: after"),
            (WEBHOOK, "{code: 0, outcome: allow, ", "{code: 0, "),
            (WEBHOOK, "{from: 1, to: 9, outcome: reject, ", "{from: 1, to: 9, "),
        ),
        "there is nothing to decide",
        "remove it",
        "after",
    ),
)


@pytest.mark.parametrize("given", CASES, ids=str)
def test_a_bad_spec_is_one_finding_with_its_place(mini: Mini, given: Case) -> None:
    assert_one_finding(mini, given)


@pytest.mark.parametrize("given", CASES, ids=str)
def test_the_good_spec_beside_it_has_nothing_to_report(mini: Mini, given: Case) -> None:
    assert_nothing_found(mini, given)


def test_schemas_that_lead_back_to_themselves_are_no_endless_way(mini: Mini) -> None:
    items = '"#/components/schemas/Person"'
    mini.patch(LIST, f"items: {{$ref: {items}}}", 'items: {$ref: "#/components/schemas/Round"}')
    mini.write(
        "spec/schemas/round.yaml",
        'Round: {$ref: "#/components/schemas/Around"}\nAround: {$ref: "#/components/schemas/Round"}\n',
    )
    result = mini.timgen("lint")
    assert result.returncode == 1
    assert "Round" in result.stdout
    assert "Traceback" not in result.stderr
