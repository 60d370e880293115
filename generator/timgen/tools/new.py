"""New parts of a spec: files that lint but for the places marked TODO, and entries of the error table."""

from __future__ import annotations

import difflib
import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from timgen.checking.rules.registry import listed, mapping, suggestion
from timgen.language.naming import pascal
from timgen.language.todo import TODO
from timgen.reading.source import Document, plain_as
from timgen.reading.spec import Spec

_PART = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_WEBHOOK = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*)+")
_SCHEMA = re.compile(r"[A-Z][A-Za-z0-9]*")
_CODE = re.compile(r"-?[1-9][0-9]{0,18}")
_CODE_LINE = re.compile(r"(?P<code>-?[1-9][0-9]*):(?=\s|$)")
_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

_SERVICE = """\
# yaml-language-server: $schema=../../meta/service.schema.json
summary: "TODO: what the commands of this service are about, without a full stop"
"""

_COMMAND = """\
# yaml-language-server: $schema=../../meta/command.schema.json
summary: "TODO: what the command does, as an imperative without a full stop"
method: {method}
docs: "TODO: https address of the page that describes the command"
date: "TODO: date of that page, as in 2026-11-27, without quotes"
reads: "TODO: true or false: does it change nothing at all?"
repeat: "TODO: safe, unsafe or deduplicated: what harm does a second, equal call do?"
repeat_evidence: "TODO: what the page says of it, or what the command does"
request:
  type: object
  properties:
    Field: {{type: string, description: "TODO: one entry a field; without fields leave `request` out"}}
response:
  type: object
  properties:
    Result: {{type: string, description: "TODO: the same; without fields leave `response` out"}}
examples:
  - summary: "TODO: what the example shows"
    request: {{}}
    response: {response}
"""

_WEBHOOK_FILE = """\
# yaml-language-server: $schema=../meta/webhook.schema.json
summary: "TODO: what happened, or is about to, without a full stop"
event: "TODO: name of its classes, as in AfterCreateRoom"
phase: "TODO: before or after: does the reply decide what happens?"
docs: "TODO: https address of the page that describes the webhook"
date: "TODO: date of that page, as in 2026-11-27, without quotes"
request:
  type: object
  properties:
    {parameter}: {{type: string, description: Name of the webhook.}}
    Field: {{type: string, description: "TODO: one entry a field that the service sends"}}
examples:
  - summary: "TODO: what the example shows"
    request: {{{parameter}: {name}}}
"""

_SCHEMA_FILE = """\
# yaml-language-server: $schema=../meta/schemas.schema.json
{name}:
  type: object
  description: "TODO: what it is, in one sentence"
  properties:
    Field: {{type: string, description: "TODO: one entry a field"}}
"""

_ERRORS_HEAD = "# yaml-language-server: $schema=meta/errors.schema.json\n"
_ERROR = """\
{code}:
  name: "TODO: in capitals, as in ROOM_NOT_FOUND"
  message: "TODO: what happened, in one sentence"
  fix: "TODO: what the reader should do, in one sentence"
  category: "TODO: one of {categories}"
  retry: "TODO: never, backoff or resign: may the same call pass later?"
"""


@dataclass(frozen=True)
class Part:
    """A file of the spec to be written."""

    path: str
    """Relative to the project, with forward slashes."""
    text: str
    replaces: bool = False
    """Whether the file is there already and keeps all that stands in it."""
    note: str = ""
    """What to think of beside the marks in the file."""


class NewError(Exception):
    """What was asked for cannot be written, and why."""


def new_service(spec: Spec, name: str) -> list[Part]:
    """Return the file about a service. Raises NewError when the name is none."""
    _check(name, _PART, "a service is named as in URLs, in letters, digits and _", "_".join(_words(name)))
    _free(name, spec.services)
    return [Part(f"spec/{spec.version}/{name}/_service.yaml", _SERVICE, note="Its commands stand beside the file.")]


