"""Webhooks: the files of webhooks as parts of the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from timgen.language.naming import module_name
from timgen.language.schema import Schema
from timgen.modelling.arguments import Arguments, imports
from timgen.modelling.definitions import Definition, Definitions
from timgen.modelling.model import Later, ReplyCode, Webhook, WebhookExample
from timgen.modelling.outlines import Outline, Part, outline
from timgen.modelling.parts import location, plans, sentence
from timgen.reading.source import Document

Raw = Mapping[str, Any]


class _Bodies:
    """What the bodies of a webhook are called, and what they are."""

    def __init__(self, name: str, raw: Raw, head: Schema) -> None:
        self.prefix: str = raw["event"]
        self.module = f"webhooks.{module_name(name)}"
        self.event: Schema = raw["request"]
        self.changes: Schema = raw.get("reply", {"type": "object", "properties": {}})
        self.reply = _with_head(head, self.changes)
        self.event_class, self.reply_class = f"{self.prefix}Event", f"{self.prefix}Reply"
        self.reply_key = f"{self.module}.{self.reply_class}"


class Webhooks:
    """Makes webhooks. What their bodies are made of is made when somebody asks for it."""

    def __init__(self, definitions: Definitions, shared: Mapping[str, Schema], head: Schema) -> None:
        """Take what all webhooks refer to, the definitions of the `shared` schemas, and what all replies have."""
        self.definitions = definitions
        self.shared = shared
        self.head = head

    def part(self, name: str, document: Document, known: Outline | None) -> Part:
        """Return what the webhook that is called `name` adds to the definitions.

        Its outline may be `known` from an earlier run.
        """
        raw = cast(Raw, document.mapping)
        bodies = _Bodies(name, raw, self.head)

        def make() -> Definitions:
            own = self.definitions.within()
            own.add(
                {"description": f"`{name}`: {sentence(raw['summary'])}", **bodies.event},
                bodies.event_class, bodies.module, raw["phase"], origin=document.file, prefix=bodies.prefix,
            )  # fmt: skip
            own.add(
                {"description": f"Reply to `{name}`.", **bodies.reply},
                bodies.reply_class, bodies.module, "reply", origin=document.file, prefix=bodies.reply_class,
            )  # fmt: skip
            return own

        definitions = Later(make)
        outlined = known or outline(bodies.module, definitions.value, bodies.reply, bodies.event)
        return Part(document.file, outlined, definitions)

    def webhook(self, name: str, document: Document, part: Part, schemas: tuple[str, ...]) -> Webhook:
        """Return the webhook that is called `name`, which `part` is of, and whose bodies lead to shared `schemas`."""
        raw = cast(Raw, document.mapping)
        bodies = _Bodies(name, raw, self.head)
        arguments = Arguments(part.definitions, self.shared)
        return Webhook(
            command=name,
            class_name=bodies.prefix,
            summary=raw["summary"],
            description=raw.get("description", ""),
            phase=raw["phase"],
            docs=raw["docs"],
            date=raw["date"],
            plans=plans(raw),
            partial=raw.get("evidence", {}).get("partial"),
            request=arguments.body(bodies.event_class, bodies.module, bodies.prefix, bodies.event, closed=False),
            reply=arguments.body(bodies.reply_class, bodies.module, bodies.reply_class, bodies.reply, closed=True),
            reply_codes=tuple(
                ReplyCode(c.get("code", c.get("from")), c.get("code", c.get("to")), c["meaning"], c.get("outcome"))
                for c in raw.get("reply_codes", ())
            ),
            examples=tuple(
                WebhookExample(e["summary"], e.get("query", {}), e["request"], e.get("reply")) for e in raw["examples"]
            ),
            schemas=schemas,
            location=location(document, ()),
            _changes=Later(lambda: arguments.of(bodies.changes, bodies.reply_key)),
            _imports=Later(lambda: imports(_named(bodies, arguments))),
        )


def _named(bodies: _Bodies, arguments: Arguments) -> Iterable[Definition]:
    """Return what the signatures of typed replies name."""
    by_key = arguments.definitions.by_key
    event, reply = by_key[f"{bodies.module}.{bodies.event_class}"], by_key[bodies.reply_key]
    return [event, reply, *arguments.annotations.definitions_in(reply.schema)]


def _with_head(head: Schema, reply: Schema) -> Schema:
    """Return the schema of a whole reply, whose `head` is the same for all webhooks."""
    shared, own = (cast(Mapping[str, object], part.get("properties", {})) for part in (head, reply))
    required = [name for part in (head, reply) for name in cast(list[str], part.get("required", []))]
    return {**reply, "properties": {**shared, **own}, "required": list(dict.fromkeys(required))}
