"""From a request to an event."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, cast

from .._bodies.reading import read_json
from .._support.loading import load_heavy
from ..exceptions import ConfigurationError
from ._errors import WebhookError
from ._query import Parameters, Query, first, parameters
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
    models. Raises WebhookError when the body is no JSON object, and ConfigurationError for arguments
    that are neither a query nor a body.
    """
    given = parameters(query)
    if not isinstance(cast(object, body), bytes | bytearray | str):
        raise ConfigurationError(
            f"body must be the bytes of the request as they arrived, not {type(body).__name__}"
        )
    _load()
    from .._bodies.lenient import log_deviations
    from ..models._webhook import UnknownEvent, with_context

    value, deviations = read_json(body)
    if not isinstance(value, dict):
        raise WebhookError(f"the body of the webhook, {len(body)} bytes, is no JSON object")
    raw = cast(dict[str, object], value)
    command = first(given, "CallbackCommand") or _command(raw)
    webhook = find(command)
    model = webhook.event_model if webhook else UnknownEvent
    log_deviations(model, deviations)
    return with_context(model.model_validate(raw), raw, _context(given, command))


@cache
def _load() -> None:
    """Load what every event needs."""
    load_heavy(".._bodies.lenient", __package__)
    load_heavy("..models._webhook", __package__)


def _command(raw: dict[str, object]) -> str:
    """Return the CallbackCommand in a body, empty when there is none."""
    command = raw.get("CallbackCommand")
    events = raw.get("Events")
    # Push webhooks have it in each of their events.
    if command is None and isinstance(events, list) and events and isinstance(events[0], dict):
        command = cast(dict[str, object], events[0]).get("CallbackCommand")
    return command if isinstance(command, str) else ""


def _context(query: Parameters, command: str) -> Context:
    from ..models._webhook import Context

    sdkappid, platform = first(query, "SdkAppid"), first(query, "OptPlatform")
    return Context(
        command=command,
        sdkappid=int(sdkappid) if sdkappid and _SDKAPPID.fullmatch(sdkappid) else None,
        client_ip=first(query, "ClientIP"),
        # State.StateChange has IOS where all others have iOS.
        platform=_PLATFORMS.get(platform.lower(), platform) if platform else None,
    )
