"""Webhooks: the files of webhooks as parts of the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from timgen.language.naming import module_name
from timgen.language.schema import Schema
from timgen.modelling.arguments import Arguments
from timgen.modelling.model import ReplyCode, Webhook, WebhookExample
from timgen.modelling.parts import location, plans, sentence
from timgen.reading.source import Document

Raw = Mapping[str, Any]


class Webhooks:
    """Makes webhooks, and adds what their bodies are made of to the definitions that `arguments` knows."""

    def __init__(self, arguments: Arguments, head: Schema) -> None:
        self.arguments = arguments
        self.head = head
        self.definitions = arguments.definitions

    def webhook(self, name: str, document: Document) -> Webhook:
        """Return the webhook that is called `name`."""
        raw = cast(Raw, document.mapping)
        prefix = raw["event"]
        event_class, reply_class = f"{prefix}Event", f"{prefix}Reply"
        module = f"webhooks.{module_name(name)}"
        request: Schema = raw["request"]
        reply: Schema = raw.get("reply", {"type": "object", "properties": {}})
        whole = self._with_head(reply)
        self.definitions.add(
            {"description": f"`{name}`: {sentence(raw['summary'])}", **request},
            event_class, module, raw["phase"], origin=document.file, prefix=prefix,
        )  # fmt: skip
        self.definitions.add(
            {"description": f"Reply to `{name}`.", **whole},
            reply_class, module, "reply", origin=document.file, prefix=reply_class,
        )  # fmt: skip
        return Webhook(
            command=name,
            class_name=prefix,
            summary=raw["summary"],
            description=raw.get("description", ""),
            phase=raw["phase"],
            docs=raw["docs"],
            date=raw["date"],
            plans=plans(raw),
            partial=raw.get("evidence", {}).get("partial"),
            request=self.arguments.body(event_class, module, prefix, request, closed=False),
            reply=self.arguments.body(reply_class, module, reply_class, whole, closed=True),
            reply_codes=tuple(
                ReplyCode(c.get("code", c.get("from")), c.get("code", c.get("to")), c["meaning"], c.get("outcome"))
                for c in raw.get("reply_codes", ())
            ),
            changes=self.arguments.of(reply, f"{module}.{reply_class}"),
            examples=tuple(
                WebhookExample(e["summary"], e.get("query", {}), e["request"], e.get("reply")) for e in raw["examples"]
            ),
            location=location(document, ()),
        )

    def _with_head(self, reply: Schema) -> Schema:
        """Return the schema of a whole reply, whose head is the same for all webhooks."""
        head, own = (cast(Mapping[str, object], part.get("properties", {})) for part in (self.head, reply))
        required = [name for part in (self.head, reply) for name in cast(list[str], part.get("required", []))]
        return {**reply, "properties": {**head, **own}, "required": list(dict.fromkeys(required))}
