"""Base classes of events and replies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from ._base import RequestModel, ResponseModel
from ._reception import reception

_E = TypeVar("_E", bound="Event")


class Context(NamedTuple):
    """What the query of a webhook says."""

    command: str
    """CallbackCommand; that of the body where the query has none, else empty."""
    sdkappid: int | None = None
    client_ip: str | None = None
    """IP address of the client that caused the event."""
    platform: str | None = None
    """Its platform: RESTAPI, Web, Android, iOS (also where `IOS` was sent), Windows, macOS or Mac, iPad, Unknown."""


class Event(ResponseModel):
    """What a webhook tells; nothing that arrives is refused."""

    @property
    def context(self) -> Context:
        """What the query says; empty for an event that was not made by `webhooks.parse`."""
        return cast(Context, reception(self, "context", Context("")))

    @property
    def raw(self) -> Mapping[str, object]:
        """The body's JSON as received; empty for an event that was not made by `webhooks.parse`."""
        return super().raw


class BeforeEvent(Event):
    """Something is about to happen; the reply decides whether and how."""


class AfterEvent(Event):
    """Something has happened; the service ignores what the reply says."""


class UnknownEvent(AfterEvent):
    """A webhook that this version does not know: `context.command` names it, `raw` holds it."""


class Reply(RequestModel):
    """The reply to a webhook."""

    if not TYPE_CHECKING:
        # A message's elements may be of types that are new.
        __unknown_members__ = True


def with_context(event: _E, raw: Mapping[str, object], context: Context) -> _E:
    """Return `event` with what was received."""
    private = {**(event.__pydantic_private__ or {}), "raw": raw, "context": context}
    object.__setattr__(event, "__pydantic_private__", private)
    return event
