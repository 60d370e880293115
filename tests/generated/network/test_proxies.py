"""Ways through proxies: a real one over loopback, and ones that do not behave."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from proxy import Proxy

from generated.clients import user_of
from generated.loopback import OK, Server, http, in_turn
from tencent_chat import Retry, TransportError

USER = "someone:dummy-proxy-password"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, Path]:
    authority = trustme.CA()
    bundle = tmp_path_factory.mktemp("tls") / "ca.pem"
    authority.cert_pem.write_to_path(bundle)
    return authority, bundle


@pytest.fixture
def trusted(authority: tuple[trustme.CA, Path], monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """TLS settings of a server on this machine, whose certificate both kinds of clients trust."""
    from tencent_chat._network import async_http_transport

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority[1]))
    monkeypatch.setattr(async_http_transport, "_tls", async_http_transport._tls.__wrapped__)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority[0].issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


@pytest.fixture(scope="module", params=[False, True], ids=["open", "password"])
def proxy(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a proxy that others have written, with a name and a password if it wants them."""
    wants = ["--basic-auth", USER] if request.param else []
    # Without threads of its own it would need processes.
    options = ["--hostname", "127.0.0.1", "--port", "0", "--num-workers", "1", "--num-acceptors", "1", "--threadless"]
    with Proxy([*options, "--local-executor", "1", "--log-level", "c", *wants]) as running:
        name = f"{USER}@" if request.param else ""
        yield f"http://{name}127.0.0.1:{running.flags.port}"


def refuse(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let no host of that name be found from this process; proxies have their own."""
    resolve = socket.getaddrinfo

    def refusing(host: str | None, *rest: Any, **more: Any) -> Any:
        if host in (name, name.encode()):
            raise socket.gaierror(socket.EAI_NONAME, "not known here")
        return resolve(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", refusing)


@pytest.mark.parametrize("tls", [False, True], ids=["forwarding", "tunnel"])
def test_calls_through_a_proxy(
    kind: str, tls: bool, proxy: str, trusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY" if tls else "HTTP_PROXY", proxy)
    refuse(monkeypatch, "localhost")
    body = {"Text": "x" * 100_000}
    with (
        Server(lambda *_: http(OK), trusted if tls else None) as server,
        user_of(kind, server.url.replace("127.0.0.1", "localhost")) as user,
    ):
        for _ in range(3):
            user(lambda client: client.call("x/y", body))
    assert [request.json for request in server.requests] == [body] * 3
    assert all(len(request.query["usersig"]) > 100 for request in server.requests)
    if tls:
        assert server.connections == 1
        assert not any("proxy-authorization" in request.headers for request in server.requests)


def test_hosts_that_need_no_proxy(kind: str, proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy)
    monkeypatch.setenv("NO_PROXY", "example.org,localhost")
    refuse(monkeypatch, "localhost")
    with (
        Server(in_turn()) as server,
        user_of(kind, server.url.replace("127.0.0.1", "localhost"), retry=False) as user,
        pytest.raises(TransportError, match="cannot be resolved"),
    ):
        user(lambda client: client.call("x/y"))
    assert not server.requests


@pytest.mark.parametrize("proxy", [True], indirect=True)
def test_proxy_that_is_not_told_the_password(kind: str, proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.replace(USER, "someone:wrong-password"))
    with (
        Server(in_turn()) as server,
        user_of(kind, server.url.replace("http:", "https:"), retry=False) as user,
        pytest.raises(TransportError) as caught,
    ):
        user(lambda client: client.call("x/y"))
    assert caught.value.outcome == "not_sent"
    assert "wrong-password" not in str(caught.value)


def trickles(*parts: bytes, ended: threading.Event) -> Callable[[socket.socket], bool]:
    """Return what a Server is to do first: send `parts`, and then a byte now and then without end."""

    def meet(connection: socket.socket) -> bool:
        for part in parts:
            connection.recv(65536)
            connection.sendall(part)
        while not ended.wait(0.02):
            connection.sendall(b"a")
        return False

    return meet


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 Fi", b"HTTP/1.1 200 Fine\r\nX-A: ", b"HTTP/1.1 407 No\r\n\r\n"])
def test_proxy_that_trickles(kind: str, start: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    with Server(in_turn(), meet=trickles(start, ended=ended)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        retry = Retry(total=0.6, first_pause=0.01, longest_pause=0.02)
        started = time.monotonic()
        with user_of(kind, "https://api.invalid", timeout=(0.25, 0.25), retry=retry) as user:
            with pytest.raises(TransportError) as caught:
                user(lambda client: client.call("x/y"))
            took = time.monotonic() - started
            ended.set()
    assert caught.value.outcome == "not_sent"
    assert {attempt.outcome for attempt in caught.value.attempts} == {"not_sent"}
    assert took < 2


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_handshake_that_trickles(kind: str, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """TLS with the service, straight or through a proxy that is done with its own part."""
    ended = threading.Event()
    through = [b"HTTP/1.1 200 Fine\r\n\r\n"] if scheme == "http" else []
    # The beginning of a handshake message.
    meet = trickles(*through, b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", ended=ended)
    with Server(in_turn(), meet=meet) as server:
        if scheme == "http":
            monkeypatch.setenv("HTTPS_PROXY", server.url)
        started = time.monotonic()
        with user_of(kind, server.url.replace("http:", "https:"), timeout=(0.25, 5), retry=False) as user:
            with pytest.raises(TransportError) as caught:
                user(lambda client: client.call("x/y"))
            took = time.monotonic() - started
            ended.set()
    assert caught.value.outcome == "not_sent"
    assert took < 2


def test_socks_proxy_that_trickles(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    # A host name of 255 letters comes with the answer.
    meet = trickles(b"\x05\x00", b"\x05\x00\x00\x03\xff", ended=ended)
    with Server(in_turn(), meet=meet) as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.url.replace("http:", "socks5h:"))
        started = time.monotonic()
        with user_of("sync", "http://api.invalid", timeout=(0.3, 5), retry=False) as user:
            with pytest.raises(TransportError, match=r"no connection within 0\.3 s") as caught:
                user(lambda client: client.call("x/y"))
            took = time.monotonic() - started
            ended.set()
    assert caught.value.outcome == "not_sent"
    assert took < 2


def test_calls_through_a_socks_proxy(monkeypatch: pytest.MonkeyPatch) -> None:

    def meet(connection: socket.socket) -> bool:
        connection.recv(100)
        connection.sendall(b"\x05\x00")
        connection.recv(100)
        connection.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50")
        return True

    with Server(in_turn(), meet=meet) as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.url.replace("http:", "socks5h:"))
        with user_of("sync", "http://api.invalid") as user:
            for _ in range(2):
                user(lambda client: client.call("x/y"))
    assert proxy.connections == 1
    assert len(proxy.requests) == 2


def test_every_address_of_a_host_shares_the_time(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections to a full queue wait, as those to an address that is not there."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        place = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(place)
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place)] * 8
        resolve = socket.getaddrinfo
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda host, *rest, **more: found if host == "many.invalid" else resolve(host, *rest, **more),
        )
        started = time.monotonic()
        with (
            user_of(kind, f"http://many.invalid:{place[1]}", timeout=(0.3, 5), retry=False) as user,
            pytest.raises(TransportError) as caught,
        ):
            user(lambda client: client.call("x/y"))
        took = time.monotonic() - started
        for each in waiting:
            each.close()
    assert caught.value.outcome == "not_sent"
    assert took < 1.5
