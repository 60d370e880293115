"""What requests ask of the fields of models beside their types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from typing_extensions import TypeAliasType

from ..models._constraints import NoneOf, Values, YesOrNo
from .fields import fields_of, marks_of, names_on_the_wire


class FieldRules(NamedTuple):
    """What requests ask of a field."""

    attribute: str
    name: str
    """On the wire."""
    required: bool
    sets: Mapping[type, tuple[object, ...]]
    """All values there are, by their type, also of those inside of lists and mappings."""
    others: tuple[str, ...]
    """Of the field that selects a member of a union, in the member for all that the spec lacks: the known values."""
    prefixes: tuple[str, ...]
    """Beginnings of other texts that are in the set."""
    max_bytes: int | None
    """Of a list or an object, as JSON."""
    max_contains: tuple[str, object, int] | None
    """Field and value of objects in a list, and how many there may be of them."""
    instant: str | None
    span: str | None
    flag: bool
    null: bool

    @property
    def is_checked(self) -> bool:
        """Whether there is something to check that pydantic does not."""
        return bool(
            self.required or self.sets or self.others or self.max_bytes or self.max_contains
        )


@cache
def rules_of(model: type[BaseModel]) -> Mapping[str, FieldRules]:
    """Return the rules of the fields of `model`, by their names on the wire."""
    names = names_on_the_wire(model)
    found = (_rules(name, names[name], field) for name, field in fields_of(model).items())
    return {rules.name: rules for rules in found}


@cache
def checked_rules(model: type[BaseModel]) -> tuple[FieldRules, ...]:
    """Return the rules of `model` that ask for more than pydantic checks."""
    return tuple(rules for rules in rules_of(model).values() if rules.is_checked)


def with_numbers(model: type[BaseModel], fields: Mapping[str, object]) -> dict[str, object]:
    """Return `fields`, by attribute or by name on the wire, with the numbers as which flags travel."""
    names = names_on_the_wire(model)
    rules = rules_of(model)
    return {
        name: int(value)
        if isinstance(value, bool) and (rule := rules.get(names.get(name, name))) and rule.flag
        else value
        for name, value in fields.items()
    }


def is_required(field: FieldInfo) -> bool:
    """Whether a request needs `field`; an answer may lack it all the same."""
    return field.is_required() or bool(marks_of(field).get("x-required"))


def takes_null(field: FieldInfo) -> bool:
    """Whether null is a value that `field` may have on the wire."""
    return bool(marks_of(field).get("x-null"))


def sets_of(annotation: Any) -> dict[type, tuple[object, ...]]:
    """Return the values that a type lists, by their type."""
    sets: dict[type, tuple[object, ...]] = {}
    for note in _notes(annotation):
        if isinstance(note, Values):
            for value in note.values:
                sets[type(value)] = (*sets.get(type(value), ()), value)
    return sets


def _rules(attribute: str, name: str, field: FieldInfo) -> FieldRules:
    marks = marks_of(field)
    others: tuple[str, ...] = ()
    flag = False
    for note in (*field.metadata, *_notes(field.annotation)):
        if isinstance(note, NoneOf):
            others = note.values
        flag = flag or isinstance(note, YesOrNo)
    contains = marks.get("x-max-contains")
    return FieldRules(
        attribute,
        name,
        is_required(field),
        # Pydantic sees to a constant.
        {}
        if "x-open" in marks or get_origin(field.annotation) is Literal
        else sets_of(field.annotation),
        () if "x-open" in marks else others,
        tuple(marks.get("x-prefixes", ())),
        marks.get("x-max-bytes"),
        cast("tuple[str, object, int] | None", contains and tuple(contains)),
        marks.get("x-time"),
        marks.get("x-unit"),
        flag,
        takes_null(field),
    )


def _notes(annotation: Any) -> Iterator[object]:
    """Yield what is said of the scalars in a type, also of those inside of lists and mappings."""
    origin = get_origin(annotation)
    if isinstance(annotation, TypeAliasType):
        yield from _notes(annotation.__value__)
    elif origin is Annotated:
        inner, *notes = get_args(annotation)
        yield from notes
        yield from _notes(inner)
    elif origin is Literal:
        yield Values(get_args(annotation))
    elif origin in (Union, UnionType, list):
        for member in get_args(annotation):
            yield from _notes(member)
    elif origin is dict:
        yield from _notes(get_args(annotation)[1])
