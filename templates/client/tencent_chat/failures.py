"""Items that failed although the command as a whole succeeded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias, cast

from ._support.loading import unforked

if TYPE_CHECKING:
    from ._tables.rows import FailureList, Repeated, Row


Name: TypeAlias = "str | int | dict[str, object] | None"
"""What an answer calls an item: an account, a group's ID, a message's key; a dict where one name is not enough."""


class Failure(NamedTuple):
    """An item of a call that failed."""

    item: Name
    """What the answer calls it."""
    code: int | str | bool | None
    """The item's code as received, None when the answer gives none."""
    info: str
    """The service's own words; empty when it gives none."""

    def __str__(self) -> str:
        item = self.item if isinstance(self.item, str | int) else "an item"
        return f"{item}: {' '.join(str(part) for part in (self.code, self.info) if part not in (None, ''))}"


class Reporting(Protocol):
    """What is known of a command whose answers report failed items."""

    @property
    def failures(self) -> tuple[FailureList, ...]: ...
    @property
    def repeated(self) -> tuple[Repeated, ...]: ...


@cache
def command_of(response_class: type) -> Row | None:
    """Return the command that a response class belongs to, None for any other class."""
    with unforked():
        from ._tables.commands import ROWS

    module = response_class.__module__.removeprefix(f"{__package__}.models.")
    name = (module, response_class.__name__)
    return next((row for row in ROWS.values() if (row.module, row.response_class) == name), None)


def failures(
    command: Reporting, answer: Mapping[str, object], *, resent: bool = False
) -> tuple[Failure, ...]:
    """Return the failed items that `answer`, as received, lists; see `entries`."""
    return tuple(entry.failure for entry in entries(command, answer, resent=resent) if entry.failed)


class Entry(NamedTuple):
    """What an answer says about one item, failed or not."""

    failure: Failure
    failed: bool


def entries(
    command: Reporting, answer: Mapping[str, object], *, resent: bool = False
) -> Iterator[Entry]:
    """Yield what `answer` says about single items.

    Of a call that was `resent`, those that an attempt before was carried out for have not failed.
    """
    done_before = command.repeated if resent else ()
    for place in command.failures:
        for entry in _all_at(answer, place.items):
            if place.item is None:
                yield Entry(Failure(as_name(entry), None, ""), failed=True)
                continue
            if not isinstance(entry, dict):
                continue
            fields = cast(dict[str, object], entry)
            code = _first_at(fields, place.code) if place.code else None
            info = _first_at(fields, place.info) if place.info else None
            failure = Failure(
                as_name(_first_at(fields, place.item)),
                code if isinstance(code, int | str) else None,
                info if isinstance(info, str) else "",
            )
            failed = place.code is None or _means_failure(code, place.failed)
            yield Entry(
                failure,
                failed and not any(entry.matches(code, info) for entry in done_before),
            )


def as_name(value: object) -> Name:
    if value is None or isinstance(value, str | int):
        return value
    return cast(dict[str, object], value) if isinstance(value, dict) else str(value)


def _means_failure(code: object, failed: tuple[str | int | bool, ...]) -> bool:
    # Booleans and numbers are told apart: a result of 1 is not True. Numbers may come as texts.
    if failed:
        return any(
            isinstance(code, bool) is isinstance(value, bool) and str(code) == str(value)
            for value in failed
        )
    return code not in (0, None, "", "0")


def _all_at(value: object, path: str) -> Iterator[object]:
    """Yield what stands at `path`, `GroupResultItem.ResultItem`; lists on the way are gone through."""
    name, _, rest = path.partition(".")
    if isinstance(value, list):
        for item in cast(list[object], value):
            yield from _all_at(item, path)
    elif isinstance(value, dict):
        found = cast(dict[str, object], value).get(name)
        if rest:
            yield from _all_at(found, rest)
        elif isinstance(found, list):
            yield from cast(list[object], found)
        elif found is not None:
            yield found


def _first_at(value: object, path: str) -> object:
    return next(_all_at(value, path), None)
