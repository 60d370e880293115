"""How calls are repeated."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, cast

from .attempts import Attempt as Attempt
from .attempts import Outcome as Outcome
from .exceptions import ConfigurationError

if TYPE_CHECKING:
    from typing_extensions import Self


class _Settings(NamedTuple):
    attempts: int = 3
    """Most attempts, the first one included."""
    total: float = 30.0
    """Seconds from the start of the first attempt. No other begins later, and each gets the time that is left."""
    first_pause: float = 0.2
    """Seconds before the second attempt; twice as many before each further one, and a random part of this on top."""
    longest_pause: float = 5.0
    """Seconds that a pause never exceeds."""


class Retry(_Settings):
    """How often and for how long a call is tried.

    Whether a call may be tried again is not a setting: it follows from the command and from what
    became of the last attempt. See the guide to errors and retries.

    Args:
        attempts: Most attempts, the first one included.
        total: Seconds from the start of the first attempt. No other begins later, and each gets
            the time that is left.
        first_pause: Seconds before the second attempt; twice as many before each further one, and
            a random part of this on top.
        longest_pause: Seconds that a pause never exceeds.

    Raises ConfigurationError for settings that cannot work.
    """

    __slots__ = ()

    def __new__(
        cls,
        attempts: int = 3,
        total: float = 30.0,
        first_pause: float = 0.2,
        longest_pause: float = 5.0,
    ) -> Self:
        """Return the settings."""
        settings = super().__new__(cls, attempts, total, first_pause, longest_pause)
        _check(settings)
        return settings


Retries: TypeAlias = "Retry | Literal[False]"
"""Settings, or False for a single attempt."""

# The result stays a float, and has long passed any pause.
_MAX_DOUBLINGS = 1000


def checked_retry(value: Retries) -> Retry:
    """Return the settings that `value` stands for. Raises ConfigurationError."""
    if value is False:
        return _ONCE
    if not isinstance(cast(object, value), Retry):
        raise ConfigurationError("retry must be a Retry, or False for a single attempt")
    # Copies that `_replace` made were not checked yet.
    _check(value)
    return value


def _check(retry: Retry) -> None:
    if (
        isinstance(retry.attempts, bool)
        or not isinstance(cast(object, retry.attempts), int)
        or retry.attempts < 1
    ):
        raise ConfigurationError("retry: attempts must be a positive integer")
    for name in ("total", "first_pause", "longest_pause"):
        seconds: object = getattr(retry, name)
        if (
            isinstance(seconds, bool)
            or not isinstance(seconds, int | float)
            or not 0 <= seconds <= threading.TIMEOUT_MAX
        ):
            raise ConfigurationError(f"retry: {name} must be seconds, 0 or more")


DEFAULT_RETRY = Retry()
_ONCE = Retry(attempts=1)


def pause_after(number: int, retry: Retry) -> float:
    """Return the seconds to wait after attempt `number`, which counts from 1."""
    from urllib3.util.retry import RequestHistory
    from urllib3.util.retry import Retry as Backoff

    # urllib3 doubles its factor with every error of the history, and does not wait after the first.
    history = (RequestHistory("POST", None, None, None, None),) * min(number + 1, _MAX_DOUBLINGS)
    backoff = Backoff(
        backoff_factor=retry.first_pause / 2,
        backoff_max=retry.longest_pause,
        backoff_jitter=retry.first_pause,
        history=history,
    )
    return backoff.get_backoff_time()
