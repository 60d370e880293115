"""The HTTP server below the mock service: werkzeug's threaded one, with connections kept alive.

werkzeug ends every connection after one answer and shakes TLS hands in the thread that accepts, so that a
silent client stops everybody else. Both are replaced here. Its log, which repeats URLs and thereby
signatures, is cut off.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
import struct
import sys
import threading
from collections.abc import Callable
from typing import Any, TypeAlias

from werkzeug.exceptions import HTTPException
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler, select_address_family
from werkzeug.wrappers import Request, Response

from timgen.mock.reply import Reply, json_reply

_log = logging.getLogger("timgen.mock")

Respond: TypeAlias = Callable[[Request], Reply]

_POLL_SECONDS = 0.05
_LINGER_ZERO = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Server:
    """Serves `respond` from threads of its own until it is closed.

    Raises OSError when the address cannot be had.
    """

    def __init__(self, respond: Respond, host: str, port: int, ssl_context: ssl.SSLContext | None) -> None:
        # Bound here because werkzeug prints and exits the process when an address is taken.
        with socket.create_server((host, port), family=select_address_family(host, port), backlog=128) as listener:
            self.port: int = listener.getsockname()[1]
            self._server = _ThreadedServer(host, self.port, respond, listener.fileno(), ssl_context)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL_SECONDS,), name="timgen-mock", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop listening and end all connections."""
        self._server.shutdown()
        self._thread.join()
        self._server.end_connections()


class _ThreadedServer(ThreadedWSGIServer):
    def __init__(
        self, host: str, port: int, respond: Respond, listener: int, ssl_context: ssl.SSLContext | None
    ) -> None:
        super().__init__(host, port, Response(), _Handler, fd=listener)
        self.ssl_context = self._tls = ssl_context
        self.respond = respond
        self._connections: set[socket.socket] = set()
        self._connections_lock = threading.Lock()

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        if self._tls is not None:
            connection = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        with self._connections_lock:
            self._connections.add(connection)
        return connection, address

    def close_request(self, request: Any) -> None:
        with self._connections_lock:
            self._connections.discard(request)
        super().close_request(request)

    def end_connections(self) -> None:
        with self._connections_lock:
            for connection in self._connections:
                # Past ssl.SSLSocket.shutdown, which would take the TLS state away under the thread that reads.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        if not isinstance(sys.exception(), OSError):
            _log.exception("a connection failed")


class _Handler(WSGIRequestHandler):
    server: _ThreadedServer  # pyright: ignore[reportIncompatibleVariableOverride]
    protocol_version = "HTTP/1.1"
    # Header and body leave in one piece, at once: otherwise delayed ACKs cost 44 ms an answer.
    wbufsize = -1
    disable_nagle_algorithm = True

    def setup(self) -> None:
        if isinstance(self.request, ssl.SSLSocket):
            self.request.do_handshake()
        super().setup()

    def run_wsgi(self) -> None:
        # A "100 Continue" may wait in the buffer, and the caller for it.
        self.wfile.flush()
        request = Request(self.make_environ())
        try:
            # Read whole before anything is answered; what stayed unread would be taken for the next request.
            request.get_data()
        except (HTTPException, OSError):
            self.close_connection = True
            return
        try:
            reply = self.server.respond(request)
        except Exception:
            _log.exception("the mock service failed")
            reply = json_reply({"error": "the mock service failed; its log says why"}, 500)
        self._send(reply)

    def version_string(self) -> str:
        return "timgen-mock"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Drop what werkzeug would log."""

    def _send(self, reply: Reply) -> None:
        if reply.ending == "reset":
            self._reset()
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        if reply.allow:
            self.send_header("Allow", reply.allow)
        # A broken answer does not announce that it will break.
        self.send_header("Connection", "close" if self.close_connection else "keep-alive")
        self.end_headers()
        if reply.ending == "half":
            self.wfile.write(reply.body[: len(reply.body) // 2])
            self.close_connection = True
        elif self.command != "HEAD":
            self.wfile.write(reply.body)
        self.wfile.flush()

    def _reset(self) -> None:
        # The descriptor is closed past the server, whose orderly shutdown would send FIN before the reset.
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
        socket.socket(fileno=self.connection.detach()).close()