def new_command(spec: Spec, name: str) -> list[Part]:
    """Return the file of a command `service/name`, and that of its service when there is none.

    Raises NewError when the name is none.
    """
    service, slash, command = name.partition("/")
    if not slash:
        nearest = suggestion(service, spec.services)
        hint = nearest.replace("?", "/...?") or f"services: {listed(sorted(spec.services))}"
        raise NewError(f"{name!r} names no service; a command is named service/command; {hint}")
    right = "/".join("_".join(_words(part)) for part in (service, command))
    _check(service, _PART, "a command is named service/command, as in URLs", right, name)
    _check(command, _PART, "a command is named service/command, as in URLs", right, name)
    _free(name, spec.commands)
    example = json.dumps(_success(spec))
    namespaces = listed(mapping(spec.api.mapping.get("namespaces")))
    method = json.dumps(f"TODO: namespace.verb; the namespace is one of {namespaces}, or a new one in spec/api.yaml")
    folder = f"spec/{spec.version}/{service}"
    parts = [Part(f"{folder}/{command}.yaml", _COMMAND.format(method=method, response=example))]
    if service not in spec.services:
        # Names of services are alike; only what looks like a slip is one.
        slip = difflib.get_close_matches(service, spec.services, n=1, cutoff=0.85)
        note = f"{service} is a new service; did you mean {slip[0]}?" if slip else ""
        parts.append(Part(f"{folder}/_service.yaml", _SERVICE, note=note))
    return parts


def new_webhook(spec: Spec, name: str) -> list[Part]:
    """Return the file of a webhook. Raises NewError when the name is none, or the spec knows nothing of webhooks."""
    _check(name, _WEBHOOK, "a webhook's name has parts with dots between them", ".".join(_words(name)))
    _free(name, spec.webhooks)
    parameter = mapping(spec.api.mapping.get("webhooks")).get("command")
    if not isinstance(parameter, str):
        raise NewError(
            "spec/api.yaml has no `webhooks: {command: ..., reply: ...}`; write first what all of them share"
        )
    return [Part(f"spec/webhooks/{name}.yaml", _WEBHOOK_FILE.format(parameter=_text(parameter), name=_text(name)))]


def new_schema(spec: Spec, name: str) -> list[Part]:
    """Return a file with one shared schema. Raises NewError when the name is none."""
    _check(name, _SCHEMA, "a shared schema is named in PascalCase", pascal("_".join(_words(name))))
    for document in spec.schemas.values():
        _free(name, document.mapping, document.file)
    file = "_".join(word.lower() for word in _words(name))
    if file in spec.schemas:
        raise NewError(f"{spec.schemas[file].file} exists and is not overwritten; write {name} there")
    note = f'Refer to it as {{$ref: "#/components/schemas/{name}"}}; until then `timgen lint` warns.'
    return [Part(f"spec/schemas/{file}.yaml", _SCHEMA_FILE.format(name=name), note=note)]


def new_error(spec: Spec, root: Path, name: str) -> list[Part]:
    """Return spec/errors.yaml with an entry for a code at its place among the others, all else byte for byte.

    Raises NewError when the name is no code, or the file is not written in the usual way.
    """
    _check(name, _CODE, "an error is named by its code, an integer other than 0", "".join(re.findall("[0-9]", name)))
    _free(name, spec.errors.mapping, spec.errors.file)
    categories = listed(mapping(spec.api.mapping.get("categories")))
    entry = _ERROR.format(code=name, categories=categories)
    note = "Commands that answer with it name it under `errors`."
    path = root / spec.errors.file
    if not path.exists():
        return [Part(spec.errors.file, f"{_ERRORS_HEAD}\n{entry}", note=note)]
    text = path.read_bytes().decode("utf-8")
    return [Part(spec.errors.file, _inserted(spec.errors, text, int(name), entry), replaces=True, note=note)]


def write(root: Path, parts: Sequence[Part]) -> None:
    """Write the parts into the project in `root`; none of them when a file is in the way, which raises NewError."""
    for part in parts:
        if not part.replaces and (root / part.path).exists():
            raise NewError(f"{part.path} exists and is not overwritten")
    for part in parts:
        path = root / part.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if part.replaces:
            # A link stays one.
            path = path.resolve()
            draft = path.with_name(f".{path.name}.new")
            draft.write_bytes(part.text.encode())
            shutil.copymode(path, draft)
            draft.replace(path)
            continue
        try:
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(part.text)
        except FileExistsError as error:
            raise NewError(f"{part.path} exists and is not overwritten") from error


