"""A small valid project: a spec that uses every feature once, and templates of a few lines."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
CLIENT = yaml.safe_load((ROOT / "spec/api.yaml").read_text(encoding="utf-8"))["client"]
"""What the real client is called and reserves, whose templates some tests use."""

API = """\
title: Mini chat
version: 0.1.0
summary: A small API
docs: https://example.com/api
products: [chat, push]
client: {client}
protocol: {version: v4, method: POST, backend_timeout: 3, invalid_request: 10002}
query:
  - name: sdkappid
    role: app
    description: ID of the app.
    schema: {type: integer, minimum: 1}
  - {name: identifier, role: account, description: The account., schema: {type: string}}
  - {name: usersig, role: signature, description: Its signature., schema: {type: string}}
  - {name: random, role: nonce, description: A random number., schema: {type: integer, minimum: 0}}
envelope:
  type: object
  properties:
    ActionStatus: {type: string, enum: [OK, FAIL], description: Outcome.}
    ErrorInfo: {type: string, description: Reason.}
    ErrorCode: {type: integer, description: Code.}
verdict: {code: ErrorCode, success: 0, status: ActionStatus, ok: OK, info: ErrorInfo}
webhooks:
  command: CallbackCommand
  reply:
    type: object
    required: [ActionStatus, ErrorCode, ErrorInfo]
    properties:
      ActionStatus: {type: string, description: Whether it was handled., enum: [OK, FAIL]}
      "ErrorCode": {type: integer, description: What to do.}
      ErrorInfo: {type: string, description: Why.}
regions:
  home: {name: Home, domain: home.example.com, evidence: made up}
namespaces:
  rooms: {noun: Room, summary: Rooms and who is in them}
  notes: {noun: Note, summary: Notes}
categories:
  limit: {exception: LimitExceededError, summary: Too much of something}
  server: {exception: ServerError, summary: The service failed}
""".replace("{client}", json.dumps(CLIENT))

ERRORS = """\
10002:
  name: INTERNAL
  message: The service failed.
  fix: Send the call again.
  category: server
  retry: backoff
-7:
  name: TOO_LONG
  message: The text is too long.
  fix: Shorten it.
  category: limit
  retry: never
"""

NOTE = """\
Note:
  anyOf:
    - {$ref: "#/components/schemas/KnownNote"}
    - {$ref: "#/components/schemas/UnknownNote"}
  description: A note.
KnownNote:
  oneOf:
    - {$ref: "#/components/schemas/TextNote"}
    - {$ref: "#/components/schemas/LinkNote"}
  discriminator: {propertyName: Kind}
  description: A note of a known kind.
TextNote:
  type: object
  description: Text.
  required: [Kind]
  properties:
    Kind: {const: text}
    Text: {type: string, x-max-bytes: 500, description: The text.}
LinkNote:
  type: object
  description: A link.
  required: [Kind]
  properties:
    Kind: {const: link}
    Url: {type: string, description: The address.}
UnknownNote:
  type: object
  description: A note of a kind that the vendor added later.
  required: [Kind]
  properties:
    Kind: {type: string, not: {enum: [text, link]}, x-open: There are others., description: The kind.}
"""

PERSON = """\
Person:
  type: object
  description: A member of a room.
  required: [Name]
  properties:
    Name: {type: string, maxLength: 32, description: The name.}
    Role:
      type: string
      enum: [Owner, Guest]
      x-enum-descriptions: [Made the room, Was invited]
      description: The role.
"""

ROOM_SERVICE = """\
summary: Rooms
product: chat
invalid_request: 10002
"""

NOTE_SERVICE = """\
summary: Notes
product: push
"""

LIST_MEMBERS = """\
summary: List the members of a room
method: rooms.list_members
docs: https://example.com/list_members
date: 2024-02-29
rate_limit: 100
repeat: safe
paging:
  - items: MemberList
    start: {Limit: 100}
    offset: {field: Offset, total: Total}
request:
  type: object
  required: [RoomId]
  properties:
    RoomId: {type: string, description: The room.}
    Limit: {type: integer, minimum: 1, maximum: 100, description: Members in a page.}
    Offset: {type: integer, description: Members to skip.}
response:
  type: object
  properties:
    Total: {type: integer, description: Number of members.}
    MemberList:
      type: array
      description: The members.
      items: {$ref: "#/components/schemas/Person"}
errors: [10002]
examples:
  - summary: One member
    request: {RoomId: lobby, Limit: 10}
    response: {ActionStatus: OK, ErrorInfo: "", ErrorCode: 0, Total: 1, MemberList: [{Name: ann, Role: Owner}]}
"""

ADD_MEMBERS = """\
summary: Add members to a room
method: rooms.add_members
docs: https://example.com/add_members
date: 2024-02-29
rate_limit: {calls: 10, per: minute}
repeat: unsafe
batch: {field: Names, max: 5}
failures:
  - items: Results
    item: Name
    code: Result
