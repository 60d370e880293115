"""Request bodies: brought into the wire's form, completed and checked.

What is sent is the caller's own data. Models check it and never rewrite it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Set
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel, ValidationError

from .._support.loading import unforked
from ..exceptions import RequestError
from .checks import in_instance
from .fields import kind
from .wire import Finding, Wire, Writer

if TYPE_CHECKING:
    from ..commands import Command
    from ..models._base import RequestModel
    from .former import Former
    from .reading import Path


def wire_body(
    body: object,
    command: str,
    model: type[BaseModel] | None = None,
    name: str = "",
    former: Former | None = None,
) -> Wire:
    """Return a copy of `body`, which is for `model`, that holds nothing but JSON.

    Model objects, times and flags become what they stand for, and `former` names of fields the
    present ones. `name` is that of the argument, where it is not the whole body.

    Raises RequestError for anything that JSON has no form for, and for a field with both names.
    """
    writer = Writer(former=former)
    result = writer.write(body)
    writer.settle(result, model)
    return _checked(result, writer.found, command, model, name)


def reply_body(reply: object, model: type[BaseModel], name: str) -> Wire:
    """Return the copy of a reply that `wire_body` returns, whatever texts and numbers are in it.

    A reply may quote what a user wrote, and one that cannot be written would let that pass: half a
    surrogate pair becomes U+FFFD, a number that JSON lacks or that is too long becomes null, and so
    does what is nested too deeply. Each is logged as a deviation from `model`.
    """
    writer = Writer()
    result = writer.write(reply)
    writer.settle(result, model)
    found = writer.found
    with unforked():
        from .lenient import log_deviations

    log_deviations(model, [(finding.path, finding.text) for finding in found if finding.mended])
    return _checked(result, [finding for finding in found if not finding.mended], name, model)


def _checked(
    result: object,
    found: Iterable[Finding],
    command: str,
    model: type[BaseModel] | None,
    name: str = "",
) -> Wire:
    problems = [(finding.path, finding.text) for finding in found]
    if not problems and not isinstance(result, dict):
        problems.append(((name,) if name else (), f"expected an object, got {kind(result)}"))
    if problems:
        with unforked():
            from .problems import named

        raise RequestError(named(problems, model), command=command)
    return cast(Wire, result)


def fill(
    body: Wire, command: Command, rising: Callable[[], int], elsewhere: Container[str] = ()
) -> None:
    """Put an unsigned 32-bit integer into each field of `command.fill` that `body` leaves out.

    A path is `MsgRandom`, or `MsgList[].Random` for a field of every item of a list. Those that are
    given `elsewhere` are left out. The numbers of `command.rising` come from `rising`.
    """
    for path in command.fill:
        if path not in elsewhere:
            _fill(body, path.split("."), rising if path in command.rising else _random)


def _random() -> int:
    return int.from_bytes(os.urandom(4))


def _fill(value: object, steps: list[str], number: Callable[[], int]) -> None:
    if not isinstance(value, dict):
        return
    obj = cast(Wire, value)
    step, *rest = steps
    if not rest:
        if step not in obj:
            obj[step] = number()
        return
    inner = obj.get(step.removesuffix("[]"))
    items = (
        cast(list[object], inner) if step.endswith("[]") and isinstance(inner, list) else [inner]
    )
    for item in items:
        _fill(item, rest, number)


def check(
    body: Wire, command: Command, *, unknown_fields: bool, elsewhere: Iterable[str] = ()
) -> None:
    """Check `body` against the command's model. Raises RequestError that lists every problem.

    With `unknown_fields`, fields that the model lacks pass. Those that are given `elsewhere` are not missing.
    """
    model = command.request_model
    found: list[tuple[Path, str]] = []
    known: Set[Path] = frozenset()
    try:
        with unforked():
            instance: RequestModel = model.__pydantic_validator__.validate_python(
                body, by_alias=True, by_name=False, extra="allow" if unknown_fields else None
            )
    except ValidationError as error:
        with unforked():
            from .lenient import build
            from .problems import defects

        found = defects(error, body, model)
        known = {path for path, _ in found}
        instance = build(model, body)
    # Raised outside of the `except`: pydantic's error holds the body.
    found += in_instance(instance, unknown_fields=unknown_fields, except_for=known)
    if not found:
        return
    not_missing: set[Path] = {(name,) for name in elsewhere if name not in body}
    found = [(path, text) for path, text in found if path not in not_missing]
    if found:
        with unforked():
            from .problems import named

        raise RequestError(named(found, model), command=command.path)
