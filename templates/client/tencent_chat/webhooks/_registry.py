"""The registry of webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from .._support.loading import Catalogue, load_heavy

if TYPE_CHECKING:
    from .._tables.webhooks import Row
    from ..models._webhook import Event, Reply


class ReplyCode(NamedTuple):
    """An ErrorCode, or a range of them, that the reply to a webhook may carry."""

    first: int
    last: int
    """The same as `first` unless it is a range."""
    meaning: str
    outcome: str | None
    """allow, reject, drop or fail; None for a webhook after an event."""


class Webhook:
    """A webhook of the service."""

    __slots__ = ("_row",)

    def __init__(self, row: Row) -> None:
        self._row = row

    @property
    def command(self) -> str:
        """Its CallbackCommand: `C2C.CallbackBeforeSendMsg`."""
        return self._row.command

    @property
    def phase(self) -> Literal["before", "after"]:
        """`before` an event the reply decides about it; `after` it, the reply is ignored."""
        return self._row.phase

    @property
    def summary(self) -> str:
        """What it tells."""
        return self._row.summary

    @property
    def docs(self) -> str:
        """URL of the vendor's page."""
        return self._row.docs

    @property
    def date(self) -> str:
        """Date of that page: `2023-04-03`."""
        return self._row.date

    @property
    def reply_codes(self) -> tuple[ReplyCode, ...]:
        """The documented codes of its reply."""
        return tuple(ReplyCode(*code) for code in self._row.reply_codes)

    @property
    def event_name(self) -> str:
        """Name of the event's class, which is not loaded."""
        return self._row.event_class

    @property
    def event_model(self) -> type[Event]:
        """Class of the event. Loads it, and pydantic."""
        return self._class(self._row.event_class)

    @property
    def reply_model(self) -> type[Reply]:
        """Class of the reply. Loads it, and pydantic."""
        return self._class(self._row.reply_class)

    # Any type, because what the registry names is only known when it is loaded.
    def _class(self, name: str) -> type[Any]:
        found: type[Any] = getattr(load_heavy(f"..models.{self._row.module}", __package__), name)
        return found

    def __repr__(self) -> str:
        return f"<Webhook {self.command}>"

    def __reduce__(self) -> tuple[object, ...]:
        return _webhook, (self.command,)


def _by_command() -> Mapping[str, Webhook]:
    from .._tables.webhooks import ROWS

    return {command: Webhook(row) for command, row in ROWS.items()}


WEBHOOKS = Catalogue("webhooks", _by_command)


def find(command: str | None) -> Webhook | None:
    """Return the webhook `command`, None for one that the spec lacks."""
    return WEBHOOKS.find(command) if command else None


def of_event(event_class: type[Event]) -> Webhook | None:
    """Return the webhook whose events are of `event_class`, None when it is none of them."""
    name = getattr(cast(object, event_class), "__name__", None)
    for webhook in WEBHOOKS.values():
        if webhook.event_name == name and webhook.event_model is event_class:
            return webhook
    return None


def _webhook(command: str) -> Webhook:
    return WEBHOOKS[command]
