"""What becomes of lists that are longer than one call takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, NamedTuple, TypeVar

from .exceptions import ChatError, PartialFailureError, meaning_of
from .failures import Failure, Name

if TYPE_CHECKING:
    from .models.envelope import Response

Item = TypeVar("Item", covariant=True)
R = TypeVar("R", bound="Response", covariant=True)
Code = int | str | bool | None


class BatchItem(NamedTuple, Generic[Item, R]):
    """What became of one item."""

    item: Item
    """As it was given."""
    name: Name
    """What answers call it: an account, a group's ID; its place in the list, `MsgList[3]`, where they do not."""
    outcome: Literal["done", "failed", "not_sent", "unknown"]
    """`failed`: the service refused the item, or the call that it was in. `not_sent`: the service
    has not seen it. `unknown`: it may have been carried out; no answer tells, or the service failed."""
    code: Code
    """Code of a failed item as received, or of the call that failed."""
    info: str
    """Why it failed; empty otherwise."""
    response: R | None
    """The answer that the item was in, None when its call failed."""
    error: ChatError | None
    """What the item's call raised."""

    def __repr__(self) -> str:
        # The item may be a message, which belongs into no log.
        return f"BatchItem(name={self.name!r}, outcome={self.outcome!r}, code={self.code!r}, info={self.info!r})"


class BatchProgress(NamedTuple):
    """How far a batch has come."""

    done: int
    """Items whose call has ended, however it did."""
    total: int
    items: tuple[BatchItem[object, Response], ...]
    """Those of the call that has just ended."""


@dataclass(frozen=True, repr=False)
class BatchResult(Generic[Item, R]):
    """What became of a batch. Iterates over its items, in the order in which they were given."""

    command: str
    """Path of the command."""
    items: tuple[BatchItem[Item, R], ...]
    """In the order in which they were given."""
    responses: tuple[R, ...]
    """The answers, in the order of their items."""
    errors: tuple[ChatError, ...]
    """What the calls raised that failed as a whole, in the order of their items."""
    unmatched: tuple[Failure, ...]
    """Failures that answers report of items that were not given, or that they name in another way."""
    repeatable: bool
    """Whether an item may be sent again that may have been carried out."""

    def __iter__(self) -> Iterator[BatchItem[Item, R]]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def ok(self) -> bool:
        """Whether every item is known to be done."""
        return not self.failures

    @property
    def done(self) -> tuple[Item, ...]:
        """The items that were carried out, as they were given."""
        return tuple(entry.item for entry in self.items if entry.outcome == "done")

    @property
    def failed(self) -> Mapping[Code, tuple[BatchItem[Item, R], ...]]:
        """The items that were refused, by code."""
        found: dict[Code, list[BatchItem[Item, R]]] = {}
        for entry in self.items:
            if entry.outcome == "failed":
                found.setdefault(entry.code, []).append(entry)
        return {code: tuple(entries) for code, entries in found.items()}

    @property
    def again(self) -> tuple[Item, ...]:
        """The items that are worth another try, as they were given: the list for the next call of the same method.

        They were not sent, or refused with a code that passes, or it is unknown what became of
        them and the command does no harm when it is carried out twice.
        """
        return tuple(entry.item for entry in self.items if self._may_pass(entry))

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The items that failed or that may not have been carried out, then the unmatched failures."""
        items = (
            Failure(entry.name, entry.code, entry.info)
            for entry in self.items
            if entry.outcome != "done"
        )
        return (*items, *self.unmatched)

    def raise_for_failures(self) -> None:
        """Raise PartialFailureError when not every item is known to be done."""
        if failures := self.failures:
            raise PartialFailureError(failures, command=self.command)

    def _may_pass(self, entry: BatchItem[object, Response]) -> bool:
        if entry.outcome == "unknown":
            return self.repeatable
        if entry.outcome == "failed":
            meaning = meaning_of(entry.code, self.command)
            return meaning is not None and meaning.retry != "never"
        return entry.outcome == "not_sent"

    def __repr__(self) -> str:
        outcomes = [entry.outcome for entry in self.items]
        counts = (
            f"{outcomes.count(outcome)} {outcome}"
            for outcome in ("done", "failed", "not_sent", "unknown")
            if outcome in outcomes
        )
        return f"<BatchResult {self.command}: {', '.join(counts) or 'no items'}>"
