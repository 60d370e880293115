"""Small servers on the loopback device that answer as a test wants."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

OK = {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0}


def http(body: bytes | dict[str, object], status: int = 200, *, headers: str = "", length: int | None = None) -> bytes:
    """Return a whole HTTP answer; `length` overrides the true Content-Length."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    size = len(data) if length is None else length
    return f"HTTP/1.1 {status} X\r\nContent-Length: {size}\r\n{headers}\r\n".encode() + data


def in_turn(*answers: bytes | Answer) -> Answer:
    """Answer the first request with the first of `answers` and so on, further ones with success."""
    left = iter(answers)

    def answer(request: Received, connection: socket.socket) -> bytes | None:
        chosen = next(left, None)
        if chosen is None:
            return http(OK)
        return chosen(request, connection) if callable(chosen) else chosen

    return answer


def unused_port() -> int:
    """Return a port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def reset(connection: socket.socket) -> None:
    """Close the connection so that the other side sees a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@dataclass
class Received:
    line: str
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)

    @property
    def json(self) -> dict[str, object]:
        return json.loads(self.body)

    @property
    def query(self) -> dict[str, str]:
        return dict(part.split("=") for part in self.line.split(" ")[1].partition("?")[2].split("&"))


Answer = Callable[[Received, socket.socket], bytes | None]


@dataclass
class Server:
    """Accepts connections and hands each request to `answer`, which returns bytes, or None after closing.

    `meet` gets each connection before anything of it is read, and returns whether to go on.
    """

    answer: Answer
    context: ssl.SSLContext | None = None
    meet: Callable[[socket.socket], bool] = lambda _: True
    port: int = 0
    requests: list[Received] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> Server:
        self._socket = socket.create_server(("127.0.0.1", self.port), backlog=1024)
        self.port = self._socket.getsockname()[1]
        scheme = "https" if self.context else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        self._open: list[socket.socket] = []
        self._ended = False
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._ended:
            return
        # A thread that is on its way into `accept` when its socket is closed waits at whatever socket has the same
        # number next, and takes connections from the server that has that one.
        self._ended = True
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._accepting.join()
        self._socket.close()
        for connection in self._open:
            connection.close()

    def _accept(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            self._open.append(connection)
            if self._ended:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            if not self.meet(connection):
                return
            with connection.makefile("rb") as stream:
                while request := _read(stream):
                    self.requests.append(request)
                    answer = self.answer(request, connection)
                    if answer is None:
                        return
                    connection.sendall(answer)
        except OSError:
            pass


def _read(stream) -> Received | None:
    line = stream.readline().decode().strip()
    if not line:
        return None
    headers: dict[str, str] = {}
    while (row := stream.readline().decode().strip()) != "":
        name, _, value = row.partition(":")
        headers[name.strip().lower()] = value.strip()
    return Received(line, headers, stream.read(int(headers.get("content-length", 0))))
