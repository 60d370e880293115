"""The transport on requests' connection pools.

The adapter of requests is asked for a pool (TLS settings, proxies and certificates of the
environment), and the pool is then used directly: half the time of a Session per call, and no
cookies, redirects or retries to switch off. The UserSig is put into the request where it is handed
to the socket, below everything that logs, raises or keeps it in a variable.
"""

from __future__ import annotations

import http.client
import io
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidSchema, RequestException
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ClosedPoolError, HTTPError, ProxyError
from urllib3.exceptions import TimeoutError as PoolTimeoutError
from urllib3.util import Retry, Timeout

from .._support import fork
from ..exceptions import ConfigurationError, TransportError
from ..transport import Received, Request, sign
from .decoding import MAX_ANSWER_BYTES, Body, checked_bound
from .wording import CLOSED, Failure, failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from urllib3 import BaseHTTPResponse, HTTPConnectionPool

POOL_SIZE = 100
"""Idle connections kept per host; more are opened when more calls run at once."""

_CHUNK = 1 << 16
# Bytes that are sent at a time: as much as a TLS record holds. A socket's own limit starts with each.
_PORTION = 1 << 14
_NO_RETRIES = Retry(total=False)
_INTERIM = range(102, 200)


class _Call:
    """One call on its way: what the connection needs, and what became of it."""

    def __init__(self, request: Request) -> None:
        connect, self.wait = request.timeout
        self.request = request
        self.sent = False
        """Whether the service may have seen some of the request."""
        self.until = time.monotonic() + connect
        """When the connection must be there and, once the request is on its way, the whole answer."""

    def left(self) -> float:
        """Return the seconds that are left. Raises TimeoutError when none are."""
        seconds = self.until - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


# By which a call finds its connection: the pool has no place for it.
_current: ContextVar[_Call | None] = ContextVar("tencent_chat_call", default=None)


