"""The HTTP server: aiohttp's, on an event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import ssl
import struct
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeAlias, TypeVar, cast

from aiohttp import web
from aiohttp.web_request import BaseRequest

from .._checks.checks import Incoming
from .reply import Reply, json_reply

_log = logging.getLogger("tencent_chat_emulator")
# Of aiohttp, whose lines repeat URLs, and with them UserSigs.
_SILENT = logging.getLogger("tencent_chat_emulator.http")
_SILENT.disabled = True

MAX_BODY = 4 * 1024 * 1024
"""Bytes of a request's body; larger ones are refused."""
READ_SECONDS = 30.0
"""How long a request may take to arrive."""
IDLE_SECONDS = 75.0
"""How long a connection is kept without a request."""
MAX_CONNECTIONS = 2000
"""Further ones are closed at once."""

_LINGER_ZERO = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)

T = TypeVar("T")


Respond: TypeAlias = Callable[[Incoming], Awaitable[Reply]]


class Server:
    """Serves `respond` on an event loop of its own until it is closed.

    `respond` and whatever runs through `do` and `run` run on that loop, one at a time. Raises OSError when
    the address cannot be had.
    """

    def __init__(self, respond: Respond, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        self._respond = respond
        self._tls = tls
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, port), family=family, backlog=512)
        shown = "127.0.0.1" if host == "0.0.0.0" else f"[{host}]" if ":" in host else host  # noqa: S104
        self.url = f"{'https' if tls else 'http'}://{shown}:{self._listener.getsockname()[1]}"
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="tencent-chat-emulator", daemon=True)
        self._thread.start()
        self.run(self._open())

    def do(self, function: Callable[[], T]) -> T:
        """Run `function` on the loop and return its result."""
        if threading.current_thread() is self._thread:
            return function()

        async def call() -> T:
            return function()

        return self.run(call())

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run `coroutine` on the loop from another thread, and return its result."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()

    def close(self) -> None:
        """Stop listening and end all connections."""
        self.run(self._close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    async def _open(self) -> None:
        self._web = web.Server(self._handle, loop=self.loop)
        self._accepting = await self.loop.create_server(
            self._connection, sock=self._listener, ssl=self._tls
        )

    async def _close(self) -> None:
        self._accepting.close()
        await self._web.shutdown(timeout=0.1)
        await self._accepting.wait_closed()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _connection(self) -> asyncio.Protocol:
        connection = _Connection(
            self._web,
            loop=self.loop,
            keepalive_timeout=IDLE_SECONDS,
            access_log=_SILENT,
            logger=_SILENT,
            lingering_time=0,
        )
        connection.is_welcome = len(self._web.connections) < MAX_CONNECTIONS
        return connection

    async def _handle(self, request: BaseRequest) -> web.StreamResponse:
        try:
            cast(_Connection, request.protocol).request_arrived()
            async with asyncio.timeout(READ_SECONDS):
                if (
                    request.headers.get("Expect", "").lower() == "100-continue"
                    and request.transport is not None
                ):
                    request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                body = await _body(request)
        except TimeoutError:
            return _response(
                json_reply({"error": "the request did not arrive in time"}, 408), close=True
            )
        if body is None:
            return _response(
                json_reply({"error": f"the body has more than {MAX_BODY} bytes"}, 413), close=True
            )
        query = tuple(request.query.items())
        try:
            reply = await self._respond(
                Incoming(request.method, request.path, query, request.headers, body)
            )
        except Exception:
            _log.exception("the emulator failed")
            reply = json_reply({"error": "the emulator failed; its log says why"}, 500)
        if reply.ending == "whole":
            return _response(reply)
        return await _broken(request, reply)


class _Connection(web.RequestHandler):
    """A connection that ends when its first request does not arrive, or when there are too many others."""

    is_welcome = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if not self.is_welcome:
            self.give_up()
        loop = asyncio.get_running_loop()
        self._patience = loop.call_later(READ_SECONDS, self.give_up)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._patience.cancel()
        super().connection_lost(exc)

    def request_arrived(self) -> None:
        """From now on the server's own patience counts."""
        self._patience.cancel()

    def give_up(self) -> None:
        """End the connection at once."""
        if self.transport is not None:
            self.transport.abort()

    def handle_error(
        self,
        request: BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        # aiohttp's own words repeat the request, and with it the UserSig.
        return _response(json_reply({"error": "the request is not HTTP"}, status), close=True)


async def _body(request: BaseRequest) -> bytes | None:
    """Return the body, or None when it is too large."""
    parts = bytearray()
    async for chunk in request.content.iter_any():
        parts += chunk
        if len(parts) > MAX_BODY:
            return None
    return bytes(parts)


def _response(reply: Reply, *, close: bool = False) -> web.Response:
    headers = {"Content-Type": reply.content_type, "Server": "tencent-chat-emulator"}
    if reply.allow:
        headers["Allow"] = reply.allow
    response = web.Response(status=reply.status, body=reply.body, headers=headers)
    if close:
        response.force_close()
    return response


async def _broken(request: BaseRequest, reply: Reply) -> web.StreamResponse:
    """Send half of an answer, or nothing, and end the connection."""
    transport = request.transport
    response = web.StreamResponse(status=reply.status, headers={"Content-Type": reply.content_type})
    response.content_length = len(reply.body)
    if transport is None:
        return response
    if reply.ending == "half":
        await response.prepare(request)
        await response.write(reply.body[: len(reply.body) // 2])
        transport.close()
    else:
        connection = transport.get_extra_info("socket")
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
        transport.abort()
    return response
