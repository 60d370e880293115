"""Every rule: a spec that breaks it, where it is told, and a spec beside it that does not."""

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from support import minispec
from support.minispec import Mini
from timgen.checking.rules import FORM, READING, RULES
from timgen.checking.rules.names import _CLIENT_EXCEPTIONS, _CLIENT_NAMES
from timgen.pipeline import load
from timgen.reading.diagnostics import Diagnostic

ROOT = Path(__file__).parents[2]
API = "spec/api.yaml"
ERRORS = "spec/errors.yaml"
NOTE = "spec/schemas/note.yaml"
PERSON = "spec/schemas/person.yaml"
SEND = "spec/v4/note_svc/send.yaml"
NOTE_SERVICE = "spec/v4/note_svc/_service.yaml"
ROOM_SERVICE = "spec/v4/room_svc/_service.yaml"
ADD = "spec/v4/room_svc/add_members.yaml"
LIST = "spec/v4/room_svc/list_members.yaml"
WEBHOOK = "spec/webhooks/Note.BeforeSend.yaml"

MARK = "▲"
"""Stands in a bad text right before the character that the finding is about."""

ALL = ""
"""In place of an old text: the new text is the whole file."""

Patch = tuple[str, str, str]
"""File, old text, new text."""


@dataclass(frozen=True)
class Case:
    rule: str
    bad: tuple[Patch, ...]
    good: tuple[Patch, ...]
    message: str
    hint: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.rule}-{self.name}" if self.name else self.rule


def case(rule: str, file: str, old: str, bad: str, good: str, message: str, hint: str = "", name: str = "") -> Case:
    return Case(rule, ((file, old, bad),), ((file, old, good),), message, hint, name)


def described(name: str, text: str) -> str:
    return f"{name}: {{type: string, description: {text}}}"


OLD_ID = "Id: {type: string, former: {Old: '2020-01-01'}, description: It.}\n"
ITEMS = 'items: {$ref: "#/components/schemas/Note"}'
SEND_AGAIN = minispec.SEND.replace("notes.send", "notes.send_again")

