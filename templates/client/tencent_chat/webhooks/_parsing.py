"""From a request to an event."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, cast

from ._errors import WebhookError
from ._query import Query, first
from ._registry import find

if TYPE_CHECKING:
    from ..models._webhook import Context, Event

_SDKAPPID = re.compile(r"[0-9]{1,20}")
_PLATFORMS = {
    name.lower(): name for name in ("RESTAPI", "Web", "Android", "iOS", "Windows", "macOS", "iPad")
}


def parse(query: Query, body: bytes) -> Event:
    """Return the event that a webhook's query and body tell of.

    Its class is that of the CallbackCommand in the query, or of the one in the body where the query
    has none; UnknownEvent for a command that this version does not know. `event.context` has what
    the query says, `event.raw` the body's JSON. Of a parameter that is repeated, the first value
    counts. Nothing is verified here: call `verify` before.

    Fields that are missing, unknown or of an unexpected type raise nothing; see the response
    models. Raises WebhookError when the body is no JSON object.
    """
    from ..models._webhook import UnknownEvent, with_context

    command = first(query, "CallbackCommand")
    raw = _object(body)
    command = command or _command(raw)
    webhook = find(command)
    event = (webhook.event_model if webhook else UnknownEvent).model_validate(raw)
    return with_context(event, raw, _context(query, command))


def _object(body: bytes) -> dict[str, object]:
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        from .._lenient import parsed
        from ..models._webhook import Event

        value = parsed(body, Event)
    # Raised outside of the `except`: its error holds the body.
    if not isinstance(value, dict):
        raise WebhookError(f"the body of the webhook, {len(body)} bytes, is no JSON object")
    return cast(dict[str, object], value)


def _command(raw: dict[str, object]) -> str:
    """Return the CallbackCommand in a body, empty when there is none."""
    command = raw.get("CallbackCommand")
    events = raw.get("Events")
    # Push webhooks have it in each of their events.
    if command is None and isinstance(events, list) and events and isinstance(events[0], dict):
        command = cast(dict[str, object], events[0]).get("CallbackCommand")
    return command if isinstance(command, str) else ""


def _context(query: Query, command: str) -> Context:
    from ..models._webhook import Context

    sdkappid, platform = first(query, "SdkAppid"), first(query, "OptPlatform")
    return Context(
        command=command,
        sdkappid=int(sdkappid) if sdkappid and _SDKAPPID.fullmatch(sdkappid) else None,
        client_ip=first(query, "ClientIP"),
        # State.StateChange has IOS where all others have iOS.
        platform=_PLATFORMS.get(platform.lower(), platform) if platform else None,
    )
