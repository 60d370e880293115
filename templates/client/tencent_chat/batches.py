"""What becomes of lists that are longer than one call takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Literal, NamedTuple, TypeVar

from .exceptions import ChatError, PartialFailureError
from .failures import Failure

if TYPE_CHECKING:
    from .models.envelope import Response

R = TypeVar("R", bound="Response", covariant=True)


class BatchItem(NamedTuple, Generic[R]):
    """What became of one item."""

    item: object
    """As it was given."""
    name: object
    """What answers call it: an account, a group's ID; its place in the list, `MsgList[3]`, where they do not."""
    outcome: Literal["done", "failed", "not_sent", "unknown"]
    """`failed`: the service refused the item, or the call that it was in. `not_sent`: the service
    has not seen it. `unknown`: it may have been carried out; no answer tells, or the service failed."""
    code: int | str | bool | None
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
    items: tuple[BatchItem[Response], ...]
    """Those of the call that has just ended."""


class BatchResult(NamedTuple, Generic[R]):
    """What became of a batch."""

    command: str
    """Path of the command."""
    items: tuple[BatchItem[R], ...]
    """In the order in which they were given."""
    responses: tuple[R, ...]
    """The answers, in the order of their items."""
    errors: tuple[ChatError, ...]
    """What the calls raised that failed as a whole, in the order of their items."""
    unmatched: tuple[Failure, ...]
    """Failures that answers report of items that were not given, or that they name in another way."""

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The items that failed or that may not have been carried out, then the unmatched failures."""
        items = (
            Failure(item.name, item.code, item.info)
            for item in self.items
            if item.outcome != "done"
        )
        return (*items, *self.unmatched)

    def raise_for_failures(self) -> None:
        """Raise PartialFailureError when not every item is known to be done."""
        if failures := self.failures:
            raise PartialFailureError(failures, command=self.command)
