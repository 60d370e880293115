"""What pydantic finds wrong, as paths and sentences for people, without any value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .._support.loading import unforked
from ..exceptions import Problem
from .fields import kind, wire_names
from .places import Walk, attributes, is_inside, join
from .reading import Path

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
# The choice among models by a field's value failed; what the other models of the union say is clearer.
_UNION_ERRORS = frozenset({"union_tag_invalid", "union_tag_not_found", "modelled_value"})


def defects(error: ValidationError, body: object, model: type[BaseModel]) -> list[tuple[Path, str]]:
    """Return the paths and texts of what `error` says about `body`."""
    by_path: dict[Path, list[ErrorDetails]] = {}
    with unforked():
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
            found.append((path, missing(name, beside)))
        else:
            deeper = path in around_others
            found += [(path, text) for text in _sentences(items, path, deeper, body, model)]
    return found or [((), "does not fit")]


def _sentences(
    items: list[ErrorDetails], path: Path, deeper: bool, body: object, model: type[BaseModel]
) -> Iterable[str]:
    """Return the texts for the errors of the field at `path`.

    Several branches of a union report several errors; those that only say "not my type" count
    when no branch took the value.
    """
    texts: dict[str, None] = {}
    value = _at(body, path)
    for item in items:
        if item["type"] == "extra_forbidden":
            texts[unknown_field(str(item["loc"][-1]), _known_names(item, body, model))] = None
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
    close = plain.get(_plain(name)) or similar(name, names)
    return f'unknown field; did you mean "{close}"?' if close else "unknown field"


def similar(name: str, known: Iterable[str]) -> str | None:
    """Return the one of the `known` names that is most similar to `name`, None when none is."""
    with unforked():
        from difflib import get_close_matches

    return next(iter(get_close_matches(name, list(known), n=1)), None)


def missing(name: str, beside: Iterable[str]) -> str:
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
    return [Problem(join(path), text, join(attributes(model, path))) for path, text in problems]


def _steps(item: ErrorDetails, body: object) -> Iterator[tuple[str | int, bool]]:
    """Yield the error's location, and which of its steps lead on in `body`; others are pydantic's names for branches."""
    value = body
    for step in item["loc"]:
        leads_on = (isinstance(value, dict) and step in value) or (
            isinstance(value, list)
            and isinstance(step, int)
            and step < len(cast(list[object], value))
        )
        if leads_on:
            value = cast(dict[object, object], value)[step]
        yield step, leads_on


def _wire_path(item: ErrorDetails, body: object) -> Path:
    """Return the error's location without pydantic's names for the branches of unions."""
    path = [step for step, leads_on in _steps(item, body) if leads_on]
    if item["type"] == "missing":
        path.append(item["loc"][-1])
    return tuple(path)


def _known_names(item: ErrorDetails, body: object, model: type[BaseModel]) -> list[str]:
    """Return the names of the fields that may stand beside an unknown one."""
    walk = Walk(model)
    *around, _ = _steps(item, body)
    for step, leads_on in around:
        if leads_on:
            walk.into(step)
        else:
            walk.choose(str(step))
    return [name for cls in walk.classes for name in wire_names(cls)]


def _at(body: object, path: Iterable[str | int]) -> object:
    value: Any = body
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
