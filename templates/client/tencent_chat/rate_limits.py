"""Keeps calls below the vendor's rate limits by holding them back before they are sent.

The limits are the documented ones of each command, counted per SDKAppID. A window moves with the
time: no more than the limit's number of calls begin within any of its intervals, wherever that
interval starts.
"""

from __future__ import annotations

import math
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias, cast

from ._limits.lanes import SECONDS, Lane, Outage
from ._support import fork
from ._support.loading import unforked
from ._support.secret import Secret
from ._support.settings import check_libraries, checked_secret
from .commands import COMMANDS, RateLimit, find
from .exceptions import ConfigurationError

if TYPE_CHECKING:
    import asyncio
    from types import TracebackType

    from typing_extensions import Self

    from ._limits.redis_limits import AsyncRedisLimits, RedisLimits

_NEARLY_THE_SAME = 0.9

Limits: TypeAlias = "int | RateLimit | Sequence[RateLimit] | None"
"""Calls per second, a limit for another interval, several that hold together, or None for no limit."""


class _Limiter:
    """What both limiters know: which limits apply, and which calls count."""

    def __init__(
        self,
        *,
        max_wait: float | None = 60.0,
        plan: str | None = None,
        overrides: Mapping[str, Limits] | None = None,
        redis: str | None = None,
    ) -> None:
        url = None if redis is None else Secret(redis)
        del redis
        self._max_wait = _checked_max_wait(max_wait)
        self._plan = _checked_plan(plan)
        self._overrides = _checked_overrides({} if overrides is None else overrides)
        self._url = _checked_redis(url)
        self._outage = Outage()
        self._lanes: dict[tuple[int, str], Lane] = {}
        self._lock = threading.Lock()
        self._set_up()
        fork.watch(self)

    def _set_up(self) -> None:
        """Make what only this kind of limiter has."""
        raise NotImplementedError

    def reset_after_fork(self) -> None:
        self._lock = threading.Lock()
        self._outage = Outage()
        for lane in self._lanes.values():
            lane.reset()

    def _lane(self, sdkappid: int, command: str) -> Lane | None:
        """Return where the calls of `command` queue, None when nothing limits them."""
        lane = self._lanes.get((sdkappid, command))
        if lane is None and (limits := self._limits(command)):
            with self._lock:
                lane = self._lanes.setdefault((sdkappid, command), Lane(sdkappid, command, limits))
        return lane

    def _limits(self, command: str) -> tuple[RateLimit, ...]:
        """Return the limits that apply together, that of the shortest interval first."""
        limits = self._overrides.get(command)
        if limits is None:
            known = find(command)
            limits = known.rate_limits if known else ()
        by_plan = [limit for limit in limits if limit.plan is not None]
        mine = [limit for limit in by_plan if limit.plan == self._plan] or _lowest(by_plan)
        everyone = [limit for limit in limits if limit.plan is None]
        return tuple(sorted([*everyone, *mine], key=lambda limit: SECONDS[limit.per]))


class RateLimiter(_Limiter):
    """Holds calls back until the documented rate limits have room for them.

    ```python
    limiter = RateLimiter()
    client = ChatClient(sdkappid=1400000000, secret_key="...", region="singapore", rate_limiter=limiter)
    ```

    Args:
        max_wait: Seconds that a call may be held back; 0 never waits, None waits as long as it takes.
        plan: The app's plan, where a limit depends on it: `Free`, `Standard`, `Advanced`. Where it
            does and the plan is not given, the lowest of its limits holds.
        overrides: Limits that take the place of the documented ones, by path of the command: calls
            per second, a RateLimit, several that hold together, or None for no limit.
        redis: URL of a Redis, through which processes and machines share the limits. Needs the
            extra `redis`. While Redis fails, each process keeps the limits on its own, and the
            log of this package says so once.

    Commands without a documented limit are not held back. Clients of a process share limits when
    they share the limiter, with `redis` all do that use the same one with the same settings. Safe
    to share between threads, where the longest waiting is served first, and to use after a fork.
    Raises ConfigurationError for arguments that cannot work.
    """

    def _set_up(self) -> None:
        self._redis: RedisLimits | None = None
        if self._url is not None:
            with unforked():
                from ._limits.redis_limits import RedisLimits

            self._redis = RedisLimits(self._url)

    def acquire(self, sdkappid: int, command: str) -> None:
        """Return when a call of `command` may begin; it counts from then on.

        Raises ThrottledError when it would have to wait for more than `max_wait`: at once where
        that is known, after `max_wait` at the latest.
        """
        lane = self._lane(sdkappid, command)
        if lane is None:
            return
        if not self._max_wait:
            if delay := self._take(lane):
                raise lane.throttled(delay)
            return
        deadline = time.monotonic() + self._max_wait
        if not lane.turn.acquire(self._max_wait):
            raise lane.throttled()
        try:
            while delay := self._take(lane):
                if time.monotonic() + delay > deadline:
                    raise lane.throttled(delay)
                time.sleep(delay)
        finally:
            lane.turn.release()

    def _take(self, lane: Lane) -> float:
        """Count a call and return 0, or the seconds until there may be room for one."""
        if self._redis is None or self._outage.lasts():
            return lane.take()
        with unforked():
            from ._limits.redis_limits import RedisError

        try:
            delay = self._redis.take(lane.sdkappid, lane.command, lane.limits)
        except RedisError as error:
            reason = type(error).__name__
        else:
            self._outage.end()
            return lane.taken_elsewhere(delay)
        self._outage.begin(reason)
        return lane.take()

    def close(self) -> None:
        """Close the connections to Redis; the next call opens new ones."""
        if self._redis is not None:
            self._redis.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_class: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class AsyncRateLimiter(_Limiter):
    """Holds the calls of asyncio tasks back until the documented rate limits have room for them.

    The arguments are those of RateLimiter. The event loop is never blocked; the limiter may be
    used in several loops, one after the other or in threads of their own.
    """

    def _set_up(self) -> None:
        self._loops: dict[asyncio.AbstractEventLoop, _Loop] = {}
        if self._url is not None:
            with unforked():
                from ._limits.redis_limits import check

            check(self._url)

    async def acquire(self, sdkappid: int, command: str) -> None:
        """Return when a call of `command` may begin; it counts from then on.

        Raises ThrottledError when it would have to wait for more than `max_wait`: at once where
        that is known, after `max_wait` at the latest. A task that is cancelled while it waits
        gives its place up.
        """
        import asyncio

        lane = self._lane(sdkappid, command)
        if lane is None:
            return
        loop = self._loop()
        if not self._max_wait:
            if delay := await self._take(lane, loop):
                raise lane.throttled(delay)
            return
        deadline = time.monotonic() + self._max_wait
        turn = loop.turns[lane]
        in_time = False
        with suppress(TimeoutError):
            async with asyncio.timeout(None if math.isinf(self._max_wait) else self._max_wait):
                in_time = await turn.acquire()
        if not in_time:
            raise lane.throttled()
        try:
            while delay := await self._take(lane, loop):
                if time.monotonic() + delay > deadline:
                    raise lane.throttled(delay)
                await asyncio.sleep(delay)
        finally:
            turn.release()

    async def _take(self, lane: Lane, loop: _Loop) -> float:
        if loop.redis is None or self._outage.lasts():
            return lane.take()
        with unforked():
            from ._limits.redis_limits import RedisError

        try:
            delay = await loop.redis.take(lane.sdkappid, lane.command, lane.limits)
        except RedisError as error:
            reason = type(error).__name__
        else:
            self._outage.end()
            return lane.taken_elsewhere(delay)
        self._outage.begin(reason)
        return lane.take()

    def _loop(self) -> _Loop:
        """Return what belongs to the running event loop."""
        import asyncio

        running = asyncio.get_running_loop()
        with self._lock:
            if running not in self._loops:
                for loop in [loop for loop in self._loops if loop.is_closed()]:
                    del self._loops[loop]
                self._loops[running] = _Loop(self._url)
            return self._loops[running]

    async def close(self) -> None:
        """Close this event loop's connections to Redis; the next call opens new ones."""
        redis = self._loop().redis
        if redis is not None:
            await redis.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        error_class: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()


