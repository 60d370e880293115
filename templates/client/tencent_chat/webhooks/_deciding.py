"""Making replies from decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from .._body import wire_body
from .._problems import in_instance, problems
from .._types import fields_of
from ..exceptions import Problem, RequestError
from ..models._webhook import BeforeEvent, Reply
from ._errors import WebhookError
from ._registry import ReplyCode, of_event


def decide(event: BeforeEvent, outcome: str, code: int | None, info: str, changes: Mapping[str, object]) -> Reply:
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
        wrong = "a code is needed" if code is None else f"{code} is no code for {outcome}"
        raise WebhookError(f"{webhook.command}: {wrong}; documented: {_listed(codes)}")
    names = {name: field.alias or name for name, field in fields_of(webhook.reply_model).items()}
    for name in changes:
        if name not in names:
            raise TypeError(f"{outcome}() got an unexpected keyword argument {name!r}")
    given = {names[name]: value for name, value in changes.items() if value is not None}
    body = {"ActionStatus": "OK", "ErrorInfo": info, "ErrorCode": number, **given}
    return _checked(webhook.reply_model, wire_body(body, webhook.command), webhook.command)


def _code(codes: Iterable[ReplyCode], code: int | None) -> int | None:
    if code is None:
        return next((entry.first for entry in codes if entry.first == entry.last), None)
    return code if any(entry.first <= code <= entry.last for entry in codes) else None


def _listed(codes: Iterable[ReplyCode]) -> str:
    return ", ".join(
        str(entry.first) if entry.first == entry.last else f"{entry.first} to {entry.last}" for entry in codes
    )


def _checked(model: type[Reply], body: dict[str, object], command: str) -> Reply:
    found: list[Problem] = []
    try:
        reply = model.model_validate(body, by_alias=True, by_name=False)
        found = list(in_instance(reply, unknown_fields=False))
        if not found:
            return reply
    except ValidationError as error:
        found = problems(error, body, model)
    # Raised outside of the `except`: pydantic's error holds the body.
    raise RequestError(found, command=command)
