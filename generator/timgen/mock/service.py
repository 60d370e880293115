"""The mock service: what it remembers, and how a request becomes an answer."""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self

from werkzeug.wrappers import Request

from timgen.mock import control
from timgen.mock.calls import Call, record
from timgen.mock.catalogue import Catalogue
from timgen.mock.checks import Accepted, App, Incoming, Refusal, examine
from timgen.mock.faults import (
    CodeFault,
    Fault,
    FaultQueue,
    HtmlFault,
    LatencyFault,
    ResetFault,
    StatusFault,
    TruncateFault,
    parse_fault,
)
from timgen.mock.reply import Reply, json_reply, page_reply
from timgen.mock.server import Server
from timgen.modelling.model import Api

DEFAULT_SDKAPPID = 1400000000
DEFAULT_SECRET_KEY = "mock-secret-key-that-opens-nothing"  # noqa: S105
DEFAULT_IDENTIFIER = "administrator"

FAULT_HEADER = "X-Mock-Fault"
MAX_CALLS = 10_000
"""Calls remembered; older ones are forgotten, so that a service that runs for days does not grow."""

_log = logging.getLogger("timgen.mock")


class MockService:
    """A server on this machine that checks calls and answers them as the spec documents.

        with MockService(api) as mock:
            client = ChatClient(mock.sdkappid, mock.secret_key, base_url=mock.url)

    It serves from threads of its own while the `with` block runs. `port` 0 is any free one. With an
    `ssl_context` it speaks HTTPS. Each call is logged at level INFO to the logger `timgen.mock`, without
    its query and body.

    Entering the block raises OSError when the address cannot be had.
    """

    def __init__(
        self,
        api: Api,
        *,
        sdkappid: int = DEFAULT_SDKAPPID,
        secret_key: str = DEFAULT_SECRET_KEY,
        administrators: Sequence[str] = (DEFAULT_IDENTIFIER,),
        host: str = "127.0.0.1",
        port: int = 0,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        if isinstance(administrators, str) or not administrators:
            raise ValueError("administrators must be a list of at least one account")
        self._catalogue = Catalogue(api)
        self._app = App(sdkappid, secret_key, tuple(administrators))
        self._host, self._port, self._ssl_context = host, port, ssl_context
        self._faults = FaultQueue()
        self._calls: deque[Call] = deque(maxlen=MAX_CALLS)
        self._closing = threading.Event()
        self._server: Server | None = None

    def __enter__(self) -> Self:
        self._closing.clear()
        self._server = Server(self._respond, self._host, self._port, self._ssl_context)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._closing.set()
            self._server.close()
            self._server = None

    @property
    def url(self) -> str:
        """Base URL: `http://127.0.0.1:40123`. Raises RuntimeError while the service does not run."""
        if self._server is None:
            raise RuntimeError("the mock service runs only inside its `with` block")
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._host, self._host)  # noqa: S104
        scheme = "http" if self._ssl_context is None else "https"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self._server.port}"

    @property
    def sdkappid(self) -> int:
        """The app that it plays."""
        return self._app.sdkappid

    @property
    def secret_key(self) -> str:
        """The key that UserSigs must be signed with."""
        return self._app.secret_key

    @property
    def identifier(self) -> str:
        """An administrator of the app."""
        return self._app.administrators[0]

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls received so far, oldest first; at most the last `MAX_CALLS`."""
        return tuple(self._calls.copy())

    def inject(self, fault: str, *, command: str | None = None, times: int = 1) -> None:
        """Let `fault` meet the next `times` calls, those of `command` (`openim/sendmsg`) when it is given.

        `timgen.mock.faults` lists the faults. A fault strikes before the call is checked; of several that
        wait, the oldest does. Raises ValueError when the fault or the command does not exist.
        """
        parsed = parse_fault(fault)
        if command is not None and command not in self._catalogue.commands:
            raise ValueError(f"unknown command {command!r}: use service/command, as in openim/sendmsg")
        if times < 1:
            raise ValueError(f"times: {times} is not at least 1")
        self._faults.add(parsed, command, times)

    def clear(self, *, faults: bool = True, calls: bool = True) -> None:
        """Forget the faults that wait and the calls received, or one of the two."""
        if faults:
            self._faults.clear()
        if calls:
            self._calls.clear()

    def _respond(self, request: Request) -> Reply:
        if request.path.startswith(control.PREFIX):
            return control.respond(self, request)
        started = time.perf_counter()
        # Not request.method, which is in upper case whatever was sent.
        method = request.environ["REQUEST_METHOD"]
        call = Incoming(method, request.path, tuple(request.args.items(multi=True)), request.get_data())
        self._calls.append(record(call, request.headers, time.time()))
        try:
            header = request.headers.get(FAULT_HEADER)
            fault = self._faults.take(call.command) if header is None else parse_fault(header)
        except ValueError as error:
            return json_reply({"error": str(error)}, 400)
        if isinstance(fault, LatencyFault):
            self._closing.wait(fault.seconds)
        reply, outcome = self._answer(call, fault)
        elapsed = (time.perf_counter() - started) * 1000
        _log.info("%s %s: %s (%.1f ms)", call.method, _printable(call.path), _printable(outcome), elapsed)
        return reply

    def _answer(self, call: Incoming, fault: Fault | None) -> tuple[Reply, str]:
        """Return the answer, and what it is in a few words."""
        match fault:
            case ResetFault():
                return Reply(200, "", b"", ending="reset"), "fault, reset"
            case StatusFault(status):
                return page_reply(status), f"fault, HTTP status {status}"
            case HtmlFault():
                return page_reply(200), "fault, HTML"
            case CodeFault(code):
                info = self._catalogue.message(call.service, code)
                return json_reply(self._catalogue.failure(call.service, code, info)), f"fault, {code}"
            case TruncateFault():
                reply, outcome = self._proper_answer(call)
                return replace(reply, ending="half"), f"fault, half of: {outcome}"
            case LatencyFault() | None:
                return self._proper_answer(call)

    def _proper_answer(self, call: Incoming) -> tuple[Reply, str]:
        match examine(self._catalogue, self._app, call, time.time()):
            case Refusal(code, info):
                return json_reply(self._catalogue.failure(call.service, code, info)), f"{code} {info}"
            case Accepted(command, body):
                return json_reply(self._catalogue.success(command, body)), "OK"


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)
