"""Places in bodies: what stands there by the models, and how a path is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from functools import cache
from typing import Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel

from .fields import arms, fields_of
from .reading import Path
from .rules import FieldRules, rules_of


class Walk:
    """Goes along a path, from a model on, through what the types of fields allow."""

    def __init__(self, model: type[BaseModel] | None) -> None:
        self.classes: tuple[type[BaseModel], ...] = () if model is None else (model,)
        """Models of the object that the path has led to, or of those in the list there."""
        self.rules: list[FieldRules] = []
        """Those of the fields that the value there can be of, or be inside of."""
        self._maps: tuple[Any, ...] = ()

    def into(self, step: str | int) -> list[FieldRules]:
        """Go one step on; return the rules of the fields that it names.

        A place in a list names none, nor does a key of the app's own or an unknown field, below
        which nothing is known.
        """
        if isinstance(step, int):
            return []
        named = [(cls, rules_of(cls)[step]) for cls in self.classes if step in rules_of(cls)]
        if named:
            self.rules = [rules for _, rules in named]
            self._go([_inside_field(cls, rules.attribute) for cls, rules in named])
            return self.rules
        if self.classes and not self._maps:
            self.rules = []
        self._go([_inside(annotation) for annotation in self._maps])
        return []

    def choose(self, name: str) -> None:
        """Look at the model of this name only, when it is one of those that are possible."""
        self.classes = tuple(cls for cls in self.classes if cls.__name__ == name) or self.classes

    def _go(self, possible: list[_Inside]) -> None:
        self.classes = tuple(dict.fromkeys(cls for inside in possible for cls in inside.classes))
        self._maps = tuple(annotation for inside in possible for annotation in inside.maps)


class _Inside(NamedTuple):
    """What a type has room for, also inside of lists."""

    classes: tuple[type[BaseModel], ...]
    maps: tuple[Any, ...]
    """Types of the values of objects whose keys are the app's own."""


@cache
def _inside_field(model: type[BaseModel], attribute: str) -> _Inside:
    return _inside(fields_of(model)[attribute].annotation)


def _inside(annotation: Any) -> _Inside:
    classes: list[type[BaseModel]] = []
    maps: list[Any] = []
    for arm in arms(annotation):
        if isinstance(arm, type) and issubclass(arm, BaseModel):
            classes.append(arm)
        elif get_origin(arm) is dict:
            maps.append(get_args(arm)[1])
        elif get_origin(arm) is list:
            inner = _inside(get_args(arm)[0])
            classes += inner.classes
            maps += inner.maps
    return _Inside(tuple(classes), tuple(maps))


def attributes(model: type[BaseModel] | None, path: Path) -> Iterator[str | int]:
    """Yield the steps of `path` with the attributes of models in place of the names on the wire."""
    walk = Walk(model)
    for step in path:
        named = walk.into(step)
        yield named[0].attribute if named else step


def is_inside(path: Path, places: Set[Path]) -> bool:
    """Whether `path` is one of `places` or somewhere in it."""
    return bool(places) and any(path[:length] in places for length in range(len(path) + 1))


def join(path: Iterable[str | int]) -> str:
    """Return `("MemberList", 0, "Role")` as `MemberList[0].Role`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
