"""Secrets and message texts show up nowhere: walks over whatever can be reached."""

from __future__ import annotations

import copy
import gc
import json
import logging
import pickle
import socket
import ssl
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, unquote

import pytest
import trustme

from generated.clients import KEY, QUICK, user_of
from generated.leaks import echoes, echoes_a_part, echoes_in_envelope, reachable, target
from generated.loopback import OK, Answer, Received, Server, http, in_turn, reset, unused_port
from tencent_chat import ChatClient, ChatError, usersig

TEXT = "dummy message text"
BODY = {"To_Account": "bob", "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": TEXT}}]}


def closes(_request: Received, connection: socket.socket) -> None:
    reset(connection)


def echoes_in_utf16(request: Received, _connection: socket.socket) -> bytes:
    page = f"<html>{target(request)}</html>"
    return http(page.encode("utf-16"), 502, headers="Content-Type: text/html; charset=utf-16\r\n")


def echoes_in_utf16_without_mark(request: Received, _connection: socket.socket) -> bytes:
    page = f"\u4e2d\u6587{target(request)}"
    return http(page.encode("utf-16-be"), 502, headers="Content-Type: text/html; charset=UTF-16BE\r\n")


def echoes_encoded(request: Received, _connection: socket.socket) -> bytes:
    return http(quote(target(request), safe="").encode(), 502)


def is_slow(_request: Received, connection: socket.socket) -> None:
    connection.recv(1)


def breaks_off(_request: Received, connection: socket.socket) -> None:
    connection.sendall(http(b'{"ActionStatus"', length=400))
    connection.shutdown(socket.SHUT_RDWR)


def fails(call: Callable[[], object]) -> ChatError:
    with pytest.raises(ChatError) as caught:
        call()
    return caught.value


@pytest.fixture(autouse=True)
def _talkative(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    logging.getLogger("urllib3").setLevel(0)
    monkeypatch.setattr(HTTPConnection, "debuglevel", 9)


@pytest.mark.parametrize(
    "answer",
    [
        closes,
        echoes,
        echoes_in_envelope,
        echoes_in_utf16,
        echoes_in_utf16_without_mark,
        echoes_a_part,
        echoes_encoded,
        is_slow,
        breaks_off,
    ],
)
@pytest.mark.parametrize("given", [True, False])
def test_failed_calls(answer, given: bool, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    token = usersig.generate(1, KEY, "administrator", expire=777) if given else None
    with Server(answer) as server:
        client = ChatClient(1, None if given else KEY, usersig=token, base_url=server.url, timeout=(1.0, 0.2))
        error = fails(lambda: client.call("openim/sendmsg", BODY))
    sent = server.requests[0].line.split("usersig=")[1].split("&")[0]
    output = capfd.readouterr()
    for form in (error, copy.copy(error), pickle.loads(pickle.dumps(error))):
        text = reachable(form) + caplog.text + output.out + output.err + repr(client)
        # UTF-16 that was taken for something else.
        text = text.replace("\\x00", "").replace("\0", "")
        assert "openim/sendmsg" in text
        for secret in (KEY, sent[:24], sent[20:44], sent[-24:], TEXT):
            assert secret not in text
    assert error.__cause__ is None
    assert error.__context__ is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_successful_calls(encoding: str) -> None:
    def answer(request: Received, _connection: socket.socket) -> bytes:
        body = {"ErrorCode": 0, "Url": target(request), "Other": "usersig=mine"}
        return http(json.dumps(body).encode(encoding), headers=f"X-Url: {target(request)}\r\n")

    with Server(answer) as server, ChatClient(1, KEY, base_url=server.url) as client:
        response = client.call("x/y")
    sent = server.requests[0].line.split("usersig=")[1].split("&")[0]
    text = reachable([response.raw, dict(response.http_headers), response.model_dump()])
    assert "usersig=[usersig]&" in text
    assert sent[:24] not in text


def test_successful_answers_keep_their_texts() -> None:
    body = {"ErrorCode": 0, "Text": "https://x.example/?usersig=mine", "Deep": [{"a": 1}]}
    with Server(lambda _request, _connection: http(body)) as server, ChatClient(1, KEY, base_url=server.url) as client:
        assert client.call("x/y").raw == body


def test_deep_failures() -> None:
    body = b'{"ErrorCode": 70001, "a": ' + b"[" * 700 + b"]" * 700 + b"}"
    with Server(lambda _request, _connection: http(body)) as server, ChatClient(1, KEY, base_url=server.url) as client:
        assert fails(lambda: client.call("x/y")).code == 70001  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "body",
    [
        {"To_Account": 5, "MsgBody": TEXT},
        {"To_Account": "b", "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": TEXT}]},
        {"To_Account": "b", "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": [TEXT]}}]},
        {"To_Account": "b", "MsgBody": [], "CloudCustomData": TEXT + "\ud800"},
        {"To_Account": "b", "MsgBody": [{TEXT}]},
    ],
)
def test_bodies_that_do_not_fit(body: dict[str, object]) -> None:
    client = ChatClient(1, KEY, base_url="http://127.0.0.1:1")
    error = fails(lambda: client.call("openim/sendmsg", body))
    assert TEXT not in reachable(error)
    assert error.__context__ is None


