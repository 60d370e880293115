"""Objects of models, made of what their constructors are given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel, ValidationError

from .._support.deprecation import GIVEN_TWICE, warn
from .._support.loading import unforked
from ..exceptions import RequestError
from .checks import in_instance
from .fields import former_names, names_on_the_wire
from .lenient import build
from .problems import defects, named, unknown_field
from .wire import Wire, Writer

if TYPE_CHECKING:
    from .reading import Path

# Values that are JSON by themselves.
_PLAIN = frozenset({str, int, float})


def constructed(instance: BaseModel, given: Mapping[str, object], *, unknown_members: bool) -> None:
    """Make `instance` of what its constructor was `given`, by attribute or by name on the wire.

    With `unknown_members`, members of unions that the spec lacks pass. Raises RequestError for what does not fit, as for a mapping.
    """
    model = type(instance)
    names = names_on_the_wire(model)
    fields = {name: value for name, value in given.items() if value is not None}
    problems: list[tuple[Path, str]] = []
    former = former_names(model)
    if former and not former.keys().isdisjoint(given):
        problems = _with_present_names(fields, given, model)
    body: Wire = {names.get(name, name): value for name, value in fields.items()}
    if len(body) < len(fields):
        problems += [
            ((wire_name,), GIVEN_TWICE)
            for name, wire_name in names.items()
            if name != wire_name and name in fields and wire_name in fields
        ]
    # Objects were checked when they were made, or received: then they may be as they are.
    known: set[Path] = {(name,) for name, value in body.items() if isinstance(value, BaseModel)}
    if any(type(value) not in _PLAIN for name, value in body.items() if (name,) not in known):
        writer = Writer(for_object=True)
        body = cast(Wire, writer.write(body))
        writer.settle(body, model)
        problems += [(finding.path, finding.text) for finding in writer.found]
        known.update(writer.models)
    if not problems:
        try:
            with unforked():
                made = model.__pydantic_validator__.validate_python(
                    body, self_instance=instance, by_alias=True, by_name=False
                )
        except ValidationError as error:
            problems = defects(error, body, model)
            known.update(path for path, _ in problems)
            made = build(model, body)
        problems += in_instance(
            made, unknown_fields=False, unknown_members=unknown_members, except_for=known
        )
    # Raised outside of the `except`: pydantic's error holds the values.
    if problems:
        strangers: dict[Path, str] = {
            (name,): unknown_field(name, names)
            for name in fields
            if name not in names and name not in names.values()
        }
        problems = [(path, strangers.get(path, text)) for path, text in problems]
        raise RequestError(named(problems, model), model=model.__name__)


def _with_present_names(
    fields: dict[str, object], given: Mapping[str, object], model: type[BaseModel]
) -> list[tuple[Path, str]]:
    """Give `fields` their present names, with a warning for each former one that was `given`; return what is there twice."""
    names = names_on_the_wire(model)
    problems: list[tuple[Path, str]] = []
    for old, (name, since) in former_names(model).items():
        if old in given:
            warn(f"Deprecated since {since}: use {name} in place of {old}")
        if old in fields:
            value = fields.pop(old)
            if name in fields or names[name] in fields:
                problems.append(((names[name],), GIVEN_TWICE))
            else:
                fields[name] = value
    return problems