CASES = (
    # What reading reports.
    case(
        "alias",
        API,
        "home: {",
        "home: ▲&a {backup: *a, ",
        "home: {backup: &a b.example.com, ",
        "an alias inside its own anchor",
        "write the value out",
    ),
    case(
        "duplicate-key",
        SEND,
        "repeat: deduplicated",
        "▲method: notes.other\nrepeat: deduplicated",
        "repeat: deduplicated",
        "`method` stands twice",
        "first in line 2",
    ),
    case(
        "empty-file", NOTE_SERVICE, ALL, "▲# nothing\n", "summary: Notes\n", "the file is empty", "fill it or delete it"
    ),
    case(
        "encoding",
        NOTE_SERVICE,
        ALL,
        "summary: Grü▲\udcffe\n",
        "summary: Grüße\n",
        "byte 0xff is not UTF-8",
        "as UTF-8",
    ),
    case(
        "file-name",
        "spec/v4/note_svc/resend.yml",
        ALL,
        MARK + SEND_AGAIN,
        "",
        "no part of a spec has this name",
        "resend.yaml",
        "ending",
    ),
    case(
        "file-name",
        "spec/notes.txt",
        ALL,
        "▲hello",
        "",
        "no part of a spec has this name",
        "v4/<service>/<command>.yaml",
        "stray",
    ),
    case(
        "key-type",
        WEBHOOK,
        '{SdkAppid: "1"}',
        '{▲no: "1"}',
        '{"no": "1"}',
        "the key `no` is read as true or false",
        'quote it: "no"',
    ),
    case(
        "missing-file",
        "spec/v4/new_svc/resend.yaml",
        ALL,
        SEND_AGAIN,
        "",
        "the file does not exist",
        "beside the service's commands",
        "service",
    ),
    case(
        "scalar",
        SEND,
        "Kind: text, Text: Hello",
        "Kind: text, Text: ▲off",
        'Kind: text, Text: "off"',
        "`off` is read as false",
        '"off"',
    ),
    case("tag", SEND, "summary: Text", "summary: ▲!t Text", "summary: Text", "the tag !t is not used", "remove it"),
    case(
        "tag", SEND, "summary: Text", "summary: ▲!!str Text", "summary: Text !!str", "the tag !!str", "remove", "text"
    ),
    case("tag", SEND, "summary: Text", 'summary: ▲! "Text"', 'summary: "a, ! Text"', "the tag !", "remove", "bare"),
    case("tag", SEND, "window: 60", "window: ▲!!int 60", "window: 61", "the tag !!int", "remove", "number"),
    case("tag", SEND, "dedupe: {", "dedupe: ▲!!map {", "dedupe: {", "the tag !!map", "remove", "mapping"),
    case("tag", SEND, "fields: [", "fields: ▲!!seq [", "fields: [", "the tag !!seq", "remove", "list"),
    case("tag", SEND, "repeat: dedup", "▲!!str repeat: dedup", "repeat: dedup", "the tag !!str", "remove", "key"),
    case(
        "scalar",
        LIST,
        "Limit: 10}",
        "Limit: ▲010}",
        "Limit: 11}",
        "`010` is read as 8",
        'quote it if text is meant: "010"',
        "octal",
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
    case(
        "yaml-syntax",
        SEND,
        "summary: Send a note",
        "summary: Send▲: a note",
        'summary: "Send: a note"',
        "mapping values are not allowed",
        "quote the text",
    ),
    # Form.
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
        "Offset: {description: It., anyOf: ▲[{type: integer}]}",
        "Offset: {description: It., anyOf: [{type: integer}, {type: string}]}",
        "at least 2 must be here",
        name="single",
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
    # References.
    case(
        "unknown-reference",
        SEND,
        "schemas/Note",
        "schemas/Noet",
        "schemas/TextNote",
        "no shared schema is named Noet",
        "did you mean Note?",
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
        "write a new one there first",
        "service",
    ),
    case(
        "unknown-error-code",
        ROOM_SERVICE,
        "invalid_request: 10002",
        "invalid_request: 10002\ntoo_long: [10002, ▲99]",
        "invalid_request: 10002\ntoo_long: [-7]",
        "99 is not in errors.yaml",
        "write a new one there first",
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
        "unknown-service",
        ERRORS,
        "category: limit\n  retry: never",
        "category: limit\n  retry: never\n  services: {▲note_svcs: {message: It is., fix: Wait.}}",
        "category: limit\n  retry: never\n  services: {note_svc: {message: It is., fix: Wait.}}",
        "spec/v4 has no service note_svcs",
        "did you mean note_svc?",
    ),
    case(
        "exception-name",
        API,
        "exception: ServerError",
        "exception: ▲LimitExceededError",
        "exception: NoServerError",
        "LimitExceededError is a class of the category limit already",
        "choose another name",
        "twice",
    ),
    case(
        "exception-name",
        API,
        "exception: ServerError",
        "exception: ▲TransportError",
        "exception: TransportsError",
        "TransportError is a class of the client already",
        name="client",
    ),
    case(
        "exception-name",
        API,
        "exception: ServerError",
        "exception: ▲PermissionError",
        "exception: PermissionDeniedError",
        "PermissionError is a class of Python already",
        name="builtin",
    ),
    case(
        "query-parameter",
        API,
        "name: usersig",
        "name: ▲identifer, description: It., schema: {type: string}}\n  - {name: usersig",
        "name: format, description: It., schema: {const: json}}\n  - {name: usersig",
        "the client has no value for identifer",
        "did you mean identifier?",
        "unknown",
    ),
    case(
        "query-parameter",
        API,
        "query:\n  - name: sdkappid\n    description: ID of the app.\n    schema: {type: integer, minimum: 1}\n",
        "▲query:\n",
        "query:\n  - {name: sdkappid, description: ID of the app., schema: {type: integer}}\n",
        "the parameter sdkappid is missing",
        "every call carries it",
        "missing",
    ),
    case(
        "query-parameter",
        API,
        "name: identifier",
        "name: sort, description: It., schema: {const: x}}\n  - {name: ▲sort, description: It., schema: {const: x}}\n"
        "  - {name: identifier",
        "name: sort, description: It., schema: {const: x}}\n  - {name: identifier",
        "sort is a parameter twice",
        name="twice",
    ),
    *(
        case(
            "reserved-name",
            API,
            "  notes: {",
            f"  ▲{name}: {{noun: It, summary: X}}\n  notes: {{",
            f"  {name}_of: {{noun: It, summary: X}}\n  notes: {{",
            f"the client has a {name} of its own",
            "another word",
            f"namespace-{name}",
        )
        for name in ("base_url", "transport", "lazy", "property", "secret_key")
    ),
    # Names.
    Case(
        "duplicate-method",
        (("spec/v4/note_svc/zz.yaml", ALL, SEND_AGAIN.replace("notes.send_again", "▲notes.send")),),
        (("spec/v4/note_svc/zz.yaml", ALL, SEND_AGAIN),),
        "notes.send is the method of spec/v4/note_svc/send.yaml too",
        "",
    ),
    Case(
        "derived-method",
        ((ADD, "method: rooms.add_members", "method: rooms.iter_members"), (LIST, "paging:", "▲paging:")),
        ((ADD, "method: rooms.add_members", "method: rooms.iterate_members"),),
        "`paging` makes a method rooms.iter_members, which spec/v4/room_svc/add_members.yaml has too",
        "rename one of the methods",
        "paging",
    ),
    Case(
        "derived-method",
        ((LIST, "method: rooms.list_members", "method: rooms.add_members_many"), (ADD, "batch:", "▲batch:")),
        ((LIST, "method: rooms.list_members", "method: rooms.add_members_much"),),
        "`batch` makes a method rooms.add_members_many, which spec/v4/room_svc/list_members.yaml has too",
        "rename one of the methods",
        "batch",
    ),
    case(
        "derived-argument",
        LIST,
        "    Limit: {type: integer, min",
        "    ▲Cursor: {type: string, description: It.}\n    Limit: {type: integer, min",
        "    Cursors: {type: string, description: It.}\n    Limit: {type: integer, min",
        "the method that `paging` makes has an argument cursor of its own",
        "leave `paging` out",
        "paging",
    ),
    Case(
        "derived-argument",
        (
            (
                ADD,
                "    Names:\n",
                "    ▲Concurrency: {type: integer, description: It.}\n    Names:\n",
            ),
        ),
        ((ADD, "    Names:\n", "    Cursor: {type: integer, description: It.}\n    Names:\n"),),
        "the method that `batch` makes has an argument concurrency of its own",
        "leave `batch` out",
        "batch",
    ),
    case(
        "duplicate-alias",
        ADD,
        "repeat: unsafe",
        "aliases: {▲list_members: 0.1.0}\nrepeat: unsafe",
        "aliases: {listed_members: 0.1.0}\nrepeat: unsafe",
        "rooms.list_members is a name that spec/v4/room_svc/list_members.yaml has already",
        "remove it",
    ),
    case(
        "duplicate-alias",
        ADD,
        "repeat: unsafe",
        "aliases: {▲iter_members: 0.1.0}\nrepeat: unsafe",
        "aliases: {iterate: 0.1.0}\nrepeat: unsafe",
        "rooms.iter_members is a name that spec/v4/room_svc/list_members.yaml has already",
        name="derived",
    ),
    case(
        "duplicate-alias",
        ADD,
        "repeat: unsafe",
        "aliases: {▲add_members: 0.1.0}\nrepeat: unsafe",
        "aliases: {add: 0.1.0, join: 0.1.0}\nrepeat: unsafe",
        "rooms.add_members is a name that this command has already",
        name="own",
    ),
    Case(
        "duplicate-alias",
        (
            (ADD, "repeat: unsafe", "aliases: {iter_people: 0.1.0}\nrepeat: unsafe"),
            (LIST, "repeat: safe", "aliases: {▲list_people: 0.1.0}\nrepeat: safe"),
        ),
        # Both names of the method make the same one that reads all pages.
        ((LIST, "repeat: safe", "aliases: {members: 0.1.0, get_members: 0.1.0, get_all: 0.1.0}\nrepeat: safe"),),
        "rooms.iter_people is a name that spec/v4/room_svc/add_members.yaml has already",
        "",
        "made-of",
    ),
    Case(
        "duplicate-alias",
        (
            (ADD, "repeat: unsafe", "aliases: {old: 0.1.0}\nrepeat: unsafe"),
            (LIST, "repeat: safe", "aliases: {▲old: 0.1.0}\nrepeat: safe"),
        ),
        (
            (ADD, "repeat: unsafe", "aliases: {old: 0.1.0}\nrepeat: unsafe"),
            (SEND, "repeat: dedup", "aliases: {old: 0.1.0}\nrepeat: dedup"),
        ),
        "rooms.old is a name that spec/v4/room_svc/add_members.yaml has already",
        "",
        "twice",
    ),
    case(
        "reserved-name",
        ADD,
        "repeat: unsafe",
        "aliases: {▲import: 0.1.0}\nrepeat: unsafe",
        "aliases: {imports: 0.1.0}\nrepeat: unsafe",
        "import is a keyword of Python",
        "no method can have had it",
        "alias",
    ),
    Case(
        "paging-list",
        ((LIST, "- items: MemberList", "- items: ▲Total"),),
        ((LIST, "- items: MemberList", "- items: MemberList.Name"),),
        "Total is no list, and in none",
        "",
    ),
    case(
        "reserved-name",
        SEND,
        "method: notes.send",
        "method: notes.▲import",
        "method: notes.importing",
        "import is a keyword of Python",
        "choose another word",
        "method",
    ),
    case(
        "reserved-name",
        API,
        "  notes: {",
        "  ▲identifier: {noun: It, summary: X}\n  notes: {",
        "  identifiers: {noun: It, summary: X}\n  notes: {",
        "the client has a identifier of its own",
        "another word",
        "namespace",
    ),
    case(
        "reserved-name",
        API,
        "  notes: {",
        "  ▲person: {noun: It, summary: X}\n  notes: {",
        "  persons: {noun: It, summary: X}\n  notes: {",
        "the models have a module person",
        "another word",
        "module",
    ),
    case(
        "reserved-name",
        "spec/schemas/element.yaml",
        ALL,
        "▲Element: {type: string, description: An element.}\n",
        "Part: {type: string, description: An element.}\n",
        "the models have a class Element of their own",
        "another name",
        "base-class",
    ),
    case(
        "reserved-name",
        "spec/schemas/webhooks.yaml",
        ALL,
        "▲Hook: {type: string, description: A hook.}\n",
        "",
        "the models need a module webhooks themselves",
        "rename the file",
        "file",
    ),
    case(
        "reserved-name",
        NOTE,
        ALL,
        minispec.NOTE + "▲Response: {type: string, description: It.}\n",
        minispec.NOTE + "Responses: {type: string, description: It.}\n",
        "the models have a class Response",
        "another name",
        "class",
    ),
    case(
        "duplicate-schema",
        PERSON,
        ALL,
        minispec.PERSON + "▲TextNote: {type: string, description: Text.}\n",
        minispec.PERSON + "LongNote: {type: string, description: Text.}\n",
        "TextNote stands in spec/schemas/note.yaml too",
        "unique over all files",
    ),
    case(
        "duplicate-error-name",
        ERRORS,
        "name: TOO_LONG",
        "name: ▲INTERNAL",
        "name: INTERNALS",
        "INTERNAL is the name of 10002 too",
    ),
    case(
        "name-collision",
        LIST,
        described("RoomId", "The room."),
        described("RoomId", "The room.") + "\n    ▲" + described("Room_Id", "The room."),
        described("RoomId", "The room.") + "\n    " + described("RoomNumber", "The room."),
        "`Room_Id` and `RoomId` both become room_id in Python",
    ),
    case(
        "name-collision",
        LIST,
        "    Total: {type: integer, description: Number of members.}",
        "    ▲Error_Code: {type: integer, description: Code.}\n"
        "    Total: {type: integer, description: Number of members.}",
        "    ErrorCode: {type: integer, description: Code.}\n"
        "    Total: {type: integer, description: Number of members.}",
        "both become error_code in Python",
        "",
        "envelope",
    ),
    Case(
        "class-collision",
        (("spec/v4/note_svc/zz.yaml", ALL, SEND_AGAIN.replace("method: ", "title: ▲SendNote\nmethod: ")),),
        (("spec/v4/note_svc/zz.yaml", ALL, SEND_AGAIN.replace("method: ", "title: ResendNote\nmethod: ")),),
        "is made from spec/v4/note_svc/send.yaml too",
        "a `title` of its own",
    ),
    case(
        "class-collision",
        NOTE,
        ALL,
        minispec.NOTE + "BeforeNoteEvent: {type: string, description: It.}\n",
        minispec.NOTE + "BeforeNoteEvents: {type: string, description: It.}\n",
        "the class BeforeNoteEvent is made from spec/schemas/note.yaml too",
        "choose another name",
        "webhook",
    ),
    # Keywords.
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
    # Bodies.
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
        "reserved-name",
        SEND,
        "method: notes.send",
        "method: notes.▲object",
        "method: notes.objects",
        "object is a type of Python",
        "choose another word",
        name="type",
    ),
    case(
        "reserved-name",
        NOTE,
        ALL,
        minispec.NOTE + "▲Utf8Max50: {type: string, description: It.}\n",
        minispec.NOTE + "Utf8Min50: {type: string, description: It.}\n",
        "the models have a class Utf8Max50 of their own",
        "choose another name",
        name="limit",
    ),
    case(
        "union-member",
        NOTE,
        "  required: [Kind]\n  properties:\n    Kind: {const: link}",
        "  required: [Url]\n  properties:\n    Kind: {type: string, description: It.}",
        "  required: [Kind]\n  properties:\n    Kind: {const: link, description: It.}",
        "LinkNote has no constant Kind",
        "Kind: {const: ...}",
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
        "max: 5}",
        "the field's own maxItems is 5",
        "the two must agree",
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
    case(
        "reserved-name",
        WEBHOOK,
        "event: BeforeNote",
        "event: ▲Unknown",
        "event: UnknownNote",
        "the client has a class UnknownEvent",
        "another name",
        "event",
    ),
    case(
        "reserved-name",
        WEBHOOK,
        "reply:\n  type: object\n  properties:\n",
        "reply:\n  type: object\n  properties:\n    ▲Info: {type: string, description: It.}\n",
        "reply:\n  type: object\n  properties:\n    Infos: {type: string, description: It.}\n",
        "an argument info of their own",
        name="reply",
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
    # Examples.
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
        "unknown-error-code",
        SEND,
        'ErrorInfo: "", ErrorCode: 0}',
        'ErrorInfo: "", ErrorCode: ▲5}',
        'ErrorInfo: "", ErrorCode: 10002}',
        "5 is not in errors.yaml",
        "the nearest codes there: -7, 10002",
        "example",
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
    # Texts.
    case(
        "limit-in-words",
        LIST,
        "maximum: 100, description: Members in a page.}",
        'maximum: 100, description: "Members in a page, ▲at most 100."}',
        'maximum: 100, description: "Members in a page, 100 of them are many."}',
        "`at most 100` stands twice in the docs, which print maximum: 100",
        "leave it out of the description",
        "twice",
    ),
    case(
        "limit-in-words",
        LIST,
        "Offset: {type: integer, description: Members to skip.}",
        'Offset: {type: integer, description: "Members to skip, ▲up to 1,000."}',
        "Offset: {type: integer, maximum: 1000, description: Members to skip.}",
        "`up to 1,000` is a limit that nothing checks",
        "state it as a keyword: maximum: 1000",
        "unchecked",
    ),
)


def findings(mini: Mini) -> list[Diagnostic]:
    return load(mini.root)[1]


def apply(mini: Mini, patches: tuple[Patch, ...]) -> set[tuple[str, int, int]]:
    """Patch the project; return file, line and column of the marks, which are taken out."""
    places: set[tuple[str, int, int]] = set()
    for file, old, new in patches:
        if old:
            mini.patch(file, old, new)
        elif new:
            mini.write(file, new.encode(errors="surrogateescape"))
        if not mini.path(file).is_file():
            continue
        text = mini.path(file).read_bytes().decode(errors="surrogateescape")
        if MARK in text:
            before = text[: text.index(MARK)]
            places.add((file, before.count("\n") + 1, len(before) - before.rfind("\n")))
            mini.write(file, text.replace(MARK, "").encode(errors="surrogateescape"))
    return places


@pytest.fixture
def mini(tmp_path: Path) -> Mini:
    return minispec.make(tmp_path)


def test_the_project_of_these_tests_has_nothing_to_report(mini: Mini) -> None:
    assert findings(mini) == []


# Where the finding stands when it is not at a place in what the case wrote.
ELSEWHERE = {
    "missing-file-service": ("spec/v4/new_svc/_service.yaml", 1, 1),
    "missing-key": (SEND, 1, 1),
    "unknown-reference": (SEND, 12, 18),
    "class-collision-webhook": (WEBHOOK, 2, 8),
    "union-member": (NOTE, 9, 7),
    "open-union": (NOTE, 1, 1),
    "dedupe-missing": (SEND, 5, 9),
    "invalid-example-set": (LIST, 30, 104),
}


@pytest.mark.parametrize("given", CASES, ids=str)
def test_a_bad_spec_is_one_finding_with_its_place(mini: Mini, given: Case) -> None:
    marked = apply(mini, given.bad)
    places = marked or {ELSEWHERE[str(given)]}
    found = findings(mini)
    assert {(f.file, f.line, f.column, f.rule) for f in found} == {(*place, given.rule) for place in places}
    assert any(given.message in finding.message for finding in found), found
    assert any(given.hint in finding.hint for finding in found), found


@pytest.mark.parametrize("given", CASES, ids=str)
def test_the_good_spec_beside_it_has_nothing_to_report(mini: Mini, given: Case) -> None:
    apply(mini, given.good)
    assert findings(mini) == []


def test_an_unreadable_file_is_a_finding(mini: Mini) -> None:
    # Opening this one works even for root, reading it fails.
    mini.path(PERSON).unlink()
    mini.path(PERSON).symlink_to("/proc/self/mem")
    found = [finding for finding in findings(mini) if finding.rule == "unreadable"]
    assert [(f.file, f.line, f.column) for f in found] == [(PERSON, 1, 1)]
    assert found[0].message.startswith("cannot be read: ")


def test_every_rule_has_a_case() -> None:
    ids = {rule.id for rule in RULES} | READING.keys() | FORM.keys()
    # A file that cannot be read has a test of its own: no text makes one.
    assert {given.rule for given in CASES} == ids - {"unreadable"}


def test_every_rule_says_what_it_finds() -> None:
    summaries = [rule.summary for rule in RULES] + [*READING.values(), *FORM.values()]
    assert all(summaries)
    assert len(set(summaries)) == len(summaries)
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_findings_of_all_files_come_in_one_run_and_sorted(mini: Mini) -> None:
    mini.patch(API, "title: Mini chat", "title: no")
    mini.patch(ERRORS, "category: limit", "category: limits")
    mini.patch(PERSON, "description: The name.", "description: The name., maxlength: 5")
    mini.patch(SEND, "window: 60", "window: 0")
    mini.patch(SEND, "fields: [Random]", "fields: [Rnd]")
    mini.patch(ADD, "errors: [10002, -7]", "errors: [1]")
    mini.patch(LIST, "Limit: 10}", "Limit: 0}")
    mini.patch(WEBHOOK, "phase: before", "phase: later")
    mini.write(NOTE_SERVICE, "summary: 'x\n")
    mini.remove(ROOM_SERVICE)
    found = findings(mini)
    assert found == sorted(found)
    assert {(finding.file, finding.rule) for finding in found} == {
        (API, "scalar"),
        (ERRORS, "unknown-category"),
        (PERSON, "unknown-key"),
        (SEND, "schema"),
        (SEND, "unknown-field"),
        (ADD, "unknown-error-code"),
        (LIST, "invalid-example"),
        (WEBHOOK, "schema"),
        (NOTE_SERVICE, "yaml-syntax"),
        (ROOM_SERVICE, "missing-file"),
    }


@pytest.mark.parametrize("broken", sorted(minispec.SPEC))
@pytest.mark.parametrize("content", ["a: [", "", "- 1\n- 2\n", "5\n"], ids=["syntax", "empty", "list", "number"])
def test_a_broken_file_causes_no_findings_elsewhere(mini: Mini, broken: str, content: str) -> None:
    mini.write(broken, content)
    found = findings(mini)
    assert found
    assert {finding.file for finding in found} == {broken}, found
    assert len(found) == 1


def test_a_missing_file_of_shared_schemas_is_told_where_it_is_needed(mini: Mini) -> None:
    mini.remove(PERSON)
    assert [(f.file, f.rule) for f in findings(mini)] == [(LIST, "unknown-reference")]


@pytest.mark.parametrize("name", [API, ERRORS])
def test_a_missing_file_that_every_spec_has(mini: Mini, name: str) -> None:
    mini.remove(name)
    assert [(f.file, f.line, f.column, f.rule) for f in findings(mini)] == [(name, 1, 1, "missing-file")]


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


def test_hidden_files_and_backups_of_editors_are_no_part_of_the_spec(mini: Mini) -> None:
    for name in ("spec/.DS_Store", "spec/v4/note_svc/.send.yaml.swp", "spec/v4/note_svc/send.yaml~", "spec/.git/x"):
        mini.write(name, "a: [")
    assert findings(mini) == []


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


def test_a_meta_schema_may_be_false(mini: Mini) -> None:
    mini.write("spec/meta/service.schema.json", "false")
    assert {(f.file, f.rule) for f in findings(mini)} == {(NOTE_SERVICE, "schema"), (ROOM_SERVICE, "schema")}


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


def test_an_unknown_code_is_told_with_its_neighbours(mini: Mini) -> None:
    mini.patch(ADD, "errors: [10002, -7]", "errors: [10003, -7]")
    assert [f.hint for f in findings(mini)] == ["the nearest codes there: -7, 10002; write a new one there first"]


def test_everything_in_the_class_of_the_client_is_a_reserved_name() -> None:
    tree = ast.parse((ROOT / "generated/client/tencent_chat/client.py").read_text(encoding="utf-8"))
    client = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "ChatClient")
    names = {alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom | ast.Import)
             for alias in node.names}  # fmt: skip
    for node in client.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        decorators = {name.id for name in node.decorator_list if isinstance(name, ast.Name)}
        names |= decorators
        if "lazy" not in decorators:
            names.add(node.name)
        annotations = [argument.annotation for argument in (*node.args.args, *node.args.kwonlyargs)] + [node.returns]
        names |= {
            name.id
            for annotation in annotations
            if annotation
            for name in ast.walk(annotation)
            if isinstance(name, ast.Name)
        }
        if node.name == "__init__":
            names |= {argument.arg for argument in (*node.args.args[1:], *node.args.kwonlyargs)}
    possible = {name for name in names if re.fullmatch("[a-z][a-z0-9_]*", name)}
    assert {"base_url", "transport", "load_for_calls", "str"} <= possible
    assert possible <= _CLIENT_NAMES


