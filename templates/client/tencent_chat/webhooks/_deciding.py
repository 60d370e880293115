"""Making replies from decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from pydantic import BaseModel, ValidationError

from .._body import wire_body
from .._lenient import build
from .._problems import Path, in_instance, join, problems
from .._types import fields_of
from ..exceptions import Problem, RequestError
from ..models._webhook import BeforeEvent, Reply
from ._errors import WebhookError
from ._registry import ReplyCode, of_event


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
    names = {name: field.alias or name for name, field in fields_of(webhook.reply_model).items()}
    for name in changes:
        if name not in names or names[name] in result:
            raise TypeError(f"{outcome}() got an unexpected keyword argument {name!r}")
    given = {names[name]: value for name, value in changes.items() if value is not None}
    body = wire_body(result | given, webhook.command)
    return _checked(
        webhook.reply_model, body, webhook.command, [join(path) for path in _objects(given)]
    )


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
    if isinstance(value, BaseModel):
        yield path
    elif isinstance(value, Mapping):
        for key, item in cast(Mapping[str, object], value).items():
            yield from _objects(item, (*path, key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(cast(list[object], value)):
            yield from _objects(item, (*path, index))


def _checked(
    model: type[Reply], body: dict[str, object], command: str, objects: Iterable[str]
) -> Reply:
    """Return `body` as a reply; what is wrong inside of `objects`, which are paths, does not count.

    A message's elements may deviate from the documentation, and the reply that hands them back must
    not fail for it: the service would then deliver the message as it was.
    """
    found: list[Problem] = []
    reply: Reply | None = None
    try:
        reply = model.model_validate(body, by_alias=True, by_name=False)
        found = list(in_instance(reply, unknown_fields=False))
    except ValidationError as error:
        found = problems(error, body, model)
    inside = tuple(f"{path}." for path in objects)
    found = [problem for problem in found if not f"{problem.path}.".startswith(inside)]
    # Raised outside of the `except`: pydantic's error holds the body.
    if found:
        raise RequestError(found, command=command)
    return build(model, body) if reply is None else reply
