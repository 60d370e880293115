"""What pydantic finds wrong, as paths and sentences for people, without any value."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from difflib import get_close_matches
from functools import cache
from typing import Any, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ..exceptions import Problem
from ..models._constraints import NoneOf
from ..models._keys import Keys
from .fields import fields_of, kind, model_classes, names_on_the_wire, wire_names
from .reading import Path
from .rules import FieldRules, checked_rules, is_required, takes_null
from .wire import Writer, encode

_EXPECTED = {
    "string_type": "a string",
    "string_unicode": "a string",
    "int_type": "an integer",
    "int_from_float": "an integer",
    "float_type": "a number",
    "bool_type": "a boolean",
    "list_type": "an array",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "none_required": "null",
}

Texts = Mapping[str, Callable[[Mapping[str, Any]], str]]
_TEXTS: Texts = {
    "max_bytes": lambda c: f"at most {c['limit']} bytes of UTF-8, got {c['size']}",
    "string_too_long": lambda c: f"at most {_count(c['max_length'], 'character')}",
    "string_too_short": lambda c: f"at least {_count(c['min_length'], 'character')}",
    "too_long": lambda c: f"at most {_count(c['max_length'], 'item')}, got {c['actual_length']}",
    "too_short": lambda c: f"at least {_count(c['min_length'], 'item')}, got {c['actual_length']}",
    "greater_than_equal": lambda c: f"at least {c['ge']}",
    "less_than_equal": lambda c: f"at most {c['le']}",
    "string_pattern_mismatch": lambda c: f"must match the pattern {c['pattern']}",
    "string_pattern_mismatch_key": lambda c: f"must match the pattern {c['pattern']}",
    "literal_error": lambda c: "must be " + c["expected"].replace("'", '"'),
}
_MOST_VALUES = 20
# The choice among models by a field's value failed; what the other models of the union say is clearer.
_UNION_ERRORS = frozenset({"union_tag_invalid", "union_tag_not_found", "modelled_value"})


def defects(error: ValidationError, body: object, model: type[BaseModel]) -> list[tuple[Path, str]]:
    """Return the paths and texts of what `error` says about `body`."""
    by_path: dict[Path, list[ErrorDetails]] = {}
    details = error.errors(include_url=False, include_input=False)
    modelled = {item["loc"][:-1] for item in details if item["type"] == "modelled_value"}
    for item in details:
        # For a modelled value, the branch of the values that are not modelled has nothing to say.
        if not is_inside(item["loc"], modelled):
            by_path.setdefault(_wire_path(item, body), []).append(item)
    around_others = {path[:length] for path in by_path for length in range(len(path))}
    found: list[tuple[Path, str]] = []
    for path, items in by_path.items():
        if items[0]["type"] == "missing":
            around, name = path[:-1], str(path[-1])
            beside = [
                other for other in _names(_at(body, around)) if (*around, other) not in by_path
            ]
            found.append((path, _missing(name, beside)))
        else:
            deeper = path in around_others
            found += [(path, text) for text in _sentences(items, _at(body, path), deeper, model)]
    return found or [((), "does not fit")]


def _sentences(
    items: list[ErrorDetails], value: object, deeper: bool, model: type[BaseModel]
) -> Iterable[str]:
    """Return the texts for the errors of one field.

    Several branches of a union report several errors; those that only say "not my type" count
    when no branch took the value.
    """
    texts: dict[str, None] = {}
    for item in items:
        if item["type"] == "extra_forbidden":
            texts[unknown_field(str(item["loc"][-1]), _wire_names(model, item["loc"][:-1]))] = None
        elif (
            item["type"] not in _EXPECTED
            and item["type"] not in _UNION_ERRORS
            and item["type"] != "literal_error"
        ):
            # Of a text with several limits, pydantic says the same as of a list.
            length = f"string_{item['type']}" if isinstance(value, str) else ""
            text = _TEXTS.get(length) or _TEXTS.get(item["type"])
            texts[text(item.get("ctx", {})) if text else item["msg"]] = None
    if texts or deeper:
        return texts
    expected = dict.fromkeys(_EXPECTED[item["type"]] for item in items if item["type"] in _EXPECTED)
    if expected:
        return [f"expected {' or '.join(expected)}, got {kind(value)}"]
    literals = [
        _TEXTS["literal_error"](item["ctx"])
        for item in items
        if item["type"] == "literal_error" and "ctx" in item
    ]
    return dict.fromkeys(literals) or ["has a value that none of the possible types takes"]


def unknown_field(name: str, known: Iterable[str]) -> str:
    """Return the text for a field that is not `known`, with the most similar one."""
    names = list(known)
    plain = {_plain(other): other for other in names}
    close = plain.get(_plain(name)) or next(iter(get_close_matches(name, names, n=1)), None)
    return f'unknown field; did you mean "{close}"?' if close else "unknown field"


def _missing(name: str, beside: Iterable[str]) -> str:
    """Return the text for a required field, with the one of those `beside` its place that may be meant for it."""
    alike = next((other for other in beside if _plain(other) == _plain(name)), None)
    return f'is required; did you write it "{alike}"?' if alike else "is required"


def _names(value: object) -> list[str]:
    return list(cast(dict[str, object], value)) if isinstance(value, dict) else []


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _plain(name: str) -> str:
    return name.replace("_", "").casefold()


def named(problems: Iterable[tuple[Path, str]], model: type[BaseModel] | None) -> list[Problem]:
    """Return the problems of a body that is for `model`, with both names of each field."""
    return [Problem(join(path), text, join(_attributes(model, path))) for path, text in problems]


def _attributes(model: type[BaseModel] | None, path: Path) -> Iterator[str | int]:
    """Yield the steps of `path` with the attributes of models in place of the names on the wire."""
    classes: set[type[BaseModel]] = set() if model is None else {model}
    for step in path:
        found = [
            (name, field)
            for cls in classes
            for name, field in fields_of(cls).items()
            if (field.alias or name) == step
        ]
        yield found[0][0] if found else step
        if not isinstance(step, int):
            classes = {cls for _, field in found for cls in model_classes(field.annotation)}


def is_inside(path: Path, places: Set[Path]) -> bool:
    """Whether `path` is one of `places` or somewhere in it."""
    return bool(places) and any(path[:length] in places for length in range(len(path) + 1))


def join(path: Iterable[str | int]) -> str:
    """Return `("MemberList", 0, "Role")` as `MemberList[0].Role`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _wire_path(item: ErrorDetails, body: object) -> Path:
    """Return the error's location without pydantic's names for the branches of unions."""
    path: list[str | int] = []
    value = body
    for step in item["loc"]:
        if isinstance(value, dict) and step in value:
            value = cast(dict[object, object], value)[step]
            path.append(step)
        elif (
            isinstance(value, list)
            and isinstance(step, int)
            and step < len(cast(list[object], value))
        ):
            value = cast(list[object], value)[step]
            path.append(step)
    if item["type"] == "missing":
        path.append(item["loc"][-1])
    return tuple(path)


