"""What validation lets through, and requests may not have."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Set
from functools import cache
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel, ValidationError

from .._support.loading import unforked
from ..models._constraints import NoneOf
from .fields import fields_of, names_on_the_wire, no_model, wire_names
from .rules import FieldRules, checked_rules, is_required, takes_null
from .wire import Writer, encode

if TYPE_CHECKING:
    from ..models._keys import Keys
    from .reading import Path

_MOST_VALUES = 20


def in_instance(
    instance: BaseModel,
    *,
    unknown_fields: bool,
    unknown_members: bool = False,
    except_for: Set[Path] = frozenset(),
) -> Iterator[tuple[Path, str]]:
    """Yield what validation lets through, and requests may not have.

    Null for optional fields, and unknown fields of shared models, which are no problem with
    `unknown_fields`; what is missing or not among the values of a set in models that answers have
    too; members of unions that the spec lacks, unless `unknown_members`. What is inside of
    `except_for` is not looked at.
    """
    found = _Checks(unknown_fields, unknown_members, except_for).of_value(instance, ())
    if not except_for:
        return found
    with unforked():
        from .places import is_inside

    return (problem for problem in found if not is_inside(problem[0], except_for))


class _Checks:
    """Goes through a value and yields what is wrong with it, and with what is in it."""

    def __init__(self, unknown_fields: bool, unknown_members: bool, except_for: Set[Path]) -> None:
        self._unknown_fields = unknown_fields
        self._unknown_members = unknown_members
        self._except_for = except_for

    def of_value(self, value: object, path: Path) -> Iterator[tuple[Path, str]]:
        if self._except_for and path in self._except_for:
            return
        # Models last: asking whether something is one costs more than all the rest.
        if isinstance(value, list):
            for index, item in enumerate(cast(list[object], value)):
                yield from self.of_value(item, (*path, index))
        elif isinstance(value, dict):
            for key, item in cast(dict[str, object], value).items():
                yield from self.of_value(item, (*path, key))
        elif not isinstance(value, str | int | float | None) and isinstance(value, BaseModel):
            yield from self._of_object(value, path)

    def _of_object(self, value: BaseModel, path: Path) -> Iterator[tuple[Path, str]]:
        model = type(value)
        # The properties for both take as long as all that follows.
        given = value.__pydantic_fields_set__
        extra = value.__pydantic_extra__ or {}
        names = names_on_the_wire(model)
        for rules in checked_rules(model):
            # pydantic marks the attribute `type` as set for an unknown field `type` too.
            child = None if rules.attribute not in given else value.__dict__[rules.attribute]
            inner = (*path, rules.name)
            if child is not None or (rules.null and rules.attribute in given):
                if rules.sets or rules.max_bytes or rules.max_contains:
                    yield from _broken(rules, child, inner)
                if rules.others and not self._unknown_members:
                    yield inner, _not_in_set(child, rules.others, ())
            elif rules.required:
                with unforked():
                    from .problems import missing

                yield inner, missing(rules.name, extra)
        dynamic = _keys(model)
        for name, keys in dynamic.items():
            inner = (*path, names[name]) if name else path
            yield from self._by_key(keys, value.__dict__[name] if name else extra, inner)
        for name, child in value.__dict__.items():
            if name not in given or isinstance(child, str | int | float):
                continue
            inner = (*path, names[name])
            # pydantic marks the attribute `type` as set for an unknown field `type` too.
            if child is None and name not in extra:
                field = fields_of(model)[name]
                if not is_required(field) and not takes_null(field):
                    yield inner, "null is not allowed; leave the field out"
            elif name not in dynamic:
                yield from self.of_value(child, inner)
        if extra and not self._unknown_fields and "" not in dynamic and not _takes_any_field(model):
            with unforked():
                from .problems import unknown_field

            for name in extra:
                yield (*path, name), unknown_field(name, wire_names(model))

    def _by_key(self, keys: Keys, holder: object, path: Path) -> Iterator[tuple[Path, str]]:
        """Yield what is wrong with the values of an object, or of the objects in a list, whose keys are the app's own."""
        if isinstance(holder, list):
            for number, item in enumerate(cast(list[object], holder)):
                yield from self._by_key(keys, item, (*path, number))
        elif isinstance(holder, dict):
            for key, item in cast(dict[str, object], holder).items():
                plain = Writer(nulls=True).write(item)
                for adapter, sets, prefixes in keys.of(key):
                    inner = (*path, key)
                    try:
                        with unforked():
                            made = adapter.validate_python(
                                plain,
                                strict=True,
                                by_alias=True,
                                by_name=False,
                                extra="allow" if self._unknown_fields else None,
                            )
                    except ValidationError as error:
                        with unforked():
                            from .problems import defects

                        found = defects(error, plain, no_model())
                        yield from ((inner + place, text) for place, text in found)
                    else:
                        yield from _outside(sets, prefixes, made, inner)
                        yield from self.of_value(made, inner)


