"""An exception out of a signal handler, as task queues raise it when a task takes too long, in the middle of a call."""

from __future__ import annotations

import signal
import socket
import ssl
import sys
import threading
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import trustme

import tencent_chat._network.async_http_transport
import tencent_chat._network.http_transport
from generated.clients import KEY, user_of
from generated.loopback import OK, Received, Server, http
from tencent_chat import TransportError
from tencent_chat._support.loading import load_for_calls

# Where requests are on their way.
CALLERS = {"caller.py", "async_caller.py"}
NETWORK = {path.name for path in Path(tencent_chat._network.__file__).parent.glob("[a-z]*.py")}
CARRYING = NETWORK | {"transport.py"} | CALLERS

# Loading may take longer than the signals below.
load_for_calls()

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers on this system")


class TooSlowError(Exception):
    """What the program raises."""


@contextmanager
def interrupted(seconds: float) -> Iterator[None]:
    def handler(*_: object) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def frames(error: BaseException) -> Iterator[types.FrameType]:
    """Yield the stack frames of `error` and of what it was raised from or in."""
    queue: list[BaseException | None] = [error]
    seen: list[BaseException] = []
    while queue:
        item = queue.pop()
        if item is None or item in seen:
            continue
        seen.append(item)
        queue += [item.__cause__, item.__context__]
        traceback = item.__traceback__
        while traceback is not None:
            yield traceback.tb_frame
            traceback = traceback.tb_next


def told(value: object, depth: int = 3) -> Iterator[str]:
    """Yield all that tools make of a variable when they show it."""
    yield repr(value)
    yield str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        yield bytes(value).decode("latin-1")
    if depth and isinstance(value, dict):
        for item in [*value.keys(), *value.values()]:
            yield from told(item, depth - 1)
    elif depth and isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from told(item, depth - 1)


def check(error: BaseException, token: str) -> None:
    """Raise AssertionError when a variable of the frames below this file's tells a secret."""
    files: set[str] = set()
    for frame in frames(error):
        file = Path(frame.f_code.co_filename)
        if Path(__file__).parents[1] in file.parents:
            continue
        files.add(file.name)
        for name, value in frame.f_locals.items():
            # What is yet to be read into is any memory that was in use before.
            if name == "buffer":
                continue
            # A library holds what it sends, but does not show it.
            for text in told(value) if file.name in CARRYING else (repr(value), str(value)):
                for secret in (KEY, token[20:60], quote(token, safe="")[20:60]):
                    assert secret not in text, (frame.f_code, name)
    assert files & CARRYING


@contextmanager
def full_queue() -> Iterator[str]:
    """A port at which connections wait and are never taken."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        yield f"http://127.0.0.1:{full.getsockname()[1]}"
        for each in waiting:
            each.close()


def interrupt(user: Callable[[Any], Any], body: dict[str, object], seconds: float = 0.15) -> TooSlowError:
    """Begin a call and return what ended it."""
    with pytest.raises(TooSlowError) as caught, interrupted(seconds):
        user(lambda client: client.call("x/y", body))
    return caught.value


def token_of(user: Any) -> str:
    return user.client._caller.core.credentials.signature("administrator").encoded.reveal().replace("%2A", "*")


def test_during_connect(kind: str) -> None:
    with full_queue() as url, user_of(kind, url, timeout=10, retry=False) as user:
        token = token_of(user)
        if kind == "sync":
            check(interrupt(user, {}), token)
        else:
            # The event loop is what is interrupted then.
            with pytest.raises(TooSlowError), interrupted(0.15):
                user(lambda client: client.call("x/y"))


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_during_send(tls: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To a server that reads the beginning only."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
    if context:
        authority.issue_cert("127.0.0.1").configure_cert(context)
    ended = threading.Event()

    def meet(connection: socket.socket) -> bool:
        assert b"usersig=" in connection.recv(2000)
        ended.wait(10)
        return False

    with (
        Server(lambda *_: http(OK), context, meet=meet) as server,
        user_of("sync", server, timeout=10, retry=False) as user,
    ):
        token = token_of(user)
        error = interrupt(user, {"Text": "x" * 12_000_000}, 0.5)
        ended.set()
    names = [frame.f_code.co_name for frame in frames(error)]
    assert "exchange" in names
    check(error, token)


def test_before_the_answer() -> None:
    ended = threading.Event()

    def answer(_request: Received, _connection: object) -> None:
        ended.wait(10)

    with Server(answer) as server, user_of("sync", server, timeout=10, retry=False) as user:
        token = token_of(user)
        error = interrupt(user, {})
        ended.set()
    assert "begin" in [frame.f_code.co_name for frame in frames(error)]
    check(error, token)


def test_connection_is_not_used_again() -> None:
    """The rest of the interrupted request's answer would be taken for that of the next one."""
    ended = threading.Event()

    def answer(request: Received, _connection: object) -> bytes:
        if request.json.get("Slow"):
            ended.wait(10)
        return http({**OK, "Number": request.json["Number"]})

    with Server(answer) as server, user_of("sync", server, timeout=10, retry=False) as user:
        user(lambda client: client.call("x/y", {"Number": 1}))
        interrupt(user, {"Number": 2, "Slow": True})
        ended.set()
        assert user(lambda client: client.call("x/y", {"Number": 3})).raw["Number"] == 3
    assert server.connections == 2


def test_at_every_step(kind: str) -> None:
    """A signal comes between any two lines of what carries requests."""

    def tracing(lines: int) -> Callable[..., Any]:
        def trace(frame: types.FrameType, event: str, _argument: object) -> Any:
            nonlocal lines
            # Raised at the end of a `with`, as no signal is, it would leave the locks of callers locked.
            if Path(frame.f_code.co_filename).name not in CARRYING - CALLERS:
                return None
            lines -= event == "line"
            if lines == 0:
                lines = -1
                raise TooSlowError
            return trace

        return trace

    with Server(lambda *_: http(OK)) as server, user_of(kind, server, timeout=10, retry=False) as user:
        user(lambda client: client.call("x/y"))
        token = token_of(user)
        for line in range(1, 1000):
            sys.settrace(tracing(line))
            try:
                user(lambda client: client.call("x/y"))
            except TooSlowError as error:
                sys.settrace(None)
                check(error, token)
            except TransportError:
                # It came in a task of aiohttp, which makes an error of its own of it.
                assert kind == "async"
            else:
                break
            finally:
                sys.settrace(None)
    assert 50 < line < 999
