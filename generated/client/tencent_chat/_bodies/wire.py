"""From Python's values to JSON: what every value of a body becomes on the wire."""

from __future__ import annotations

import json
from collections import UserString
from collections.abc import Awaitable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from math import isfinite
from numbers import Number
from operator import index
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple, SupportsIndex, cast
from uuid import UUID

from pydantic import BaseModel

from .._support.loading import unforked
from .fields import fields_of, kind, names_on_the_wire
from .rules import FieldRules, rules_of, takes_null

if TYPE_CHECKING:
    from .former import Former
    from .reading import Path

MAX_DEPTH = 100
# Python's lowest limit for writing an integer is 640 digits.
_MAX_BITS = 2048
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)

Wire = dict[str, object]


class Finding(NamedTuple):
    """Something that JSON has no form for."""

    path: Path
    text: str
    mended: bool = False
    """Whether JSON has one for what took its place."""


def encode(body: object) -> bytes:
    """Return `body` as compact JSON in UTF-8."""
    return _ENCODER.encode(body).encode()


class Writer:
    """Writes values as JSON, and finds those for which it has no form.

    Models are written by their names on the wire. Times and booleans, whose form depends on the
    field that they are in, wait for `settle`. `found` has what is wrong.

    Former names of fields become the present ones, where `former` has them. With `nulls`, models
    are written with the fields that are None, as they were received or made.
    With `for_object`, models stay as they are, at the places in `models`, and so do texts and
    numbers that can only be judged when they are sent.
    """

    def __init__(
        self, *, for_object: bool = False, nulls: bool = False, former: Former | None = None
    ) -> None:
        self.found: list[Finding] = []
        self.models: list[Path] = []
        self._for_object = for_object
        self._nulls = nulls
        self._former = former
        self._waiting: list[tuple[Path, datetime | timedelta | bool]] = []

    def write(self, value: object, path: Path = ()) -> object:
        """Return `value`, which stands at `path`, as JSON."""
        # What most bodies are made of comes first.
        if value is None or (type(value) is str and value.isascii()):
            return value
        if isinstance(value, bool):
            self._waiting.append((path, value))
            return value
        # Subclasses (enums, numbers of other libraries) are sent as what they hold.
        if isinstance(value, str):
            return self._text(value, path)
        if isinstance(value, int):
            if value.bit_length() > _MAX_BITS and not self._for_object:
                self.found.append(Finding(path, "has too many digits", mended=True))
                return None
            return int(value)
        if isinstance(value, float):
            if not isfinite(value) and not self._for_object:
                self.found.append(Finding(path, "JSON has no such number", mended=True))
                return None
            return float(value)
        if len(path) >= MAX_DEPTH:
            self.found.append(Finding((*path[:4], "…"), "is nested too deeply", mended=True))
            return None
        # Asking what else is a mapping or a list, or a model, costs more than all the rest.
        exact = type(value)
        if exact is dict:
            return self._object(value, path)
        if exact is list:
            items = cast(list[object], value)
            return [self.write(item, (*path, number)) for number, item in enumerate(items)]
        if isinstance(value, BaseModel):
            if self._for_object:
                self.models.append(path)
                return value
            return self._object(dict(_fields(value, self._nulls)), path)
        if isinstance(value, Mapping):
            return self._object(cast(Mapping[Any, object], value), path)
        return self._other(value, path)

    def _object(self, value: Any, path: Path) -> Wire:
        result: Wire = {}
        former = self._former.at(path) if self._former else None
        for key, item in value.items():
            if isinstance(key, str):
                name = self._text(key, path)
                if former and (present := former.get(name)):
                    if present in value or present in result:
                        text = f"is a former name of {present}, which is given too"
                        self.found.append(Finding((*path, name), text))
                        continue
                    name = present
                result[name] = self.write(item, (*path, name))
            else:
                text = f"a field's name must be a string, not {kind(key)}"
                self.found.append(Finding(path, text))
        return result

    def _other(self, value: object, path: Path) -> object:
        if isinstance(value, datetime | timedelta):
            self._waiting.append((path, value))
            return None
        items = iterator(value)
        if items is not None:
            return [self.write(item, (*path, number)) for number, item in enumerate(items)]
        try:
            # Integers of other libraries.
            return index(cast(SupportsIndex, value))
        except TypeError:
            self.found.append(Finding(path, f"JSON has no form for {kind(value)}{_advice(value)}"))
        return None

    def _text(self, value: str, path: Path) -> str:
        if type(value) is str and value.isascii():
            return value
        text = str.__str__(value)
        if self._for_object:
            return text
        try:
            text.encode()
        except UnicodeEncodeError:
            with unforked():
                from .reading import whole

            self.found.append(Finding(path, "holds half of a surrogate pair", mended=True))
            return whole(text)
        return text

    def settle(self, body: object, model: type[BaseModel] | None) -> None:
        """Give the times and flags in `body`, which was written, the form that the fields of `model` have for them."""
        if not self._waiting:
            return
        with unforked():
            from .places import Walk

        for path, value in self._waiting:
            walk = Walk(model)
            for step in path:
                walk.into(step)
            form = _form(value, walk.rules)
            if isinstance(form, str):
                self.found.append(Finding(path, form))
            elif form is not None:
                _put(body, path, form)
        self._waiting.clear()


