"""Rules about names: none twice, none that is taken."""

import ast
import re

import pytest

from support import minispec
from support.minispec import Mini
from support.paths import ROOT
from support.rules import (
    ADD,
    ALL,
    API,
    ERRORS,
    LIST,
    NOTE,
    PERSON,
    SEND,
    SEND_AGAIN,
    WEBHOOK,
    Case,
    assert_nothing_found,
    assert_one_finding,
    case,
    described,
    findings,
)

CASES = (
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
        "nothing says the value of identifer",
        "say with `role` what the client fills in",
        "unknown",
    ),
    case(
        "query-parameter",
        API,
        "{name: identifier, role: account,",
        "{name: identifier, role: ▲app,",
        "{name: identifier, role: user,",
        "sdkappid has the role app already",
        "each role stands once",
        "role",
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
        at=(WEBHOOK, 2, 8),
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
)


@pytest.mark.parametrize("given", CASES, ids=str)
def test_a_bad_spec_is_one_finding_with_its_place(mini: Mini, given: Case) -> None:
    assert_one_finding(mini, given)


@pytest.mark.parametrize("given", CASES, ids=str)
def test_the_good_spec_beside_it_has_nothing_to_report(mini: Mini, given: Case) -> None:
    assert_nothing_found(mini, given)


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
    assert possible <= set(minispec.CLIENT["reserved"]["namespaces"])


def test_the_exceptions_of_the_client_are_taken() -> None:
    package = ROOT / "templates/client/tencent_chat"
    texts = [path.read_text(encoding="utf-8") for path in (package / "exceptions.py.j2", package / "usersig.py")]
    assert set(re.findall(r"^class (\w+Error)\b", "\n".join(texts), re.MULTILINE)) <= {
        minispec.CLIENT["error"],
        *minispec.CLIENT["reserved"]["exceptions"],
    }


def test_a_cursor_that_moves_is_an_argument_of_the_method_for_all_pages(mini: Mini) -> None:
    mini.write(LIST, mini.read(LIST).replace("Offset", "Cursor"))
    assert findings(mini) == []


def test_two_methods_for_all_pages_do_not_share_a_name(mini: Mini) -> None:
    again = mini.read(LIST).replace("rooms.list_members", "rooms.get_members")
    mini.write("spec/v4/room_svc/zz.yaml", again)
    assert [(f.file, f.line, f.rule) for f in findings(mini)] == [("spec/v4/room_svc/zz.yaml", 7, "derived-method")]
