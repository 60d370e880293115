"""Every place of a spec's body schemas, and what nobody has decided about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from timgen.language.keywords import is_flag, is_set
from timgen.language.schema import Schema, reached, ref_name, types, walk
from timgen.modelling.model import Api, Webhook

_NUMBERS = frozenset({"integer", "number"})
_ANY = ".*"
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
# Words in the names of times, in lower case.
_OF_TIMES = frozenset(
    {"time", "timeout", "until", "timestamp", "stamp", "duration", "lifetime", "interval"}
    | {"expire", "expires", "expiration", "expiry", "second", "seconds", "millisecond", "milliseconds"}
)


@dataclass(frozen=True)
class Place:
    """A schema somewhere in the bodies of an API; a shared schema has its place of its own."""

    subject: str
    """`rooms/create.request.ExpireTime`, `Member.JoinTime`, `Room.AfterCreate.event.EventTime`."""
    name: str
    """Of the field that it is or that holds it, or of the shared schema."""
    schema: Schema
    written: bool
    """Whether apps write it: it is in a request, in a reply, or in a shared schema that one of these leads to."""


def places(api: Api) -> Iterator[Place]:
    """Yield every place once: of requests, answers, events and replies, of the envelope and of shared schemas."""
    shared = {name: schema.schema for name, schema in api.schemas_by_name.items()}
    written = reached(
        [command.request.schema for command in api.commands] + [webhook.reply.schema for webhook in api.webhooks],
        shared,
    )
    for command in api.commands:
        yield from _inside(command.request.schema, f"{command.path}.request", written=True)
        yield from _inside(command.response.schema, f"{command.path}.response", written=False)
    for webhook in api.webhooks:
        yield from _inside(webhook.request.schema, f"{webhook.command}.event", written=False)
        yield from _inside(_own(webhook), f"{webhook.command}.reply", written=True)
    yield from _inside(api.envelope.schema, api.envelope.class_name, written=False)
    for name, schema in shared.items():
        yield from _inside(schema, name, written=name in written)


def undecided(place: Place, shared: Mapping[str, Schema]) -> str:
    """Return what the spec must still say of a place, empty when nothing is left open."""
    if _is_zero_or_one(place.schema) and "x-flag" not in place.schema:
        return "0 and 1: a flag or not? x-flag"
    schema = place.schema
    while (name := ref_name(schema)) is not None:
        if is_time_name(name):
            # Its own place tells.
            return ""
        schema = shared[name]
    if is_time_name(place.name) and _is_free_number(schema) and not schema.keys() & {"x-time", "x-unit"}:
        return "named like a time: an instant, a span or neither? x-time, x-unit"
    return ""


def _is_zero_or_one(schema: Schema) -> bool:
    values = cast(list[object], schema.get("enum", []))
    return len(values) == 2 and all(type(value) is int and value in (0, 1) for value in values)


def _is_free_number(schema: Schema) -> bool:
    return not ("const" in schema or is_set(schema) or is_flag(schema)) and bool(_NUMBERS & set(types(schema)))


def is_time_name(name: str) -> bool:
    """Whether one of the words in a name speaks of time: `MuteUntil`, `TimeStamp`; `Timeline` and `ReqTimes` do not."""
    return any(word.lower() in _OF_TIMES for word in _WORD.findall(name))


def _own(webhook: Webhook) -> Schema:
    """Return the schema of a reply without the head that all replies have."""
    own = {change.wire_name for change in webhook.changes}
    properties = cast(Mapping[str, Schema], webhook.reply.schema["properties"])
    return {**webhook.reply.schema, "properties": {name: properties[name] for name in properties if name in own}}


def _inside(schema: Schema, subject: str, *, written: bool) -> Iterator[Place]:
    for path, part in walk(schema):
        steps = _steps(path)
        names = [step[1:] for step in steps if step[0] == "." and step != _ANY]
        yield Place(subject + "".join(steps), names[-1] if names else subject.rpartition(".")[2], part, written)


def _steps(path: tuple[str | int, ...]) -> list[str]:
    """Return a path inside a schema as people write it: `.MemberList`, `[]`, `.Role`."""
    texts: list[str] = []
    steps = iter(path)
    for step in steps:
        if step == "properties":
            texts.append(f".{next(steps)}")
        elif step == "items":
            texts.append("[]")
        elif step in ("anyOf", "oneOf"):
            texts.append(f"({int(next(steps)) + 1})")
        else:
            texts.append(_ANY)
            if step == "patternProperties":
                next(steps)
    return texts
