"""The transport on requests' connection pools.

The adapter of requests is asked for a pool (TLS settings, proxies and certificates of the
environment), and the pool is then used directly: half the time of a Session per call, and no
cookies, redirects or retries to switch off. The UserSig is put into the request line inside the
connection, below everything that logs or raises.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cache
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

from . import _fork
from ._secret import Secret
from .transport import Received, Request, sign

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, HTTPConnectionPool

POOL_SIZE = 100
"""Idle connections kept per host; more are opened when more calls run at once."""

_CHUNK = 1 << 16
# Header under which a call travels to its connection; it is never sent.
_CALL = "-call"


class _Call:
    """One call on its way: what the connection needs, and what became of it."""

    def __init__(self, usersig: Secret) -> None:
        self.usersig = usersig
        self.sent = False
        """Whether the service may have seen some of the request."""


class _SigningConnection(HTTPConnection):
    """Puts the UserSig into the request line, and sends the request in one piece."""

    # http.client prints what it sends when a program sets its debuglevel.
    debuglevel = 0

    _call: _Call | None = None
    _held: list[bytes] | None = None

    def set_debuglevel(self, level: int) -> None:
        """Stay silent."""

    def request(
        self,
        method: str,
        url: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        rest = dict(headers or {})
        call = cast(_Call, rest.pop(_CALL))
        self._call, self._held = call, []
        try:
            super().request(method, url, body, rest, **options)
            request = b"".join(self._held)
        finally:
            self._call = self._held = None
        if self.sock is None:
            self.connect()
        call.sent = True
        super().send(request)

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
    """

    def __init__(self) -> None:
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
        """Close all connections."""
        with self._lock:
            self._routes.clear()
            self._adapter.close()

    def send(self, request: Request) -> Received:
        """Send `request` once and return what was received.

        Raises TransportError when no part of an answer's body came back.
        """
        route = self._route(request.base_url)
        call = _Call(request.usersig)
        headers = {
            **request.headers,
            "Content-Length": str(len(request.body)),
            _CALL: cast(str, call),
        }
        chunks: list[bytes] = []
        response: BaseHTTPResponse | None = None
        complete = False
        failure = ""
        # What is caught here holds the pool, the connection and maybe more: it ends here, and the
        # error is raised outside of the `except`, where it is nobody's context.
        try:
            response = route.pool.urlopen(
                "POST",
                route.prefix + request.target,
                body=request.body,
                headers=headers,
                timeout=Timeout(*request.timeout),
                retries=False,
                redirect=False,
                assert_same_host=False,
                preload_content=False,
            )
            while chunk := response.read1(_CHUNK):
                chunks.append(chunk)
            complete = True
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            failure = _reason(error, request.timeout, sent=call.sent)
            timed_out = _timed_out(error)
            if response is None or timed_out or not chunks:
                response = None
        ...
