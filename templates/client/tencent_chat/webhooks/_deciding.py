"""Making replies from decisions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import cast

from pydantic import BaseModel, ValidationError

from .._bodies.body import reply_body
from .._bodies.checks import in_instance
from .._bodies.fields import names_on_the_wire
from .._bodies.lenient import build
from .._bodies.places import is_inside
from .._bodies.problems import defects, named
from .._bodies.reading import Path
from .._bodies.wire import MAX_DEPTH
from ..exceptions import RequestError
from ..models._webhook import BeforeEvent, Reply
from ._errors import WebhookError
from ._registry import ReplyCode, Webhook, of_event


def decide(
    event: BeforeEvent, outcome: str, code: int | None, info: str, changes: Mapping[str, object]
) -> Reply:
    """Return the reply to `event` that means `outcome`.

    `code` None stands for the only code, or the one that is not part of a range. Raises
    WebhookError where the event does not document the decision, RequestError for changes that do
    not fit.
    """
    webhook = of_event(type(event))
    if webhook is None:
        raise WebhookError(f"{type(event).__name__} is no event that can be replied to")
    codes = [entry for entry in webhook.reply_codes if entry.outcome == outcome]
    if not codes:
        raise WebhookError(f"{webhook.command} documents no reply that means {outcome}")
    number = _code(codes, code)
    if number is None:
        wrong = "a code is needed" if code is None else f"{code!r} is no code for {outcome}"
        raise WebhookError(f"{webhook.command}: {wrong}; documented: {_listed(codes)}")
    result: dict[str, object] = {"ActionStatus": "OK", "ErrorInfo": info, "ErrorCode": number}
    names = names_on_the_wire(webhook.reply_model)
    for name in changes:
        if name not in names or names[name] in result:
            raise TypeError(f"{outcome}() got an unexpected keyword argument {name!r}")
    given = {names[name]: value for name, value in changes.items() if value is not None}
    body = reply_body(result | given, webhook.reply_model, webhook.command)
    return _checked(webhook, body, set(_objects(given)), event)


def _code(codes: Iterable[ReplyCode], code: int | None) -> int | None:
    if code is None:
        return next((entry.first for entry in codes if entry.first == entry.last), None)
    whole = isinstance(cast(object, code), int)
    return code if whole and any(entry.first <= code <= entry.last for entry in codes) else None


def _listed(codes: Iterable[ReplyCode]) -> str:
    return ", ".join(
        str(entry.first) if entry.first == entry.last else f"{entry.first} to {entry.last}"
        for entry in codes
    )


def _objects(value: object, path: Path = ()) -> Iterator[Path]:
    """Yield where `value` holds objects of models."""
    if len(path) > MAX_DEPTH:
        return
    if isinstance(value, BaseModel):
        yield path
    elif isinstance(value, Mapping):
        for key, item in cast(Mapping[str, object], value).items():
            yield from _objects(item, (*path, key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(cast(list[object], value)):
            yield from _objects(item, (*path, index))


def _checked(
    webhook: Webhook, body: dict[str, object], objects: Set[Path], event: BeforeEvent
) -> Reply:
    """Return `body` as a reply; what is wrong with `objects`, or with anything that was received, does not count.

    A message's elements may deviate from the documentation, and the reply that hands them back must
    not fail for it: the service would then deliver the message as it was.
    """
    model = webhook.reply_model
    found: list[tuple[Path, str]] = []
    try:
        reply = model.model_validate(body, by_alias=True, by_name=False)
    except ValidationError as error:
        found = [
            defect for defect in defects(error, body, model) if not is_inside(defect[0], objects)
        ]
        reply = build(model, body)
    known = objects | {path for path, _ in found}
    # A message's elements may be of types that are new: dropping the reply would let the message pass as it was.
    found += in_instance(reply, unknown_fields=False, unknown_members=True, except_for=known)
    # Raised outside of the `except`: pydantic's error holds the body.
    if found:
        # The event's dump has null where a field did not arrive.
        for received in (event.raw, event.model_dump(by_alias=True)):
            as_received = _as_received(body, reply_body(received, model, webhook.command))
            found = [defect for defect in found if not is_inside(defect[0], as_received)]
    if found:
        raise RequestError(named(found, model), command=webhook.command)
    return reply


def _as_received(body: Mapping[str, object], received: Mapping[str, object]) -> set[Path]:
    """Return where `body` has a field as the event has it, or an item of the same list."""
    places: set[Path] = set()
    for name in body.keys() & received.keys():
        if _written(body[name]) == _written(received[name]):
            places.add((name,))
            continue
        items = {_written(item) for item in _items(received[name])}
        places |= {
            (name, index)
            for index, item in enumerate(_items(body[name]))
            if _written(item) in items
        }
    return places


def _items(value: object) -> list[object]:
    return cast(list[object], value) if isinstance(value, list) else []


def _written(value: object) -> str:
    return json.dumps(value, sort_keys=True)
