"""Building answers that deviate from their models."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError

from ._problems import Path, defects
from ._types import arms, fields_of, model_classes, wire_names
from .models._constraints import NoneOf

_M = TypeVar("_M", bound=BaseModel)

_logger = logging.getLogger(__package__)
_logged: set[tuple[str, str, str]] = set()


def build(model: type[_M], obj: Mapping[str, object]) -> _M:
    """Return `obj` as a `model` whatever it holds.

    Everything that fits becomes an object of its model; what does not stays as it is. A required
    field that is missing becomes an attribute None.
    """
    fitting = _fitting(model, obj)
    if fitting is not None:
        return fitting
    values: dict[str, object] = {}
    given: set[str] = set()
    for name, field in fields_of(model).items():
        wire_name = field.alias or name
        if wire_name in obj:
            values[name] = _fit(field.annotation, obj[wire_name])
            given.add(name)
        else:
            values[name] = (
                None if field.is_required() else field.get_default(call_default_factory=True)
            )
    known = set(wire_names(model))
    instance = model.__new__(model)
    # As pydantic's own model_construct does, which however takes the names of attributes for wire names.
    object.__setattr__(instance, "__dict__", values)
    object.__setattr__(instance, "__pydantic_fields_set__", given)
    object.__setattr__(
        instance, "__pydantic_extra__", {key: obj[key] for key in obj if key not in known}
    )
    object.__setattr__(instance, "__pydantic_private__", None)
    return instance


def _fitting(model: type[_M], obj: Mapping[str, object]) -> _M | None:
    try:
        return cast(
            _M, model.__pydantic_validator__.validate_python(obj, by_alias=True, by_name=False)
        )
    except ValidationError:
        return None


def _fit(annotation: Any, value: object) -> object:
    """Return `value` with the objects of models that it has room for."""
    received: object = value
    if isinstance(value, list):
        for arm in arms(annotation):
            if get_origin(arm) is list:
                return [_fit(get_args(arm)[0], item) for item in cast(list[object], value)]
    elif isinstance(value, dict):
        obj = cast(dict[str, object], value)
        options = list(arms(annotation))
        models = [arm for arm in options if isinstance(arm, type) and issubclass(arm, BaseModel)]
        suited = [model for model in models if _suits(model, obj)]
        if suited:
            # Like pydantic among several that fit: the one that knows most of the fields.
            known = {model: len(obj.keys() & set(wire_names(model))) for model in suited}
            fitting = [model for model in suited if _fitting(model, obj) is not None]
            return build(max(fitting or suited, key=known.__getitem__), obj)
        for arm in options:
            if get_origin(arm) is dict:
                return {key: _fit(get_args(arm)[1], item) for key, item in obj.items()}
    return received


def _suits(model: type[BaseModel], obj: Mapping[str, object]) -> bool:
    """Whether the fields that select a member of a union do not speak against `model`."""
    for name, field in fields_of(model).items():
        value = obj.get(field.alias or name)
        if get_origin(field.annotation) is Literal and value not in get_args(field.annotation):
            return False
        if any(isinstance(note, NoneOf) and value in note.values for note in field.metadata):
            return False
    return True


def log_deviations(
    model: type[BaseModel], obj: Mapping[str, object], error: ValidationError
) -> None:
    """Log what deviates, each field and type once per process, without values."""
    for path, text in defects(error, obj, model):
        _log(model, _documented(model, path), re.sub(r", got \d+$", "", text))


def _log(model: type[BaseModel], field: str, text: str) -> None:
    entry = (model.__name__, field, text)
    if entry not in _logged:
        _logged.add(entry)
        _logger.warning("answer deviates from %s: %s: %s", *entry)


def _documented(model: type[BaseModel], path: Path) -> str:
    """Return `path` as the spec has it: `Items[].Name`; a key of the app's own is data and shows as `*`."""
    text = ""
    classes = {model}
    for step in path:
        if isinstance(step, int):
            text += "[]"
            continue
        fields = [
            field
            for cls in classes
            for name, field in fields_of(cls).items()
            if (field.alias or name) == step
        ]
        text += f".{step if fields else '*'}"
        if fields:
            classes = {cls for field in fields for cls in model_classes(field.annotation)}
    return text.removeprefix(".") or "*"


def parsed(text: str | bytes | bytearray, model: type[BaseModel]) -> object:
    """Return the JSON value `text`, which is for `model`; None when it is no JSON.

    Bytes that are no text become U+FFFD, and an integer with more digits than Python reads stays
    as text; both are logged as deviations.
    """
    deviations: list[str] = []
    plain = text if isinstance(text, str) else _decoded(text, deviations)

    def integer(digits: str) -> int | str:
        try:
            return int(digits)
        except ValueError:
            deviations.append("an integer has too many digits")
            return digits

    try:
        value: object = json.loads(plain, parse_int=integer)
    except (ValueError, RecursionError):
        return None
    for deviation in deviations:
        _log(model, "*", deviation)
    return value


def _decoded(data: bytes | bytearray, deviations: list[str]) -> str:
    encoding = json.detect_encoding(data)
    try:
        return data.decode(encoding, "surrogatepass")
    except UnicodeDecodeError:
        deviations.append(f"expected {encoding.upper()}, got other bytes")
        return data.decode(encoding, "replace")