def _broken(rules: FieldRules, value: object, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield what is wrong with the value of a field beside its type."""
    if rules.sets:
        yield from _outside(rules.sets, rules.prefixes, value, path)
    if rules.max_bytes is not None and not isinstance(value, str):
        size = len(encode(Writer(nulls=True).write(value)))
        if size > rules.max_bytes:
            yield path, f"at most {rules.max_bytes} bytes of JSON, got {size}"
    if rules.max_contains is not None and isinstance(value, list):
        name, constant, most = rules.max_contains
        count = sum(_field(item, name) == constant for item in cast(list[object], value))
        if count > most:
            yield path, f'at most {most} with {name} "{constant}", got {count}'


def _field(item: object, name: str) -> object:
    if isinstance(item, BaseModel):
        names = names_on_the_wire(type(item)).items()
        return next((item.__dict__[attribute] for attribute, wire in names if wire == name), None)
    return cast(dict[str, object], item).get(name) if isinstance(item, dict) else None


def _outside(
    sets: Mapping[type, tuple[object, ...]], prefixes: tuple[str, ...], value: object, path: Path
) -> Iterator[tuple[Path, str]]:
    """Yield the scalars in `value` that are not in the set of their type."""
    if isinstance(value, list):
        for number, item in enumerate(cast(list[object], value)):
            yield from _outside(sets, prefixes, item, (*path, number))
    elif isinstance(value, dict):
        for key, item in cast(dict[str, object], value).items():
            yield from _outside(sets, prefixes, item, (*path, key))
    else:
        values = sets.get(type(value))
        begins = isinstance(value, str) and value.startswith(prefixes)
        if values is not None and value not in values and not begins:
            yield path, _not_in_set(value, values, prefixes)


def _not_in_set(value: object, values: tuple[object, ...], prefixes: tuple[str, ...]) -> str:
    shown = [json.dumps(one, ensure_ascii=False) for one in values[:_MOST_VALUES]]
    shown += ["…"] if len(values) > _MOST_VALUES else []
    shown += [f'"{prefix}…"' for prefix in prefixes]
    listed = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
    text = f"must be {listed}"
    if isinstance(value, str):
        with unforked():
            from .problems import similar

        known = {str(one).casefold(): one for one in values}
        close = similar(value.casefold(), known)
        if close is not None:
            text += f"; did you mean {json.dumps(known[close], ensure_ascii=False)}?"
    return text


@cache
def _keys(model: type[BaseModel]) -> Mapping[str, Keys]:
    """Return what is known of keys of the app's own: in the object itself, and in its fields by attribute."""
    return getattr(model, "__keys__", {})


@cache
def _takes_any_field(model: type[BaseModel]) -> bool:
    """Whether `model` stands for the members of a union that the spec does not know."""
    return any(
        isinstance(note, NoneOf) for field in fields_of(model).values() for note in field.metadata
    )
