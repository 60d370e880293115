"""A quick yes.

jsonschema says in detail what is wrong with a value, and takes a hundred times as long as jsonschema-rs to find that
nothing is. So jsonschema-rs is asked first. Its yes alone counts, and everything else is left to jsonschema, which a
run of a sound spec therefore does not even import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn, cast

import jsonschema_rs

from timgen.language.schema import Schema

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

Keyword = Callable[[Any, object, Schema], Iterator[str]]
"""What a keyword means: given its value, an instance and the schema around it, yields what is wrong."""
Accepts = Callable[[object], bool]
"""Says yes to values that are valid, and no to others, and to those that it does not understand."""


class Validator:
    """A validator with the part of jsonschema's interface that is needed."""

    def __init__(self, accepts: Accepts, thorough: Callable[[], Draft202012Validator]) -> None:
        self._accepts = accepts
        self._thorough = thorough

    def is_valid(self, value: object) -> bool:
        return self._accepts(value) or cast(Any, self._thorough()).is_valid(value)

    def iter_errors(self, value: object) -> Iterator[ValidationError]:
        """Yield what is wrong, in detail."""
        if not self._accepts(value):
            yield from self._thorough().iter_errors(cast(Any, value))  # pyright: ignore


def quick(schema: Any, keywords: Mapping[str, Keyword], others: Mapping[str, Any] | None = None) -> Accepts:
    """Return what accepts values that `schema` does, a JSON Schema 2020-12 in which `keywords` mean what they say.

    It may refer to the `others` by their names.
    """
    options: dict[str, Any] = {"keywords": {name: _judging(check) for name, check in keywords.items()}}
    try:
        if others:
            options["registry"] = registry(others)
        validator = jsonschema_rs.Draft202012Validator(schema, offline=True, **options)
    except Exception:  # it has many for schemas that it does not take
        return lambda _value: False

    def accepts(value: object) -> bool:
        try:
            return validator.is_valid(cast(Any, value))
        except (ValueError, TypeError, RecursionError):
            # What is no JSON: lone surrogates, dates.
            return False

    return accepts


def registry(schemas: Mapping[str, Any]) -> jsonschema_rs.Registry:
    """Return `schemas` for references by their names; raises ValueError where one leads to none of them."""
    return jsonschema_rs.Registry(list(schemas.items()), retriever=_nothing)


def _nothing(name: str) -> NoReturn:
    raise ValueError(f"there is no {name}")


@cache
def _judging(check: Keyword) -> type:
    """Return a keyword in the form that jsonschema-rs asks for."""

    class Judging:
        def __init__(self, schema: Schema, value: object, _path: object) -> None:
            self._schema = schema
            self._value = value

        def validate(self, instance: object) -> None:
            for problem in check(self._value, instance, self._schema):
                raise ValueError(problem)

    return Judging
