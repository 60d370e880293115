"""Request bodies: brought into the wire's form, completed and checked.

What is sent is the caller's own data. Models check it and never rewrite it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple, TypeGuard, cast

from pydantic import BaseModel, ValidationError

from ._json import Path, whole
from ._lenient import log_deviations
from ._problems import defects, in_instance, join, kind
from ._types import fields_of
from .exceptions import Problem, RequestError

if TYPE_CHECKING:
    from ._rising import Rising
    from .commands import Command

MAX_DEPTH = 100
# Python's lowest limit for writing an integer is 640 digits.
_MAX_BITS = 2048
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)

Wire = dict[str, object]


def wire_body(body: object, command: str, name: str = "") -> Wire:
    """Return a copy of `body` that holds nothing but JSON; model objects become what they stand for.

    `name` is that of the argument, where it is not the whole body.

    Raises RequestError for anything that JSON has no form for.
    """
    found: list[_Finding] = []
    result = _wire(body, (), found)
    return _checked(result, found, command, name)


def reply_body(reply: object, model: type[BaseModel], name: str) -> Wire:
    """Return the copy of a reply that `wire_body` returns, whatever texts and numbers are in it.

    A reply may quote what a user wrote, and one that cannot be written would let that pass: half a
    surrogate pair becomes U+FFFD, a number that JSON lacks or that is too long becomes null, and so
    does what is nested too deeply. Each is logged as a deviation from `model`.
    """
    found: list[_Finding] = []
    result = _wire(reply, (), found)
    log_deviations(model, [(finding.path, finding.text) for finding in found if finding.mended])
    return _checked(result, [finding for finding in found if not finding.mended], name)


def _checked(result: object, found: Iterable[_Finding], command: str, name: str = "") -> Wire:
    problems = [Problem(join(finding.path), finding.text) for finding in found]
    if not problems and not isinstance(result, dict):
        problems.append(Problem(name, f"expected an object, got {kind(result)}"))
    if problems:
        raise RequestError(problems, command=command)
    return cast(Wire, result)


class _Finding(NamedTuple):
    """Something that JSON has no form for."""

    path: Path
    text: str
    mended: bool = False
    """Whether JSON has one for what took its place."""


def _wire(value: object, path: Path, found: list[_Finding]) -> object:
    if value is None or isinstance(value, bool):
        return value
    # Subclasses (enums, numbers of other libraries) are sent as what they hold.
    if isinstance(value, str):
        return _text(value, path, found)
    if isinstance(value, int):
        if value.bit_length() > _MAX_BITS:
            found.append(_Finding(path, "has too many digits", mended=True))
            return None
        return int(value)
    if isinstance(value, float):
        if not isfinite(value):
            found.append(_Finding(path, "JSON has no such number", mended=True))
            return None
        return float(value)
    if len(path) >= MAX_DEPTH:
        found.append(_Finding((*path[:4], "…"), "is nested too deeply", mended=True))
        return None
    # Not of plain JSON: asking whether something is a model costs more than all the rest.
    if type(value) not in (dict, list) and isinstance(value, BaseModel):
        return {key: _wire(item, (*path, key), found) for key, item in _fields(value)}
    if isinstance(value, Mapping):
        result: Wire = {}
        for key, item in cast(Mapping[object, object], value).items():
            if isinstance(key, str):
                name = _text(key, path, found)
                result[name] = _wire(item, (*path, name), found)
            else:
                text = f"a field's name must be a string, not {kind(key)}"
                found.append(_Finding(path, text))
        return result
    if _is_list(value):
        return [_wire(item, (*path, index), found) for index, item in enumerate(value)]
    found.append(_Finding(path, f"JSON has no form for {kind(value)}"))
    return None


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview)


def _text(value: str, path: Path, found: list[_Finding]) -> str:
    text = str.__str__(value)
    mended = whole(text)
    if mended != text:
        found.append(_Finding(path, "holds half of a surrogate pair", mended=True))
    return mended


def _fields(instance: BaseModel) -> Iterable[tuple[str, object]]:
    """Yield names on the wire and values of what was set, without optional fields that are None."""
    known = fields_of(type(instance))
    for name, value in instance.__dict__.items():
        field = known[name]
        if name in instance.model_fields_set and (value is not None or field.is_required()):
            yield field.alias or name, value
    yield from (instance.model_extra or {}).items()


def fill(body: Wire, command: Command, rising: Rising) -> None:
    """Put an unsigned 32-bit integer into each field of `command.fill` that `body` leaves out.

    A path is `MsgRandom`, or `MsgList[].Random` for a field of every item of a list.
    """
    for path in command.fill:
        _fill(body, path.split("."), rising.number if path in command.rising else _random)


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


def check(body: Wire, command: Command, *, unknown_fields: bool) -> None:
    """Check `body` against the command's model. Raises RequestError that lists every problem.

    With `unknown_fields`, fields that the model lacks pass.
    """
    model = command.request_model
    try:
        instance = model.model_validate(
            body, by_alias=True, by_name=False, extra="allow" if unknown_fields else None
        )
        found = list(in_instance(instance, unknown_fields=unknown_fields))
    except ValidationError as error:
        found = defects(error, body, model)
    # Raised outside of the `except`: pydantic's error holds the body.
    if found:
        raise RequestError([(join(path), text) for path, text in found], command=command.path)


def encode(body: Wire) -> bytes:
    """Return `body` as compact JSON in UTF-8."""
    return _ENCODER.encode(body).encode()
