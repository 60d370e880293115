"""Base class of objects that are a fixed type name and its content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._bodies.elements import own_names, parts_of
from ..exceptions import RequestError
from ._base import Model


class Element(Model):
    """An element of a message, which can be made of its content: `TextElem("hi")`.

    Takes the fields of its content, those that are required also by position, or its own fields.
    Raises TypeError for names that the content lacks or that are given twice, else as Model does.
    """

    if not TYPE_CHECKING:
        # For what cannot ask by this class; see `is_element`.
        __element__ = True

        def __init__(self, *args, **fields):
            if fields.keys() & own_names(type(self)):
                super().__init__(*args, **fields)
                return
            parts = parts_of(type(self))
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
