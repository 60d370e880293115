"""From the arguments of a call to the bytes that are sent. It is loaded at the first call, with all that it needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from .._bodies.body import check, fill, wire_body
from .._bodies.wire import encode
from .._support.loading import unforked
from .._support.settings import CallOptions, checked_text, checked_timeout, checked_validate
from ..exceptions import RequestError
from ..retries import checked_retry
from .core import Core, Prepared

if TYPE_CHECKING:
    from .._bodies.former import Former
    from ..commands import Command
    from ..models.envelope import Response

R = TypeVar("R", bound="Response")

_PATH = r"[A-Za-z0-9_]+/[A-Za-z0-9_]+"


def prepare(
    core: Core,
    path: str,
    command: Command | None,
    model: type[R],
    body: object,
    options: CallOptions,
    *,
    unknown_fields: bool = False,
) -> Prepared[R]:
    """Return a call with its body filled, checked and encoded; `command` is None for one that the spec lacks.

    Raises RequestError for a body that does not fit, ConfigurationError for other arguments.
    """
    if command is None:
        _check_path(path)
    extra, identifier, timeout, validate, retry = options
    account = core.identifier if identifier is None else checked_text("identifier", identifier)
    limits = core.timeout if timeout is None else checked_timeout(timeout)
    tries = core.retry if retry is None else checked_retry(retry)
    if command is None:
        wire = wire_body(body, path)
        if extra:
            wire |= wire_body(extra, path, None, "extra")
        return Prepared(path, model, encode(wire), account, limits, tries, "unsafe", 0, ())
    names: Mapping[str, str] = command.former
    request_model = command.request_model
    wire = wire_body(body, path, request_model, former=_former(names) if names else None)
    more = wire_body(extra, path, request_model, "extra") if extra else {}
    # Sent under the name that was given, it is the field all the same.
    meant = {names.get(name, name): value for name, value in more.items()}
    if command.fill:
        fill(wire, command, core.rising.number, meant)
    if core.validate if validate is None else checked_validate(validate):
        check(wire, command, unknown_fields=unknown_fields, elsewhere=meant)
    told = wire | meant
    return Prepared(
        path,
        model,
        encode(wire | more),
        account,
        limits,
        tries,
        command.repeat_of(told),
        command.dedupe_window,
        command.repeated_of(told),
    )


def _former(names: Mapping[str, str]) -> Former:
    with unforked():
        from .._bodies.former import Former

    return Former(names)


def _check_path(path: object) -> None:
    if not isinstance(path, str):
        raise RequestError([("", 'a command is a text like "openim/sendmsg"')])
    if not re.fullmatch(_PATH, path):
        raise RequestError([("", f'{path!r} is no command; it must be like "openim/sendmsg"')])
