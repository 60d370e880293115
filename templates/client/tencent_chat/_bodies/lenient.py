"""Objects of answers that deviate."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from typing import Any, Literal, TypeVar, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from .._support.loading import unforked
from .._support.log import logger
from ..models._constraints import NoneOf
from .elements import is_element
from .fields import arms, fields_of, names_on_the_wire, wire_names
from .places import Walk
from .reading import Path, read_json
from .rules import rules_of

_M = TypeVar("_M", bound=BaseModel)

_logged: set[tuple[str, str, str]] = set()
# Objects that are made one by one of an answer that deviates, which takes a hundred times as long as reading it.
_MOST_OBJECTS = 100_000
# Of one message. They may be many where keys are the sender's own.
_MAX_LOGGED = 100


def build(model: type[_M], obj: Mapping[str, object]) -> _M:
    """Return `obj` as a `model` whatever it holds.

    Everything that fits becomes an object of its model; what does not stays as it is, and so do the
    objects behind the first hundred thousand. A required field that is missing becomes an attribute
    None.
    """
    fitting = _fitting(model, obj)
    return _deviating(model, obj, count()) if fitting is None else fitting


def _fitting(model: type[_M], obj: Mapping[str, object]) -> _M | None:
    try:
        with unforked():
            return cast(
                _M, model.__pydantic_validator__.validate_python(obj, by_alias=True, by_name=False)
            )
    except ValidationError:
        return None


def _deviating(model: type[_M], obj: Mapping[str, object], made: Iterator[int]) -> _M:
    values: dict[str, object] = {}
    given: set[str] = set()
    known: set[str] = set()
    names = names_on_the_wire(model)
    for name, field in fields_of(model).items():
        wire_name = names[name]
        known.add(wire_name)
        if wire_name in obj:
            values[name] = _fit(tuple(arms(field.annotation)), obj[wire_name], made)
            given.add(name)
        else:
            values[name] = (
                _missing(model, field, made)
                if field.is_required()
                else field.get_default(call_default_factory=True)
            )
    instance = model.__new__(model)
    # As pydantic's own model_construct does, which however takes the names of attributes for wire names.
    object.__setattr__(instance, "__dict__", values)
    object.__setattr__(instance, "__pydantic_fields_set__", given)
    object.__setattr__(
        instance, "__pydantic_extra__", {key: obj[key] for key in obj if key not in known}
    )
    # They are no flags as documented, which are numbers, and are written as they came.
    booleans = frozenset(
        name
        for name in given
        if isinstance(values[name], bool) and rules_of(model)[names[name]].flag
    )
    private = {"booleans": booleans} if booleans else None
    object.__setattr__(instance, "__pydantic_private__", private)
    return instance


def _missing(model: type[BaseModel], field: FieldInfo, made: Iterator[int]) -> BaseModel | None:
    """Return what stands on the attribute of a required field that did not arrive: the content of an element is empty."""
    if is_element(model):
        for arm in arms(field.annotation):
            if isinstance(arm, type) and issubclass(arm, BaseModel):
                return _deviating(arm, {}, made)
    return None


def _fit(types: Sequence[Any], value: object, made: Iterator[int]) -> object:
    """Return `value` with the objects of models that it has room for, as one of `types`; `made` counts them."""
    received: object = value
    if isinstance(value, list):
        for arm in types:
            if get_origin(arm) is list:
                inner = tuple(arms(get_args(arm)[0]))
                return [_fit(inner, item, made) for item in cast(list[object], value)]
    elif isinstance(value, dict) and next(made) < _MOST_OBJECTS:
        obj = cast(dict[str, object], value)
        models = [arm for arm in types if isinstance(arm, type) and issubclass(arm, BaseModel)]
        if suited := [model for model in models if _suits(model, obj)]:
            # Like pydantic among several that fit: the one that knows most of the fields.
            suited.sort(key=lambda model: len(obj.keys() & set(wire_names(model))), reverse=True)
            fitting = (_fitting(model, obj) for model in suited)
            return next(filter(None, fitting), None) or _deviating(suited[0], obj, made)
        for arm in types:
            if get_origin(arm) is dict:
                inner = tuple(arms(get_args(arm)[1]))
                return {key: _fit(inner, item, made) for key, item in obj.items()}
    return received


def _suits(model: type[BaseModel], obj: Mapping[str, object]) -> bool:
    """Whether the fields that select a member of a union do not speak against `model`."""
    names = names_on_the_wire(model)
    for name, field in fields_of(model).items():
        value = obj.get(names[name])
        if get_origin(field.annotation) is Literal and value not in get_args(field.annotation):
            return False
        if any(isinstance(note, NoneOf) and value in note.values for note in field.metadata):
            return False
    return True


def log_deviations(model: type[BaseModel], found: Iterable[tuple[Path, str]]) -> None:
    """Log what deviates, each field and type once per process, without values."""
    kinds: dict[tuple[Path, str], None] = {}
    for path, text in found:
        # Of the items of a list, the first stands for all that deviate alike.
        steps = tuple(0 if isinstance(step, int) else step for step in path)
        kinds[steps, re.sub(r", got \d+$", "", text)] = None
    for steps, text in islice(kinds, _MAX_LOGGED):
        entry = (model.__name__, _documented(model, steps), text)
        if entry not in _logged:
            _logged.add(entry)
            logger.warning("answer deviates from %s: %s: %s", *entry)


def _documented(model: type[BaseModel], path: Path) -> str:
    """Return `path` as the spec has it: `Items[].Name`; a key of the app's own is data and shows as `*`."""
    walk = Walk(model)
    text = ""
    for step in path:
        named = walk.into(step)
        text += "[]" if isinstance(step, int) else f".{step if named else '*'}"
    return text.removeprefix(".") or "*"


def parsed(data: str | bytes | bytearray, model: type[BaseModel]) -> object:
    """Return the JSON in `data`, which is for `model`, however it is written; None when it is none.

    What had to be mended is logged as deviations.
    """
    value, deviations = read_json(data)
    log_deviations(model, deviations)
    return value