def _form(value: datetime | timedelta | bool, rules: list[FieldRules]) -> int | str | None:
    """Return the number as which `value` travels, a text that says what is wrong with it, or None for what stays."""
    if isinstance(value, bool):
        return int(value) if any(rule.flag for rule in rules) else None
    with unforked():
        from ..models._times import from_instant, from_span

    form = next((rule.instant for rule in rules if rule.instant), None)
    unit = next((rule.span for rule in rules if rule.span), None)
    if isinstance(value, datetime):
        if form is None:
            advice = "a timedelta" if unit else "int(value.timestamp()) or value.isoformat()"
            return f"JSON has no form for a datetime, and this field is no instant; write {advice}"
        # What stands for a missing time in other libraries has a method of its own.
        if datetime.utcoffset(value) is None:
            return "a datetime needs a time zone: it is not said which instant is meant"
        return from_instant(value, form)
    if unit is None:
        advice = "a datetime with a time zone" if form else "int(value.total_seconds())"
        return (
            f"JSON has no form for a timedelta, and this field is no span of time; write {advice}"
        )
    return from_span(value, unit)


def _put(body: object, path: Path, value: object) -> None:
    holder = body
    for step in path[:-1]:
        if isinstance(holder, BaseModel):
            return
        holder = cast("dict[str | int, object]", holder)[step]
    cast("dict[str | int, object]", holder)[path[-1]] = value


def iterator(value: object) -> Iterator[object] | None:
    """Return what iterates over `value`; None for what stands for no list."""
    given: object = value
    if isinstance(
        value, str | UserString | bytes | bytearray | memoryview | Mapping | BaseModel | type
    ):
        return None
    if not isinstance(given, Iterable):
        return None
    try:
        return iter(cast(Iterable[object], given))
    except TypeError:
        # An array of no dimension.
        return None


def _advice(value: object) -> str:
    """Return what to write in place of `value`."""
    if isinstance(value, date):
        return "; write a datetime with a time zone"
    if isinstance(value, UUID | UserString | PurePath):
        return "; write str(value)"
    if isinstance(value, bytes | bytearray | memoryview):
        return "; write its text, such as value.decode() or base64"
    if isinstance(value, Enum):
        return "; write its value"
    if isinstance(value, Awaitable):
        return "; await it first"
    if isinstance(value, Decimal | Number):
        return "; write int(value) or float(value)"
    if type(value).__name__ in ("bool", "bool_"):
        return "; write bool(value)"
    return ""


def _fields(instance: BaseModel, nulls: bool) -> Iterable[tuple[str, object]]:
    """Yield names on the wire and values of what was set; without `nulls` None only where null is meant."""
    model = type(instance)
    fields, names = fields_of(model), names_on_the_wire(model)
    for name, value in instance.__dict__.items():
        field, wire_name = fields[name], names[name]
        if name not in instance.model_fields_set:
            continue
        if isinstance(value, bool) and rules_of(model)[wire_name].flag:
            yield wire_name, int(value)
            continue
        if value is not None or nulls or field.is_required() or takes_null(field):
            yield wire_name, value
    yield from (instance.model_extra or {}).items()
