"""What the `repr` of a model shows: names and numbers, no text that somebody wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple, cast, get_args, get_origin

from pydantic import BaseModel

from .._bodies.fields import arms, fields_of, names_on_the_wire

# Fields whose texts are IDs or names of commands: GroupId, UserID, From_Account, FailAccounts, LastMsgKey, TopicIdList.
_ID = re.compile(r"(?:I[dD]|Groupid|Account|MsgKey|Command)s?(?:List)?\Z")
# What opens something stays hidden under any name.
_SECRET = re.compile(r"Secret|Token|Sig|Password")
_CODE = re.compile(r"-?[0-9]+")
# A text that is longer is none of the service's IDs.
_LONGEST_ID = 128
_SHOWN_ITEMS = 3


class _Kind(NamedTuple):
    """What is known about the texts of a field."""

    is_id: bool
    is_code: bool
    documented: frozenset[object]

    def shows(self, value: object) -> bool:
        """Whether `value`, a text or a number, is shown as it is."""
        if not isinstance(value, str):
            return True
        return (
            not value
            or value in self.documented
            or (self.is_id and len(value) <= _LONGEST_ID)
            or (self.is_code and _CODE.fullmatch(value) is not None)
        )


class Shape:
    """Shows a value without the texts in it that somebody may have written: `<14 characters>`, `[3 items]`."""

    def __init__(self, value: object, kind: _Kind) -> None:
        self._value = value
        self._kind = kind

    def __repr__(self) -> str:
        value = self._value
        if isinstance(value, list | tuple | set | frozenset):
            return self._list(list(cast(Iterable[object], value)))
        if isinstance(value, Mapping):
            return f"{{{len(cast(Mapping[object, object], value))} fields}}"
        if isinstance(value, bytes | bytearray):
            return f"<{len(value)} bytes>"
        if isinstance(value, str) and not self._kind.shows(value):
            return f"<{len(value)} characters>"
        return repr(value)

    def _list(self, items: list[object]) -> str:
        shown = items[:_SHOWN_ITEMS]
        if not all(
            item is None or isinstance(item, str | int | float) for item in shown
        ) or not all(map(self._kind.shows, shown)):
            return f"[{len(items)} items]"
        more = len(items) - len(shown)
        return f"[{', '.join(map(repr, shown))}{f', ... {more} more' if more else ''}]"


def shapes(
    model: type[BaseModel], values: Iterable[tuple[str | None, object]]
) -> Iterable[tuple[str | None, Shape]]:
    """Return `values`, by their attributes or names on the wire, as what is shown of them."""
    kinds = _kinds(model)
    for name, value in values:
        yield name, Shape(value, kinds.get(name or "") or _kind(name or ""))


@cache
def _kinds(model: type[BaseModel]) -> Mapping[str, _Kind]:
    names = names_on_the_wire(model)
    return {
        name: _kind(names[name], frozenset(_documented(field.annotation)))
        for name, field in fields_of(model).items()
    }


def _kind(wire_name: str, documented: frozenset[object] = frozenset()) -> _Kind:
    may_be_id = _SECRET.search(wire_name) is None
    is_id = may_be_id and _ID.search(wire_name) is not None
    return _Kind(is_id, may_be_id and wire_name.endswith("Code"), documented)


def _documented(annotation: Any) -> Iterable[object]:
    """Yield the values that a field, or the items of its list, are documented to have."""
    for arm in arms(annotation):
        if get_origin(arm) is Literal:
            yield from get_args(arm)
        elif get_origin(arm) is list:
            yield from _documented(get_args(arm)[0])
