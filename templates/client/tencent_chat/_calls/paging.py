"""How lists are read on, page after page. Knows no network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel

from .._bodies.body import wire_body
from .._bodies.fields import fields_of
from ..exceptions import RequestError, ResponseError

if TYPE_CHECKING:
    from ..commands import Command, Paging
    from ..models.envelope import Response

_EMPTY_TWICE = 2
_DIGITS = re.compile("[0-9]{1,18}")


class Reader:
    """Where the reading of a list stands. Raises RequestError when `cursor` is none."""

    def __init__(
        self,
        command: Command,
        arguments: Mapping[str, object],
        extra: Mapping[str, object] | None,
        cursor: Mapping[str, object] | None,
    ) -> None:
        if not isinstance(cast(object, cursor), Mapping | None):
            text = f"expected the cursor of an earlier reading, got {type(cursor).__name__}"
            raise RequestError([("cursor", text)], command=command.path)
        # As JSON: an iterator could be read once only, and the cursor is for keeping.
        model, path = command.request_model, command.path
        given = {name: value for name, value in arguments.items() if value is not None}
        self.arguments: Mapping[str, object] = wire_body(given, path, model)
        """The fields of every page, as the caller gave them or as the first page needs them."""
        self._command = command
        self._extra = wire_body(extra or {}, path, model, "extra")
        cursor = wire_body(cursor or {}, path, model, "cursor")
        given = {**self.arguments, **self._extra, **cursor}
        self.variant = _variant(command.paging, given)
        self.arguments = {**self.variant.start, **self.arguments}
        given = {**self.variant.start, **given}
        moving = self.variant.moving
        if strangers := [
            (f"cursor.{name}", "is no field that moves") for name in cursor if name not in moving
        ]:
            raise RequestError(strangers, command=command.path)
        self._size = given.get(self.variant.size or "")
        self._empty = 0
        self._content: list[object] = []
        self._next: dict[str, object] | None = {
            field: given[field] for field in moving if field in given
        }
        if self.variant.page:
            self._next.setdefault(self.variant.page, 1)
        self._read: set[str] = set()
        self._led_back: Response | None = None

    @property
    def cursor(self) -> dict[str, object] | None:
        """The request fields that make out the next page; None after the last one."""
        return None if self._next is None else dict(self._next)

    def extra(self) -> dict[str, object]:
        """Return the fields to lay over `arguments` for the next page. Raises ResponseError when it was read before.

        What an answer said goes back as it came, whatever the request's schema says of it.
        """
        if self._led_back is not None:
            raise ResponseError(
                "the answer leads back to a page that was read before",
                status=self._led_back.http_status or 200,
                headers=self._led_back.http_headers,
                text="",
                command=self._command.path,
            )
        return {**self._extra, **(self._next or {})}

    def take(self, page: Response) -> None:
        """Go on behind `page`, the answer to the last request."""
        here = self._next or {}
        self._read.add(_key(here))
        content = list(_at(page.raw, self.variant.items))
        count = len(content)
        # A service that does not heed the number of the page has the same one for ever.
        again = self.variant.page is not None and count > 0 and content == self._content
        self._content = content
        self._empty = 0 if count else self._empty + 1
        there = self._behind(page.raw, count)
        if there is not None and (again or _key(there) in self._read):
            if count:
                self._led_back = page
            elif there != here or self._empty == _EMPTY_TWICE:
                there = None
        self._next = there

    def _behind(self, answer: Mapping[str, object], count: int) -> dict[str, object] | None:
        variant, here = self.variant, self._next or {}
        if variant.offset is not None:
            return self._behind_offset(variant.offset, answer, count)
        if variant.page is not None:
            return {variant.page: (_number(here[variant.page]) or 0) + 1} if count else None
        if variant.descend is not None:
            item, field = variant.descend
            numbers = (_number(value) for value in _at(answer, f"{variant.items}.{item}"))
            lowest = min((number for number in numbers if number is not None), default=0)
            return {field: lowest - 1} if lowest > 1 else None
        if variant.until is not None:
            name, end = variant.until
            if _is_end(next(_at(answer, name), None), end):
                return None
        carried = {field: next(_at(answer, name), None) for name, field in variant.carry.items()}
        return {**here, **{field: value for field, value in carried.items() if value is not None}}

    def _behind_offset(
        self, field: str, answer: Mapping[str, object], count: int
    ) -> dict[str, object] | None:
        offset = (_number((self._next or {}).get(field)) or 0) + count
        total = _number(next(_at(answer, self.variant.total), None)) if self.variant.total else None
        if total is None:
            return {field: offset} if count else None
        if offset >= total:
            return None
        if self._empty < _EMPTY_TWICE:
            # Empty before the end: asked for once more, in case it was a slip.
            return {field: offset}
        size = _number(self._size) or 0
        return {field: offset + size} if size > 0 else None


def items(variant: Paging, page: BaseModel) -> Iterator[object]:
    """Yield the items of a page, as the model has them."""
    return _inside(page, variant.items.split("."))


def _inside(value: object, path: list[str]) -> Iterator[object]:
    if isinstance(value, list):
        for item in cast(list[object], value):
            yield from _inside(item, path)
    elif not path:
        if value is not None:
            yield value
    elif isinstance(value, BaseModel):
        fields = fields_of(type(value))
        attribute = next((name for name, field in fields.items() if field.alias == path[0]), None)
        yield from _inside(getattr(value, attribute) if attribute else None, path[1:])
    elif isinstance(value, dict):
        yield from _inside(cast(dict[str, object], value).get(path[0]), path[1:])


def _at(value: object, path: str) -> Iterator[object]:
    """Yield what stands at `path` in JSON; lists on the way are gone through."""
    return _inside(value, path.split("."))


def _variant(variants: tuple[Paging, ...], given: Mapping[str, object]) -> Paging:
    """Return the first way to read on that the caller's fields select."""
    for variant in variants:
        if variant.when is None:
            return variant
        if variant.when in given and (
            variant.equals is None or given[variant.when] == variant.equals
        ):
            return variant
    return variants[0]


def _is_end(value: object, end: object) -> bool:
    """Whether a last page has `value` where it is said to have `end`: 0 and "" are alike, 1 stands for all others."""
    nothing = value is None or str(value) in ("", "0", "0.0", "False")
    if end in (0, 1, ""):
        return value is None or nothing is not bool(end)
    return value is None or str(value) == str(end)


def _number(value: object) -> int | None:
    """Return a number, which may come as a text or with a fraction of zero; None for anything else."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str):
        return int(value) if _DIGITS.fullmatch(value) else None
    return value if isinstance(value, int) else None


def _key(cursor: Mapping[str, object]) -> str:
    return json.dumps(cursor, sort_keys=True, default=repr)