def _at(body: object, path: Iterable[str | int]) -> object:
    value: Any = body
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _wire_names(model: type[BaseModel], location: Path) -> list[str]:
    """Return the names of the fields of the models that `location` can mean."""
    classes = {model}
    for step in location:
        fields = [
            field for cls in classes for field in fields_of(cls).values() if field.alias == step
        ]
        if fields:
            classes = {cls for field in fields for cls in model_classes(field.annotation)}
        elif named := {cls for cls in classes if cls.__name__ == step}:
            classes = named
    return [name for cls in classes for name in wire_names(cls)]


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
    found = _inside(instance, (), unknown_fields, unknown_members, except_for)
    if not except_for:
        return found
    return (problem for problem in found if not is_inside(problem[0], except_for))


def _inside(
    value: object,
    path: Path,
    unknown_fields: bool,
    unknown_members: bool,
    except_for: Set[Path],
) -> Iterator[tuple[Path, str]]:
    if except_for and path in except_for:
        return
    # Models last: asking whether something is one costs more than all the rest.
    if isinstance(value, list):
        for index, item in enumerate(cast(list[object], value)):
            yield from _inside(item, (*path, index), unknown_fields, unknown_members, except_for)
    elif isinstance(value, dict):
        for key, item in cast(dict[str, object], value).items():
            yield from _inside(item, (*path, key), unknown_fields, unknown_members, except_for)
    elif not isinstance(value, str | int | float | None) and isinstance(value, BaseModel):
        model = type(value)
        given = value.model_fields_set
        extra = value.model_extra or {}
        for rules in checked_rules(model):
            # pydantic marks the attribute `type` as set for an unknown field `type` too.
            child = None if rules.attribute not in given else value.__dict__[rules.attribute]
            inner = (*path, rules.name)
            if child is not None or (rules.null and rules.attribute in given):
                yield from _broken(rules, child, inner)
                if rules.others and not unknown_members:
                    yield inner, _not_in_set(child, rules.others, ())
            elif rules.required:
                yield inner, _missing(rules.name, extra)
        dynamic = _keys(model)
        for name, keys in dynamic.items():
            inner = (*path, fields_of(model)[name].alias or name) if name else path
            holder = value.__dict__[name] if name else extra
            yield from _by_key(keys, holder, inner, unknown_fields, unknown_members, except_for)
        for name, child in value.__dict__.items():
            if name not in given or isinstance(child, str | int | float):
                continue
            field = fields_of(model)[name]
            inner = (*path, field.alias or name)
            # pydantic marks the attribute `type` as set for an unknown field `type` too.
            if child is None and name not in extra:
                if not is_required(field) and not takes_null(field):
                    yield inner, "null is not allowed; leave the field out"
            elif name not in dynamic:
                yield from _inside(child, inner, unknown_fields, unknown_members, except_for)
        if extra and not unknown_fields and "" not in dynamic and not _takes_any_field(model):
            for name in extra:
                yield (*path, name), unknown_field(name, wire_names(model))


class _Unnamed(BaseModel):
    """Stands for values that are no object's."""


def _by_key(
    keys: Keys,
    holder: object,
    path: Path,
    unknown_fields: bool,
    unknown_members: bool,
    except_for: Set[Path],
) -> Iterator[tuple[Path, str]]:
    """Yield what is wrong with the values of an object, or of the objects in a list, whose keys are the app's own."""
    if isinstance(holder, list):
        for number, item in enumerate(cast(list[object], holder)):
            yield from _by_key(
                keys, item, (*path, number), unknown_fields, unknown_members, except_for
            )
    elif isinstance(holder, dict):
        for key, item in cast(dict[str, object], holder).items():
            plain = Writer(nulls=True).write(item)
            for adapter, sets, prefixes in keys.of(key):
                inner = (*path, key)
                try:
                    made = adapter.validate_python(
                        plain,
                        strict=True,
                        by_alias=True,
                        by_name=False,
                        extra="allow" if unknown_fields else None,
                    )
                except ValidationError as error:
                    found = defects(error, plain, _Unnamed)
                    yield from ((inner + place, text) for place, text in found)
                else:
                    yield from _outside(sets, prefixes, made, inner)
                    yield from _inside(made, inner, unknown_fields, unknown_members, except_for)


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
        known = {str(one).casefold(): one for one in values}
        close = get_close_matches(value.casefold(), known, n=1)
        if close:
            text += f"; did you mean {json.dumps(known[close[0]], ensure_ascii=False)}?"
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
