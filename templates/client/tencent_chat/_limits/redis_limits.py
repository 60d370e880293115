"""Calls counted in Redis, by the scripts of the library limits: an exact moving window for each rate limit.

A module of its own, because it loads that library and the Redis client.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from contextvars import copy_context
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import redis.asyncio.connection
import redis.asyncio.retry
import redis.connection
import redis.retry
from limits import (
    RateLimitItem,
    RateLimitItemPerDay,
    RateLimitItemPerHour,
    RateLimitItemPerMinute,
    RateLimitItemPerSecond,
)
from limits.aio.storage import RedisStorage as AsyncRedisStorage
from limits.aio.strategies import MovingWindowRateLimiter as AsyncMovingWindows
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter as MovingWindows
from redis.backoff import NoBackoff
from redis.credentials import CredentialProvider
from redis.exceptions import InvalidResponse
from redis.exceptions import RedisError as RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from .._support import fork
from .._support.secret import Secret
from ..exceptions import ConfigurationError
from .lanes import SECONDS

if TYPE_CHECKING:
    from ..commands import RateLimit

_ITEMS: dict[str, type[RateLimitItem]] = {
    "second": RateLimitItemPerSecond,
    "minute": RateLimitItemPerMinute,
    "hour": RateLimitItemPerHour,
    "day": RateLimitItemPerDay,
}
_PREFIX = "tencent_chat"
_CONNECTIONS = 10
# Seconds for one question to Redis, with all that it takes to connect.
_LONGEST_TAKE = 2.0
# A limiter that waits for Redis, or for one of its connections, holds calls back. The URL's query may say otherwise.
_OPTIONS: dict[str, Any] = {
    "socket_connect_timeout": 1.0,
    "socket_timeout": 1.0,
    "max_connections": _CONNECTIONS,
    "timeout": 1.0,
}


class RedisLimits:
    """Counts calls. Safe to share between threads and after a fork. Raises ConfigurationError for the URL."""

    def __init__(self, url: Secret) -> None:
        self._pool = _sync_pool(url)
        self._windows = MovingWindows(
            RedisStorage("redis://", connection_pool=self._pool, key_prefix=_PREFIX)
        )
        self.reset_after_fork()
        fork.watch(self)

    def reset_after_fork(self) -> None:
        self._workers = ThreadPoolExecutor(_CONNECTIONS, thread_name_prefix=_PREFIX)

    def take(self, sdkappid: int, command: str, limits: Sequence[RateLimit]) -> float:
        """Count a call and return 0, or the seconds until there may be room for one. Raises RedisError."""
        # In a thread, because the time limits of a connection begin anew with every byte.
        context = copy_context()
        work = self._workers.submit(lambda: context.run(self._take, sdkappid, command, limits))
        failed: RedisError
        try:
            return work.result(_LONGEST_TAKE)
        except FutureTimeoutError:
            # The thread's reading ends with it.
            self._pool.disconnect()
            failed = RedisTimeoutError()
        except Exception as error:
            failed = _as_redis_error(error)
        raise failed

    def _take(self, sdkappid: int, command: str, limits: Sequence[RateLimit]) -> float:
        for limit in limits:
            key = (_item(limit.calls, limit.per), str(sdkappid), command)
            if not self._windows.hit(*key):
                return _delay(self._windows.get_window_stats(*key).reset_time, limit)
        return 0.0

    def close(self) -> None:
        self._pool.disconnect()


class AsyncRedisLimits:
    """The same for the tasks of one event loop."""

    def __init__(self, url: Secret) -> None:
        self._pool = redis.asyncio.BlockingConnectionPool(
            **_options(url, redis.asyncio.connection.parse_url),
            retry=redis.asyncio.retry.Retry(NoBackoff(), 1),
        )
        self._windows = AsyncMovingWindows(
            AsyncRedisStorage(
                "async+redis://",
                implementation="redispy",
                connection_pool=cast(Any, self._pool),
                key_prefix=_PREFIX,
            )
        )

    async def take(self, sdkappid: int, command: str, limits: Sequence[RateLimit]) -> float:
        failed: RedisError
        try:
            async with asyncio.timeout(_LONGEST_TAKE):
                return await self._take(sdkappid, command, limits)
        except TimeoutError:
            failed = RedisTimeoutError()
        except Exception as error:
            failed = _as_redis_error(error)
        raise failed

    async def _take(self, sdkappid: int, command: str, limits: Sequence[RateLimit]) -> float:
        for limit in limits:
            key = (_item(limit.calls, limit.per), str(sdkappid), command)
            if not await self._windows.hit(*key):
                return _delay((await self._windows.get_window_stats(*key)).reset_time, limit)
        return 0.0

    async def close(self) -> None:
        await self._pool.aclose()


def check(url: Secret) -> None:
    """Raise ConfigurationError when `url` is none of a Redis."""
    _sync_pool(url)


class _Credentials(CredentialProvider):
    """User and password of the URL, kept where no repr shows them."""

    def __init__(self, username: str | None, password: str) -> None:
        self._username = username
        self._password = Secret(password)

    def get_credentials(self) -> tuple[str] | tuple[str, str]:
        password = self._password.reveal()
        return (self._username, password) if self._username else (password,)

    async def get_credentials_async(self) -> tuple[str] | tuple[str, str]:
        return self.get_credentials()


def _sync_pool(url: Secret) -> redis.BlockingConnectionPool:
    with suppress(TypeError, ValueError, RedisError):
        options = _options(url, cast(Any, redis.connection).parse_url)
        retry = redis.retry.Retry(NoBackoff(), 1)
        pool = cast(Any, redis.BlockingConnectionPool)(**options, retry=retry)
        # Options of the URL that Redis does not know come to light here; nothing is connected yet.
        pool.connection_class(**pool.connection_kwargs)
        return cast(redis.BlockingConnectionPool, pool)
    raise ConfigurationError(
        "redis must be a URL like redis://user:password@host:6379/0, rediss://host or unix:///path"
    )


def _options(url: Secret, parse: Callable[[str], Mapping[str, Any]]) -> dict[str, Any]:
    """Return the arguments of a pool of connections to `url`."""
    options = _OPTIONS | dict(parse(url.reveal()))
    username, password = options.pop("username", None), options.pop("password", None)
    if password is not None:
        options["credential_provider"] = _Credentials(username, password)
    return options


@cache
def _item(calls: int, per: str) -> RateLimitItem:
    return _ITEMS[per](calls)


def _delay(reset_time: float, limit: RateLimit) -> float:
    # Redis refused the call, so there is something to wait for, whatever the clocks say; never more
    # than the interval.
    return min(max(reset_time - time.time(), 0.001), SECONDS[limit.per])


def _as_redis_error(error: Exception) -> RedisError:
    """Return what failed as an error of Redis: an answer that makes no sense breaks its libraries anywhere."""
    return error if isinstance(error, RedisError) else InvalidResponse(type(error).__name__)
