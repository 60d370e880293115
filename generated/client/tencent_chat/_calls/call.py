"""A call: its attempts, what becomes of each, and its result. Knows no network and does not wait."""

from __future__ import annotations

import logging
import time
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .._support.dates import unix_time
from .._support.log import logger
from .._tables.protocol import UNKNOWN_OUTCOME
from ..attempts import Attempt
from ..exceptions import ChatAPIError, ChatError, ResponseError, TransportError
from ..retries import pause_after
from . import answer

if TYPE_CHECKING:
    from ..models.envelope import Response
    from ..transport import Received, Request
    from .core import Core, Prepared
    from .credentials import Signature

R = TypeVar("R", bound="Response")


# Bytes of an answer that take some milliseconds to read.
_LONG = 1 << 18
# Of the time in which the service drops a repeated call: clocks differ, and requests may be held up on their way.
_WINDOW_SHARE = 0.5


class Call(Generic[R]):
    """One call, from its arguments to its result.

    Whoever has a network repeats: `begin`, send the request, `end` with what became of it, wait
    as long as `end` says; and asks for the `result` when it says None.
    """

    _signature: Signature

    def __init__(self, core: Core, prepared: Prepared[R]) -> None:
        self.prepared = prepared
        self.attempts: list[Attempt] = []
        self._core = core
        self._started = time.monotonic()
        self._began = self._started
        self._signed_again = False
        # When the first request was sent that the service may have acted on.
        self._maybe_done_since: float | None = None
        self._hooks: list[AbstractContextManager[object]] = []
        self._result: R | ChatError | None = None
        # What was read ahead.
        self._ready: R | ChatError | None = None

    def begin(self) -> Request | None:
        """Begin an attempt and return its request; None when by now it is too late for another one.

        Raises ConfigurationError when it cannot be signed.
        """
        if self.attempts and self._pause_within_limits(0.0, time.monotonic()) is None:
            return None
        core, prepared = self._core, self.prepared
        base_url = core.domains.choose()
        self._signature = core.credentials.signature(prepared.identifier)
        request = core.request(prepared, self._signature, base_url, self._timeout())
        attempt = Attempt(
            command=prepared.path,
            number=len(self.attempts) + 1,
            base_url=base_url,
            sdkappid=core.sdkappid,
            identifier=prepared.identifier,
        )
        self.attempts.append(attempt)
        if core.hooks:
            self._enter_hooks(attempt)
        self._began = time.monotonic()
        return request

    def end(self, request: Request, outcome: Received | TransportError) -> float | None:
        """End the attempt; return the seconds until the next one, None when the call is over."""
        attempt = self.attempts[-1]
        try:
            attempt.pause = self._judge(attempt, request, outcome)
        finally:
            self._exit_hooks()
        self._log(attempt)
        return attempt.pause

    def _judge(
        self, attempt: Attempt, request: Request, outcome: Received | TransportError
    ) -> float | None:
        """Write down what became of `attempt`; return the seconds until the next one."""
        now = time.monotonic()
        attempt.seconds = now - self._began
        result = self._result = self._ready or self._read(request, outcome)
        self._ready = None
        _describe(attempt, outcome, result)
        # A service that fails or gives up waiting does not say how far it got.
        if attempt.outcome == "unknown" or (
            isinstance(result, ChatAPIError) and result.category in UNKNOWN_OUTCOME
        ):
            self._maybe_done_since = self._maybe_done_since or self._began
        if attempt.outcome != "not_sent":
            self._core.domains.reached(attempt.base_url)
        elif self._core.domains.unreachable(attempt.base_url):
            # Another domain is tried at once.
            return self._pause_within_limits(0.0, now)
        return self._pause(result, outcome, now) if isinstance(result, ChatError) else None

    def read_ahead(self, request: Request, received: Received) -> None:
        """Read what was received, which can take long, before the attempt ends. Raises nothing."""
        self._ready = self._read(request, received)

    def abandon(self) -> None:
        """End an attempt that was cancelled, or whose transport failed in a way of its own."""
        if self.attempts:
            self.attempts[-1].seconds = time.monotonic() - self._began
        self._exit_hooks()

    def result(self) -> R:
        """Return the answer of the last attempt, or raise what it ended with."""
        result, self._result = self._result, None
        if result is None:
            raise RuntimeError("the call has not ended")
        # It may have been the last one against what `end` said.
        self.attempts[-1].pause = None
        if not isinstance(result, ChatError):
            return result
        # What an earlier attempt may have done is not undone by one that did not get through.
        if (
            isinstance(result, TransportError)
            and result.outcome == "not_sent"
            and self._maybe_done_since is not None
        ):
            result = TransportError(result.reason, outcome="unknown", command=result.command)
        result.attempts = tuple(self.attempts)
        if len(self.attempts) > 1:
            for attempt in self.attempts:
                result.add_note(f"attempt {attempt}")
        raise result

    def _read(self, request: Request, outcome: Received | TransportError) -> R | ChatError:
        prepared = self.prepared
        if isinstance(outcome, TransportError):
            reason = f"{request.base_url}: {outcome.reason}"
            return TransportError(reason, outcome=outcome.outcome, command=prepared.path)
        try:
            result = answer.read(
                outcome,
                prepared.model,
                prepared.path,
                self._signature.redactor,
                done_before=prepared.repeated if self._maybe_done_since is not None else (),
            )
        except ChatError as error:
            return error
        if self._maybe_done_since is not None:
            from ..models._reception import mark_as_resent

            mark_as_resent(result)
        return result

    def _pause(
        self, error: ChatError, outcome: Received | TransportError, now: float
    ) -> float | None:
        """Return the seconds until the next attempt, None when there shall be none."""
        # The next answer would be as long again.
        if not isinstance(outcome, TransportError) and outcome.bound is not None:
            return None
        if isinstance(error, ChatAPIError):
            if error.retry == "never":
                return None
            if error.retry == "resign":
                return self._pause_within_limits(0.0, now) if self._sign_again(outcome) else None
        return self._pause_within_limits(pause_after(len(self.attempts), self.prepared.retry), now)

    def _pause_within_limits(self, pause: float, now: float) -> float | None:
        """Return `pause`, shortened if need be; None when the call may not be sent again, or no more is allowed."""
        prepared = self.prepared
        if len(self.attempts) >= prepared.retry.attempts:
            return None
        repeat_until = self._repeat_until()
        if repeat_until is not None:
            if repeat_until <= now:
                return None
            pause = min(pause, (repeat_until - now) / 2)
        return pause if now + pause < self._started + prepared.retry.total else None

    def _repeat_until(self) -> float | None:
        """Return when the service may have seen a repeated request at the latest, None for no limit."""
        if self._maybe_done_since is None or self.prepared.repeat == "safe":
            return None
        return self._maybe_done_since + self.prepared.dedupe_window * _WINDOW_SHARE

    def _timeout(self) -> tuple[float, float]:
        """Return the seconds that the next attempt has to connect, and for its answer."""
        connect, wait = self.prepared.timeout
        if not self.attempts:
            return connect, wait
        now = time.monotonic()
        end = self._started + self.prepared.retry.total
        repeat_until = self._repeat_until()
        # A moment at least: sockets take no timeout of zero.
        connect_left = max((end if repeat_until is None else min(end, repeat_until)) - now, 0.001)
        return min(connect, connect_left), min(wait, max(end - now, 0.001))

    def _sign_again(self, outcome: Received | TransportError) -> bool:
        """Have the UserSig made anew, once a call; return whether there is hope in that."""
        if self._signed_again or isinstance(outcome, TransportError):
            return False
        self._signed_again = True
        return self._core.credentials.renew(
            self.prepared.identifier, self._signature, _date(outcome)
        )

    def _enter_hooks(self, attempt: Attempt) -> None:
        for hook in self._core.hooks:
            try:
                entered = hook(attempt)
                entered.__enter__()
            except Exception:
                logger.exception("a hook failed before an attempt of %s", attempt.command)
            except BaseException:
                self.abandon()
                raise
            else:
                self._hooks.append(entered)

    def _exit_hooks(self) -> None:
        while self._hooks:
            try:
                self._hooks.pop().__exit__(None, None, None)
            except Exception:
                logger.exception("a hook failed after an attempt of %s", self.prepared.path)

    def _log(self, attempt: Attempt) -> None:
        level = logging.INFO if attempt.outcome == "done" else logging.WARNING
        if logger.isEnabledFor(level):
            logger.log(
                level,
                "%s %s code=%s %.1f ms attempt=%d request_id=%s%s%s",
                attempt.command,
                attempt.outcome,
                "-" if attempt.code is None else attempt.code,
                (attempt.seconds or 0) * 1000,
                attempt.number,
                attempt.request_id or "-",
                f": {attempt.reason.removesuffix('.')}" if attempt.reason else "",
                "" if attempt.pause is None else f"; again in {attempt.pause:.2f} s",
            )


