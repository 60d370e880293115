"""Changes of a spec, with what `timgen diff` must say of each: one table for its tests and for the package's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from support import minispec
from support.minispec import Mini
from support.rules import ADD, API, ERRORS, LIST, NOTE, PERSON, SEND, WEBHOOK, Patch, apply
from timgen.pipeline import load
from timgen.tools.diff.compare import Comparison, compare

BOOK = "spec/v4/room_svc/book.yaml"
PARTS = "spec/schemas/parts.yaml"

PARTS_TEXT = """\
Purpose:
  type: string
  enum: [work, play]
  description: What a room is for.
Chair:
  type: object
  description: A chair, in requests and answers.
  required: [Kind]
  properties:
    Kind: {type: string, enum: [hard, soft], description: The kind.}
    Legs: {type: integer, minimum: 3, description: Number of legs.}
    Since: {type: integer, x-time: unix, description: When it came.}
Card:
  type: object
  description: A card.
  required: [Type, Content]
  properties:
    Type: {const: card}
    Content: {$ref: "#/components/schemas/CardContent"}
CardContent:
  type: object
  description: What is on a card.
  required: [Text, Colour]
  properties:
    Text: {type: string, description: The words.}
    Colour: {type: string, description: The colour.}
Shape:
  oneOf:
    - {$ref: "#/components/schemas/Circle"}
    - {$ref: "#/components/schemas/Square"}
  discriminator: {propertyName: Form}
  description: The shape of a table.
Circle:
  type: object
  description: A round one.
  required: [Form]
  properties:
    Form: {const: circle}
    Radius: {type: integer, description: The radius.}
Square:
  type: object
  description: A square one.
  required: [Form]
  properties:
    Form: {const: square}
    Side: {type: integer, description: The side.}
Oval:
  type: object
  description: An oval one.
  required: [Form]
  properties:
    Form: {const: oval}
"""

BOOK_TEXT = """\
summary: Book a room
method: rooms.book
docs: https://example.com/book
date: 2024-02-29
repeat: safe
repeated: [{code: -7, evidence: The page says so.}]
request:
  type: object
  required: [RoomId, Nonce, Hours]
  properties:
    RoomId: {type: string, maxLength: 20, description: The room.}
    Nonce: {type: integer, minimum: 0, maximum: 4294967295, x-fill: random, description: A number.}
    Hours: {type: integer, minimum: 1, maximum: 9, description: How long.}
    Note: {type: string, pattern: "^[a-z]+$", description: A note.}
    Size: {type: string, enum: [small, big], description: The size.}
    Tone: {type: string, enum: [warm, cold], x-open: There are others., description: The tone.}
    Quiet: {type: integer, x-flag: true, description: Whether it is quiet.}
    Start: {type: integer, x-time: unix, description: When it starts.}
    Break: {type: integer, x-unit: minutes, description: How long the break is.}
    Either: {type: [string, integer], description: One of two.}
    Purpose: {$ref: "#/components/schemas/Purpose"}
    Chairs: {type: array, maxItems: 4, description: The chairs., items: {$ref: "#/components/schemas/Chair"}}
    Card: {$ref: "#/components/schemas/Card"}
    Shape: {$ref: "#/components/schemas/Shape"}
    Lamp:
      type: object
      description: The lamp.
      required: [Watt]
      properties:
        Watt: {type: integer, description: How bright it is.}
        Brand: {type: string, former: {Maker: "2023-01-01"}, description: Who made it.}
    Labels: {type: object, additionalProperties: {type: string}, description: Labels of the app.}
    Whom: {anyOf: [{type: string}, {type: array, items: {type: string}}], description: For whom.}
response:
  type: object
  properties:
    Door: {type: string, maxLength: 9, description: The door.}
    State: {type: string, enum: [free, taken], description: The state.}
    Until: {type: integer, x-time: unix, description: When it ends.}
    Warm: {type: integer, x-flag: true, description: Whether it is warm.}
    Pause: {type: integer, x-unit: seconds, description: How long the pause is.}
    Weight: {type: integer, description: The weight.}
    Purpose: {$ref: "#/components/schemas/Purpose"}
    Chair: {$ref: "#/components/schemas/Chair"}
    Shape: {$ref: "#/components/schemas/Shape"}
    Tables:
      type: array
      description: The tables.
      items:
        type: object
        properties:
          Number: {type: integer, description: Its number.}
    Prices: {type: object, additionalProperties: {type: integer}, description: Prices by day.}
