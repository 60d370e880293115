"""The registry of webhooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

if TYPE_CHECKING:
    from ..models._webhook import Event, Reply


class ReplyCode(NamedTuple):
    """An ErrorCode, or a range of them, that the reply to a webhook may carry."""

    first: int
    last: int
    """The same as `first` unless it is a range."""
    meaning: str
    outcome: str | None
    """allow, reject, drop or fail; None for a webhook after an event."""


class Row(NamedTuple):
    """A webhook as it stands in the registry."""

    command: str
    phase: Literal["before", "after"]
    summary: str
    docs: str
    date: str
    reply_codes: tuple[tuple[int, int, str, str | None], ...]
    module: str
    """Module of its classes, below `models`."""
    event_class: str
    reply_class: str


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

    # A plain `type`, because what the registry names is only known when it is loaded.
    def _class(self, name: str) -> type:
        found: type = getattr(import_module(f"..models.{self._row.module}", __package__), name)
        return found

    def __repr__(self) -> str:
        return f"<Webhook {self.command}>"

    def __reduce__(self) -> tuple[object, ...]:
        return _webhook, (self.command,)


class Webhooks(Mapping[str, Webhook]):
    """All webhooks by CallbackCommand, sorted. The KeyError for an unknown one names similar ones."""

    def __getitem__(self, command: str) -> Webhook:
        from ._rows import WEBHOOKS_BY_COMMAND

        webhook = WEBHOOKS_BY_COMMAND.get(command)
        if webhook is None:
            from difflib import get_close_matches

            close = get_close_matches(str(command), WEBHOOKS_BY_COMMAND, n=3)
            raise KeyError(f"{command}; did you mean {', '.join(close)}?" if close else command)
        return webhook

    def __contains__(self, command: object) -> bool:
        from ._rows import WEBHOOKS_BY_COMMAND

        return command in WEBHOOKS_BY_COMMAND

    def __iter__(self) -> Iterator[str]:
        from ._rows import WEBHOOKS_BY_COMMAND

        return iter(WEBHOOKS_BY_COMMAND)

    def __len__(self) -> int:
        from ._rows import WEBHOOKS_BY_COMMAND

        return len(WEBHOOKS_BY_COMMAND)

    def __repr__(self) -> str:
        return f"<{len(self)} webhooks>"


WEBHOOKS = Webhooks()


def find(command: str | None) -> Webhook | None:
    """Return the webhook `command`, None for one that the spec lacks."""
    from ._rows import WEBHOOKS_BY_COMMAND

    return WEBHOOKS_BY_COMMAND.get(command) if command else None


def of_event(event_class: type[Event]) -> Webhook | None:
    """Return the webhook whose events are of `event_class`, None when it is none of them."""
    name = getattr(cast(object, event_class), "__name__", None)
    for webhook in WEBHOOKS.values():
        if webhook.event_name == name and webhook.event_model is event_class:
            return webhook
    return None


def _webhook(command: str) -> Webhook:
    return WEBHOOKS[command]
