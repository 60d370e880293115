"""Base class of objects that are a fixed type name and its content."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args, get_origin

from .._bodies.fields import fields_of, model_classes, names_on_the_wire
from .._bodies.rules import is_required
from ..exceptions import RequestError
from ._base import Model


class Element(Model):
    """An element of a message, which can be made of its content: `TextElem("hi")`.

    Takes the fields of its content, those that are required also by position, or its own fields.
    Raises TypeError for names that the content lacks or that are given twice, else as Model does.
    """

    if not TYPE_CHECKING:

        def __init__(self, *args, **fields):
            if fields.keys() & _own_names(type(self)):
                super().__init__(*args, **fields)
                return
            parts = _parts(type(self))
            name = type(self).__name__
            if len(args) > len(parts.required):
                allowed = ", ".join(parts.required) or "nothing"
                raise TypeError(f"{name} takes {allowed} by position, got {len(args)} values")
            given = dict(zip(parts.required, args, strict=False))
            for field, value in fields.items():
                attribute = parts.attributes.get(field)
                if attribute is None:
                    raise TypeError(f"{name} has no field {field}; it has {', '.join(parts.names)}")
                if attribute in given:
                    raise TypeError(f"{name} got {attribute} twice")
                given[attribute] = value
            problems = ()
            try:
                content = parts.content(**given)
            except RequestError as error:
                problems = error.problems
            if problems:
                raise RequestError(problems, model=name)
            super().__init__(**parts.constant, **{parts.content_field: content})

        # Validation makes elements without it, as it does other models.
        __init__.__pydantic_base_init__ = True


class _Parts(NamedTuple):
    constant: dict[str, object]
    """The field with the type's name, and the name."""
    content_field: str
    content: type[Model]
    names: tuple[str, ...]
    """Attributes of the content."""
    required: tuple[str, ...]
    attributes: dict[str, str]
    """Attributes of the content, by themselves and by their names on the wire."""


def content_of(model: type[Element]) -> type[Model]:
    """Return the class of the content of elements."""
    return _parts(model).content


@cache
def _own_names(model: type[Element]) -> frozenset[str]:
    names = names_on_the_wire(model)
    return frozenset(names) | frozenset(names.values())


@cache
def _parts(model: type[Element]) -> _Parts:
    constant: dict[str, object] = {}
    content_field, content = "", Model
    for name, field in fields_of(model).items():
        annotation: Any = field.annotation
        if get_origin(annotation) is Literal:
            constant[name] = get_args(annotation)[0]
        else:
            content_field = name
            content = next(cls for cls in model_classes(annotation) if issubclass(cls, Model))
    fields = fields_of(content)
    return _Parts(
        constant,
        content_field,
        content,
        tuple(fields),
        tuple(name for name, field in fields.items() if is_required(field)),
        {key: name for name, field in fields.items() for key in (name, field.alias or name)},
    )