class _LimitedReader(io.RawIOBase):
    """Reads from a connection as long as there is time for the answer: a socket's own limit starts with each read."""

    def __init__(self, raw: io.RawIOBase, connection: socket.socket, call: _Call) -> None:
        self._raw = raw
        self._connection = connection
        self._call = call

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._connection.settimeout(self._call.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _LimitedOptions:
    """The options of a new socket as long as there is time: each of a host's addresses gets one, with all the time."""

    def __init__(self, options: Any, call: _Call) -> None:
        self._options = options
        self._call = call

    def __iter__(self) -> Iterator[Any]:
        self._call.left()
        return iter(self._options or ())


class _Answer(http.client.HTTPResponse):
    """An answer that must be there in time, and whose head urllib3 does not log when it is malformed."""

    def __init__(self, call: _Call, connection: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(connection, *args, **options)
        self.fp = io.BufferedReader(_LimitedReader(self.fp.detach(), connection, call))

    def begin(self) -> None:
        super().begin()
        # The base class takes any interim answer but `100 Continue` for the answer itself, which
        # would be left in the connection for the next call.
        while self.status in _INTERIM:
            self.headers = cast(Any, None)
            super().begin()
        # It may repeat the request.
        self.msg.defects.clear()
        self.msg.set_payload("")


class _SigningConnection(HTTPConnection):
    """Sends the requests of calls with the UserSig in them, and keeps to their time limits."""

    # http.client prints what it sends when a program sets its debuglevel.
    debuglevel = 0

    _reading: _Call | None = None
    """The call for which an answer is read: a proxy's, or that of the service."""
    _held: list[bytes] | None = None

    def set_debuglevel(self, level: int) -> None:
        """Stay silent."""

    # Calling it is all that http.client does with it.
    def response_class(  # type: ignore[override]  # pyright: ignore[reportIncompatibleVariableOverride]
        self, connection: Any, *args: Any, **options: Any
    ) -> Any:
        if self._reading is None:
            return http.client.HTTPResponse(connection, *args, **options)
        return _Answer(self._reading, connection, *args, **options)

    def connect(self) -> None:
        before, self._reading = self._reading, _current.get()
        try:
            super().connect()
        finally:
            self._reading = before

    def _new_conn(self) -> socket.socket:
        call = _current.get()
        if call is None:
            return super()._new_conn()
        # A reused connection object may still have the limit of an earlier call.
        self.timeout = call.left()
        options = self.socket_options
        self.socket_options = cast(Any, _LimitedOptions(options, call))
        try:
            # The limit of a SOCKS proxy's library starts with every byte.
            connect = super()._new_conn
            found = _within(call.left(), connect) if hasattr(self, "_socks_options") else connect()
        finally:
            self.socket_options = options
        try:
            # For the TLS handshake.
            found.settimeout(call.left())
        except TimeoutError:
            found.close()
            raise
        return found

    def request(
        self,
        method: str,
        url: str,
        body: Any = None,
        headers: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        call = _current.get()
        # Programs use the session that they handed in, even in the middle of a call: to send their logs, say.
        if call is None or body is not call.request.body:
            self._reading = None
            super().request(method, url, body, headers, **options)
            return
        self._reading, self._held = call, []
        try:
            super().request(method, url, body, headers, **options)
            unsigned = b"".join(self._held)
        finally:
            self._held = None
        if self.sock is None:
            self.connect()
        # Names, addresses, handshakes and full pools each take their time.
        call.left()
        call.sent = True
        call.until = time.monotonic() + call.wait
        connection = cast(socket.socket, self.sock)
        for start in range(0, len(unsigned), _PORTION):
            portion = unsigned[start : start + _PORTION]
            connection.settimeout(call.left())
            # A view shows nothing of itself, should the library keep it in a variable.
            connection.sendall(
                portion if start else memoryview(sign(portion, call.request.usersig))
            )

    def send(self, data: Any) -> None:
        if self._held is None:
            # The handshake with a proxy, or a request of the program's own.
            super().send(data)
        else:
            self._held.append(bytes(data))


@cache
def _signing(connection_class: type[Any]) -> type[Any]:
    """Return `connection_class`, which is HTTP, HTTPS or SOCKS, as one that signs."""
    return type(f"Signing{connection_class.__name__}", (_SigningConnection, connection_class), {})


class _Route(NamedTuple):
    """The way to a host."""

    pool: HTTPConnectionPool
    prefix: str
    """Goes before a request's target: a path, or the whole base URL when a proxy forwards."""


class HTTPTransport:
    """Keeps connections open between calls. Safe to share between threads and after a fork.

    Proxies (`HTTPS_PROXY`, `NO_PROXY` …) and `REQUESTS_CA_BUNDLE` of the environment are read at
    the first call to a host.

    Args:
        session: A session of requests whose proxies, certificates (`verify`, `cert`), trust in
            the environment and adapters, with their pools, are used in place of the usual ones.
            Its headers, cookies, authentication and hooks are not. It stays the caller's to close,
            and to make anew after a fork.
        max_answer_bytes: How long an answer may be once it is decoded. Of a longer one no more is
            read, and the call ends with ResponseError.
    """

    def __init__(
        self,
        session: requests.Session | None = None,
        *,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
    ) -> None:
        if not isinstance(cast(object, session), requests.Session | None):
            raise ConfigurationError(
                f"session must be a Session of requests, got {type(session).__name__}"
            )
        self._session = session
        self._bound = checked_bound(max_answer_bytes)
        self._reset()
        fork.watch(self)

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._routes: dict[str, _Route] = {}
        self._adapter = HTTPAdapter(pool_maxsize=POOL_SIZE, max_retries=0, pool_block=False)

    def reset_after_fork(self) -> None:
        # Connections of the parent are dropped without a word to the other side.
        self._reset()

    def close(self) -> None:
        """Close all connections, unless a session was handed in."""
        with self._lock:
            self._routes.clear()
            self._adapter.close()

    def send(self, request: Request) -> Received:
        """Send `request` once and return what was received.

        Raises TransportError when no part of an answer's body came back, and when the answer was
        not complete in time.
        """
        route = self._route(request.base_url)
        connect, wait = request.timeout
        call = _Call(request)
        body: Body | None = None
        response: BaseHTTPResponse | None = None
        failed: Failure | None = None
        ended = False
        handled = sys.exception()
        token = _current.set(call)
        # What is caught here holds pools and connections. It ends here: the error is raised
        # outside of the `except`, so that nothing of a library is its context.
        try:
            response = route.pool.urlopen(
                "POST",
                route.prefix + request.target,
                body=request.body,
                headers={**request.headers, "Content-Length": str(len(request.body))},
                timeout=Timeout(connect=connect, read=wait),
                pool_timeout=cast(int, connect),
                retries=_NO_RETRIES,
                redirect=False,
                assert_same_host=False,
                preload_content=False,
                decode_content=False,
            )
            body = Body(response.headers.get("content-encoding", ""), self._bound)
            while not body.ended and (chunk := response.read1(_CHUNK)):
                for _ in body.take(chunk):
                    call.left()
            ended = not body.ended
        except ClosedPoolError:
            # Closed meanwhile, or a session that was closed and can still be used.
            self._routes.pop(request.base_url, None)
            failed = Failure(CLOSED, timed_out=False)
        except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            failed = failure(
                error,
                request.timeout,
                sent=call.sent,
                timeouts=(TimeoutError, PoolTimeoutError),
                proxies=(ProxyError,),
                handled=handled,
            )
        finally:
            _current.reset(token)
            if response is not None and not ended:
                response.close()
                response.release_conn()
        if (
            response is None
            or body is None
            or (failed and (failed.timed_out or not (body.begun or response.chunked)))
        ):
            outcome: Literal["not_sent", "unknown"] = "unknown" if call.sent else "not_sent"
            raise TransportError(failed.reason if failed else "no answer", outcome=outcome)
        return Received(
            response.status,
            {name.lower(): value for name, value in response.headers.items()},
            body.value(),
            complete=failed is None and body.whole(),
            bound=self._bound if body.too_long else None,
        )

    def _route(self, base_url: str) -> _Route:
        route = self._routes.get(base_url)
        if route is None:
            with self._lock:
                route = self._routes.get(base_url)
                if route is None:
                    route = self._routes[base_url] = self._open(base_url)
        return route

    def _open(self, base_url: str) -> _Route:
        # What a library says may quote the URL of a proxy with its password.
        try:
            return self._open_checked(base_url)
        except InvalidSchema:
            problem = "the proxy's scheme is unknown, or the library for it is not installed (requests[socks])"
        except (RequestException, HTTPError, TypeError, ValueError):
            problem = "this URL, or that of the proxy in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, cannot be used"
        except OSError:
            problem = (
                "the certificates that REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names cannot be read"
            )
        raise ConfigurationError(f"no way to {base_url}: {problem}")

    def _open_checked(self, base_url: str) -> _Route:
        prepared = requests.Request("POST", base_url).prepare()
        session = self._session or requests.Session()
        settings = session.merge_environment_settings(base_url, {}, False, None, None)
        proxies, verify, cert = settings["proxies"], settings["verify"], settings["cert"]
        # The stubs of requests type the pool as its base class, and leave `cert_verify` out.
        adapter: Any = (
            self._adapter if self._session is None else self._session.get_adapter(base_url)
        )
        if not isinstance(adapter, HTTPAdapter):
            raise ConfigurationError(
                f"the session's adapter for {base_url} is no HTTPAdapter; hand in a transport of your own instead"
            )
        usable: Any = adapter
        pool: HTTPConnectionPool = usable.get_connection_with_tls_context(
            prepared, verify, proxies=proxies, cert=cert
        )
        usable.cert_verify(pool, base_url, verify, cert)
        if not issubclass(pool.ConnectionCls, _SigningConnection):
            pool.ConnectionCls = _signing(pool.ConnectionCls)
        prefix = adapter.request_url(prepared, proxies)
        return _Route(pool, prefix.rstrip("/"))


def _within(seconds: float, connect: Callable[[], socket.socket]) -> socket.socket:
    """Return what `connect` returns. Raises TimeoutError after `seconds`, and closes what comes later."""
    found: Future[socket.socket] = Future()

    def run() -> None:
        try:
            connection = connect()
        except BaseException as error:
            if found.set_running_or_notify_cancel():
                found.set_exception(error)
        else:
            if found.set_running_or_notify_cancel():
                found.set_result(connection)
            else:
                connection.close()

    threading.Thread(target=run, daemon=True).start()
    try:
        return found.result(seconds)
    finally:
        found.cancel()
