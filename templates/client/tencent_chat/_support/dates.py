"""The time that an answer's `Date` header tells."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime


def unix_time(date: str) -> float | None:
    """Return the Unix time of a `Date` header, None when it tells none."""
    try:
        parsed = parsedate_to_datetime(date)
    except (ValueError, TypeError):
        return None
    # One without a zone is in UTC.
    return parsed.replace(tzinfo=parsed.tzinfo or UTC).timestamp()
