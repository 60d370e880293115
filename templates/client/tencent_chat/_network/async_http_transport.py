"""The transport on aiohttp, for AsyncChatClient.

aiohttp takes less than half the time of httpx for a call. It opens the connections and parses what
comes over them; what its sessions do besides takes as long again, and no call needs any of it. The
UserSig is put into a request where that is handed to the event loop: nothing of aiohttp ever has one.
"""

from __future__ import annotations

import asyncio
import os
import select
import ssl
import sys
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple, cast
from weakref import WeakSet

import aiohttp
from aiohttp.client_exceptions import ClientHttpProxyError, ClientProxyConnectionError
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from .._support import fork
from .._support.loading import unforked
from ..exceptions import ConfigurationError, TransportError
from ..transport import Received, Request, sign
from .decoding import MAX_ANSWER_BYTES, Body, checked_bound
from .heads import Fields, head
from .proxies import environment_proxy
from .wording import CLOSED, Failure, failure

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from aiohttp.client_proto import ResponseHandler
    from aiohttp.connector import Connection
    from aiohttp.http_parser import RawResponseMessage

    from .._support.secret import Secret


# Bytes that are handed to the event loop at a time.
_PORTION = 1 << 16
_LONGEST_LINE = 1 << 16
# Turns of an event loop in which it notices that a connection has ended and closes it: two with TLS, one to spare.
_TURNS_TO_AN_END = 3
# The time limits of a call stand around all that is done for it.
_NO_LIMITS = aiohttp.ClientTimeout(total=None)
_PROXY_AUTHORIZATION = "Proxy-Authorization"


class _Route(NamedTuple):
    """The way to a host."""

    wanted: aiohttp.ClientRequest
    """By which aiohttp knows what connection is wanted. It is never sent."""
    prefix: str
    """Goes before a request's target: a path, or the whole base URL when a proxy forwards."""
    host: Fields


class _Open(NamedTuple):
    """The session of an event loop."""

    session: aiohttp.ClientSession
    keeper: AsyncGenerator[aiohttp.ClientSession, None]
    routes: dict[str, _Route]
    """By base URL."""
    used: WeakSet[ResponseHandler]
    """Ends of connections over which a request has gone."""


