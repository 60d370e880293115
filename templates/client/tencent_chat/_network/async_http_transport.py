"""The transport on aiohttp, for AsyncChatClient.

aiohttp takes less than half the time of httpx for a call, and logs no URL. The UserSig is put into
the request where aiohttp hands it to the event loop, so that nothing of aiohttp ever has one.
"""

from __future__ import annotations

import asyncio
import io
import os
import ssl
import sys
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

import aiohttp
from aiohttp.client_exceptions import ClientHttpProxyError, ClientProxyConnectionError
from yarl import URL

from .._support import fork
from .._support.loading import loading
from ..exceptions import ConfigurationError, TransportError
from ..transport import Received, Request, sign
from .decoding import MAX_ANSWER_BYTES, Body, checked_bound
from .proxies import environment_proxy
from .wording import CLOSED, Failure, failure

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from aiohttp.base_protocol import BaseProtocol
    from aiohttp.connector import Connection


_LONG = 1 << 20
_LONGEST_LINE = 1 << 16
# Turns of an event loop in which it notices that a connection has ended and closes it: two with TLS, one to spare.
_TURNS_TO_AN_END = 3


class _Attempt:
    """One request on its way: what the connection needs, and what became of it."""

    def __init__(self, request: Request, limit: asyncio.Timeout) -> None:
        self.request = request
        self.limit = limit
        self.sent = False
        """Whether the service may have seen some of the request."""


_current: ContextVar[_Attempt | None] = ContextVar("tencent_chat_attempt")


class _SigningRequest(aiohttp.ClientRequest):
    """Has the UserSig put into the request, and starts the time in which the answer must come."""

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        attempt = cast(_Attempt, _current.get())
        attempt.sent = True
        attempt.limit.reschedule(asyncio.get_running_loop().time() + attempt.request.timeout[1])
        protocol = conn.protocol
        if protocol is not None and protocol.transport is not None:
            protocol.transport = cast(Any, _Signing(protocol, protocol.transport, attempt.request))
        return await super().send(conn)


class _Signing:
    """Stands before a transport of the event loop until the head of a request is written, and signs that."""

    def __init__(
        self, protocol: BaseProtocol, transport: asyncio.Transport, request: Request
    ) -> None:
        self._protocol = protocol
        self._transport = transport
        self._request = request

    def write(self, data: bytes) -> None:
        self._protocol.transport = self._transport
        # Whoever shows the variables of stack frames shows nothing of a view.
        self._transport.write(memoryview(sign(data, self._request.usersig)))

    def writelines(self, chunks: Iterable[bytes]) -> None:
        self.write(b"".join(chunks))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _Open(NamedTuple):
    """The session of an event loop."""

    session: aiohttp.ClientSession
    keeper: AsyncGenerator[aiohttp.ClientSession, None]


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
        session = await self._session()
        # A loop that stood still has not yet seen which idle connections the other side ended.
        for _ in range(_TURNS_TO_AN_END):
            await asyncio.sleep(0)
        body: Body | None = None
        response: aiohttp.ClientResponse | None = None
        failed: Failure | None = None
        handled = sys.exception()
        unusable = False
        limit = asyncio.timeout(request.timeout[0])
        attempt = _Attempt(request, limit)
        _current.set(attempt)
        # What is caught here ends here: the error is raised outside of the `except`, so that
        # nothing of a library is its context.
        try:
            async with limit:
                response = await session.post(
                    URL(request.base_url + request.target, encoded=True),
                    # aiohttp warns of long bytes, and hands streams to a thread.
                    data=request.body if len(request.body) < _LONG else io.BytesIO(request.body),
                    headers=request.headers,
                    allow_redirects=False,
                    proxy=self._proxy_for(request.base_url),
                )
                encoding = ",".join(response.headers.getall("Content-Encoding", ()))
                body = Body(encoding, self._bound)
                while not body.ended and (chunk := await response.content.readany()):
                    for _ in body.take(chunk):
                        # It is for other tasks to run while a long answer is decoded.
                        await asyncio.sleep(0)
        except (aiohttp.InvalidURL, TypeError):
            unusable = True
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            failed = failure(
                error,
                request.timeout,
                sent=attempt.sent,
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
            # Its event loop may be gone, and with it the context that a token would be good for.
            _current.set(None)
            if response is not None:
                response.close()
        if unusable:
            raise ConfigurationError(
                f"no way to {request.base_url}: this URL, or that of the proxy in HTTPS_PROXY or HTTP_PROXY, cannot be used"
            )
        if (
            response is None
            or body is None
            or (
                failed
                and (
                    failed.timed_out
                    or not (body.begun or response.headers.get("Transfer-Encoding"))
                )
            )
        ):
            outcome: Literal["not_sent", "unknown"] = "unknown" if attempt.sent else "not_sent"
            raise TransportError(failed.reason if failed else "no answer", outcome=outcome)
        return Received(
            response.status,
            {name.lower(): value for name, value in response.headers.items()},
            body.value(),
            complete=failed is None and body.whole(),
            bound=self._bound if body.too_long else None,
        )

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

    async def _session(self) -> aiohttp.ClientSession:
        """Return the session of the running event loop, which is made at the first call in it."""
        loop = asyncio.get_running_loop()
        if self._given is not None and self._given.closed:
            raise ConfigurationError("the session that was handed in is closed")
        found = self._sessions.get(loop)
        if found is None:
            for ended in [loop for loop in self._sessions if loop.is_closed()]:
                del self._sessions[ended]
            found = self._sessions[loop] = await self._opened()
        return found.session

    async def _opened(self) -> _Open:
        keeper = self._kept()
        try:
            return _Open(await anext(keeper), keeper)
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
            request_class=_SigningRequest,
            timeout=aiohttp.ClientTimeout(total=None),
            auto_decompress=False,
            # As long as the standard library takes them.
            max_line_size=_LONGEST_LINE,
            max_field_size=_LONGEST_LINE,
        ) as session:
            yield session


def _cancelled() -> bool:
    """Whether somebody wants the running task to end."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


@cache
def _tls() -> ssl.SSLContext:
    """Trust whom requests trusts: the bundle that the environment names, else certifi's."""
    with loading():
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
