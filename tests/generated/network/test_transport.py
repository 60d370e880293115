"""The client over real sockets: what is sent, what failures become, threads, TLS, proxies, fork."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import trustme

from generated.loopback import OK, Server, http, reset
from tencent_chat import (
    ChatClient,
    ConfigurationError,
    Received,
    Request,
    ResponseError,
    TransportError,
)

BODY = {"To_Account": "bob", "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}}]}


def client_of(server: Server | str, **options: object) -> ChatClient:
    url = server if isinstance(server, str) else server.url
    return ChatClient(1400000000, "dummy-key", **{"base_url": url, "timeout": 2.0, "retry": False, **options})


@pytest.fixture
def ok_server() -> Iterator[Server]:
    with Server(lambda _request, _connection: http(OK)) as server:
        yield server


def test_one_request_in_the_vendors_form(ok_server: Server) -> None:
    with client_of(ok_server) as client:
        response = client.call("openim/sendmsg", BODY)
    assert (response.error_code, response.http_status, response.raw) == (0, 200, OK)
    assert response.http_headers["content-length"]
    [request] = ok_server.requests
    method, target, _ = request.line.split(" ")
    path, _, query = target.partition("?")
    assert (method, path) == ("POST", "/v4/openim/sendmsg")
    names = [part.partition("=")[0] for part in query.split("&")]
    assert names == ["sdkappid", "identifier", "usersig", "random", "contenttype"]
    assert len(dict(part.split("=") for part in query.split("&"))["usersig"]) > 100
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"].startswith("tencent-chat-python/")
    assert not any(name.startswith("-") for name in request.headers)
    filled = set(request.json) - set(BODY)
    assert filled == {"MsgRandom", "MsgSeq"}
    assert {name: request.json[name] for name in BODY} == BODY


def test_connection_is_kept_and_random_is_fresh(ok_server: Server) -> None:
    with client_of(ok_server) as client:
        for _ in range(5):
            client.call("x/y")
    assert ok_server.connections == 1
    assert len({request.line for request in ok_server.requests}) == 5
    assert all(request.body == b"{}" for request in ok_server.requests)


def test_identifier_is_encoded(ok_server: Server) -> None:
    with client_of(ok_server, identifier="a&usersig=***é/") as client:
        client.call("x/y")
    assert "identifier=a%26usersig%3D%2A%2A%2A%C3%A9%2F&usersig=eJ" in ok_server.requests[0].line


def test_path_below_the_base_url(ok_server: Server) -> None:
    with client_of(ok_server.url + "/prefix/") as client:
        client.call("x/y")
    assert ok_server.requests[0].line.startswith("POST /prefix/v4/x/y?")


def test_refused_connection_is_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with client_of(f"http://127.0.0.1:{port}") as client, pytest.raises(TransportError) as caught:
        client.call("x/y")
    assert caught.value.outcome == "not_sent"
    assert "refused" in str(caught.value)
    assert caught.value.command == "x/y"


def test_unknown_host_is_not_sent() -> None:
    with client_of("http://host.invalid") as client, pytest.raises(TransportError) as caught:
        client.call("x/y")
    assert caught.value.outcome == "not_sent"


def closing(_request: object, connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def resetting(_request: object, connection: socket.socket) -> None:
    reset(connection)


def half_a_head(_request: object, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Le")
    connection.shutdown(socket.SHUT_RDWR)


def no_http(_request: object, connection: socket.socket) -> None:
    connection.sendall(b"\x00\x01 nonsense\r\n\r\n")
    connection.shutdown(socket.SHUT_RDWR)


def head_only(_request: object, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n")
    connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("answer", [closing, resetting, no_http, head_only])
def test_connection_that_breaks_after_the_request_is_unknown(answer) -> None:
    with Server(answer) as server, client_of(server) as client, pytest.raises(TransportError) as caught:
        client.call("x/y")
    assert caught.value.outcome == "unknown"
    assert len(server.requests) == 1


def test_empty_answer_is_a_response_error() -> None:
    with Server(half_a_head) as server, client_of(server) as client, pytest.raises(ResponseError, match="no JSON"):
        client.call("x/y")


@pytest.mark.parametrize("started", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"])
def test_slow_answer_is_unknown(started: bytes) -> None:
    def answer(_request: object, connection: socket.socket) -> None:
        connection.sendall(started)
        time.sleep(1)

    with Server(answer) as server, client_of(server) as client, pytest.raises(TransportError) as caught:
        client.call("x/y", timeout=(1.0, 0.2))
    assert caught.value.outcome == "unknown"
    assert "0.2 s" in str(caught.value)


def test_half_an_answer_is_a_response_error() -> None:
    def answer(_request: object, connection: socket.socket) -> None:
        connection.sendall(http(b'{"ActionStatus":"OK","Err', length=500))
        connection.shutdown(socket.SHUT_RDWR)

    with Server(answer) as server, client_of(server) as client, pytest.raises(ResponseError) as caught:
        client.call("x/y")
    assert caught.value.text == '{"ActionStatus":"OK","Err'
    assert caught.value.status == 200
    assert "broke off" in str(caught.value)


def test_gzip_and_chunks() -> None:
    import gzip
    import json

    data = gzip.compress(json.dumps({**OK, "Name": "x" * 200_000}).encode())
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(data[i : i + 99]), data[i : i + 99]) for i in range(0, len(data), 99))
    answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
    with Server(lambda _request, _connection: answer) as server, client_of(server) as client:
        assert len(str(client.call("x/y").raw["Name"])) == 200_000
        client.call("x/y")
    assert server.connections == 1


def test_redirect_is_not_followed(ok_server: Server) -> None:
    def answer(request, _connection: socket.socket) -> bytes:
        target = request.line.split(" ")[1]
        return http(b"", 307, headers=f"Location: {ok_server.url}{target}\r\n")

    with Server(answer) as server, client_of(server) as client, pytest.raises(ResponseError) as caught:
        client.call("x/y")
    assert not ok_server.requests
    assert "usersig=[usersig]&" in caught.value.headers["location"]


def test_stale_connection_is_replaced() -> None:
    def answer(_request: object, connection: socket.socket) -> None:
        connection.sendall(http(OK))
        connection.shutdown(socket.SHUT_RDWR)

    with Server(answer) as server, client_of(server) as client:
        for _ in range(3):
            client.call("x/y")
            time.sleep(0.05)
    assert server.connections == 3


def test_many_threads_share_a_client(ok_server: Server) -> None:
    with client_of(ok_server) as client, ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _: client.call("openim/sendmsg", BODY), range(320)))
    assert len(answers) == len(ok_server.requests) == 320
    assert ok_server.connections <= 32
    signatures = {request.line.split("usersig=")[1].split("&")[0] for request in ok_server.requests}
    assert len(signatures) == 1
    assert len({request.json["MsgRandom"] for request in ok_server.requests}) == 320


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, Path]:
    authority = trustme.CA()
    file = tmp_path_factory.mktemp("tls") / "ca.pem"
    authority.cert_pem.write_to_path(file)
    return authority, file


def tls(authority: trustme.CA, name: str = "127.0.0.1"):
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_https(authority: tuple[trustme.CA, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority[1]))
    with Server(lambda _request, _connection: http(OK), tls(authority[0])) as server, client_of(server) as client:
        for _ in range(3):
            client.call("openim/sendmsg", BODY)
    assert server.connections == 1
    assert "usersig=eJ" in server.requests[0].line


@pytest.mark.parametrize(("bundle", "name"), [(False, "127.0.0.1"), (True, "elsewhere.example")])
def test_wrong_certificate_is_not_sent(
    authority: tuple[trustme.CA, Path], monkeypatch: pytest.MonkeyPatch, bundle: bool, name: str
) -> None:
    if bundle:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority[1]))
    context = tls(authority[0], name)
    with (
        Server(lambda _request, _connection: http(OK), context) as server,
        client_of(server) as client,
        pytest.raises(TransportError, match="certificate") as caught,
    ):
        client.call("x/y")
    assert caught.value.outcome == "not_sent"
    assert not server.requests


def test_tls_handshake_with_a_mute_server_is_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"https://127.0.0.1:{mute.getsockname()[1]}"
        with client_of(url) as client, pytest.raises(TransportError) as caught:
            client.call("x/y", timeout=(0.2, 5.0))
    assert caught.value.outcome == "not_sent"
    assert "no connection within 0.2 s" in str(caught.value)


def test_missing_bundle_is_a_configuration_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    with client_of("https://127.0.0.1:1") as client, pytest.raises(ConfigurationError, match="REQUESTS_CA_BUNDLE"):
        client.call("x/y")


def test_forwarding_proxy(monkeypatch: pytest.MonkeyPatch, ok_server: Server) -> None:
    monkeypatch.setenv("HTTP_PROXY", ok_server.url.replace("//", "//user:dummy-password@"))
    with client_of("http://api.invalid/prefix") as client:
        client.call("x/y")
    [request] = ok_server.requests
    assert request.line.startswith("POST http://api.invalid/prefix/v4/x/y?")
    assert "usersig=eJ" in request.line
    assert request.headers["proxy-authorization"].startswith("Basic ")


def test_tunnelling_proxy(authority: tuple[trustme.CA, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority[1]))
    with Server(lambda _request, _connection: http(OK), tls(authority[0], "api.invalid")) as server:

        def tunnel(_request: object, connection: socket.socket) -> None:
            with socket.create_connection(("127.0.0.1", server.port)) as far:
                connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
                back = threading.Thread(target=pump, args=(far, connection), daemon=True)
                back.start()
                pump(connection, far)
                back.join(2)

        with Server(tunnel) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            with client_of("https://api.invalid") as client:
                client.call("x/y")
                client.call("x/y")
        assert [request.line.rpartition(" ")[0] for request in proxy.requests] == ["CONNECT api.invalid:443"]
        assert len(server.requests) == 2
        assert "usersig=eJ" in server.requests[1].line


def pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass


def test_refusing_proxy_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(lambda _request, _connection: http(b"", 407)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", "//user:dummy-password@"))
        with client_of("https://api.invalid") as client, pytest.raises(TransportError) as caught:
            client.call("x/y")
    assert caught.value.outcome == "not_sent"
    assert "dummy-password" not in str(caught.value)


@pytest.mark.parametrize(
    "proxy",
    [
        "http://user:dummy-password@host:99999",
        "http://user:dummy-password@",
        "http://user:dummy-password@[::1",
        "http://user:dummy-password@host:port",
        "gopher://user:dummy-password@host",
        "socks5://user:dummy-password@host.invalid:1",
        "//user:dummy-password@",
        "http://user:dummy-password@ho st",
    ],
)
@pytest.mark.parametrize("url", ["https://api.invalid", "http://api.invalid"])
def test_proxy_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch, proxy: str, url: str) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with client_of(url) as client, pytest.raises((ConfigurationError, TransportError)) as caught:
        client.call("x/y")
    assert "dummy-password" not in repr(caught.value)
    assert caught.value.__context__ is None


def chunked(*chunks: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)


ZIPPED = "Content-Encoding: gzip\r\nX-A: b\r\n"


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (http(b"<html>plain", headers=ZIPPED), "<html>plain"),
        (chunked() + b"zz\r\n{", ""),
        (chunked(b'{"Err') + b"zz\r\n{", '{"Err'),
    ],
    ids=["gzip", "first chunk", "later chunk"],
)
def test_answer_that_cannot_be_decoded(answer: bytes, text: str) -> None:
    with (
        Server(lambda _request, _connection: answer) as server,
        client_of(server) as client,
        pytest.raises(ResponseError, match="cannot be decoded") as caught,
    ):
        client.call("x/y")
    assert (caught.value.status, caught.value.headers["x-a"], caught.value.text) == (200, "b", text)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("head", [b"Content-Length: 500\r\n", b"Connection: close\r\n"])
def test_trickling_answer_has_an_end(head: bytes) -> None:
    def answer(_request: object, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n")
        for _ in range(40):
            connection.sendall(b" ")
            time.sleep(0.05)

    started = time.monotonic()
    with Server(answer) as server, client_of(server) as client, pytest.raises(TransportError) as caught:
        client.call("x/y", timeout=(1.0, 0.3))
    assert time.monotonic() - started < 1.9
    assert caught.value.outcome == "unknown"
    assert "no answer within 0.3 s" in str(caught.value)


def test_connection_is_of_use_after_a_slow_answer() -> None:
    def answer(_request: object, connection: socket.socket) -> bytes:
        body = http(OK)
        connection.sendall(body[:-5])
        time.sleep(0.15)
        return body[-5:]

    with Server(answer) as server, client_of(server) as client:
        for _ in range(4):
            client.call("x/y", timeout=(1.0, 2.0))
    assert server.connections == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_client_works_in_a_forked_child(ok_server: Server) -> None:
    client = client_of(ok_server)
    client.call("x/y")
    lock = client._caller.connections._lock
    with lock:  # As if another thread of the parent were using it.
        child = os.fork()
        if child == 0:
            try:
                client.call("x/child")
                os._exit(0)
            except BaseException:
                os._exit(1)
    _, status = os.waitpid(child, 0)
    client.call("x/y")
    assert status == 0
    assert ok_server.connections == 2
    client.close()


def test_closing() -> None:
    with Server(lambda _request, _connection: http(OK)) as server:
        client = client_of(server)
        other = client.as_identifier("other")
        other.call("x/y")
        other.close()
        with pytest.raises(ConfigurationError, match="closed"):
            other.call("x/y")
        client.call("x/y")
        third = client.as_identifier("third")
        client.close()
        client.close()
        for closed in (client, third, client.as_identifier("fourth")):
            with pytest.raises(ConfigurationError, match="closed"):
                closed.call("x/y")
    assert server.connections == 1
    assert "identifier=other&" in server.requests[0].line


class Recorder:
    """A transport of the caller's own."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.requests: list[Request] = []

    def send(self, request: Request) -> Received:
        self.requests.append(request)
        return Received(200, {}, self.answer)


def test_transport_of_the_callers_own() -> None:
    transport = Recorder(b'{"ErrorCode": 0}')
    with ChatClient(1, usersig="given/sig", region="singapore", transport=transport) as client:
        client.call("x/y", {"Text": "dummy message"})
    [request] = transport.requests
    assert request.base_url == "https://adminapisgp.im.qcloud.com"
    assert "usersig=***&" in request.target
    assert "usersig=given%2Fsig&" in request.signed_target()
    assert request.timeout == (5.0, 10.0)
    assert "given" not in repr(request)
    assert b"dummy message" in request.body
    assert "dummy message" not in repr(request) + repr(Received(200, {}, request.body))