def test_the_exceptions_of_the_client_are_taken() -> None:
    package = ROOT / "templates/client/tencent_chat"
    texts = [path.read_text(encoding="utf-8") for path in (package / "exceptions.py.j2", package / "usersig.py")]
    assert set(re.findall(r"^class (\w+Error)\b", "\n".join(texts), re.MULTILINE)) <= _CLIENT_EXCEPTIONS


@pytest.mark.parametrize("char", [" ", '"', "'", "<", ">", "{", "}"])
def test_an_address_has_no_character_that_ends_one(mini: Mini, char: str) -> None:
    text = f"docs: {json.dumps(f'https://example.com/a{char}b', ensure_ascii=False)}"
    for file in (API, SEND, WEBHOOK):
        mini.write(file, re.sub(r"(?m)^docs: .*$", lambda _: text, mini.read(file)))
    assert {(f.file, f.rule) for f in findings(mini)} == {(API, "schema"), (SEND, "schema"), (WEBHOOK, "schema")}


def test_a_field_has_a_name(mini: Mini) -> None:
    mini.patch(PERSON, "    Name:", '    "": {type: string, description: It.}\n    Name:')
    assert [(f.line, f.column, f.rule, f.hint) for f in findings(mini)] == [(6, 5, "schema", "A field has a name.")]


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


def test_a_cursor_that_moves_is_an_argument_of_the_method_for_all_pages(mini: Mini) -> None:
    mini.write(LIST, mini.read(LIST).replace("Offset", "Cursor"))
    assert findings(mini) == []


def test_two_methods_for_all_pages_do_not_share_a_name(mini: Mini) -> None:
    again = mini.read(LIST).replace("rooms.list_members", "rooms.get_members")
    mini.write("spec/v4/room_svc/zz.yaml", again)
    assert [(f.file, f.line, f.rule) for f in findings(mini)] == [("spec/v4/room_svc/zz.yaml", 7, "derived-method")]