errors: [10002]
examples:
  - summary: For two hours
    request: {RoomId: lobby, Nonce: 1, Hours: 2, Size: small}
    response: {ActionStatus: OK, ErrorInfo: "", ErrorCode: 0, Door: north}
"""


@dataclass(frozen=True)
class Change:
    """A change of the project, and what must be said of it and of its reverse."""

    name: str
    patches: tuple[Patch, ...]
    told: tuple[str, ...]
    """`level kind subject` of each change; one that ends in `~` may have others beside it of no graver level."""
    back: str
    """Level of the reverse."""

    def __str__(self) -> str:
        return self.name

    @property
    def level(self) -> str:
        return next(level for level in ("breaking", "additive", "docs") if any(t.startswith(level) for t in self.told))


def changed(name: str, file: str, old: str, new: str, *told: str, back: str = "") -> Change:
    """Return a change of one file; its reverse is the mirror image where nothing else is said."""
    return several(name, ((file, old, new),), *told, back=back)


def several(name: str, patches: tuple[Patch, ...], *told: str, back: str = "") -> Change:
    level = Change(name, patches, told, "").level
    mirrored = {"breaking": "additive", "additive": "breaking", "docs": "docs"}[level]
    return Change(name, patches, told, back or mirrored)


def request(name: str, old: str, new: str, told: str, back: str = "") -> Change:
    """Return a change of what a command takes; `told` is said of `room_svc/book.request`."""
    level, kind, field = told.split()
    return changed(name, BOOK, old, new, f"{level} {kind} room_svc/book.request.{field}", back=back)


def answer(name: str, old: str, new: str, told: str, back: str = "") -> Change:
    level, kind, field = told.split()
    return changed(name, BOOK, old, new, f"{level} {kind} room_svc/book.response.{field}", back=back)


KEYWORDS = (
    request("narrower type", "type: [string, integer]", "type: string", "breaking type Either"),
    request("wider number", "Hours: {type: integer", "Hours: {type: number", "additive type Hours"),
    request("higher minimum", "minimum: 1, maximum: 9", "minimum: 2, maximum: 9", "breaking limit-tightened Hours"),
    request("lower maximum", "minimum: 1, maximum: 9", "minimum: 1, maximum: 8", "breaking limit-tightened Hours"),
    request("no maximum", "minimum: 1, maximum: 9", "minimum: 1", "additive limit-loosened Hours"),
    request("shorter text", "maxLength: 20", "maxLength: 19", "breaking limit-tightened RoomId"),
    request("text in bytes", "maxLength: 20,", "maxLength: 20, x-max-bytes: 30,", "breaking limit-tightened RoomId"),
    request("shorter list", "maxItems: 4", "maxItems: 3", "breaking limit-tightened Chairs"),
    request("other pattern", '"^[a-z]+$"', '"^[a-y]+$"', "breaking pattern Note", back="breaking"),
    request("no pattern", ' pattern: "^[a-z]+$",', "", "additive pattern Note"),
    request("value gone", "enum: [small, big]", "enum: [small]", "breaking value-removed Size"),
    request("value new", "enum: [small, big]", "enum: [small, big, huge]", "additive value-added Size"),
    request("set gone", ", enum: [small, big]", "", "additive set-removed Size"),
    request("set opened", "enum: [small, big],", "enum: [small, big], x-open: More.,", "additive set-opened Size"),
    request("value of an open set", "enum: [warm, cold]", "enum: [cold]", "docs value-removed Tone", back="additive"),
    request("prefix", "enum: [small, big],", "enum: [small, big], x-prefixes: [x_],", "additive value-added Size"),
    request(
        "no flag",
        "x-flag: true, description: Whether it is quiet",
        "description: Whether it is quiet",
        "breaking flag Quiet",
        back="breaking",
    ),
    request(
        "no time", "x-time: unix, description: When it starts", "description: When it starts", "breaking time Start"
    ),
    request(
        "other time",
        "x-time: unix, description: When it starts",
        "x-time: unix-ms, description: When it starts",
        "breaking time Start",
        back="breaking",
    ),
    request("other unit", "x-unit: minutes", "x-unit: hours", "breaking unit Break", back="breaking"),
    request("no unit", " x-unit: minutes,", "", "breaking unit Break"),
    request("other words", "description: How long.", "description: How many hours.", "docs text Hours"),
    request("default", "description: How long.", "default: 1, description: How long.", "docs default Hours"),
    request(
        "advice",
        "description: A note.",
        "deprecated: {use: say it}, description: A note.",
        "additive deprecated Note",
        back="additive",
    ),
    request(
        "advice on a value",
        "enum: [small, big],",
        "enum: [small, big], x-enum-deprecated: {big: {use: use small}},",
        "additive deprecated Size",
        back="additive",
    ),
    answer("answer of two types", "Weight: {type: integer", "Weight: {type: [integer, string]", "breaking type Weight"),
    answer("answer of a number", "Weight: {type: integer", "Weight: {type: number", "breaking type Weight"),
    answer(
        "answer may be null",
        "Weight: {type: integer",
        'Weight: {type: [integer, "null"]',
        "additive type Weight",
        back="additive",
    ),
    answer("shorter answer", "maxLength: 9", "maxLength: 8", "docs limit-tightened Door"),
    answer("new state", "enum: [free, taken]", "enum: [free, taken, lost]", "additive value-added State", back="docs"),
    answer(
        "answer without flag",
        "x-flag: true, description: Whether it is warm",
        "description: Whether it is warm",
        "breaking flag Warm",
        back="breaking",
    ),
    answer(
        "answer without time",
        "x-time: unix, description: When it ends",
        "description: When it ends",
        "breaking time Until",
    ),
    answer("answer without span", " x-unit: seconds,", "", "breaking unit Pause"),
    changed(
        "value of a shared set gone", PARTS, "enum: [work, play]", "enum: [work]", "breaking value-removed Purpose"
    ),
    changed(
        "shared set opened",
        PARTS,
        "enum: [work, play]",
        "enum: [work, play]\n  x-open: More.",
        "additive set-opened Purpose",
    ),
    changed(
        "kind of a shared part gone", PARTS, "enum: [hard, soft]", "enum: [hard]", "breaking value-removed Chair.Kind"
    ),
    changed(
        "shared part of two types",
        PARTS,
        "Legs: {type: integer, minimum: 3,",
        "Legs: {type: [integer, string],",
        "breaking type Chair.Legs~",
        back="breaking",
    ),
    changed("shared limit", PARTS, "minimum: 3", "minimum: 4", "breaking limit-tightened Chair.Legs"),
)

BODIES = (
    request(
        "required",
        "required: [RoomId, Nonce, Hours]",
        "required: [RoomId, Nonce, Hours, Size]",
        "breaking field-required Size",
    ),
    request("not filled", " x-fill: random,", "", "breaking field-required Nonce~"),
    request(
        "field gone",
        "    Break: {type: integer, x-unit: minutes, description: How long the break is.}\n",
        "",
        "breaking field-removed Break",
    ),
    request(
        "inner field gone",
        '        Brand: {type: string, former: {Maker: "2023-01-01"}, description: Who made it.}\n',
        "",
        "breaking field-removed Lamp.Brand",
    ),
    request(
        "inner field required", "required: [Watt]", "required: [Watt, Brand]", "breaking field-required Lamp.Brand"
    ),
    request("former name gone", ' former: {Maker: "2023-01-01"},', "", "breaking former Lamp.Brand"),
    changed(
        "field renamed",
        BOOK,
        "    Note: {type: string,",
        '    Remark: {type: string, former: {Note: "2024-01-01"},',
        "breaking field-renamed room_svc/book.request.Remark",
        back="breaking",
    ),
    changed(
        "field renamed to what Python calls the same",
        BOOK,
        "    Note: {type: string,",
        '    NOTE: {type: string, former: {Note: "2024-01-01"},',
        "additive field-renamed room_svc/book.request.NOTE",
    ),
    changed(
        "field renamed, whose argument goes on",
        BOOK,
        "    Note: {type: string,",
        '    Remark: {type: string, former: {Note: "2024-01-01"}, aliases: {note: 0.2.0},',
        "additive field-renamed room_svc/book.request.Remark",
        back="breaking",
    ),
    changed(
        "field renamed, whose argument goes on alone",
        BOOK,
        "    Tone: {type: string,",
        "    Mood: {type: string, aliases: {tone: 0.2.0},",
        "breaking field-renamed room_svc/book.request.Mood",
        back="breaking",
    ),
    several(
        "required field renamed, whose argument goes on",
        (
            (BOOK, "[RoomId, Nonce, Hours]", "[RoomId, Nonce, Time]"),
            (BOOK, "    Hours: {", '    Time: {former: {Hours: "2024-01-01"}, aliases: {hours: 0.2.0}, '),
            (BOOK, "Hours: 2,", "Time: 2,"),
        ),
        "additive field-renamed room_svc/book.request.Time",
        "docs examples room_svc/book",
        back="breaking",
    ),
    request(
        "inner field renamed, whose attribute goes on",
        'Brand: {type: string, former: {Maker: "2023-01-01"},',
        'Make: {type: string, former: {Maker: "2023-01-01", Brand: "2024-01-01"}, aliases: {brand: 0.2.0},',
        "additive field-renamed Lamp.Make",
        back="breaking",
    ),
    changed(
        "inner field renamed, whose older name is gone",
        BOOK,
        'Brand: {type: string, former: {Maker: "2023-01-01"},',
        'Make: {type: string, former: {Brand: "2024-01-01"}, aliases: {brand: 0.2.0},',
        "additive field-renamed room_svc/book.request.Lamp.Make",
        "breaking former room_svc/book.request.Lamp.Make",
        back="breaking",
    ),
    changed(
        "field renamed of what is read as well",
        PARTS,
        "    Legs: {",
        '    Feet: {former: {Legs: "2024-01-01"}, aliases: {legs: 0.2.0}, ',
        "breaking field-renamed Chair.Feet",
        back="breaking",
    ),
    request(
        "argument has a former name",
        "description: Labels of the app",
        "aliases: {tags: 0.2.0}, description: Labels of the app",
        "additive argument-alias Labels",
    ),
    several(
        "new required field",
        (
            (
                BOOK,
                "required: [RoomId, Nonce, Hours]\n  properties:\n",
                "required: [RoomId, Nonce, Hours, Why]\n  properties:\n    Why: {type: string, description: Why.}\n",
            ),
            (BOOK, "Size: small}", "Size: small, Why: fun}"),
        ),
        "breaking field-added room_svc/book.request.Why",
        "docs examples room_svc/book",
        back="breaking",
    ),
    request(
        "member of a union gone",
        "anyOf: [{type: string}, {type: array, items: {type: string}}]",
        "type: string",
        "breaking member-removed Whom",
    ),
    request(
        "values of a map",
        "additionalProperties: {type: string}",
        "additionalProperties: {type: [string, integer]}",
        "additive type Labels.*",
    ),
    request("any values", "additionalProperties: {type: string}, ", "", "additive type Labels"),
    request(
        "items",
        "Whom: {anyOf: [{type: string}, {type: array, items: {type: string}}]",
        "Whom: {anyOf: [{type: string}, {type: array, items: {type: integer}}]",
        "breaking type Whom[]",
        back="breaking",
    ),
    request(
        "another class",
        'Card: {$ref: "#/components/schemas/Card"}',
        'Card: {$ref: "#/components/schemas/CardContent"}',
        "breaking class Card~",
        back="breaking",
    ),
    answer(
        "attribute gone", "    Weight: {type: integer, description: The weight.}\n", "", "breaking field-removed Weight"
    ),
    answer(
        "items of an answer",
        "Number: {type: integer,",
        "Number: {type: [integer, string],",
        "breaking type Tables[].Number",
    ),
    answer(
        "values of an answer",
        "additionalProperties: {type: integer}",
        "additionalProperties: {type: string}",
        "breaking type Prices.*",
        back="breaking",
    ),
    answer(
        "record that was a map",
        "Prices: {type: object, additionalProperties: {type: integer},",
        "Prices: {type: object, properties: {Day: {type: integer, description: By day.}},",
        "breaking type Prices",
        back="breaking",
    ),
    changed(
        "attribute of a shared part gone",
        PARTS,
        "    Legs: {type: integer, minimum: 3, description: Number of legs.}\n",
        "",
        "breaking field-removed Chair.Legs",
    ),
    changed(
        "shared part needs more",
        PARTS,
        "required: [Kind]\n  properties:\n    Kind: {type",
        "required: [Kind, Legs]\n  properties:\n    Kind: {type",
        "breaking field-required Chair.Legs",
    ),
    changed(
        "kind new",
        PARTS,
        '    - {$ref: "#/components/schemas/Square"}\n',
        '    - {$ref: "#/components/schemas/Square"}\n    - {$ref: "#/components/schemas/Oval"}\n',
        "additive member-added Shape",
    ),
    changed(
        "element no more",
        PARTS,
        '    Content: {$ref: "#/components/schemas/CardContent"}\n',
        '    Content: {$ref: "#/components/schemas/CardContent"}\n    Back: {type: string, description: The back.}\n',
        "breaking element Card",
        "additive field-added Card.Back",
        back="breaking",
    ),
    changed(
        "element in another order",
        PARTS,
        "    Text: {type: string, description: The words.}\n    Colour: {type: string, description: The colour.}\n",
        "    Colour: {type: string, description: The colour.}\n    Text: {type: string, description: The words.}\n",
        "breaking element Card~",
        back="breaking",
    ),
    changed(
        "element by keyword",
        PARTS,
        "required: [Text, Colour]",
        "required: [Colour]",
        "additive field-optional CardContent.Text",
        "breaking element Card~",
        back="breaking",
    ),
    changed("schema gone", PARTS, PARTS_TEXT[PARTS_TEXT.index("Oval:") :], "", "breaking class-removed Oval"),
)

COMMANDS = (
    several(
        "command gone",
        ((BOOK, BOOK_TEXT, ""), (PARTS, PARTS_TEXT, "")),
        "breaking command-removed room_svc/book",
        *(
            f"breaking class-removed {name}"
            for name in ("Card", "CardContent", "Chair", "Circle", "Oval", "Purpose", "Shape", "Square")
        ),
    ),
    changed(
        "method renamed",
        BOOK,
        "method: rooms.book",
        "method: rooms.reserve",
        "breaking method-removed rooms.book~",
        back="breaking",
    ),
    changed(
        "method renamed with an alias and its classes",
        BOOK,
        "method: rooms.book",
        "method: rooms.reserve\ntitle: BookRoom\naliases: {book: 0.2.0}",
        "additive method-added rooms.reserve",
        "additive method-renamed rooms.book",
    ),
    changed(
        "method with an alias alone",
        BOOK,
        "method: rooms.book",
        "method: rooms.reserve\naliases: {book: 0.2.0}",
        "breaking class-removed BookRoomRequest~",
        back="breaking",
    ),
    changed(
        "alias new",
        BOOK,
        "method: rooms.book",
        "method: rooms.book\naliases: {take: 0.2.0}",
        "additive alias-added rooms.take",
    ),
    changed(
        "namespace moved",
        BOOK,
        "method: rooms.book",
        "method: notes.book",
        "breaking method-removed rooms.book~",
        back="breaking",
    ),
    several(
        "path renamed",
        ((BOOK, BOOK_TEXT, ""), ("spec/v4/room_svc/reserve.yaml", "", BOOK_TEXT)),
        "breaking command-renamed room_svc/book",
        back="breaking",
    ),
    changed(
        "iterator gone",
        LIST,
        minispec.LIST_MEMBERS[minispec.LIST_MEMBERS.index("paging:") : minispec.LIST_MEMBERS.index("request:")],
        "",
        "breaking method-removed rooms.iter_members",
    ),
    changed(
        "iterator needs more",
        LIST,
        "start: {Limit: 100}",
        "start: {}",
        "additive paging room_svc/list_members",
        back="additive",
    ),
    changed("batch gone", ADD, "batch: {field: Names, max: 5}\n", "", "breaking method-removed rooms.add_members_many"),
    several(
        "batch shorter",
        ((ADD, "max: 5}", "max: 4}"), (ADD, "maxItems: 5", "maxItems: 4")),
        "breaking limit-tightened room_svc/add_members.request.Names",
        "additive batch rooms.add_members_many",
    ),
    changed(
        "failures gone",
        ADD,
        "failures:\n  - items: Results\n    item: Name\n    code: Result\n",
        "",
        "breaking failures room_svc/add_members",
    ),
    changed(
        "unsafe",
        BOOK,
        "repeat: safe\nrepeated: [{code: -7, evidence: The page says so.}]\n",
        "repeat: unsafe\n",
        "breaking repeat room_svc/book",
        "breaking repeated room_svc/book",
    ),
    changed(
        "not done before",
        BOOK,
        "repeated: [{code: -7, evidence: The page says so.}]\n",
        "",
        "breaking repeated room_svc/book",
    ),
    changed("reads", LIST, "repeat: safe", "reads: true\nrepeat: safe", "additive reads room_svc/list_members"),
    changed("shorter window", SEND, "window: 60", "window: 50", "breaking repeat note_svc/send"),
    changed(
        "deprecated",
        SEND,
        "repeat: dedup",
        "deprecated: {use: use another}\nrepeat: dedup",
        "additive deprecated note_svc/send",
        back="additive",
    ),
    changed("rate limit", LIST, "rate_limit: 100", "rate_limit: 50", "docs rate-limit room_svc/list_members"),
    changed("codes", ADD, "errors: [10002, -7]", "errors: [10002]", "docs codes room_svc/add_members"),
    changed("words", SEND, "summary: Send a note", "summary: Send one", "docs text note_svc/send"),
    changed("page", SEND, "https://example.com/send", "https://example.com/other", "docs link note_svc/send"),
    changed("date", SEND, "2024-02-29", "2024-03-01", "docs date note_svc/send"),
    changed("examples", SEND, "summary: Text", "summary: A text", "docs examples note_svc/send"),
    changed("plans", SEND, "repeat: dedup", "plans: {console: Notes}\nrepeat: dedup", "docs plans note_svc/send"),
    changed(
        "order",
        SEND,
        "docs: https://example.com/send\ndate: 2024-02-29\n",
        "date: 2024-02-29\ndocs: https://example.com/send\n",
        f"docs order {SEND}",
    ),
)

SURFACE = (
    changed("code renamed", ERRORS, "name: TOO_LONG", "name: TOO_LARGE", "breaking code-renamed -7", back="breaking"),
    changed("category", ERRORS, "category: limit", "category: server", "breaking code-category -7", back="breaking"),
    changed(
        "code deprecated",
        ERRORS,
        "name: TOO_LONG",
        "deprecated: {since: '2024-01-01', use: 10002}\n  name: TOO_LONG",
        "additive deprecated -7",
        back="additive",
    ),
    changed("never again", ERRORS, "retry: backoff", "retry: never", "breaking code-retry 10002"),
    changed("meaning", ERRORS, "The text is too long.", "That is too much.", "docs text -7"),
    changed(
        "meaning of a service",
        ERRORS,
        "  retry: never\n",
        "  retry: never\n  services: {note_svc: {message: Too long., fix: Cut it., category: server}}\n",
        "breaking code-category -7",
        "docs text -7",
        back="breaking",
    ),
    changed(
        "code new",
        ERRORS,
        "10002:\n",
        "10003: {name: OTHER, message: It failed., fix: Wait., category: server, retry: never}\n10002:\n",
        "additive code-added 10003",
    ),
    changed(
        "exception",
        API,
        "exception: ServerError",
        "exception: BrokenError",
        "breaking exception server",
        back="breaking",
    ),
    changed(
        "category new",
        API,
        "  server: {exc",
        "  odd: {exception: OddError, summary: Odd}\n  server: {exc",
        "additive category-added odd",
    ),
    changed(
        "region new",
        API,
        "  home: {",
        "  moon: {name: Moon, domain: moon.example.com, evidence: made up}\n  home: {",
        "additive region-added moon",
    ),
    changed(
        "region elsewhere",
        API,
        "domain: home.example.com",
        "domain: home2.example.com",
        "additive region home",
        back="additive",
    ),
    changed("evidence", API, "evidence: made up", "evidence: still made up", "docs text home"),
    changed(
        "class of the client", API, '"ChatClient"', '"TalkClient"', "breaking client-name client.class", back="breaking"
    ),
    changed(
        "root of the errors", API, '"ChatError"', '"TalkError"', "breaking client-name client.error", back="breaking"
    ),
    changed("query", API, "name: random,", "name: nonce,", "breaking query query.nonce", back="breaking"),
    changed("timeout", API, "backend_timeout: 3", "backend_timeout: 4", "additive timeout timeout", back="additive"),
    changed("title", API, "title: Mini chat", "title: Chat", f"docs text {API}"),
    changed(
        "envelope",
        API,
        "    ErrorInfo: {type: string, description: Reason.}\n",
        "    ErrorInfo: {type: string, description: Reason.}\n    TraceId: {type: string, description: A trace.}\n",
        "additive field-added Response.TraceId",
    ),
    changed(
        "head of the replies",
        API,
        "      ErrorInfo: {type: string, description: Why.}\n",
        "      ErrorInfo: {type: string, maxLength: 9, description: Why.}\n",
        "breaking limit-tightened webhooks.reply.ErrorInfo",
    ),
    changed("webhook gone", WEBHOOK, minispec.WEBHOOK, "", "breaking webhook-removed Note.BeforeSend"),
    changed(
        "event renamed",
        WEBHOOK,
        "event: BeforeNote",
        "event: OnNote",
        "breaking class-removed BeforeNoteEvent~",
        back="breaking",
    ),
    changed(
        "outcome gone",
        WEBHOOK,
        "  - {from: 1, to: 9, outcome: reject, meaning: It is refused.}\n",
        "",
        "breaking outcome-removed Note.BeforeSend~",
    ),
    changed(
        "outcome with a code",
        WEBHOOK,
        "{from: 1, to: 9, outcome: reject",
        "{code: 1, outcome: reject",
        "breaking reply-code-removed Note.BeforeSend~",
        back="breaking",
    ),
    changed(
        "reply gone",
        WEBHOOK,
        'reply:\n  type: object\n  properties:\n    Note: {$ref: "#/components/schemas/Note"}\n',
        "",
        "breaking field-removed Note.BeforeSend.reply.Note",
    ),
    several(
        "attribute of an event gone",
        (
            (WEBHOOK, '    Note: {$ref: "#/components/schemas/Note"}\nreply:', "reply:"),
            (WEBHOOK, "Note.BeforeSend, Note: {Kind: text, Text: Hello}}", "Note.BeforeSend}"),
        ),
        "breaking field-removed Note.BeforeSend.event.Note~",
    ),
    changed(
        "meaning of a reply code", WEBHOOK, "meaning: It is sent.", "meaning: It goes.", "docs text Note.BeforeSend"
    ),
    changed(
        "role of a person",
        PERSON,
        "enum: [Owner, Guest]",
        "enum: [Owner, Visitor]",
        "additive value-added Person.Role",
        "docs value-removed Person.Role",
        back="additive",
    ),
    several(
        "name of a person",
        (
            (PERSON, "Name: {type: string, maxLength: 32,", "FullName: {type: string, maxLength: 32,"),
            (PERSON, "required: [Name]", "required: [FullName]"),
            (LIST, "{Name: ann", "{FullName: ann"),
        ),
        "breaking field-removed Person.Name~",
        back="breaking",
    ),
    changed("note longer", NOTE, "x-max-bytes: 500", "x-max-bytes: 600", "additive limit-loosened TextNote.Text"),
    changed("notes closed", NOTE, ", x-open: There are others.", "", "breaking set-closed UnknownNote.Kind"),
    changed(
        "product",
        "spec/v4/room_svc/_service.yaml",
        "product: chat",
        "product: push",
        "docs text spec/v4/room_svc/_service.yaml",
    ),
)

EVERY = (*KEYWORDS, *BODIES, *COMMANDS, *SURFACE)


def make(root: Path) -> Mini:
    """Write the project that all changes start from into the folder `root`."""
    mini = minispec.make(root)
    mini.write(BOOK, BOOK_TEXT)
    mini.write(PARTS, PARTS_TEXT)
    return mini


def perform(mini: Mini, change: Change) -> None:
    """Change the project; a file of which nothing is left is removed."""
    apply(mini, change.patches)
    for file, _, _ in change.patches:
        if not mini.read(file):
            mini.remove(file)


def compared(old: Mini, new: Mini) -> Comparison:
    """Return the comparison of two projects, neither of which has findings."""
    (before, found), (after, others) = load(old.root), load(new.root)
    assert before is not None, [finding.headline for finding in found]
    assert after is not None, [finding.headline for finding in others]
    return compare(before, after)