def read(call: Call[Any], request: Request, received: Received) -> None:
    """Read an answer."""
    call.read_ahead(request, received)


async def aread(call: Call[Any], request: Request, received: Received) -> None:
    """Read an answer, a long one in a thread, so that the event loop does not stand still."""
    if len(received.body) > _LONG:
        import asyncio

        await asyncio.to_thread(call.read_ahead, request, received)


def _describe(
    attempt: Attempt, outcome: Received | TransportError, result: Response | ChatError
) -> None:
    """Write down in `attempt` what became of it."""
    if isinstance(outcome, TransportError):
        attempt.outcome, attempt.reason = outcome.outcome, outcome.reason
        return
    attempt.http_status = outcome.status
    if isinstance(result, ChatAPIError):
        attempt.outcome, attempt.reason = "refused", result.message
        attempt.code, attempt.request_id = (
            None if result.code is None else int(result.code),
            result.request_id,
        )
    elif isinstance(result, ResponseError):
        attempt.outcome, attempt.reason = "unknown", result.reason
    elif not isinstance(result, ChatError):
        code = getattr(result, "error_code", None)
        attempt.outcome, attempt.code = "done", code if isinstance(code, int) else 0
        if attempt.code:
            attempt.reason = "an attempt before had done it"
        request_id = getattr(result, "request_id", None)
        attempt.request_id = request_id if isinstance(request_id, str) else None


def _date(received: Received) -> float | None:
    """Return the Unix time that the service's clock shows, None when the answer does not say."""
    seconds = unix_time(received.headers.get("date", ""))
    return seconds if seconds is not None and seconds > 0 else None
