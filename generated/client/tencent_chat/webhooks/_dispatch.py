"""From a request to the handler of its event, and from the handler's reply to an answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast

from .._bodies.body import reply_body
from .._bodies.wire import encode
from .._support.log import logger
from .._support.secret import Secret
from .._support.settings import checked_sdkappid, is_async
from ..exceptions import ConfigurationError
from ..models._webhook import AfterEvent, Event, Reply, UnknownEvent
from ._errors import VerificationError, WebhookError
from ._parsing import parse
from ._query import Query, parameters
from ._registry import of_event
from ._signature import check_app, check_settings, check_signature

E = TypeVar("E")
R = TypeVar("R")
Fallback = TypeVar("Fallback", bound="Handler[Event, Reply | None]")

Handler: TypeAlias = Callable[[E], R | Awaitable[R]]
"""What is called with an event: a function or an async one."""

OnError: TypeAlias = Callable[[Event, Exception], object]
"""Called with an event whose handler raised an exception, and the exception."""

Defer: TypeAlias = Callable[..., object]
"""Has a function called later: `defer(function, *arguments)`."""

_logger = logger.getChild("webhooks")
_OK: dict[str, object] = {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0}


class Answer(NamedTuple):
    """What the app's web server shall answer."""

    status: int
    """HTTP status: 200; 400 for no webhook, 403 for one that fails verification, 500 for a handler that fails."""
    body: bytes
    """JSON."""
    headers: dict[str, str]


