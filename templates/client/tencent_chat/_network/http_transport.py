"""The transport on requests' connection pools.

The adapter of requests is asked for a pool (TLS settings, proxies and certificates of the
environment), and the pool for connections. What goes over them is our own: a sixth of the time of a
Session per call, and no cookies, redirects or retries to switch off.
"""

from __future__ import annotations

import http.client
import sys
import threading
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidSchema, RequestException
from urllib3.exceptions import ClosedPoolError, HTTPError
from urllib3.exceptions import TimeoutError as PoolTimeoutError
from urllib3.util.proxy import connection_requires_http_tunnel

from .._support import fork
from ..exceptions import ConfigurationError, TransportError
from ..transport import Received, Request
from .decoding import MAX_ANSWER_BYTES, Body, checked_bound
from .heads import Fields, head
from .signing import Sending, SigningConnection, signing
from .wording import CLOSED, Failure, failure

if TYPE_CHECKING:
    from .receiving import Answer

POOL_SIZE = 100
"""Idle connections kept per host; more are opened when more calls run at once."""

_CHUNK = 1 << 16
_DEFAULT_PORTS = {"http": 80, "https": 443}


class _Route(NamedTuple):
    """The way to a host."""

    pool: Any
    """A pool of urllib3. What of it is used has underscores: it is what `urlopen` does around a request."""
    tunnel: bool
    """Whether it leads through a tunnel, which a proxy has to open."""
    prefix: str
    """Goes before a request's target: a path, or the whole base URL when a proxy forwards."""
    fields: Fields
    """Headers that the host, or a proxy that forwards, needs with each request."""


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
        call = Sending(request)
        connection: SigningConnection | None = None
        body: Body | None = None
        answer: Answer | None = None
        failed: Failure | None = None
        reusable = False
        handled = sys.exception()
        # What is caught here holds pools and connections. It ends here: the error is raised
        # outside of the `except`, so that nothing of a library is its context.
        try:
            unsigned = head(request, route.prefix, route.fields)
            connection = cast(SigningConnection, route.pool._get_conn(timeout=call.left()))
            connection.call = call
            if connection.is_closed:
                _open(connection, route)
            answer = connection.exchange(call, unsigned)
            encodings = [value for name, value in answer.fields if name == "content-encoding"]
            body = Body(",".join(encodings), self._bound)
            while not body.ended and (chunk := answer.read1(_CHUNK)):
                for _ in body.take(chunk):
                    call.left()
            if not body.ended and answer.missing():
                raise http.client.IncompleteRead(b"")
            reusable = not (body.ended or answer.will_close)
        except ClosedPoolError:
            # Closed meanwhile, or a session that was closed and can still be used.
            self._routes.pop(request.base_url, None)
            failed = Failure(CLOSED, timed_out=False)
        except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            to_proxy = connection and connection.proxy and not connection.has_connected_to_proxy
            failed = failure(
                error,
                request.timeout,
                sent=call.sent,
                timeouts=(TimeoutError, PoolTimeoutError),
                proxies=(type(error),) if to_proxy else (),
                handled=handled,
            )
        finally:
            if connection is not None:
                connection.call = None
                if not reusable:
                    connection.close()
                # The pool makes another one of None.
                route.pool._put_conn(connection if reusable else None)
        if (
            answer is None
            or body is None
            or (failed and (failed.timed_out or not (body.begun or answer.chunked)))
        ):
            outcome: Literal["not_sent", "unknown"] = "unknown" if call.sent else "not_sent"
            raise TransportError(failed.reason if failed else "no answer", outcome=outcome)
        return Received(
            answer.status,
            dict(answer.fields),
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
                    route = self._routes[base_url] = self._found(base_url)
        return route

    def _found(self, base_url: str) -> _Route:
        # What a library says may quote the URL of a proxy with its password.
        try:
            return self._found_checked(base_url)
        except InvalidSchema:
            problem = "the proxy's scheme is unknown, or the library for it is not installed (requests[socks])"
        except (RequestException, HTTPError, TypeError, ValueError):
            problem = "this URL, or that of the proxy in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, cannot be used"
        except OSError:
            problem = (
                "the certificates that REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names cannot be read"
            )
        raise ConfigurationError(f"no way to {base_url}: {problem}")

    def _found_checked(self, base_url: str) -> _Route:
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
        pool: Any = usable.get_connection_with_tls_context(
            prepared, verify, proxies=proxies, cert=cert
        )
        usable.cert_verify(pool, base_url, verify, cert)
        if not issubclass(pool.ConnectionCls, SigningConnection):
            pool.ConnectionCls = signing(pool.ConnectionCls)
        parts = urlsplit(prepared.url or "")
        host = parts.netloc.rpartition("@")[2]
        fields = [("Host", host.removesuffix(f":{_DEFAULT_PORTS.get(parts.scheme)}"))]
        tunnel = connection_requires_http_tunnel(pool.proxy, pool.proxy_config, parts.scheme)
        if not tunnel:
            fields += pool.proxy_headers.items()
        prefix = adapter.request_url(prepared, proxies)
        return _Route(pool, tunnel, prefix.rstrip("/"), tuple(fields))


def _open(connection: SigningConnection, route: _Route) -> None:
    """Connect, by way of a proxy if need be. Raises OSError and HTTPError, TimeoutError when the time is up."""
    if route.tunnel:
        route.pool._prepare_proxy(connection)
    # It connects where there is TLS, and warns of certificates that are not checked.
    route.pool._validate_conn(connection)
    if connection.is_closed:
        connection.connect()