request:
  type: object
  required: [RoomId, Names]
  properties:
    RoomId: {type: string, description: The room.}
    Names:
      type: array
      maxItems: 5
      description: Who is added.
      items: {type: string}
response:
  type: object
  properties:
    Results:
      type: array
      description: What became of each.
      items:
        type: object
        properties:
          Name: {type: string, description: The name.}
          Result: {type: integer, description: 0 on success.}
errors: [10002, -7]
examples:
  - summary: Two members
    request: {RoomId: lobby, Names: [ann, bob]}
    response:
      ActionStatus: OK
      ErrorInfo: ""
      ErrorCode: 0
      Results:
        - {Name: ann, Result: 0}
        - {Name: bob, Result: 1}
"""

SEND = """\
summary: Send a note
method: notes.send
docs: https://example.com/send
date: 2024-02-29
repeat: deduplicated
dedupe: {fields: [Random], window: 60}
request:
  type: object
  required: [Random, Note]
  properties:
    Random: {type: integer, minimum: 0, maximum: 4294967295, x-fill: random, description: A random number.}
    Note: {$ref: "#/components/schemas/Note"}
examples:
  - summary: Text
    request: {Random: 7, Note: {Kind: text, Text: Hello}}
    response: {ActionStatus: OK, ErrorInfo: "", ErrorCode: 0}
"""

WEBHOOK = """\
summary: A note is about to be sent
event: BeforeNote
phase: before
docs: https://example.com/webhook
date: 2024-02-29
request:
  type: object
  properties:
    CallbackCommand: {type: string, description: The webhook.}
    Note: {$ref: "#/components/schemas/Note"}
reply:
  type: object
  properties:
    Note: {$ref: "#/components/schemas/Note"}
reply_codes:
  - {code: 0, outcome: allow, meaning: It is sent.}
  - {from: 1, to: 9, outcome: reject, meaning: It is refused.}
examples:
  - summary: Refused
    query: {SdkAppid: "1"}
    request: {CallbackCommand: Note.BeforeSend, Note: {Kind: text, Text: Hello}}
    reply: {ActionStatus: OK, ErrorInfo: Not here, ErrorCode: 1}
"""

SPEC: Mapping[str, str] = {
    "spec/api.yaml": API,
    "spec/errors.yaml": ERRORS,
    "spec/schemas/note.yaml": NOTE,
    "spec/schemas/person.yaml": PERSON,
    "spec/v4/note_svc/_service.yaml": NOTE_SERVICE,
    "spec/v4/note_svc/send.yaml": SEND,
    "spec/v4/room_svc/_service.yaml": ROOM_SERVICE,
    "spec/v4/room_svc/add_members.yaml": ADD_MEMBERS,
    "spec/v4/room_svc/list_members.yaml": LIST_MEMBERS,
    "spec/webhooks/Note.BeforeSend.yaml": WEBHOOK,
}

TEMPLATES: Mapping[str, str] = {
    "templates/copied.txt": "Copied as it is: {{ api }}\n",
    "templates/docs/index.md.j2": "{% for command in api.commands %}\n{{ command.path | md }}\n{% endfor %}\n",
    "templates/docs/%service/%command.md.j2": "# {{ command.summary | md }}\n",
    "templates/client/regions.py.j2": "REGIONS = {{ api.regions | map(attribute='domain') | list | py }}\n",
}


@dataclass(frozen=True)
class Mini:
    """A project in a folder of its own, and how to change it."""

    root: Path

    def path(self, file: str) -> Path:
        return self.root / file

    def read(self, file: str) -> str:
        return self.path(file).read_bytes().decode()

    def write(self, file: str, content: str | bytes) -> None:
        """Write a file of the project, as these bytes exactly."""
        target = self.path(file)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())

    def patch(self, file: str, old: str, new: str) -> None:
        """Replace `old`, which must stand in the file exactly once, by `new`."""
        text = self.read(file)
        count = text.count(old)
        assert count == 1, f"{old!r} stands {count} times in {file}"
        self.write(file, text.replace(old, new))

    def remove(self, file: str) -> None:
        self.path(file).unlink()

    def timgen(
        self, *arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the real command in a process of its own, from the project's folder."""
        return subprocess.run(
            [sys.executable, "-m", "timgen", *arguments],
            cwd=cwd or self.root,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def output(self) -> dict[str, bytes]:
        """Return every file below generated/, hidden ones too, by path."""
        folder = self.root / "generated"
        return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def make(root: Path) -> Mini:
    """Write the project into the folder `root`."""
    mini = Mini(root)
    for file, text in {**SPEC, **TEMPLATES}.items():
        mini.write(file, text)
    return mini
