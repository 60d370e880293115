"""The mock as an HTTP server: connections, TLS, threads, beginning and end."""

from __future__ import annotations

import contextlib
import http.client
import socket
import socketserver
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

from support.mock import Answer, call, connect, exchange, parameters, send, target
from timgen.mock import MockService
from timgen.modelling.model import Api

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
def tls_mock(api: Api, authority: trustme.CA) -> Iterator[MockService]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with MockService(api, ssl_context=context) as mock:
        yield mock


@pytest.fixture
def accepted(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The connections that servers accept during the test."""
    connections: list[object] = []
    accept = socketserver.TCPServer.get_request

    def counting(server: Any) -> Any:
        connection, address = accept(server)
        connections.append(address)
        return connection, address

    monkeypatch.setattr(socketserver.TCPServer, "get_request", counting)
    return connections


def address(mock: MockService) -> tuple[str, int]:
    parts = urlsplit(mock.url)
    return parts.hostname or "", parts.port or 0


def read_all(connection: socket.socket) -> bytes:
    """Return what comes until the other side ends."""
    content = b""
    while piece := connection.recv(65536):
        content += piece
    return content


def test_one_connection_serves_many_calls(tencent_chat_mock: MockService, accepted: list[object]) -> None:
    with requests.Session() as session:
        for body in (b"{}", b"", b"x" * 300_000, b"{}"):
            url = f"{tencent_chat_mock.url}/v4/{LIST}"
            answer = session.post(url, params=parameters(tencent_chat_mock), data=body, timeout=5)
            assert answer.status_code == 200
            assert answer.headers["Connection"] == "keep-alive"
    assert len(accepted) == 1


def test_one_tls_connection_serves_many_calls(
    tls_mock: MockService, trust: ssl.SSLContext, accepted: list[object]
) -> None:
    assert tls_mock.url.startswith("https://127.0.0.1:")
    with closing(connect(tls_mock, trust)) as connection:
        assert [exchange(connection, target(tls_mock, LIST)).code for _ in range(3)] == [0, 0, 0]
    assert len(accepted) == 1


def test_an_answer_on_a_kept_connection_does_not_wait_for_the_callers_acknowledgement(
    tencent_chat_mock: MockService,
) -> None:
    with closing(connect(tencent_chat_mock)) as connection:
        url = target(tencent_chat_mock, LIST)
        durations: list[float] = []
        for _ in range(21):
            started = time.perf_counter()
            exchange(connection, url)
            durations.append(time.perf_counter() - started)
    assert sorted(durations)[10] < 0.02


def test_the_caller_may_end_the_connection(tencent_chat_mock: MockService) -> None:
    answer = call(tencent_chat_mock, LIST, headers={"Connection": "close"})
    assert (answer.code, answer.headers["Connection"]) == (0, "close")


def test_http_1_0_ends_the_connection(tencent_chat_mock: MockService) -> None:
    with closing(socket.create_connection(address(tencent_chat_mock), timeout=5)) as connection:
        request = f"POST {target(tencent_chat_mock, LIST)} HTTP/1.0\r\nContent-Length: 2\r\n\r\n{{}}"
        connection.sendall(request.encode())
        content = read_all(connection)
    assert b"Connection: close" in content
    assert b'"OK"' in content


def test_chunked_bodies(tencent_chat_mock: MockService) -> None:
    with closing(connect(tencent_chat_mock)) as connection:
        for _ in range(2):
            connection.request(
                "POST", target(tencent_chat_mock, LIST), iter([b'{"Limit"', b": 2}"]), encode_chunked=True
            )
            assert b'"OK"' in connection.getresponse().read()
    assert tencent_chat_mock.calls[1].body == {"Limit": 2}


def test_a_caller_that_waits_for_100_continue(tencent_chat_mock: MockService) -> None:
    with closing(socket.create_connection(address(tencent_chat_mock), timeout=5)) as connection:
        head = f"POST {target(tencent_chat_mock, LIST)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        connection.sendall(f"{head}Content-Length: 2\r\nExpect: 100-continue\r\n\r\n".encode())
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"{}")
        assert b'"OK"' in read_all(connection)


@pytest.mark.parametrize("length", ["Content-Length: 100", "Transfer-Encoding: chunked"])
def test_a_request_that_breaks_off_is_no_call(tencent_chat_mock: MockService, length: str) -> None:
    with closing(socket.create_connection(address(tencent_chat_mock), timeout=5)) as connection:
        connection.sendall(f"POST {target(tencent_chat_mock, LIST)} HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n{{".encode())
        connection.shutdown(socket.SHUT_WR)
        assert read_all(connection) == b""
    assert tencent_chat_mock.calls == ()


def test_what_is_no_http_harms_nobody(
    tencent_chat_mock: MockService, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    for noise in (b"", b"\r\n\r\n", b"\x16\x03\x01\x02", b"POST /?usersig=dummy\r\n\r\n", b"GET / HTTP/9\r\n\r\n"):
        with closing(socket.create_connection(address(tencent_chat_mock), timeout=5)) as connection:
            connection.sendall(noise)
            connection.shutdown(socket.SHUT_WR)
            read_all(connection)
    assert call(tencent_chat_mock, LIST).code == 0
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_a_silent_client_does_not_stop_a_tls_service(tls_mock: MockService, trust: ssl.SSLContext) -> None:
    with (
        closing(socket.create_connection(address(tls_mock), timeout=5)),
        closing(connect(tls_mock, trust)) as connection,
    ):
        assert exchange(connection, target(tls_mock, LIST)).code == 0


def test_strangers_to_tls_are_turned_away(
    tls_mock: MockService, trust: ssl.SSLContext, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        send(tls_mock, target(tls_mock, LIST))
    with pytest.raises(ssl.SSLCertVerificationError), closing(connect(tls_mock, ssl.create_default_context())) as other:
        exchange(other, target(tls_mock, LIST))
    with closing(connect(tls_mock, trust)) as connection:
        assert exchange(connection, target(tls_mock, LIST)).code == 0
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("fault", "error"),
    [("truncate", http.client.IncompleteRead), ("reset", (ConnectionResetError, ssl.SSLError))],
)
def test_connections_break_with_tls_too(
    tls_mock: MockService, trust: ssl.SSLContext, fault: str, error: type[Exception] | tuple[type[Exception], ...]
) -> None:
    tls_mock.inject(fault)
    with closing(connect(tls_mock, trust)) as connection, pytest.raises(error):
        exchange(connection, target(tls_mock, LIST))
    with closing(connect(tls_mock, trust)) as connection:
        assert exchange(connection, target(tls_mock, LIST)).code == 0


def test_a_slow_answer_keeps_nobody_else_waiting(tencent_chat_mock: MockService) -> None:
    tencent_chat_mock.inject("latency=0.5")
    with ThreadPoolExecutor(max_workers=1) as pool:
        slow = pool.submit(call, tencent_chat_mock, LIST)
        while not tencent_chat_mock.calls:
            time.sleep(0.001)
        assert call(tencent_chat_mock, LIST).code == 0
        assert not slow.done()
        assert slow.result().code == 0


def test_many_callers_at_once(tencent_chat_mock: MockService) -> None:
    tencent_chat_mock.inject("code=60008", times=50)
    with ThreadPoolExecutor(max_workers=20) as pool:
        answers: list[Answer] = list(pool.map(lambda _: call(tencent_chat_mock, LIST), range(100)))
    assert sorted(answer.code for answer in answers) == [0] * 50 + [60008] * 50
    assert len(tencent_chat_mock.calls) == 100


def test_the_end_ends_connections_threads_and_waits(api: Api) -> None:
    before = threading.active_count()
    with MockService(api) as mock:
        idle = connect(mock)
        exchange(idle, target(mock, LIST))
        mock.inject("latency=60")
        # Answered early or cut off, whichever comes first.
        slow = threading.Thread(target=_call_in_vain, args=(mock,), daemon=True)
        slow.start()
        while len(mock.calls) < 2:
            time.sleep(0.001)
        url, where = target(mock, LIST), address(mock)
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
        mock.url  # noqa: B018


def test_a_taken_port_is_an_error(api: Api) -> None:
    with MockService(api) as first, pytest.raises(OSError, match="in use"), MockService(api, port=address(first)[1]):
        pass


@pytest.mark.parametrize(
    ("host", "prefix"), [("localhost", "http://localhost:"), ("0.0.0.0", "http://127.0.0.1:"), ("::1", "http://[::1]:")]
)
def test_other_addresses(api: Api, host: str, prefix: str) -> None:
    if host == "::1" and not _has_ipv6():
        pytest.skip("no IPv6 here")
    with MockService(api, host=host) as mock:
        assert mock.url.startswith(prefix)
        assert call(mock, LIST).code == 0


def _call_in_vain(mock: MockService) -> None:
    with contextlib.suppress(OSError, http.client.HTTPException):
        call(mock, LIST)


def _has_ipv6() -> bool:
    try:
        with closing(socket.create_server(("::1", 0), family=socket.AF_INET6)):
            return True
    except OSError:
        return False
