"""Elements: objects that are a fixed type name and its content."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel

from .fields import fields_of, former_names, model_classes, names_on_the_wire, no_model
from .rules import is_required


def is_element(model: type[BaseModel]) -> bool:
    """Whether objects of `model` are elements, as their class says."""
    return getattr(model, "__element__", False)


class Parts(NamedTuple):
    """What elements of a class consist of."""

    constant: dict[str, object]
    """The field with the type's name, and the name."""
    content_field: str
    content: type[BaseModel]
    names: tuple[str, ...]
    """Attributes of the content."""
    required: tuple[str, ...]
    attributes: dict[str, str]
    """Attributes of the content, by themselves and by their names on the wire; their former names, by themselves."""


@cache
def own_names(model: type[BaseModel]) -> frozenset[str]:
    """Return the names of the fields of the elements themselves, in Python, also former ones, and on the wire."""
    names = names_on_the_wire(model)
    return frozenset(names) | frozenset(names.values()) | frozenset(former_names(model))


@cache
def parts_of(model: type[BaseModel]) -> Parts:
    """Return what elements of `model` consist of."""
    constant: dict[str, object] = {}
    content: type[BaseModel] | None = None
    content_field = ""
    for name, field in fields_of(model).items():
        annotation: Any = field.annotation
        if get_origin(annotation) is Literal:
            constant[name] = get_args(annotation)[0]
        else:
            content_field = name
            content = next(iter(model_classes(annotation)))
    # The base class of all elements has none.
    content = content or no_model()
    fields = fields_of(content)
    names = names_on_the_wire(content)
    return Parts(
        constant,
        content_field,
        content,
        tuple(fields),
        tuple(name for name, field in fields.items() if is_required(field)),
        {
            **{key: name for name in fields for key in (name, names[name])},
            # The content warns of these.
            **{name: name for name in former_names(content)},
        },
    )


def content_of(model: type[BaseModel]) -> type[BaseModel]:
    """Return the class of the content of elements."""
    return parts_of(model).content
