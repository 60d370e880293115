"""What `inspect.signature` shows of the models' constructors."""

from __future__ import annotations

from inspect import Parameter, Signature, signature
from typing import Any

from pydantic import BaseModel

from .._bodies.fields import fields_of
from .._bodies.rules import is_required
from .._support.loading import unforked


class ConstructorSignature:
    """The signature of a class with the names in Python, where pydantic shows those on the wire.

    Asking for it completes the class.
    """

    def __get__(self, instance: object, owner: type[BaseModel]) -> Signature:
        if instance is not None:
            raise AttributeError("__signature__")
        own: Any = owner.__init__
        if not getattr(own, "__pydantic_base_init__", False):
            # An app's class with a constructor of its own.
            _, *parameters = signature(own).parameters.values()
            return Signature(parameters, return_annotation=None)
        with unforked():
            from .._bodies.elements import content_of, is_element

        if is_element(owner):
            return _of_fields(content_of(owner), Parameter.POSITIONAL_OR_KEYWORD)
        return _of_fields(owner, Parameter.KEYWORD_ONLY)


def _of_fields(model: type[BaseModel], kind: Any) -> Signature:
    """Return a signature of the fields of `model`; `kind` is that of those which are required."""
    needed: list[Parameter] = []
    others: list[Parameter] = []
    for name, field in fields_of(model).items():
        if is_required(field):
            needed.append(Parameter(name, kind, annotation=field.annotation))
        else:
            default = field.get_default()
            others.append(
                Parameter(
                    name, Parameter.KEYWORD_ONLY, default=default, annotation=field.annotation
                )
            )
    return Signature([*needed, *others], return_annotation=None)
