"""Cutting a long list into calls, and putting together what became of them. Knows no network."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from pydantic import BaseModel

from .batches import BatchItem, BatchProgress, BatchResult
from .exceptions import ChatAPIError, ChatError, RequestError, TransportError
from .failures import Entry, entries

if TYPE_CHECKING:
    from .commands import Command
    from .models.envelope import Response

R = TypeVar("R", bound="Response")
T = TypeVar("T")

Outcome = tuple[str, object, str, ChatError | None]


class Chunks(Generic[R]):
    """The calls that a long list makes."""

    def __init__(self, command: Command, arguments: Mapping[str, object]) -> None:
        if command.batch is None:
            raise ValueError(f"{command.path} takes no long lists")
        self._command = command
        self._field, self._size = command.batch
        self._arguments = arguments
        self._items = _listed(arguments[self._field], self._field, command.path)
        self._outcomes: dict[int, R | ChatError] = {}
        self._done = 0

    def each(self, prepare: Callable[[Mapping[str, object]], T]) -> list[T]:
        """Return what `prepare` makes of the arguments of each call.

        Raises RequestError with the problems of all of them, at their places in the whole list.
        """
        prepared: list[T] = []
        found: list[tuple[str, str]] = []
        for start in range(0, len(self._items), self._size):
            part = self._items[start : start + self._size]
            try:
                prepared.append(prepare({**self._arguments, self._field: part}))
            except RequestError as error:
                found += [
                    (self._moved(problem.path, start), problem.text) for problem in error.problems
                ]
        if found:
            raise RequestError(dict.fromkeys(found), command=self._command.path)
        return prepared

    def take(self, index: int, outcome: R | ChatError) -> BatchProgress:
        """Note what became of call `index`."""
        self._outcomes[index] = outcome
        items = self._of_call(index)[0]
        self._done += len(items)
        return BatchProgress(self._done, len(self._items), tuple(items))

    def result(self) -> BatchResult[R]:
        """Return what became of all items."""
        calls = [self._of_call(index) for index in sorted(self._outcomes)]
        outcomes = [self._outcomes[index] for index in sorted(self._outcomes)]
        return BatchResult(
            command=self._command.path,
            items=tuple(item for items, _ in calls for item in items),
            responses=tuple(outcome for outcome in outcomes if not isinstance(outcome, ChatError)),
            errors=tuple(outcome for outcome in outcomes if isinstance(outcome, ChatError)),
            unmatched=tuple(
                entry.failure for _, unmatched in calls for entry in unmatched if entry.failed
            ),
        )

    def _of_call(self, index: int) -> tuple[list[BatchItem[R]], list[Entry]]:
        """Return what became of the items of a call, and what its answer says of others."""
        part = self._items[index * self._size : (index + 1) * self._size]
        outcome = self._outcomes[index]
        if isinstance(outcome, ChatError):
            return [_of_failed_call(item, outcome) for item in part], []
        found = list(entries(self._command, outcome.raw))
        by_key, unmatched = self._matched(part, found)
        items: list[BatchItem[R]] = []
        for number, item in enumerate(part):
            entry = by_key.get(number)
            if entry is None or not entry.failed:
                items.append(BatchItem(item, "done", None, "", outcome, None))
            else:
                items.append(
                    BatchItem(item, "failed", entry.failure.code, entry.failure.info, outcome, None)
                )
        return items, unmatched

    def _matched(
        self, part: Sequence[object], found: list[Entry]
    ) -> tuple[dict[int, Entry], list[Entry]]:
        """Return the entries of an answer by the number of the item that they are about, and those about none."""
        names = {place.item.rpartition(".")[2] for place in self._command.failures if place.item}
        numbers: dict[object, list[int]] = {}
        for number, item in enumerate(part):
            for key in _keys(item, names):
                numbers.setdefault(key, []).append(number)
        matched: dict[int, Entry] = {}
        unmatched: list[Entry] = []
        for entry in found:
            of = numbers.get(_hashable(entry.failure.item), ())
            for number in of:
                # An item that failed in one place of the answer failed.
                if number not in matched or entry.failed:
                    matched[number] = entry
            if not of:
                unmatched.append(entry)
        if not matched and len(found) == len(part):
            # The answer names them in another way, one for one.
            return dict(enumerate(found)), []
        return matched, unmatched

    def _moved(self, path: str, start: int) -> str:
        """Return the path of a problem with its place in the whole list."""
        return re.sub(
            rf"\A{re.escape(self._field)}\[(\d+)\]",
            lambda match: f"{self._field}[{int(match[1]) + start}]",
            path,
        )


def _listed(value: object, field: str, path: str) -> Sequence[object]:
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
        return cast(Sequence[object], value)
    raise RequestError([(field, f"expected a list, not {type(value).__name__}")], command=path)


def _of_failed_call(item: object, error: ChatError) -> BatchItem[Any]:
    if isinstance(error, ChatAPIError):
        return BatchItem(item, "failed", error.code, error.message, None, error)
    if isinstance(error, TransportError):
        return BatchItem(item, error.outcome, None, error.reason, None, error)
    # An answer that is none of the API leaves all open; all other errors come before anything is sent.
    return BatchItem(
        item, "unknown" if error.attempts else "not_sent", None, str(error), None, error
    )


def _keys(item: object, names: set[str]) -> list[object]:
    """Return what an answer may call `item`: its own value, or that of one of its fields `names`."""
    if isinstance(item, BaseModel):
        fields = {
            field.alias or name: getattr(item, name)
            for name, field in type(item).model_fields.items()
        }
    elif isinstance(item, Mapping):
        fields = dict(cast(Mapping[str, object], item))
    else:
        return [_hashable(item)]
    return [_hashable(fields[name]) for name in names if fields.get(name) is not None]


def _hashable(value: object) -> object:
    return value if isinstance(value, str | int) else repr(value)