class _Loop:
    """Turns and connections that one event loop owns."""

    def __init__(self, url: Secret | None) -> None:
        import asyncio

        self.redis: AsyncRedisLimits | None = None
        if url is not None:
            with unforked():
                from ._limits.redis_limits import AsyncRedisLimits

            self.redis = AsyncRedisLimits(url)
        self.turns: defaultdict[Lane, asyncio.Lock] = defaultdict(asyncio.Lock)


def _checked_redis(url: Secret | None) -> Secret | None:
    if url is None:
        return None
    check_libraries("rate limits through Redis need", "limits", "redis")
    return checked_secret("redis", url)


def _lowest(limits: list[RateLimit]) -> list[RateLimit]:
    """Return for each interval the limit with the fewest calls."""
    descending = sorted(limits, key=lambda limit: limit.calls, reverse=True)
    return list({limit.per: limit for limit in descending}.values())


def _checked_max_wait(value: object) -> float:
    if value is None:
        return math.inf
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise ConfigurationError(
            "max_wait must be seconds: 0 never waits, None waits as long as it takes"
        )
    return float(value)


def _checked_plan(value: str | None) -> str | None:
    if value is None:
        return None
    known = {limit.plan for command in COMMANDS.values() for limit in command.rate_limits}
    if value not in known:
        names = ", ".join(sorted(repr(name) for name in known if name))
        raise ConfigurationError(f"no limit depends on the plan {value!r}; limits do on {names}")
    return value


def _checked_overrides(overrides: object) -> dict[str, tuple[RateLimit, ...]]:
    if not isinstance(overrides, Mapping):
        raise ConfigurationError('overrides must be like {"openim/sendmsg": 500}')
    limits = cast(Mapping[str, object], overrides)
    return {path: _checked_override(path, limit) for path, limit in limits.items()}


def _checked_override(path: object, limits: object) -> tuple[RateLimit, ...]:
    if not isinstance(path, str) or path.count("/") != 1:
        raise ConfigurationError(
            f'overrides: {path!r} is no command; it must be like "openim/sendmsg"'
        )
    # A command that this version does not know may well be called; one that is nearly known is misspelt.
    from difflib import get_close_matches

    near = get_close_matches(path, COMMANDS, 1, _NEARLY_THE_SAME)
    if near and path not in COMMANDS:
        raise ConfigurationError(f"overrides: there is no command {path}; did you mean {near[0]}?")
    if limits is None:
        return ()
    if isinstance(limits, int):
        limits = RateLimit(limits, "second")
    several = (limits,) if isinstance(limits, RateLimit) else limits
    if not isinstance(several, Sequence) or not all(
        map(_is_limit, cast(Sequence[object], several))
    ):
        raise ConfigurationError(
            f"overrides: the limit of {path} must be a number of calls per second, a RateLimit, several or None"
        )
    return tuple(cast(Sequence[RateLimit], several))


def _is_limit(value: object) -> bool:
    return (
        isinstance(value, RateLimit)
        and isinstance(cast(object, value.calls), int)
        and not isinstance(value.calls, bool)
        and value.calls > 0
        and value.per in SECONDS
    )