class Dispatch:
    """A router's handlers, and what is done with a request."""

    def __init__(
        self,
        *,
        token: str | None,
        sdkappid: int | None = None,
        max_age: float | None = 60,
        on_error: OnError | None = None,
    ) -> None:
        self._token = None if token is None else Secret(token)
        del token
        if self._token is not None:
            check_settings(self._token, sdkappid, max_age)
        elif sdkappid is not None:
            checked_sdkappid(sdkappid)
        if on_error is not None:
            _check_handler(on_error)
        self._on_error = on_error
        self._sdkappid = sdkappid
        self._max_age = max_age
        self._handlers: dict[type[Event], Handler[Any, Any]] = {}
        self._fallback: Handler[Any, Any] | None = None

    def fallback(self, handler: Fallback) -> Fallback:
        """Register the handler of all events that have none of their own, UnknownEvent included.

        It may return a reply of the event's own class; see `allow`, `reject` and `drop`.
        """
        if self._fallback is not None:
            raise ConfigurationError("the router has a fallback handler already")
        _check_handler(handler)
        self._fallback = handler
        return handler

    def handle(self, query: Query, body: bytes, *, defer: Defer | None = None) -> Answer:
        """Verify and parse a webhook, call its handler and return what to answer.

        With `defer`, which has a function called later (`executor.submit`, for instance), the
        handlers of events that have happened are handed to it instead of being called, so that the
        service has its answer at once. Raises ConfigurationError when the handler is async.
        """
        received = self._receive(query, body)
        if isinstance(received, Answer):
            return received
        event, handler = received
        if _is_async(handler):
            raise ConfigurationError(
                f"the handler {_name(handler)} is async: use `await router.handle_async(...)`"
            )
        try:
            if defer is not None and isinstance(event, AfterEvent):
                defer(self._run, handler, event)
                return _answer(200, _OK)
            return _replied(event, handler, handler(event))
        except Exception as error:
            self._failed(event, handler, error)
        return _failed()

    async def handle_async(
        self, query: Query, body: bytes, *, defer: Defer | None = None
    ) -> Answer:
        """Do what `handle` does, with handlers that may be async.

        A handler that is not is called in the event loop, which stands still until it returns.
        `defer` gets an async function for an async handler, as Starlette's `add_task` takes it.
        """
        received = self._receive(query, body)
        if isinstance(received, Answer):
            return received
        event, handler = received
        try:
            if defer is not None and isinstance(event, AfterEvent):
                defer(self._run_async if _is_async(handler) else self._run, handler, event)
                return _answer(200, _OK)
            result: object = handler(event)
            if isinstance(result, Awaitable):
                result = await cast(Awaitable[object], result)
            return _replied(event, handler, result)
        except Exception as error:
            self._failed(event, handler, error)
        return _failed()

    def _register(self, event: type[Event]) -> Callable[[Any], Any]:
        if event is not UnknownEvent and of_event(event) is None:
            name = getattr(cast(object, event), "__name__", repr(event))
            raise ConfigurationError(
                f"{name} is no class of events that webhooks tell; for all others: @router.fallback"
            )
        if event in self._handlers:
            raise ConfigurationError(f"the router has a handler of {event.__name__} already")

        def register(handler: Handler[Any, Any]) -> Handler[Any, Any]:
            _check_handler(handler)
            self._handlers[event] = handler
            return handler

        return register

    def _receive(self, query: Query, body: bytes) -> tuple[Event, Handler[Any, Any]] | Answer:
        """Return the event and its handler, or the answer where either is missing."""
        given = parameters(query)
        try:
            if self._token is not None:
                check_signature(given, self._token, self._max_age)
            if self._sdkappid is not None:
                check_app(given, self._sdkappid)
            event = parse(given, body)
        except VerificationError as error:
            return _refused(403, error)
        except WebhookError as error:
            return _refused(400, error)
        handler = self._handlers.get(type(event), self._fallback)
        return _answer(200, _OK) if handler is None else (event, handler)

    def _run(self, handler: Handler[Any, Any], event: Event) -> None:
        try:
            result: object = handler(event)
        except Exception as error:
            self._failed(event, handler, error)
            return
        if isinstance(result, Awaitable):
            _logger.error(
                "%s: the handler %s returned %s, which was not awaited: only an `async def` can be deferred as such",
                type(event).__name__,
                _name(handler),
                type(cast(object, result)).__name__,
            )

    async def _run_async(self, handler: Handler[Any, Any], event: Event) -> None:
        try:
            await handler(event)
        except Exception as error:
            self._failed(event, handler, error)

    def _failed(self, event: Event, handler: object, error: Exception) -> None:
        _logger.error(
            "%s: the handler %s failed", type(event).__name__, _name(handler), exc_info=error
        )
        if self._on_error is not None:
            try:
                self._on_error(event, error)
            except Exception:
                _logger.exception("on_error failed")


def _check_handler(handler: object) -> None:
    if not callable(handler):
        raise ConfigurationError(f"a handler must be a function, got {type(handler).__name__}")


def _replied(event: Event, handler: Handler[Any, Any], result: object) -> Answer:
    if result is None:
        return _answer(200, _OK)
    webhook = of_event(type(event))
    due = webhook.reply_model if webhook else Reply
    if isinstance(result, due):
        return _answer(200, reply_body(result, due, type(event).__name__))
    name = type(event).__name__
    _logger.error(
        "%s: the handler %s returned %s, not %s",
        name,
        _name(handler),
        type(result).__name__,
        due.__name__,
    )
    return _failed()


def _answer(status: int, body: dict[str, object]) -> Answer:
    return Answer(status, encode(body), {"Content-Type": "application/json"})


def _refused(status: int, error: WebhookError) -> Answer:
    _logger.warning("a webhook was refused: %s", error)
    return _failure(status, str(error))


def _failure(status: int, text: str) -> Answer:
    return _answer(status, {"ActionStatus": "FAIL", "ErrorInfo": text, "ErrorCode": status})


def _failed() -> Answer:
    return _failure(500, "the handler failed")


def _is_async(handler: Handler[Any, Any]) -> bool:
    return is_async(handler) or is_async(type(handler).__call__)


def _name(handler: object) -> str:
    return getattr(handler, "__qualname__", type(handler).__name__)
