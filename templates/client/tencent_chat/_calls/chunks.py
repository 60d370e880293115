"""Cutting a long list into calls, and putting together what became of them. Knows no network."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from pydantic import BaseModel

from .._bodies.body import wire_body
from .._bodies.former import Former
from .._bodies.wire import Wire, iterator
from ..batches import BatchItem, BatchProgress, BatchResult
from ..exceptions import (
    ChatAPIError,
    ChatError,
    Problem,
    RequestError,
    ServerError,
    TransportError,
)
from ..failures import Entry, Name, as_name, entries
from ..models._reception import was_resent

if TYPE_CHECKING:
    from ..commands import Command
    from ..models.envelope import Response

R = TypeVar("R", bound="Response")
T = TypeVar("T")

Outcome = tuple[str, object, str, ChatError | None]


class Chunks(Generic[R]):
    """The calls that a long list makes."""

    def __init__(
        self,
        command: Command,
        arguments: Mapping[str, object],
        extra: Mapping[str, object] | None,
    ) -> None:
        if command.batch is None:
            raise ValueError(f"{command.path} takes no long lists")
        self._command = command
        self._field, self._size = command.batch
        self._items = _listed(arguments[self._field], self._field, command.path)
        # As JSON: an iterator could be read once only.
        model, path = command.request_model, command.path
        others = {
            name: value
            for name, value in arguments.items()
            if value is not None and name != self._field
        }
        self._arguments = wire_body(others, path, model)
        self.extra: Wire = wire_body(extra or {}, path, model, "extra")
        """What is sent with each call beside its arguments."""
        self._outcomes: dict[int, R | ChatError] = {}
        self._done = 0

    def each(self, prepare: Callable[[Mapping[str, object]], T]) -> list[T]:
        """Return what `prepare` makes of the arguments of each call.

        Raises RequestError with the problems of all of them, at their places in the whole list.
        """
        prepared: list[T] = []
        found: list[Problem] = []
        for start in range(0, len(self._items), self._size):
            part = self._items[start : start + self._size]
            try:
                prepared.append(prepare({**self._arguments, self._field: part}))
            except RequestError as error:
                found += [self._moved(problem, start) for problem in error.problems]
        if found:
            raise RequestError(dict.fromkeys(found), command=self._command.path)
        return prepared

    def take(self, index: int, outcome: R | ChatError) -> BatchProgress:
        """Note what became of call `index`."""
        self._outcomes[index] = outcome
        items = self._of_call(index)[0]
        self._done += len(items)
        return BatchProgress(self._done, len(self._items), tuple(items))

    def result(self) -> BatchResult[object, R]:
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
            repeatable=self._command.repeat_of(self._arguments) == "safe",
        )

    def _of_call(self, index: int) -> tuple[list[BatchItem[object, R]], list[Entry]]:
        """Return what became of the items of a call, and what its answer says of others."""
        start = index * self._size
        part = self._items[start : start + self._size]
        names = [self._name(item, start + number) for number, item in enumerate(part)]
        outcome = self._outcomes[index]
        if isinstance(outcome, ChatError):
            return [
                _of_failed_call(item, name, outcome) for item, name in zip(part, names, strict=True)
            ], []
        by_number, unmatched = self._matched(
            names, list(entries(self._command, outcome.raw, resent=was_resent(outcome)))
        )
        items: list[BatchItem[object, R]] = []
        for number, (item, name) in enumerate(zip(part, names, strict=True)):
            entry = by_number.get(number)
            if entry is None or not entry.failed:
                items.append(BatchItem(item, name, "done", None, "", outcome, None))
            else:
                items.append(
                    BatchItem(
                        item, name, "failed", entry.failure.code, entry.failure.info, outcome, None
                    )
                )
        return items, unmatched

    def _name(self, item: object, number: int) -> Name:
        """Return what an answer calls `item`: its own value, or that of a field; else its place in the list."""
        if isinstance(item, BaseModel):
            fields: Mapping[str, object] = item.model_dump(by_alias=True)
        elif isinstance(item, Mapping):
            fields = self._present(cast(Mapping[str, object], item))
        else:
            return as_name(item)
        names = (
            fields.get(place.item.rpartition(".")[2])
            for place in self._command.failures
            if place.item
        )
        place = f"{self._field}[{number}]"
        return as_name(next((name for name in names if name is not None), place))

    def _present(self, item: Mapping[str, object]) -> Mapping[str, object]:
        """Return an item of the list with the present names of its fields."""
        names = Former(self._command.former).at((self._field, 0))
        return {names.get(name, name): value for name, value in item.items()}

    def _matched(
        self, names: list[Name], found: list[Entry]
    ) -> tuple[dict[int, Entry], list[Entry]]:
        """Return the entries of an answer by the number of the item that they are about, and those about none."""
        numbers: dict[object, list[int]] = {}
        for number, name in enumerate(names):
            numbers.setdefault(_hashable(name), []).append(number)
        by_key: dict[object, list[Entry]] = {}
        for entry in found:
            by_key.setdefault(_hashable(entry.failure.item), []).append(entry)
        named = any(isinstance(entry.failure.item, str | int) for entry in found)
        if (
            not named
            and numbers.keys().isdisjoint(by_key)
            and len(found) == len(names)
            and self._size > 1
        ):
            # The answer describes them otherwise, one for one. With one item a call it lists parts of that.
            return dict(enumerate(found)), []
        matched: dict[int, Entry] = {}
        for key in numbers.keys() & by_key.keys():
            # An item that was given twice and has two results has them in order. Otherwise, one that
            # failed in one place of the answer failed.
            results = sorted(by_key[key], key=lambda entry: entry.failed)
            if len(by_key[key]) != len(numbers[key]):
                matched |= dict.fromkeys(numbers[key], results[-1])
            else:
                matched |= zip(numbers[key], by_key[key], strict=True)
        return matched, [entry for entry in found if _hashable(entry.failure.item) not in numbers]

    def _moved(self, problem: Problem, start: int) -> Problem:
        """Return the problem with its place in the whole list."""
        match = re.match(rf"{re.escape(self._field)}\[(\d+)\]", problem.path)
        if match is None:
            return problem
        place = f"[{int(match[1]) + start}]"
        path = f"{self._field}{place}{problem.path[match.end() :]}"
        return Problem(path, problem.text, re.sub(r"\[\d+\]", place, problem.name, count=1))


def _listed(value: object, field: str, path: str) -> Sequence[object]:
    items = iterator(value)
    if items is None:
        raise RequestError([(field, f"expected a list, not {type(value).__name__}")], command=path)
    return list(items)


def _of_failed_call(item: object, name: Name, error: ChatError) -> BatchItem[object, Any]:
    if isinstance(error, ChatAPIError):
        # A service that fails does not say how far it got, and a refusal is the answer to the last attempt only.
        doubtful = isinstance(error, ServerError) or any(
            attempt.outcome == "unknown" for attempt in error.attempts
        )
        return BatchItem(
            item, name, "unknown" if doubtful else "failed", error.code, error.message, None, error
        )
    if isinstance(error, TransportError):
        return BatchItem(item, name, error.outcome, None, error.reason, None, error)
    # An answer that is none of the API leaves all open; all other errors come before anything is sent.
    return BatchItem(
        item, name, "unknown" if error.attempts else "not_sent", None, str(error), None, error
    )


def _hashable(value: object) -> object:
    """Return what stands for a name, in a request and in an answer: a number may come back as a text."""
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, BaseModel):
        return _hashable(value.model_dump(by_alias=True, exclude_unset=True))
    if isinstance(value, Mapping):
        fields = cast(Mapping[str, object], value)
        return frozenset(
            (name, _hashable(field)) for name, field in fields.items() if field is not None
        )
    return repr(value)
