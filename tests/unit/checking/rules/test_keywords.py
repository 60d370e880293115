"""Rules about the keywords of schemas."""

import pytest

from support.minispec import Mini
from support.rules import API, LIST, NOTE, PERSON, SEND, Case, assert_nothing_found, assert_one_finding, case

OLD_ID = "Id: {type: string, former: {Old: '2020-01-01'}, description: It.}\n"
ITEMS = 'items: {$ref: "#/components/schemas/Note"}'

CASES = (
    *(
        case(
            "keyword-type",
            LIST,
            "Offset: {type: integer, description: Members to skip.}",
            f"Offset: {{{type_}▲{bad}, description: It.}}",
            f"Offset: {{{good}, description: It.}}",
            message,
            hint,
            name,
        )
        for name, type_, bad, good, message, hint in (
            ("untyped-length", "", "minLength: 1", "type: string, minLength: 1", "`minLength` needs a type", "string"),
            ("untyped-bound", "", "maximum: 9", "type: number, maximum: 9", "`maximum` needs a type", "type: integer"),
            (
                "untyped-items",
                "",
                "items: {type: string}",
                "type: array, items: {type: string}",
                "`items` needs",
                "array",
            ),
            ("untyped-fields", "", "properties: {}", "type: object, properties: {}", "`properties` needs", "object"),
            ("untyped-enum", "enum: [a, b], ", "maxLength: 1", "enum: [a, b]", "`maxLength` needs a type", "string"),
            ("list-of-text", "type: string, ", "minItems: 1", "type: string, minLength: 1", "about array", "correct"),
            (
                "text-bound",
                "type: string, ",
                "minimum: 1",
                "type: [string, integer], minimum: 1",
                "is string",
                "remove",
            ),
            ("bytes", "type: integer, ", "x-max-bytes: 9", "type: object, x-max-bytes: 9", "string or array", "remove"),
            (
                "unit",
                "type: string, ",
                "x-unit: days",
                "type: [string, integer], x-unit: days",
                "`x-unit` is",
                "remove",
            ),
            ("time", "type: boolean, ", "x-time: unix", "type: string, x-time: unix", "`x-time` is", "remove"),
            ("required", "type: string, ", "required: []", "type: object, required: []", "about object", "remove"),
            (
                "title",
                "type: string, ",
                "title: Name",
                "type: object, title: Name, properties: {}",
                "`title`",
                "remove",
            ),
            ("flag", "type: string, ", "x-flag: true", "type: integer, x-flag: true", "the type is string", "remove"),
            (
                "mixed-flag",
                "type: [integer, string], ",
                "x-flag: true",
                "type: [integer, string], x-flag: false",
                "a flag is an integer and nothing else",
                "type: integer",
            ),
        )
    ),
    case(
        "keyword-type",
        API,
        "schema: {type: integer, minimum: 0}",
        "schema: {type: integer, ▲minLength: 0}",
        "schema: {type: integer, maximum: 9}",
        "`minLength` is about string, the type is integer",
        name="query",
    ),
    case(
        "any-type",
        LIST,
        "Offset: {type: integer, description: Members to skip.}",
        "▲Offset: {description: Anything.}",
        "Offset: {type: [integer, string, boolean, 'null'], description: Nearly anything.}",
        "the type is missing",
        "type: string",
    ),
    case(
        "any-type",
        PERSON,
        "Name: {type: string, maxLength: 32",
        "Tags: {type: array, ▲items: {description: A tag.}, description: It.}\n    Name: {type: string, maxLength: 32",
        "Tags: {type: array, items: {enum: [a]}, description: It.}\n    Name: {type: string, maxLength: 32",
        "the type is missing",
        name="items",
    ),
    case(
        "array-items",
        LIST,
        "Offset: {type: integer, description: Members to skip.}",
        "▲Offset: {type: [array, integer], description: It.}",
        "Offset: {type: [array, integer], items: {type: object}, description: It.}",
        "the list's `items` are missing",
        "items: {type: string}",
    ),
    case(
        "beside-reference",
        LIST,
        'items: {$ref: "#/components/schemas/Person"}',
        'items: {$ref: "#/components/schemas/Person", ▲x-max-bytes: 900}',
        'items: {$ref: "#/components/schemas/Person", description: It., deprecated: {use: use another}}',
        "`x-max-bytes` says nothing beside a $ref",
        "write it in Person",
    ),
    case(
        "beside-reference",
        SEND,
        'Note: {$ref: "#/components/schemas/Note"}',
        'Note: {$ref: "#/components/schemas/Note", ▲type: object}',
        'Note: {$ref: "#/components/schemas/Note", former: {Memo: "2020-01-01"}, default: {Kind: text}}',
        "`type` says nothing beside a $ref",
        name="type",
    ),
    case(
        "beside-union",
        NOTE,
        '    - {$ref: "#/components/schemas/UnknownNote"}\n  description: A note.',
        '    - {$ref: "#/components/schemas/UnknownNote"}\n  ▲type: object\n  description: A note.',
        '    - {$ref: "#/components/schemas/UnknownNote"}\n  deprecated: {use: use another}\n  description: A note.',
        "`type` says nothing beside `anyOf`",
        "in the members",
    ),
    *(
        case(
            "contradiction",
            LIST,
            "Offset: {type: integer, description: Members to skip.}",
            f"Offset: {{type: integer, {first}, ▲{second}, description: It.}}",
            f"Offset: {{type: integer, {good}, description: It.}}",
            message,
            "remove one of them",
            second.partition(":")[0],
        )
        for first, second, good, message in (
            ("x-flag: true", "enum: [0, 1]", "x-flag: false, enum: [0, 1]", "`enum` beside `x-flag: true`"),
            ("x-flag: true", "maximum: 1", "x-flag: false, maximum: 1", "`maximum` beside `x-flag: true`"),
            ("x-flag: true", "x-unit: days", "x-flag: true, default: 1", "`x-unit` beside `x-flag: true`"),
            ("x-flag: true", "x-time: unix", "x-flag: true, x-time: false", "`x-time` beside `x-flag: true`"),
            ("x-flag: true", "const: 1", "const: 1", "`const` beside `x-flag: true`"),
        )
    ),
    case(
        "contradiction",
        LIST,
        "Offset: {type: integer, description: Members to skip.}",
        "Offset: {type: integer, x-time: unix, ▲x-unit: seconds, description: It.}",
        "Offset: {type: integer, x-time: false, x-unit: seconds, description: It.}",
        "`x-unit` is for spans, `x-time` for instants",
        name="instant",
    ),
    case(
        "enum-part",
        PERSON,
        "enum: [Owner, Guest]",
        "enum: [Owner, Guest]\n      x-enum-deprecated: {▲Gest: {use: use Owner}}",
        "enum: [Owner, Guest]\n      x-enum-deprecated: {Guest: {use: use Owner}}",
        "Gest is no value of the enum",
        "did you mean Guest?",
    ),
    case(
        "enum-part",
        LIST,
        "Offset: {type: integer",
        "Offset: {type: integer, enum: [1, 2], x-enum-deprecated: {▲'3': {use: use 1}}",
        "Offset: {type: integer, enum: [1, 2], x-enum-deprecated: {'2': {use: use 1}}",
        "3 is no value of the enum",
        "one of 1, 2",
        "number",
    ),
    case(
        "enum-part",
        LIST,
        "Offset: {type: integer",
        "Offset: {type: integer, enum: [1, 2], ▲x-prefixes: [Own_]",
        "Offset: {type: [integer, string], enum: [1, two], x-prefixes: [Own_]",
        "only texts have beginnings",
        "remove it",
        "prefixes",
    ),
    case(
        "enum-part",
        LIST,
        "Offset: {type: integer",
        "Offset: {type: integer, ▲x-open: Others may come.",
        "Offset: {type: integer, enum: [1], x-open: Others may come.",
        "no set of values",
        "remove it",
        "open",
    ),
    case(
        "enum-part",
        LIST,
        "Offset: {type: integer",
        "Offset: {type: integer, ▲enum: [1, 18446744073709551616]",
        "Offset: {type: integer, enum: [1, 18446744073709551616], x-open: Too large for a type.",
        "no value beyond 64 bits",
        "x-open",
        "large",
    ),
    *(
        case(
            "field-only",
            SEND,
            '    Note: {$ref: "#/components/schemas/Note"}',
            f'    Notes: {{description: It., {bad}}}\n    Note: {{$ref: "#/components/schemas/Note"}}',
            f'    Notes: {{description: It., {good}}}\n    Note: {{$ref: "#/components/schemas/Note"}}',
            f"the client checks `{name}` of a field only",
            "make the value a field of an object",
            name,
        )
        for name, bad, good in (
            (
                "x-max-bytes",
                "type: array, items: {type: array, ▲x-max-bytes: 9, items: {type: string}}",
                "type: array, x-max-bytes: 9, items: {type: array, items: {type: string, x-max-bytes: 9}}",
            ),
            (
                "x-flag",
                "type: array, items: {type: integer, ▲x-flag: true}",
                "type: array, items: {type: integer, x-flag: false}",
            ),
            (
                "patternProperties",
                "type: object, additionalProperties: {type: object, ▲patternProperties: {^a: {type: string}}}",
                "type: array, items: {type: object, patternProperties: {^a: {type: string}}}",
            ),
            (
                "x-prefixes",
                "type: object, additionalProperties: {type: string, enum: [a], ▲x-prefixes: [b]}",
                "type: array, items: {type: string, enum: [a], x-prefixes: [b]}",
            ),
        )
    ),
    case(
        "former-name",
        LIST,
        "Total: {type: integer",
        "Total: {type: integer, ▲former: {Sum: '2020-01-01'}",
        "Total: {type: integer, deprecated: {use: use Sum}",
        "only fields of requests have former names",
        "remove it",
    ),
    case(
        "former-name",
        PERSON,
        "Person:\n",
        "Person:\n  ▲former: {Human: '2020-01-01'}\n",
        "Person:\n  deprecated: {use: use another}\n",
        "only fields of requests have former names",
        name="no-field",
    ),
    case(
        "former-name",
        LIST,
        "Offset: {type: integer",
        "Offset: {type: integer, former: {▲RoomId: '2020-01-01'}",
        "Offset: {type: integer, former: {Start: '2020-01-01'}",
        "RoomId is a field of its own here",
        "remove one",
        "field",
    ),
    case(
        "former-name",
        PERSON,
        "Name: {type: string",
        f"{OLD_ID}    Name: {{type: string, former: {{▲Old: '2020-01-01'}}",
        f"{OLD_ID}    Name: {{type: string, former: {{Older: '2020-01-01'}}",
        "Old is a former name of Id too",
        "which field",
        "twice",
    ),
    Case(
        "former-name",
        (
            (NOTE, "  oneOf:", "  ▲oneOf:"),
            (NOTE, "Url: {type: string", "Url: {type: string, former: {Text: '2020-01-01'}"),
        ),
        ((NOTE, "Url: {type: string", "Url: {type: string, former: {Link: '2020-01-01'}"),),
        "Text, a former name of Url, is a field of another member",
        "remove one",
        "member",
    ),
    Case(
        "former-name",
        (
            (NOTE, "  oneOf:", "  ▲oneOf:"),
            (NOTE, "Url: {type: string", "Url: {type: string, former: {Old: '2020-01-01'}"),
            (NOTE, "Text: {type: string", "Text: {type: string, former: {Old: '2020-01-01'}"),
        ),
        ((NOTE, "Url: {type: string", "Url: {type: string, former: {Old: '2020-01-01'}"),),
        "Old is a former name of ",
        "which field is it now?",
        "members",
    ),
    *(
        case(
            "argument-alias",
            LIST,
            "Offset: {type: integer",
            f"Offset: {{type: integer, aliases: {{▲{bad}: 0.2.0}}",
            f"Offset: {{type: integer, aliases: {{old_{bad}: 0.2.0}}",
            message,
            hint,
            bad,
        )
        for bad, message, hint in (
            ("room_id", "room_id is a name of RoomId already", "remove it from one"),
            ("offset", "offset is a name of the field itself already", "remove it from one"),
            ("max_items", "the method that `paging` makes has an argument max_items of its own", "remove it"),
        )
    ),
    *(
        case(
            "argument-alias",
            LIST,
            "Offset: {type: integer",
            f"Offset: {{type: integer, aliases: {{▲{bad}: 0.2.0}}",
            f"Offset: {{type: integer, aliases: {{{bad}_: 0.2.0}}",
            f"no argument can have been called {bad}: it was {bad}_",
            name=bad,
        )
        for bad in ("class", "extra", "validate", "model_dump")
    ),
    case(
        "argument-alias",
        PERSON,
        "Name: {type: string",
        "Id: {type: string, aliases: {old: 0.2.0}, description: It.}\n    Name: {type: string, aliases: {▲old: 0.2.0}",
        "Id: {type: string, aliases: {old: 0.2.0}, description: It.}\n    Name: {type: string, aliases: {older: 0.2.0}",
        "old is a name of Id already",
        "remove it",
        "twice",
    ),
    case(
        "argument-alias",
        LIST,
        "Total: {type: integer",
        "Total: {type: integer, ▲aliases: {sum: 0.2.0}",
        "Total: {type: integer",
        "only fields of requests are arguments",
        "remove it",
        "answer",
    ),
    case(
        "closed-object",
        PERSON,
        "  required: [Name]",
        "  ▲additionalProperties: false\n  required: [Name]",
        "  additionalProperties: true\n  required: [Name]",
        "nothing can hold to this",
        "leave it out",
    ),
    *(
        case(
            "contains",
            SEND,
            '    Note: {$ref: "#/components/schemas/Note"}',
            f"    Notes: {{type: array, description: It., {bad}, minContains: 0, maxContains: 1}}\n"
            '    Note: {$ref: "#/components/schemas/Note"}',
            f"    Notes: {{type: array, description: It., {good}, minContains: 0, maxContains: 1}}\n"
            '    Note: {$ref: "#/components/schemas/Note"}',
            message,
            hint,
            name,
        )
        for name, bad, good, message, hint in (
            (
                "field",
                ITEMS + ", contains: {properties: {▲Kid: {const: text}}, required: [Kid]}",
                ITEMS + ", contains: {properties: {Kind: {const: text}}, required: [Kind]}",
                "the items have no field Kid",
                "did you mean Kind?",
            ),
            (
                "text",
                "items: {type: string}, contains: {properties: {▲A: {const: text}}, required: [A]}",
                "items: {type: object, properties: {A: {type: string, description: It.}}}, "
                "contains: {properties: {A: {const: text}}, required: [A]}",
                "the items are no objects",
                "",
            ),
            (
                "required",
                ITEMS + ", contains: {properties: {Kind: {const: text}}, ▲required: [Url]}",
                ITEMS + ", contains: {properties: {Url: {const: text}}, required: [Url]}",
                "without Kind among `required`",
                "required: [Kind]",
            ),
        )
    ),
    *(
        case(
            "pattern",
            NOTE,
            "Url: {type: string",
            f"Url: {{type: string, pattern: {bad}",
            f"Url: {{type: string, pattern: {good}",
            message,
            hint,
            name,
        )
        for name, bad, good, message, hint in (
            ("digits", r"'^▲\d+$'", "'^[0-9]+$'", r"`\d` counts other digits", "write [0-9]"),
            ("digits-in-set", r"'^[a▲\d]+$'", "'^[a0-9]+$'", r"`\d` counts other digits", "write [0-9]"),
            ("dot", "'^a▲.*$'", r"'^a\.[^\n]*$'", "`.` takes line ends", r"write [^\n]"),
            ("ahead", "'a▲(?=b)'", "'a(?:b)'", "`(?=` looks ahead", "without"),
            ("back", r"'(a)▲\1'", "'(a)a'", r"`\1` refers back", "again"),
            ("name", "'▲(?P<a>b)'", "'(b)'", "names a group", "write (?:...)"),
            ("flag", "'▲(?i)a'", "'[Aa]'", "sets a flag", "[Aa]"),
            ("possessive", "'a▲++'", "'a+?'", "possessive", "leave the + out"),
            ("atomic", "'▲(?>a)'", "'(?:a)'", "atomic", "write (?:...)"),
            ("anchor", r"'▲\Aa'", "'^a'", "not known to JSON Schema", "write ^"),
            ("class", r"'▲\p{L}'", "'[a-z]'", "names its classes differently", "the characters"),
            ("word", r"'▲\w'", "'[0-9A-Za-z_]'", "counts other letters", "write [0-9A-Za-z_]"),
            ("escape", r"'a▲\-b'", r"'a-b[\-]\.\u0041\x41'", "not every engine takes", "the character itself"),
            ("brace", "'a▲{,3}'", "'a{0,3}'", "must be escaped", "backslash"),
            ("empty-set", "'▲[]a]'", r"'[\]a]'", "is an empty set", r"write \]"),
            ("inner-set", "'▲[a[]'", r"'[a\[]'", "begins a set inside the set", r"write \["),
            ("twice", "'[a▲&&b]'", "'[a&b]'", "combines sets", "once"),
            ("broken", "▲'('", "'()'", "'(' is no regular expression", ""),
            ("huge", "▲'(?:(?:a{999}){999}){999}'", "'(?:a{9}){9}'", "the client's engine does not take", ""),
        )
    ),
    case(
        "pattern",
        LIST,
        "Offset: {type: integer, description: Members to skip.}",
        "Offset: {type: object, description: It., patternProperties: {▲'^x-[0-9+$': {type: string}}}",
        "Offset: {type: object, description: It., patternProperties: {'^x-[0-9]+$': {type: string}}}",
        "'^x-[0-9+$' is no regular expression: unterminated character set",
        name="name",
    ),
)


@pytest.mark.parametrize("given", CASES, ids=str)
def test_a_bad_spec_is_one_finding_with_its_place(mini: Mini, given: Case) -> None:
    assert_one_finding(mini, given)


@pytest.mark.parametrize("given", CASES, ids=str)
def test_the_good_spec_beside_it_has_nothing_to_report(mini: Mini, given: Case) -> None:
    assert_nothing_found(mini, given)
