"""The table of figures, in Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Checkout:
    """A state of this project that is measured."""

    name: str
    root: Path


@dataclass(frozen=True)
class Pairs:
    """Figures of ours and of what they are compared with, round by round."""

    ours: Sequence[float]
    theirs: Sequence[float] = ()

    @property
    def times(self) -> float:
        return statistics.median(one / other for one, other in zip(self.ours, self.theirs, strict=True))

    @property
    def more(self) -> float:
        return statistics.median(one - other for one, other in zip(self.ours, self.theirs, strict=True))


@dataclass(frozen=True)
class Row:
    what: str
    unit: str
    """`s`, `ms`, `µs`, `MiB` or `calls/s`."""
    measured: Sequence[Pairs]
    """One for each checkout."""
    against: str = ""
    difference: bool = False
    """Whether it is told how much more we take, instead of how many times as much."""


def lines(checkouts: Sequence[Checkout], rows: Sequence[Row]) -> Iterator[str]:
    head = ["what"]
    for checkout in checkouts:
        head += [checkout.name, "ratio"]
    yield _line([*head, "against", ""])
    yield _line(["---", *["---:"] * (2 * len(checkouts)), "---", "---:"])
    for row in rows:
        yield _line(_cells(row))


def _cells(row: Row) -> list[str]:
    cells = [row.what]
    for pairs in row.measured:
        cells += [_shown(statistics.median(pairs.ours), row.unit), _compared(row, pairs)]
    theirs = row.measured[-1].theirs
    return [*cells, row.against, _shown(statistics.median(theirs), row.unit) if theirs else ""]


def _compared(row: Row, pairs: Pairs) -> str:
    if not pairs.theirs:
        return ""
    return f"+{_shown(pairs.more, row.unit)}" if row.difference else f"{pairs.times:.2f}"


def _shown(figure: float, unit: str) -> str:
    if unit == "µs" and figure >= 10_000:
        return _shown(figure / 1000, "ms")
    return f"{figure:.2f} {unit}" if unit == "s" else f"{figure:,.0f} {unit}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
