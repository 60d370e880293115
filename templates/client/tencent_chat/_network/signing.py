"""Connections that sign what they send, and keep a call to its time.

urllib3 opens them: it knows TLS and the ways through proxies. What goes over them is put together
and read here, in a third of the time. The UserSig is put into a request where that is handed to the
socket, below everything that logs, raises or keeps it in a variable.
"""

from __future__ import annotations

import errno
import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, cast

from urllib3.connection import HTTPConnection

from .._support.loading import unforked
from ..transport import Request, sign
from .receiving import Answer

# Bytes that are sent at a time: as much as a TLS record holds. A socket's own limit starts with each.
_PORTION = 1 << 14
# The last one is what macOS says.
_HUNG_UP = (errno.EPIPE, errno.ECONNRESET, errno.EPROTOTYPE)


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


class _LimitedOptions:
    """The options of a new socket as long as there is time: each of a host's addresses gets one, with all the time."""

    def __init__(self, options: Any, call: Sending) -> None:
        self._options = options
        self._call = call

    def __iter__(self) -> Iterator[Any]:
        self._call.left()
        return iter(self._options or ())


class SigningConnection(HTTPConnection):
    """Sends the requests of calls with the UserSig in them, and keeps to their time limits."""

    # http.client prints what it sends when a program sets its debuglevel.
    debuglevel = 0

    call: Sending | None = None
    """What it is used for; None while the program uses the session that it handed in."""

    def set_debuglevel(self, level: int) -> None:
        """Stay silent."""

    def _answer(self, connection: Any, *args: Any, **options: Any) -> http.client.HTTPResponse:
        if self.call is None:
            return http.client.HTTPResponse(connection, *args, **options)
        return Answer(connection, self.call.left)

    # A class by its name, but calling it is all that http.client does with it. Here it reads what a proxy answers.
    response_class = cast(Any, _answer)

    def _new_conn(self) -> socket.socket:
        call = self.call
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

    def exchange(self, call: Sending, head: bytes) -> Answer:
        """Send a request over the open connection and return its answer, whose body is yet to be read.

        Raises OSError and HTTPException, TimeoutError when the time is up.
        """
        connection = cast(socket.socket, self.sock)
        unsigned = head + call.request.body
        # Names, addresses, handshakes and full pools each take their time.
        call.left()
        call.sent = True
        call.until = time.monotonic() + call.wait
        try:
            for start in range(0, len(unsigned), _PORTION):
                portion = unsigned[start : start + _PORTION]
                connection.settimeout(call.left())
                # A view shows nothing of itself, should a library keep it in a variable.
                connection.sendall(
                    portion if start else memoryview(sign(portion, call.request.usersig))
                )
        except OSError as error:
            # Who hangs up in the middle of a long request may have answered it.
            if error.errno not in _HUNG_UP:
                raise
        answer = Answer(connection, call.left)
        answer.begin()
        return answer


def _within(seconds: float, connect: Callable[[], socket.socket]) -> socket.socket:
    """Return what `connect` returns. Raises TimeoutError after `seconds`, and closes what comes later."""
    with unforked():
        from concurrent.futures import Future

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
