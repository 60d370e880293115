"""An app's receiver of webhooks, or a service that says yes to everything, on a socket of its own."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Reply = Mapping[str, Any] | Callable[["Received"], Mapping[str, Any]]

ALLOWED: Mapping[str, Any] = {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0}


@dataclass(frozen=True)
class Received:
    """A webhook as it came."""

    query: Mapping[str, str]
    body: Any
    content: bytes

    @property
    def command(self) -> str:
        return self.query.get("CallbackCommand", "")


class Receiver:
    """Keeps what comes, and replies what it was told to; else it allows."""

    def __init__(self) -> None:
        self.url = ""
        self.received: list[Received] = []
        self.delay = 0.0
        """Seconds before it replies."""
        self.status = 200
        self.otherwise = ALLOWED
        """What it replies where it was told nothing."""
        self._replies: dict[str, Reply] = {}

    def reply(self, command: str, reply: Reply | None = None, **fields: Any) -> None:
        """Reply so to webhook `command`: fields beside the envelope, or what a function makes of the webhook."""
        self._replies[command] = reply if reply is not None else {**ALLOWED, **fields}

    def reject(self, command: str, code: int = 1, info: str = "") -> None:
        """Reply to webhook `command` with an error code."""
        self.reply(command, ErrorCode=code, ErrorInfo=info)

    @property
    def commands(self) -> list[str]:
        """The names of what came, in order."""
        return [received.command for received in self.received]

    def bodies(self, command: str) -> list[Any]:
        """What came of one webhook, in order."""
        return [received.body for received in self.received if received.command == command]

    def answer(self, received: Received) -> Mapping[str, Any]:
        self.received.append(received)
        if self.delay:
            time.sleep(self.delay)
        reply = self._replies.get(received.command, self.otherwise)
        return reply(received) if callable(reply) else reply


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            query = dict(parse_qsl(urlsplit(self.path).query))
            body = json.dumps(receiver.answer(Received(query, json.loads(content), content))).encode()
            self.send_response(receiver.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        receiver.url = f"http://127.0.0.1:{server.server_port}/callback"
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield receiver
        server.shutdown()
