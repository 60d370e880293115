"""Connections that sign what they send, and keep a call to its time.

The UserSig is put into the request where it is handed to the socket, below everything that logs,
raises or keeps it in a variable.
"""

from __future__ import annotations

import http.client
import io
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextvars import ContextVar
from functools import cache
from typing import Any, cast

from urllib3.connection import HTTPConnection

from ..transport import Request, sign

# Bytes that are sent at a time: as much as a TLS record holds. A socket's own limit starts with each.
_PORTION = 1 << 14
_INTERIM = range(102, 200)


class Sending:
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
current: ContextVar[Sending | None] = ContextVar("tencent_chat_call", default=None)


class _LimitedReader(io.RawIOBase):
    """Reads from a connection as long as there is time for the answer: a socket's own limit starts with each read."""

    def __init__(self, raw: io.RawIOBase, connection: socket.socket, call: Sending) -> None:
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

    def __init__(self, options: Any, call: Sending) -> None:
        self._options = options
        self._call = call

    def __iter__(self) -> Iterator[Any]:
        self._call.left()
        return iter(self._options or ())


class _Answer(http.client.HTTPResponse):
    """An answer that must be there in time, and whose head urllib3 does not log when it is malformed."""

    def __init__(
        self, call: Sending, connection: socket.socket, *args: Any, **options: Any
    ) -> None:
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


class SigningConnection(HTTPConnection):
    """Sends the requests of calls with the UserSig in them, and keeps to their time limits."""

    # http.client prints what it sends when a program sets its debuglevel.
    debuglevel = 0

    _reading: Sending | None = None
    """The call for which an answer is read: a proxy's, or that of the service."""
    _held: list[bytes] | None = None

    def set_debuglevel(self, level: int) -> None:
        """Stay silent."""

    def _answer(self, connection: Any, *args: Any, **options: Any) -> http.client.HTTPResponse:
        if self._reading is None:
            return http.client.HTTPResponse(connection, *args, **options)
        return _Answer(self._reading, connection, *args, **options)

    # A class by its name, but calling it is all that http.client does with it.
    response_class = cast(Any, _answer)

    def connect(self) -> None:
        before, self._reading = self._reading, current.get()
        try:
            super().connect()
        finally:
            self._reading = before

    def _new_conn(self) -> socket.socket:
        call = current.get()
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
        call = current.get()
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


@cache
def signing(connection_class: type[Any]) -> type[Any]:
    """Return `connection_class`, which is HTTP, HTTPS or SOCKS, as one that signs."""
    return type(f"Signing{connection_class.__name__}", (SigningConnection, connection_class), {})
