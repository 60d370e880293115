"""Webhooks: calls that the service makes to the app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from timgen.language.schema import JsonValue
from timgen.modelling.model.bodies import Argument, Body, Import, Location
from timgen.modelling.model.commands import Plans
from timgen.modelling.model.later import Later


@dataclass(frozen=True)
class Webhook:
    """A call that the service makes to the app."""

    command: str
    """Its name, which the query of a call carries: `Room.BeforeCreate`."""
    class_name: str
    """Prefix of its classes: `BeforeSendMessage`."""
    summary: str
    """What it tells, without a full stop."""
    description: str
    """Empty when there is nothing more to say."""
    phase: str
    """before or after."""
    docs: str
    """Address of the vendor's page."""
    date: str
    """Of that page: `2024-02-29`."""
    plans: Plans | None
    """What the app must have; None for nothing."""
    partial: str | None
    """What is missing where the source was not complete."""
    request: Body
    """The event."""
    reply: Body
    """With the head that all replies have."""
    reply_codes: tuple[ReplyCode, ...]
    """In the order of the spec."""
    examples: tuple[WebhookExample, ...]
    """In the order of the spec."""
    schemas: tuple[str, ...]
    """Names of the shared schemas that its bodies lead to, sorted."""
    location: Location
    """Its file."""
    _changes: Later[tuple[Argument, ...]] = field(repr=False, compare=False)
    _imports: Later[tuple[Import, ...]] = field(repr=False, compare=False)

    @property
    def changes(self) -> tuple[Argument, ...]:
        """Fields of the reply beside its head: what an event that goes on is changed by."""
        return self._changes.value

    @property
    def imports(self) -> tuple[Import, ...]:
        """What the signatures of its typed replies name."""
        return self._imports.value

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What a reply can decide; empty for a webhook after an event."""
        found = {
            name: tuple(code for code in self.reply_codes if code.outcome == name)
            for name in ("allow", "reject", "drop")
        }
        needed = tuple(change for change in self.changes if change.required)
        return tuple(
            Outcome(name, codes, self.changes if name == "allow" else needed) for name, codes in found.items() if codes
        )

    @property
    def query(self) -> tuple[str, ...]:
        """The query parameters that its examples have, beside the one that names it."""
        return tuple(dict.fromkeys(name for example in self.examples for name in example.query))


@dataclass(frozen=True)
class ReplyCode:
    """A code of replies to a webhook, or a range of them."""

    first: int
    """The code."""
    last: int
    """The same as `first` unless this is a range."""
    meaning: str
    """What the service does with it."""
    outcome: str | None
    """allow, reject, drop or fail; None for a webhook after an event."""

    @property
    def codes(self) -> str:
        """For people: `0`, or a range: `120001-130000`."""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(frozen=True)
class Outcome:
    """A decision that the client offers for the reply to a webhook."""

    name: str
    """allow, reject or drop."""
    codes: tuple[ReplyCode, ...]
    """Those that stand for it."""
    changes: tuple[Argument, ...]
    """Fields of the reply that it takes: all for allow, for the others what a reply needs."""

    @property
    def default(self) -> int | None:
        """The code that stands for it when the app names none; None when the app must name one."""
        return next((code.first for code in self.codes if code.first == code.last), None)


@dataclass(frozen=True)
class WebhookExample:
    """A call of a webhook, with the reply to it."""

    summary: str
    """What it shows."""
    query: Mapping[str, str]
    """Parameters beside the one that names the webhook."""
    request: Mapping[str, JsonValue]
    """Body, as received."""
    reply: Mapping[str, JsonValue] | None
    """Body, as sent; None where the example has none."""
