"""Instants and spans of time, and the numbers as which they travel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_MILLISECONDS = 1000
_EPOCH = datetime.fromtimestamp(0, UTC)


def utc(value: object, form: str) -> datetime | None:
    """Return the instant that travels as `value`, in the form `unix` or `unix-ms`; None for 0 and what is none."""
    number = _number(value)
    if not number:
        return None
    try:
        if form == "unix-ms":
            seconds, milliseconds = divmod(number, _MILLISECONDS)
            return datetime.fromtimestamp(seconds, UTC) + timedelta(milliseconds=milliseconds)
        return datetime.fromtimestamp(number, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def delta(value: object, unit: str) -> timedelta | None:
    """Return the span that travels as `value`; None for what is no number."""
    number = _number(value)
    if number is None:
        return None
    try:
        if unit == "milliseconds":
            return timedelta(milliseconds=number)
        return timedelta(seconds=number * _SECONDS[unit])
    except OverflowError:
        return None


def from_instant(instant: datetime, form: str) -> int:
    """Return the number as which `instant`, which has a time zone, travels; fractions are left out."""
    # Subclasses of other libraries count in ways of their own.
    since = datetime.__sub__(instant, _EPOCH)
    return (
        since // timedelta(milliseconds=1) if form == "unix-ms" else since // timedelta(seconds=1)
    )


def from_span(span: timedelta, unit: str) -> int:
    """Return the number as which `span` travels, rounded up: 0 often means something else."""
    one = timedelta(milliseconds=1) if unit == "milliseconds" else timedelta(seconds=_SECONDS[unit])
    # Subclasses of other libraries count in ways of their own; some know nanoseconds.
    plain = timedelta.__add__(timedelta(0), span)
    whole, rest = divmod(plain, one)
    return whole + bool(rest or span > plain)


def _number(value: object) -> int | None:
    """Return a number, which may come as a text; None for anything else."""
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() and len(value) <= 18 else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
