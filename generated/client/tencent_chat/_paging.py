"""How lists are read on, page after page. Knows no network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel

from .exceptions import ResponseError

if TYPE_CHECKING:
    from .commands import Command, Paging
    from .models.envelope import Response

_EMPTY_TWICE = 2


class Reader:
    """Where the reading of a list stands."""

    def __init__(
        self,
        command: Command,
        arguments: Mapping[str, object],
        extra: Mapping[str, object] | None,
        cursor: Mapping[str, object] | None,
    ) -> None:
        given = {name: value for name, value in arguments.items() if value is not None} | dict(
            cursor or {}
        )
        self._command = command
        self.variant = _variant(command.paging, given | dict(extra or {}))
        self._given = {**self.variant.start, **given}
        self._limit = (given | dict(extra or {})).get(self.variant.limit or "")
        self._empty = 0
        self._next: dict[str, object] | None = {
            field: self._given[field] for field in self.variant.moving if field in self._given
        }
        if self.variant.page:
            self._next.setdefault(self.variant.page, 1)

    @property
    def cursor(self) -> dict[str, object] | None:
        """The request fields that make out the next page; None after the last one."""
        return None if self._next is None else dict(self._next)

    def body(self) -> dict[str, object]:
        """Return the request fields of the next page."""
        return {**self._given, **(self._next or {})}

    def take(self, page: Response) -> None:
        """Go on behind `page`, the answer to the last `body`. Raises ResponseError when that leads nowhere."""
        here = self._next or {}
        count = sum(1 for _ in items(self.variant, page))
        self._empty = 0 if count else self._empty + 1
        there = self._behind(page.raw, count)
        if there == here and self._empty != 1 and self.variant.offset is None:
            there = None
        if there == here and count:
            raise ResponseError(
                "the next page is this page again",
                status=page.http_status or 200,
                headers=page.http_headers,
                text="",
                command=self._command.path,
            )
        self._next = there

    def _behind(self, answer: Mapping[str, object], count: int) -> dict[str, object] | None:
        variant, here = self.variant, self._next or {}
        if variant.offset is not None:
            return self._behind_offset(variant.offset, answer, count)
        if variant.page is not None:
            return {variant.page: _number(here[variant.page]) + 1} if count else None
        if variant.descend is not None:
            item, field = variant.descend
            lowest = min(
                (_number(value) for value in _at(answer, f"{variant.items}.{item}")), default=0
            )
            return {field: lowest - 1} if lowest > 1 else None
        if variant.until is not None:
            name, end = variant.until
            value = next(_at(answer, name), None)
            if value is None or value == end or str(value) == str(end):
                return None
        carried = {field: next(_at(answer, name), None) for name, field in variant.carry.items()}
        return {**here, **{field: value for field, value in carried.items() if value is not None}}

    def _behind_offset(
        self, field: str, answer: Mapping[str, object], count: int
    ) -> dict[str, object] | None:
        offset = _number((self._next or {}).get(field, 0)) + count
        total = next(_at(answer, self.variant.total), None) if self.variant.total else None
        if total is None:
            return {field: offset} if count else None
        if offset >= _number(total):
            return None
        if self._empty < _EMPTY_TWICE:
            # Empty before the end: asked for once more, in case it was a slip.
            return {field: offset}
        limit = _number(self._limit)
        return {field: offset + limit} if limit > 0 else None


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
        fields = type(value).model_fields
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


def _number(value: object) -> int:
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() else 0
