"""The emulator as an HTTP server: connections, TLS, threads, beginning and end."""

from __future__ import annotations

import contextlib
import http.client
import resource
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import trustme
from aiohttp.web_protocol import RequestHandler

from support.calling import Answer, call, connect, exchange, parameters, send, target
from tencent_chat_emulator import Emulator
from tencent_chat_emulator._http import server

CHECK = "im_open_login_svc/account_check"
LIST = "group_open_http_svc/get_appid_group_list"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trust(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def tls_emulator(authority: trustme.CA) -> Iterator[Emulator]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with Emulator(tls=context) as emulator:
        yield emulator


@pytest.fixture
def accepted(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The connections that servers accept during the test."""
    connections: list[object] = []
    made = RequestHandler.connection_made

    def counting(handler: RequestHandler[Any], transport: Any) -> None:
        connections.append(handler)
        made(handler, transport)

    monkeypatch.setattr(RequestHandler, "connection_made", counting)
    return connections


def address(emulator: Emulator) -> tuple[str, int]:
    parts = urlsplit(emulator.url)
    return parts.hostname or "", parts.port or 0


def read_all(connection: socket.socket) -> bytes:
    """Return what comes until the other side ends."""
    content = b""
    while piece := connection.recv(65536):
        content += piece
    return content


def test_one_connection_serves_many_calls(tencent_chat_emulator: Emulator, accepted: list[object]) -> None:
    with requests.Session() as session:
        for body in (b"{}", b"", b"x" * 300_000, b"{}"):
            url = f"{tencent_chat_emulator.url}/v4/{LIST}"
            answer = session.post(url, params=parameters(tencent_chat_emulator), data=body, timeout=5)
            assert answer.status_code == 200
    assert len(accepted) == 1


def test_one_tls_connection_serves_many_calls(
    tls_emulator: Emulator, trust: ssl.SSLContext, accepted: list[object]
) -> None:
    assert tls_emulator.url.startswith("https://127.0.0.1:")
    with closing(connect(tls_emulator, trust)) as connection:
        assert [exchange(connection, target(tls_emulator, LIST)).code for _ in range(3)] == [0, 0, 0]
    assert len(accepted) == 1


def test_an_answer_on_a_kept_connection_does_not_wait_for_the_callers_acknowledgement(
    tencent_chat_emulator: Emulator,
) -> None:
    with closing(connect(tencent_chat_emulator)) as connection:
        url = target(tencent_chat_emulator, LIST)
        durations: list[float] = []
        for _ in range(21):
            started = time.perf_counter()
            exchange(connection, url)
            durations.append(time.perf_counter() - started)
    assert sorted(durations)[10] < 0.02


def test_the_caller_may_end_the_connection(tencent_chat_emulator: Emulator) -> None:
    answer = call(tencent_chat_emulator, LIST, headers={"Connection": "close"})
    assert (answer.code, answer.headers["Connection"]) == (0, "close")


def test_http_1_0_ends_the_connection(tencent_chat_emulator: Emulator) -> None:
    with closing(socket.create_connection(address(tencent_chat_emulator), timeout=5)) as connection:
        request = f"POST {target(tencent_chat_emulator, LIST)} HTTP/1.0\r\nContent-Length: 2\r\n\r\n{{}}"
        connection.sendall(request.encode())
        assert b'"OK"' in read_all(connection)


def test_chunked_bodies(tencent_chat_emulator: Emulator) -> None:
    with closing(connect(tencent_chat_emulator)) as connection:
        for _ in range(2):
            connection.request(
                "POST", target(tencent_chat_emulator, LIST), iter([b'{"Limit"', b": 2}"]), encode_chunked=True
            )
            assert b'"OK"' in connection.getresponse().read()
    assert tencent_chat_emulator.calls[1].body == {"Limit": 2}


def test_a_caller_that_waits_for_100_continue(tencent_chat_emulator: Emulator) -> None:
    with closing(socket.create_connection(address(tencent_chat_emulator), timeout=5)) as connection:
        head = f"POST {target(tencent_chat_emulator, LIST)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        connection.sendall(f"{head}Content-Length: 2\r\nExpect: 100-continue\r\n\r\n".encode())
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"{}")
        assert b'"OK"' in read_all(connection)


@pytest.mark.parametrize("length", ["Content-Length: 100", "Transfer-Encoding: chunked"])
def test_a_request_that_breaks_off_is_no_call(tencent_chat_emulator: Emulator, length: str) -> None:
    with closing(socket.create_connection(address(tencent_chat_emulator), timeout=5)) as connection:
        connection.sendall(
            f"POST {target(tencent_chat_emulator, LIST)} HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n{{".encode()
        )
        connection.shutdown(socket.SHUT_WR)
        assert b'"OK"' not in read_all(connection)
    assert tencent_chat_emulator.calls == ()


def test_what_is_no_http_harms_nobody(
    tencent_chat_emulator: Emulator, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    for noise in (b"", b"\r\n\r\n", b"\x16\x03\x01\x02", b"POST /?usersig=dummy\r\n\r\n", b"GET / HTTP/9\r\n\r\n"):
        with closing(socket.create_connection(address(tencent_chat_emulator), timeout=5)) as connection:
            connection.sendall(noise)
            connection.shutdown(socket.SHUT_WR)
            read_all(connection)
    assert call(tencent_chat_emulator, LIST).code == 0
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_a_silent_client_does_not_stop_a_tls_service(tls_emulator: Emulator, trust: ssl.SSLContext) -> None:
    with (
        closing(socket.create_connection(address(tls_emulator), timeout=5)),
        closing(connect(tls_emulator, trust)) as connection,
    ):
        assert exchange(connection, target(tls_emulator, LIST)).code == 0


def test_strangers_to_tls_are_turned_away(
    tls_emulator: Emulator, trust: ssl.SSLContext, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        send(tls_emulator, target(tls_emulator, LIST))
    with (
        pytest.raises(ssl.SSLCertVerificationError),
        closing(connect(tls_emulator, ssl.create_default_context())) as other,
    ):
        exchange(other, target(tls_emulator, LIST))
    with closing(connect(tls_emulator, trust)) as connection:
        assert exchange(connection, target(tls_emulator, LIST)).code == 0
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("fault", "error"),
    [("half", http.client.IncompleteRead), ("reset", (ConnectionResetError, ssl.SSLError))],
)
def test_connections_break_with_tls_too(
    tls_emulator: Emulator, trust: ssl.SSLContext, fault: str, error: type[Exception] | tuple[type[Exception], ...]
) -> None:
    tls_emulator.fail(**{fault: True})
    with closing(connect(tls_emulator, trust)) as connection, pytest.raises(error):
        exchange(connection, target(tls_emulator, LIST))
    with closing(connect(tls_emulator, trust)) as connection:
        assert exchange(connection, target(tls_emulator, LIST)).code == 0


def test_a_slow_answer_keeps_nobody_else_waiting(tencent_chat_emulator: Emulator) -> None:
    tencent_chat_emulator.fail(LIST, latency=0.5)
    with ThreadPoolExecutor(max_workers=1) as pool:
        slow = pool.submit(call, tencent_chat_emulator, LIST)
        assert call(tencent_chat_emulator, CHECK, {"CheckItem": [{"UserID": "bob"}]}).code == 0
        assert not slow.done()
        assert slow.result().code == 0


def test_many_callers_at_once(tencent_chat_emulator: Emulator) -> None:
    tencent_chat_emulator.fail(code=60008, times=50)
    with ThreadPoolExecutor(max_workers=20) as pool:
        answers: list[Answer] = list(pool.map(lambda _: call(tencent_chat_emulator, LIST), range(100)))
    assert sorted(answer.code for answer in answers) == [0] * 50 + [60008] * 50
    assert len(tencent_chat_emulator.calls) == 100


def test_the_end_ends_connections_threads_and_waits() -> None:
    before = threading.active_count()
    with Emulator() as emulator:
        idle = connect(emulator)
        exchange(idle, target(emulator, LIST))
        emulator.fail(latency=60)
        # Answered early or cut off, whichever comes first.
        slow = threading.Thread(target=_call_in_vain, args=(emulator,), daemon=True)
        slow.start()
        time.sleep(0.1)
        url, where = target(emulator, LIST), address(emulator)
        started = time.monotonic()
    assert time.monotonic() - started < 1
    with closing(idle), pytest.raises((ConnectionError, http.client.HTTPException)):
        exchange(idle, url)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(where, timeout=1)
    slow.join(1)
    deadline = time.monotonic() + 1
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before
    with pytest.raises(RuntimeError, match="with"):
        emulator.url  # noqa: B018


def test_a_taken_port_is_an_error() -> None:
    with Emulator() as first, pytest.raises(OSError, match="in use"), Emulator(port=address(first)[1]):
        pass


@pytest.mark.parametrize(
    ("host", "prefix"), [("localhost", "http://localhost:"), ("0.0.0.0", "http://127.0.0.1:"), ("::1", "http://[::1]:")]
)
def test_other_addresses(host: str, prefix: str) -> None:
    if host == "::1" and not _has_ipv6():
        pytest.skip("no IPv6 here")
    with Emulator(host=host) as emulator:
        assert emulator.url.startswith(prefix)
        assert call(emulator, LIST).code == 0


def _call_in_vain(emulator: Emulator) -> None:
    with contextlib.suppress(OSError, http.client.HTTPException):
        call(emulator, LIST)


def _has_ipv6() -> bool:
    try:
        with closing(socket.create_server(("::1", 0), family=socket.AF_INET6)):
            return True
    except OSError:
        return False


def test_nobody_waits_for_a_request_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither for its head nor for its body."""
    monkeypatch.setattr(server, "READ_SECONDS", 0.2)
    with Emulator() as emulator:
        for begun in ("POST /v4/", f"POST {target(emulator, LIST)} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{{"):
            with closing(socket.create_connection(address(emulator), timeout=5)) as connection:
                connection.sendall(begun.encode())
                with contextlib.suppress(ConnectionResetError):
                    assert b'"OK"' not in read_all(connection)
        assert emulator.calls == ()


def test_a_chunk_that_is_announced_and_not_sent_costs_nothing(tencent_chat_emulator: Emulator) -> None:
    head = f"POST {target(tencent_chat_emulator, LIST)} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with closing(socket.create_connection(address(tencent_chat_emulator), timeout=5)) as connection:
        connection.sendall(f"{head}7fffffff\r\n{{".encode())
        connection.shutdown(socket.SHUT_WR)
        assert b'"OK"' not in read_all(connection)
    assert call(tencent_chat_emulator, LIST).code == 0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_body_without_end_is_cut_off(tencent_chat_emulator: Emulator) -> None:
    head = f"POST {target(tencent_chat_emulator, LIST)} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    with closing(socket.create_connection(address(tencent_chat_emulator), timeout=5)) as connection:
        connection.sendall(head.encode())
        chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        with contextlib.suppress(ConnectionError):
            for _ in range(2 * server.MAX_BODY // 0x10000):
                connection.sendall(chunk)
            assert b" 413 " in read_all(connection)
    assert tencent_chat_emulator.calls == ()


def test_there_are_not_too_many_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MAX_CONNECTIONS", 3)
    with Emulator() as emulator, contextlib.ExitStack() as stack:
        for _ in range(3):
            exchange(stack.enter_context(closing(connect(emulator))), target(emulator, LIST))
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            call(emulator, LIST)


def test_a_bad_request_is_not_repeated(tencent_chat_emulator: Emulator, caplog: pytest.LogCaptureFixture) -> None:
    with closing(socket.create_connection(address(tencent_chat_emulator), timeout=5)) as connection:
        connection.sendall(b"post /v4/x?usersig=SECRET HTTP/1.1\r\n\r\n")
        content = read_all(connection)
    assert content.startswith(b"HTTP/1.0 400 ")
    assert b"SECRET" not in content
    assert "SECRET" not in caplog.text
