"""Looking into the types of model fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from typing_extensions import TypeAliasType

_KINDS: dict[type, str] = {
    type(None): "null",
    dict: "an object",
    list: "an array",
    str: "a string",
    bool: "a boolean",
    int: "an integer",
    float: "a number",
}


@cache
def no_model() -> type[BaseModel]:
    """Return what stands for a model where there is none. To make it takes as long as to load a module."""

    class Nothing(BaseModel, defer_build=True):
        pass

    return Nothing


def arms(annotation: Any) -> Iterator[Any]:
    """Yield the members of a union, aliases and annotations taken off; any other type alone."""
    origin = get_origin(annotation)
    if isinstance(annotation, TypeAliasType):
        yield from arms(annotation.__value__)
    elif origin is Annotated:
        yield from arms(get_args(annotation)[0])
    elif origin is Union or origin is UnionType:
        for member in get_args(annotation):
            yield from arms(member)
    else:
        yield annotation


def model_classes(annotation: Any) -> set[type[BaseModel]]:
    """Return the models in `annotation`, also those inside of lists and mappings."""
    found: set[type[BaseModel]] = set()
    for arm in arms(annotation):
        if isinstance(arm, type) and issubclass(arm, BaseModel):
            found.add(arm)
        elif get_origin(arm) in (list, dict):
            found |= model_classes(get_args(arm)[-1])
    return found


@cache
def fields_of(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """Return the fields of `model` by attribute, with all that their annotations say.

    Pydantic completes a model when it is validated by itself, but not as a part of another: fields
    that name a class below it then lack their alias.
    """
    if not model.__pydantic_complete__:
        model.model_rebuild()
    return model.model_fields


@cache
def names_on_the_wire(model: type[BaseModel]) -> Mapping[str, str]:
    """Return the names on the wire of the fields of `model` by attribute."""
    return {name: field.alias or name for name, field in fields_of(model).items()}


@cache
def former_names(model: type[BaseModel]) -> Mapping[str, tuple[str, str]]:
    """Return the names that attributes of `model` had before: the present one of each, and the version with it."""
    found: dict[str, tuple[str, str]] = {}
    for name, field in fields_of(model).items():
        aliases: Mapping[str, str] = marks_of(field).get("x-aliases", {})
        found.update({former: (name, since) for former, since in aliases.items()})
    return found


def marks_of(field: FieldInfo) -> Mapping[str, Any]:
    """Return what is said of a field beside its type."""
    marks = field.json_schema_extra
    return cast(dict[str, Any], marks) if isinstance(marks, dict) else {}


def wire_names(model: type[BaseModel]) -> list[str]:
    """Return the names on the wire of the fields of `model`."""
    return list(names_on_the_wire(model).values())


def kind(value: object) -> str:
    """Return the JSON type of `value` with its article."""
    return _KINDS.get(type(value), type(value).__name__)