def test_client_shows_and_stores_no_secret() -> None:
    client = ChatClient(1, KEY, base_url="http://127.0.0.1:1")
    assert KEY not in reachable(client)
    for action in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot be pickled or copied"):
            action(client)


@pytest.mark.parametrize("url", ["https://user:dummy-password@host", "https://host/?x=dummy-password"])
def test_settings_errors_do_not_quote(url: str) -> None:
    assert "dummy-password" not in reachable(fails(lambda: ChatClient(1, KEY, base_url=url)))


def test_context_of_the_caller_is_kept() -> None:
    client = ChatClient(1, KEY, base_url="http://127.0.0.1:1")
    own = KeyError("the caller's own")

    def call() -> None:
        try:
            raise own
        finally:
            client.call("x/y")

    assert fails(call).__context__ is own


PASSWORD = "dummy-proxy-password"


def hidden_in(root: object) -> str:
    """Return all texts that can be reached from `root` in any way but through code and stack frames."""
    skipped = (type, types.ModuleType, types.FunctionType, types.FrameType, types.TracebackType, types.CodeType)
    seen: dict[int, object] = {}
    queue = [root]
    texts: list[str] = []
    while queue:
        item = queue.pop()
        if id(item) in seen or isinstance(item, skipped):
            continue
        seen[id(item)] = item
        if isinstance(item, str | bytes | bytearray):
            texts.append(item if isinstance(item, str) else item.decode("latin-1"))
        queue += gc.get_referents(item)
    return "\n".join(texts)


def locals_shown(error: BaseException) -> str:
    """Return what tools that show the variables of stack frames show of those that carry calls."""
    summary = traceback.TracebackException.from_exception(error, capture_locals=True)
    names = ("caller.py", "async_caller.py", "call.py")
    frames = [frame for frame in summary.stack if frame.filename.endswith(names) and frame.name != "call"]
    assert frames
    return repr([frame.locals for frame in frames])


def shown(error: BaseException) -> str:
    """Return all that shows when `error` is printed, logged, stored or copied."""
    forms = [str(error), repr(error), *traceback.format_exception(error), pickle.dumps(error).decode("latin-1")]
    return "\n".join([*forms, hidden_in(error), hidden_in(copy.deepcopy(error)), reachable(error)])


@contextmanager
def attempts_kept(into: list[object], attempt: object) -> Iterator[None]:
    into.append(attempt)
    yield


@pytest.fixture
def everything(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], str]]:
    """All loggers at their most talkative, asyncio in debug mode, every warning; returns what they say."""
    monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")
    for name in ("asyncio", "aiohttp", "aiohttp.client", "requests", "urllib3", "tencent_chat", "concurrent"):
        caplog.set_level(1, name)
    formatter = logging.Formatter()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")

        def said() -> str:
            gc.collect()
            output = capfd.readouterr()
            records = [formatter.format(entry) + repr(entry.__dict__) for entry in caplog.records]
            return "\n".join([output.out, output.err, *records, *(str(item) for item in warned)])

        yield said


def no_secret_in(text: str, requests: list[Received]) -> None:
    for secret in (KEY, TEXT, PASSWORD):
        assert secret not in text
    for token in {unquote(request.query["usersig"]) for request in requests if "usersig=" in request.line}:
        assert len(token) > 100
        for start in range(0, len(token) - 16, 4):
            assert token[start : start + 16] not in text


def sends_nonsense(_request: Received, connection: socket.socket) -> None:
    connection.sendall(b"\x00\x01 nonsense\r\n\r\n")
    connection.shutdown(socket.SHUT_RDWR)


def sends_a_wrong_header(request: Received, _connection: socket.socket) -> bytes:
    return f"HTTP/1.1 200 OK\r\nX {target(request)}\r\nContent-Length: x\r\n\r\n".encode()