class AsyncHTTPTransport:
    """Keeps connections open between calls. Safe to share between tasks, and between event loops in turn.

    Proxies (`HTTPS_PROXY`, `NO_PROXY` …) and `REQUESTS_CA_BUNDLE` of the environment are read at
    the first call to a host.

    Args:
        session: A session of aiohttp whose connector (TLS settings, resolver, limits) and trust in
            the environment are used in place of the usual ones; for its event loop only. It stays
            the caller's to close.
        proxy: URL of a proxy, in place of the environment's.
        max_answer_bytes: How long an answer may be once it is decoded. Of a longer one no more is
            read, and the call ends with ResponseError.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession | None = None,
        *,
        proxy: str | None = None,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
    ) -> None:
        if not isinstance(cast(object, session), aiohttp.ClientSession | None):
            raise ConfigurationError(
                f"session must be a ClientSession of aiohttp, got {type(session).__name__}"
            )
        self._given = session
        self._proxy = proxy
        self._bound = checked_bound(max_answer_bytes)
        self._trust_env = session.trust_env if session else True
        # aiohttp itself would look it up for every call, in a thread.
        self._proxies: dict[str, str | None] = {}
        self._sessions: dict[asyncio.AbstractEventLoop, _Open] = {}
        # Kept, since an end of them here would end connections that the parent process uses.
        self._inherited: list[_Open] = []
        fork.watch(self)

    def reset_after_fork(self) -> None:
        self._inherited += self._sessions.values()
        self._sessions = {}

    async def close(self) -> None:
        """Close all connections, unless a session was handed in."""
        found = self._sessions.pop(asyncio.get_running_loop(), None)
        if found is not None:
            await found.keeper.aclose()

    async def send(self, request: Request) -> Received:
        """Send `request` once and return what was received.

        Raises TransportError when no part of an answer's body came back, and when the answer was
        not complete in time.
        """
        opened = await self._open()
        session = opened.session
        route = opened.routes.get(request.base_url)
        if route is None:
            route = opened.routes[request.base_url] = self._route(session, request.base_url)
        connection: Connection | None = None
        message: RawResponseMessage | None = None
        body: Body | None = None
        failed: Failure | None = None
        sent = reusable = unusable = False
        handled = sys.exception()
        limit = asyncio.timeout(request.timeout[0])
        # What is caught here ends here: the error is raised outside of the `except`, so that
        # nothing of a library is its context.
        try:
            async with limit:
                connection, protocol = await _connected(opened, route.wanted)
                opened.used.add(protocol)
                protocol.set_response_params(
                    read_until_eof=True,
                    auto_decompress=False,
                    # As long as the standard library takes them.
                    max_line_size=_LONGEST_LINE,
                    max_field_size=_LONGEST_LINE,
                )
                unsigned = _head(request, route) + request.body
                # Nothing is written to one that was ended while others had their turns.
                sent = protocol.is_connected()
                limit.reschedule(asyncio.get_running_loop().time() + request.timeout[1])
                await _write(protocol, unsigned, request.usersig)
                message, payload = await protocol.read()
                while 100 <= message.code < 200 and message.code != 101:
                    message, payload = await protocol.read()
                encoding = ",".join(message.headers.getall("Content-Encoding", ()))
                body = Body(encoding, self._bound)
                while not body.ended and not payload.at_eof():
                    for _ in body.take(await payload.readany()):
                        # It is for other tasks to run while a long answer is decoded.
                        await asyncio.sleep(0)
            reusable = not body.ended
        except (aiohttp.InvalidURL, TypeError):
            unusable = True
        except (
            aiohttp.ClientError,
            HttpProcessingError,
            TimeoutError,
            OSError,
            ValueError,
        ) as error:
            failed = failure(
                error,
                request.timeout,
                sent=sent,
                timeouts=(TimeoutError,),
                proxies=(ClientHttpProxyError, ClientProxyConnectionError),
                handled=handled,
            )
        except (RuntimeError, AttributeError, AssertionError, asyncio.CancelledError) as error:
            # What comes of a session that is closed meanwhile depends on how far the call got.
            if not session.closed or (isinstance(error, asyncio.CancelledError) and _cancelled()):
                raise
            failed = Failure(CLOSED, timed_out=False)
        finally:
            if connection is not None:
                if reusable:
                    connection.release()
                else:
                    connection.close()
        if unusable:
            raise _no_way(request.base_url)
        if (
            message is None
            or body is None
            or (
                failed
                and (
                    failed.timed_out or not (body.begun or message.headers.get("Transfer-Encoding"))
                )
            )
        ):
            outcome: Literal["not_sent", "unknown"] = "unknown" if sent else "not_sent"
            raise TransportError(failed.reason if failed else "no answer", outcome=outcome)
        return Received(
            message.code,
            {name.lower(): value for name, value in message.headers.items()},
            body.value(),
            complete=failed is None and body.whole(),
            bound=self._bound if body.too_long else None,
        )

    def _route(self, session: aiohttp.ClientSession, base_url: str) -> _Route:
        proxy = self._proxy_for(base_url)
        try:
            url = URL(base_url)
            wanted = aiohttp.ClientRequest(
                "POST",
                url,
                loop=asyncio.get_running_loop(),
                session=session,
                proxy=None if proxy is None else URL(proxy),
            )
        except (ValueError, TypeError):
            pass
        else:
            forwards = proxy is not None and not wanted.is_ssl()
            prefix = str(url) if forwards else url.raw_path
            return _Route(wanted, prefix.rstrip("/"), (("Host", wanted.headers["Host"]),))
        raise _no_way(base_url)

    def _proxy_for(self, base_url: str) -> str | None:
        if base_url not in self._proxies:
            proxy = self._proxy
            if proxy is None and self._trust_env:
                proxy = environment_proxy(base_url)
            # aiohttp would speak HTTP to a proxy of any kind.
            if proxy is not None and not proxy.lower().startswith(("http://", "https://")):
                raise ConfigurationError(
                    f"no way to {base_url}: the asynchronous client takes proxies with http:// and https:// only"
                )
            self._proxies[base_url] = proxy
        return self._proxies[base_url]

    async def _open(self) -> _Open:
        """Return what belongs to the running event loop, which is made at the first call in it."""
        loop = asyncio.get_running_loop()
        if self._given is not None and self._given.closed:
            raise ConfigurationError("the session that was handed in is closed")
        found = self._sessions.get(loop)
        if found is None:
            for ended in [loop for loop in self._sessions if loop.is_closed()]:
                del self._sessions[ended]
            keeper = self._kept()
            found = self._sessions[loop] = _Open(await self._begun(keeper), keeper, {}, WeakSet())
        return found

    async def _begun(
        self, keeper: AsyncGenerator[aiohttp.ClientSession, None]
    ) -> aiohttp.ClientSession:
        try:
            return await anext(keeper)
        except RuntimeError:
            if self._given is None:
                raise
        raise ConfigurationError("the session that was handed in belongs to another event loop")

    async def _kept(self) -> AsyncGenerator[aiohttp.ClientSession, None]:
        """Yield a new session and close it at the end: an event loop ends its generators before it ends."""
        given = self._given
        async with aiohttp.ClientSession(
            # As many connections as there are calls at once.
            connector=given.connector if given else aiohttp.TCPConnector(ssl=_tls(), limit=0),
            connector_owner=given is None,
            # Refused when the connector is one of another event loop.
            loop=asyncio.get_running_loop(),
            cookie_jar=aiohttp.DummyCookieJar(),
        ) as session:
            yield session


async def _connected(
    opened: _Open, wanted: aiohttp.ClientRequest
) -> tuple[Connection, ResponseHandler]:
    """Return a connection with what is at its end: a new one, or one that nobody has ended as far as can be known.

    Raises RuntimeError when the session is closed.
    """
    while connector := opened.session.connector:
        connection = await connector.connect(wanted, [], _NO_LIMITS)
        protocol = connection.protocol
        fit = False
        try:
            if protocol is not None:
                # Whoever ends new ones would have them opened again and again.
                fit = (
                    not _has_news(protocol)
                    or protocol not in opened.used
                    or await _is_fit(protocol)
                )
                if fit:
                    return connection, protocol
        finally:
            if not fit:
                connection.close()
    raise RuntimeError("the session is closed")


async def _is_fit(protocol: ResponseHandler) -> bool:
    """Return whether what has arrived on an idle connection is neither its end nor an answer to nothing."""
    # An event loop that stood still has yet to see it.
    for _ in range(_TURNS_TO_AN_END):
        await asyncio.sleep(0)
    return protocol.is_connected() and not protocol.should_close


def _has_news(protocol: ResponseHandler) -> bool:
    """Return whether something has arrived, or might have."""
    transport = protocol.transport
    connection = None if transport is None else transport.get_extra_info("socket")
    if connection is None or not hasattr(select, "poll"):
        return True
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(0))


def _head(request: Request, route: _Route) -> bytes:
    """Return the head of `request` without the UserSig. Raises ValueError."""
    # Where a proxy forwards and wants a password, aiohttp puts it there when it connects.
    password = route.wanted.headers.get(_PROXY_AUTHORIZATION)
    return head(
        request,
        route.prefix,
        (*route.host, (_PROXY_AUTHORIZATION, password)) if password else route.host,
    )


async def _write(protocol: ResponseHandler, unsigned: bytes, usersig: Secret) -> None:
    """Send a request, as far as the connection lasts."""
    for start in range(0, len(unsigned), _PORTION):
        if start:
            # It is for other tasks to run while a long request is sent.
            await asyncio.sleep(0)
        if protocol.transport is None or protocol.transport.is_closing():
            break
        portion = unsigned[start : start + _PORTION]
        # Whoever shows the variables of stack frames shows nothing of a view.
        protocol.transport.write(portion if start else memoryview(sign(portion, usersig)))


def _no_way(base_url: str) -> ConfigurationError:
    return ConfigurationError(
        f"no way to {base_url}: this URL, or that of the proxy in HTTPS_PROXY or HTTP_PROXY, cannot be used"
    )


def _cancelled() -> bool:
    """Whether somebody wants the running task to end."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


@cache
def _tls() -> ssl.SSLContext:
    """Trust whom requests trusts: the bundle that the environment names, else certifi's."""
    with unforked():
        import certifi

    bundle = (
        os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or certifi.where()
    )
    try:
        if os.path.isdir(bundle):
            return ssl.create_default_context(capath=bundle)
        return ssl.create_default_context(cafile=bundle)
    except OSError:
        pass
    raise ConfigurationError(
        "the certificates that REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names cannot be read"
    )
