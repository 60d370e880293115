"""The transport on requests' connection pools.

The adapter of requests is asked for a pool (TLS settings, proxies and certificates of the
environment), and the pool is then used directly: half the time of a Session per call, and no
cookies, redirects or retries to switch off. The UserSig is put into the request line inside the
connection, below everything that logs or raises.
"""

from __future__ import annotations

import http.client
import io
import socket
import sys
import threading
import time
from collections.abc import Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidSchema, RequestException
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, ProxyError
from urllib3.exceptions import TimeoutError as PoolTimeoutError
from urllib3.response import HTTPResponse
from urllib3.util import Retry, Timeout

from . import _fork
from ._secret import Secret
from ._wording import Failure, failure
from .exceptions import ConfigurationError, TransportError
from .transport import Received, Request, sign

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, HTTPConnectionPool

POOL_SIZE = 100
"""Idle connections kept per host; more are opened when more calls run at once."""

_CHUNK = 1 << 16
_NO_RETRIES = Retry(total=False)
_INTERIM = range(102, 200)
# Header under which a call travels to its connection; it is never sent.
_CALL = "-call"


class _Call:
    """One call on its way: what the connection needs, and what became of it."""

    def __init__(self, usersig: Secret, timeout: tuple[float, float]) -> None:
        connect, self.wait = timeout
        self.usersig = usersig
        self.sent = False
        """Whether the service may have seen some of the request."""
        self.until = time.monotonic() + connect
        """When the connection must be there and, once the request is sent, the whole answer."""

    def left(self) -> float:
        """Return the seconds that are left. Raises TimeoutError when none are."""
        seconds = self.until - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


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
    """Puts the UserSig into the request line, and sends the request in one piece."""

    # http.client prints what it sends when a program sets its debuglevel.
    debuglevel = 0

    _call: _Call | None = None
    _sent: _Call | None = None
    _held: list[bytes] | None = None

    def set_debuglevel(self, level: int) -> None:
        """Stay silent."""

    def request(
        self,
        method: str,
        url: str,
        body: Any = None,
        headers: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        rest = dict(headers or {})
        call = self._sent = cast(_Call | None, rest.pop(_CALL, None))
        if call is None:
            # Of the program that handed the session in.
            super().request(method, url, body, rest, **options)
            return
        self._call, self._held = call, []
        try:
            super().request(method, url, body, rest, **options)
            request = b"".join(self._held)
        finally:
            self._call = self._held = None
        if self.sock is None:
            self.connect()
        # Names, addresses, handshakes and full pools each take their time.
        call.left()
        call.sent = True
        super().send(request)
        call.until = time.monotonic() + call.wait

    def getresponse(self) -> Any:
        if self._sent is None:
            return super().getresponse()
        # For this answer only, not for that of a proxy to the next handshake.
        self.response_class = cast(Any, partial(_Answer, self._sent))
        try:
            return super().getresponse()
        finally:
            del self.response_class

    def putrequest(self, method: str, url: str, *args: Any, **options: Any) -> None:
        super().putrequest(
            method, sign(url, self._call.usersig) if self._call else url, *args, **options
        )

    def send(self, data: Any) -> None:
        if self._held is None:
            # The handshake with a proxy.
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
    """

    def __init__(self, session: requests.Session | None = None) -> None:
        if not isinstance(cast(object, session), requests.Session | None):
            raise ConfigurationError(
                f"session must be a Session of requests, got {type(session).__name__}"
            )
        self._session = session
        self._reset()
        _fork.watch(self)

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
        call = _Call(request.usersig, request.timeout)
        headers = {
            **request.headers,
            "Content-Length": str(len(request.body)),
            _CALL: cast(str, call),
        }
        chunks: list[bytes] = []
        response: BaseHTTPResponse | None = None
        failed: Failure | None = None
        handled = sys.exception()
        # What is caught here holds pools and connections. It ends here: the error is raised
        # outside of the `except`, so that nothing of a library is its context.
        try:
            response = route.pool.urlopen(
                "POST",
                route.prefix + request.target,
                body=request.body,
                headers=headers,
                timeout=Timeout(connect=connect, read=wait),
                pool_timeout=cast(int, connect),
                retries=_NO_RETRIES,
                redirect=False,
                assert_same_host=False,
                preload_content=False,
                decode_content=False,
            )
            while chunk := response.read1(_CHUNK):
                chunks.append(chunk)
        except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            failed = failure(
                error,
                request.timeout,
                sent=call.sent,
                timeouts=(TimeoutError, PoolTimeoutError),
                proxies=(ProxyError,),
                handled=handled,
            )
        if response is None or (failed and (failed.timed_out or not (chunks or response.chunked))):
            outcome: Literal["not_sent", "unknown"] = "unknown" if call.sent else "not_sent"
            raise TransportError(failed.reason if failed else "no answer", outcome=outcome)
        names = {name.lower(): value for name, value in response.headers.items()}
        body, whole = _decoded(b"".join(chunks), names.get("content-encoding"))
        return Received(response.status, names, body, complete=whole and failed is None)

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


def _decoded(body: bytes, encoding: str | None) -> tuple[bytes, bool]:
    """Return `body` without its compression, and whether all of it can be decoded; else what could be."""
    if encoding is None:
        return body, True
    stream = HTTPResponse(
        io.BytesIO(body), headers={"content-encoding": encoding}, preload_content=False
    )
    chunks: list[bytes] = []
    try:
        while chunk := stream.read(_CHUNK):
            chunks.append(chunk)
    except HTTPError:
        return b"".join(chunks) or body, False
    return b"".join(chunks), True