def breaks_off_in_a_chunk(_request: Received, connection: socket.socket) -> None:
    connection.sendall(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"Err\r\nzz\r\n')
    connection.shutdown(socket.SHUT_RDWR)


def redirects(request: Received, _connection: socket.socket) -> bytes:
    return http(b"", 307, headers=f"Location: /elsewhere{target(request)}\r\nSet-Cookie: a={target(request)}\r\n")


def asks_for_a_password(_request: Received, _connection: socket.socket) -> bytes:
    return http(b"", 407, headers="Proxy-Authenticate: Basic realm=x\r\n")


def is_busy(_request: Received, _connection: socket.socket) -> bytes:
    return http({"ErrorCode": 60007})


def succeeds(_request: Received, _connection: socket.socket) -> bytes:
    return http(OK)


FAULTS: list[Answer] = [
    closes,
    echoes,
    echoes_in_envelope,
    echoes_a_part,
    echoes_encoded,
    is_slow,
    breaks_off,
    breaks_off_in_a_chunk,
    sends_nonsense,
    sends_a_wrong_header,
    redirects,
    asks_for_a_password,
    is_busy,
]


def message(client: Any) -> Any:
    body = [{"MsgType": "TIMTextElem", "MsgContent": {"Text": TEXT}}]
    return client.messages.send(to_account="bob", msg_body=body)


@pytest.mark.parametrize("given", [True, False], ids=["usersig", "key"])
@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_shows_whatever_fails(kind: str, fault: Answer, given: bool, everything: Callable[[], str]) -> None:
    token = usersig.generate(1400000000, KEY, "administrator") if given else None
    options: dict[str, object] = {"usersig": token} if given else {}
    kept: list[object] = []
    with (
        Server(fault) as server,
        user_of(
            kind, server, timeout=(1.0, 0.1), hooks=[lambda attempt: attempts_kept(kept, attempt)], **options
        ) as user,
    ):
        with pytest.raises(ChatError) as caught:
            user(message)
        text = shown(caught.value) + hidden_in(kept) + repr(user.client) + locals_shown(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert len(kept) == len(caught.value.attempts) >= 1
    assert "openim/sendmsg" in text
    text += everything()
    assert "openim/sendmsg" in text
    no_secret_in(text, server.requests)


@pytest.mark.parametrize("answer", [succeeds, in_turn(closes, is_busy)])
def test_nothing_shows_when_it_works(kind: str, answer: Answer, everything: Callable[[], str]) -> None:
    with Server(answer) as server, user_of(kind, server) as user:
        response = user(message)
        text = hidden_in([response.raw, dict(response.http_headers)]) + repr(response)
    no_secret_in(text + everything(), server.requests)
    assert server.requests


def test_nothing_shows_of_a_call_that_is_cancelled(everything: Callable[[], str]) -> None:
    import asyncio

    kept: list[object] = []

    async def cancelled(client: Any) -> None:
        task = asyncio.create_task(message(client))
        while not server.requests:
            await asyncio.sleep(0.005)
        kept.append(repr(task))
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        kept.append(shown(caught.value))

    with Server(is_slow) as server, user_of("async", server) as user:
        user(cancelled)
    no_secret_in(hidden_in(kept) + everything(), server.requests)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("fault", [asks_for_a_password, closes, echoes, is_slow, sends_nonsense])
def test_nothing_shows_of_a_proxy(
    kind: str, scheme: str, fault: Answer, everything: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(fault) as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url.replace("//", f"//user:{PASSWORD}@"))
        with (
            user_of(kind, f"{scheme}://api.invalid", timeout=(0.3, 0.1)) as user,
            pytest.raises(ChatError) as caught,
        ):
            user(message)
    assert proxy.requests
    assert ("CONNECT" in proxy.requests[0].line) == (scheme == "https")
    assert "proxy-authorization" in proxy.requests[0].headers
    signed = [request for request in proxy.requests if not request.line.startswith("CONNECT")]
    no_secret_in(shown(caught.value) + everything(), signed)


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}", "https://127.0.0.1:{port}", "http://host.invalid"])
def test_nothing_shows_without_a_connection(kind: str, url: str, everything: Callable[[], str]) -> None:
    with user_of(kind, url.format(port=unused_port())) as user:
        usersig_now = user.client._caller.core.credentials.signature("administrator").encoded.reveal()
        with pytest.raises(ChatError) as caught:
            user(message)
    text = shown(caught.value) + everything()
    assert usersig_now[20:44] not in text
    no_secret_in(text, [])


def test_nothing_shows_with_a_wrong_certificate(kind: str, everything: Callable[[], str]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with (
        Server(succeeds, context) as server,
        user_of(kind, server, retry=QUICK._replace(attempts=2)) as user,
        pytest.raises(ChatError, match="certificate") as caught,
    ):
        user(message)
    assert not server.requests
    no_secret_in(shown(caught.value) + everything(), [])