def _inserted(document: Document, text: str, code: int, entry: str) -> str:
    """Return the text of the error table with an entry behind the last one before the first greater code."""
    lines = text.splitlines(keepends=True)
    starts = [index for index, line in enumerate(lines) if _CODE_LINE.match(line.removeprefix("\ufeff"))]
    codes = [int(_CODE_LINE.match(lines[index].removeprefix("\ufeff"))["code"]) for index in starts]  # type: ignore[index]
    if [str(known) for known in codes] != list(document.mapping):
        raise NewError(f"{document.file} is not written with one entry a block; write the code there by hand")
    end = "\r\n" if "\r\n" in text else "\n"
    entry = entry.replace("\n", end)
    following = next((number for number, known in enumerate(codes) if known > code), len(codes))
    if following == 0:
        # Comments right above the first entry belong to it.
        place = starts[0]
        while place > 1 and lines[place - 1].startswith("#"):
            place -= 1
        place = place if place > 1 else starts[0]
        return "".join((*lines[:place], entry, _gap(lines, starts, end), *lines[place:]))
    place = _end_of_entry(lines, starts[following - 1])
    before = "".join(lines[:place])
    before += "" if before.endswith(("\n", "\r")) else end
    return "".join((before, _gap(lines, starts, end), entry, *lines[place:]))


def _end_of_entry(lines: Sequence[str], start: int) -> int:
    """Return the index behind the last line of an entry: what follows is empty, a comment or another key."""
    place = start + 1
    for index in range(start + 1, len(lines)):
        line = lines[index]
        if line.strip() and not line.startswith((" ", "\t")):
            break
        if line.strip():
            place = index + 1
    return place


def _gap(lines: Sequence[str], starts: Sequence[int], end: str) -> str:
    """Return what stands between two entries: an empty line, where the first two have one."""
    return end if len(starts) < 2 or any(not line.strip() for line in lines[starts[0] : starts[1]]) else ""


def _success(spec: Spec) -> dict[str, object]:
    """Return the smallest answer of a success, as far as api.yaml tells."""
    verdict = mapping(spec.api.mapping.get("verdict"))
    code, status, ok = verdict.get("code"), verdict.get("status"), verdict.get("ok")
    answer: dict[str, object] = {}
    if isinstance(status, str) and isinstance(ok, str):
        answer[status] = ok
    if isinstance(code, str):
        answer[code] = verdict.get("success")
    return answer


def _check(name: str, pattern: re.Pattern[str], form: str, right: str, whole: str = "") -> None:
    if pattern.fullmatch(name) and TODO not in name:
        return
    hint = (
        f"; did you mean {right}?"
        if right and right != (whole or name) and pattern.fullmatch(right.rpartition("/")[2])
        else ""
    )
    raise NewError(f"{whole or name!r} is no name for it: {form}{hint}")


def _free(name: str, known: Mapping[str, Document] | Mapping[str, object], file: str = "") -> None:
    if name in known:
        found = known[name]
        place = found.file if isinstance(found, Document) else file
        raise NewError(f"{name} stands in {place} already, which is not overwritten")


def _words(name: str) -> list[str]:
    """Return the words of any text: `room-open svc` → room, open, svc; `RoomMember` → Room, Member."""
    return [word for part in re.findall("[A-Za-z0-9]+", name) for word in _WORD_STARTS.split(part)]


def _text(name: str) -> str:
    """Return a name as it stands in YAML."""
    return name if re.fullmatch(r"[A-Za-z][\w.]*", name) and plain_as(name) == "text" else json.dumps(name)


def marks(parts: Iterable[Part]) -> int:
    """Return how many places of new parts a person must fill in."""
    return sum(part.text.count(f"{TODO}:") for part in parts if not part.replaces) + sum(
        _ERROR.count(f"{TODO}:") for part in parts if part.replaces
    )
