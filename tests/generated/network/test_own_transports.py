"""Sessions, proxies and transports of the caller's own, and what both transports make of answers."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import socket
import ssl
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import requests
import trustme
from requests.adapters import HTTPAdapter

from generated.clients import KEY, QUICK, User, user_of
from generated.loopback import OK, Received, Server, http, in_turn, reset
from tencent_chat import (
    AsyncChatClient,
    AsyncHTTPTransport,
    ChatAPIError,
    ConfigurationError,
    HTTPTransport,
    Request,
    ResponseError,
    TransportError,
)
from tencent_chat import Received as Reception


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, Path]:
    authority = trustme.CA()
    folder = tmp_path_factory.mktemp("tls")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    authority.issue_cert("client@example.org").private_key_and_cert_chain_pem.write_to_path(folder / "client.pem")
    return authority, folder


@contextmanager
def mutual_tls(authority: tuple[trustme.CA, Path], name: str = "127.0.0.1") -> Iterator[Server]:
    """A server that talks to clients with a certificate of the authority only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority[0].issue_cert(name).configure_cert(context)
    authority[0].configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    with Server(in_turn(), context) as server:
        yield server


@contextmanager
def user_with_session(server: Server, **options: Any) -> Iterator[User]:
    """A user of an asynchronous client over a session of aiohttp with a connector of its own."""
    with user_of("async", server, usersig="unused") as maker:
        assert maker.runner is not None

        async def session_of(_: object) -> aiohttp.ClientSession:
            return aiohttp.ClientSession(connector=aiohttp.TCPConnector(**options))

        session = maker(session_of)
        client = type(maker.client)(
            1400000000, KEY, base_url=server.url, retry=False, transport=AsyncHTTPTransport(session)
        )
        try:
            yield User(client, maker.runner)
        finally:
            maker(lambda _: client.close())
            assert not session.closed
            maker(lambda _: session.close())


class Slow(aiohttp.TCPConnector):
    """Hands a connection over when the other side has had the time to end it."""

    async def connect(self, *args: Any) -> Any:
        connection = await super().connect(*args)
        for _ in range(50):
            if connection.protocol is None or not connection.protocol.is_connected():
                break
            await asyncio.sleep(0.01)
        return connection


def test_a_connection_that_was_ended_before_anything_was_written_has_sent_nothing() -> None:
    def ends(connection: socket.socket) -> bool:
        reset(connection)
        return False

    with Server(in_turn(), meet=ends) as server:

        async def create() -> TransportError:
            async with (
                aiohttp.ClientSession(connector=Slow()) as session,
                AsyncChatClient(
                    1400000000, KEY, base_url=server.url, retry=QUICK, transport=AsyncHTTPTransport(session)
                ) as client,
            ):
                with pytest.raises(TransportError) as caught:
                    await client.groups.create(type="Public", name="n")
                return caught.value

        error = asyncio.run(create())
    # Which nobody may send again otherwise.
    assert [attempt.outcome for attempt in error.attempts] == ["not_sent"] * 3
    assert error.outcome == "not_sent"
    assert (server.connections, server.requests) == (3, [])


def test_session_with_certificates(authority: tuple[trustme.CA, Path]) -> None:
    with mutual_tls(authority) as server, requests.Session() as session:
        session.verify = str(authority[1] / "ca.pem")
        session.cert = str(authority[1] / "client.pem")
        with user_of("sync", server, transport=HTTPTransport(session)) as user:
            for _ in range(3):
                user(lambda client: client.call("x/y"))
        assert server.connections == 1
        # It is the caller's, and of use after the client is closed.
        assert session.post(server.url + "/own", data=b"{}").status_code == 200


def test_session_that_the_program_uses_in_the_middle_of_a_call() -> None:
    """A handler of logs that sends them over the same session, say, as urllib3 logs that it opens a connection."""

    class Posting(logging.Handler):
        busy = False

        def emit(self, record: logging.LogRecord) -> None:
            if not self.busy:
                self.busy = True
                answers.append(session.post(server.url + "/log?usersig=***", data=record.getMessage().encode()).text)
                self.busy = False

    answers: list[str] = []
    logger, handler = logging.getLogger("urllib3.connectionpool"), Posting()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        with (
            Server(lambda request, _: http({**OK, "Line": request.line}, headers="Connection: close\r\n")) as server,
            requests.Session() as session,
            user_of("sync", server, transport=HTTPTransport(session)) as user,
        ):
            for _ in range(3):
                line = user(lambda client: client.call("x/y")).raw["Line"]
                assert "/v4/x/y?" in line
                assert "usersig=***" not in line
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    assert len(answers) >= 3
    assert all("/log?usersig=*** " in answer for answer in answers)


def test_session_without_a_certificate(authority: tuple[trustme.CA, Path]) -> None:
    with mutual_tls(authority) as server, requests.Session() as session:
        session.verify = str(authority[1] / "ca.pem")
        with user_of("sync", server, transport=HTTPTransport(session)) as user, pytest.raises(TransportError):
            user(lambda client: client.call("x/y"))
    assert not server.requests


def test_connector_with_certificates(authority: tuple[trustme.CA, Path]) -> None:
    context = ssl.create_default_context(cafile=str(authority[1] / "ca.pem"))
    context.load_cert_chain(authority[1] / "client.pem")
    with mutual_tls(authority) as server, user_with_session(server, ssl=context) as user:
        for _ in range(3):
            user(lambda client: client.call("x/y"))
    assert server.connections == 1
    assert len(server.requests) == 3


def test_connector_without_a_certificate(authority: tuple[trustme.CA, Path]) -> None:
    context = ssl.create_default_context(cafile=str(authority[1] / "ca.pem"))
    with (
        mutual_tls(authority) as server,
        user_with_session(server, ssl=context) as user,
        pytest.raises(TransportError),
    ):
        user(lambda client: client.call("x/y"))
    assert not server.requests


def test_connector_with_a_limit_waits_no_longer_than_asked() -> None:
    def answer(request: Received, connection: socket.socket) -> bytes | None:
        if "slow/slow" in request.line:
            connection.recv(1)
            return None
        return http(OK)

    async def two_calls(client: Any) -> None:
        slow = asyncio.create_task(client.call("slow/slow"))
        while not server.requests:
            await asyncio.sleep(0.005)
        with pytest.raises(TransportError) as caught:
            await client.call("x/y", timeout=(0.1, 5.0))
        assert caught.value.outcome == "not_sent"
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)
        await client.call("x/y")

    with Server(answer) as server, user_with_session(server, limit=1) as user:
        user(two_calls)
    assert [request.line.split("?")[0] for request in server.requests] == ["POST /v4/slow/slow", "POST /v4/x/y"]


def test_closed_session_of_aiohttp() -> None:
    with Server(in_turn()) as server, user_with_session(server) as user:

        async def with_closed(client: Any) -> None:
            session = aiohttp.ClientSession()
            transport = AsyncHTTPTransport(session)
            await session.close()
            other = type(client)(1, KEY, base_url=server.url, transport=transport)
            with pytest.raises(ConfigurationError, match="closed"):
                await other.call("x/y")

        user(with_closed)


class Counting(HTTPAdapter):
    """An adapter of the caller's own, which gives its pools out in its own way."""

    given = 0

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> Any:
        self.given += 1
        return super().get_connection_with_tls_context(*args, **options)


def test_mounted_adapter() -> None:
    with Server(in_turn()) as server, requests.Session() as session:
        adapter = Counting(pool_maxsize=1)
        session.mount(server.url, adapter)
        session.headers["X-Own"] = "unused"
        session.cookies.set("a", "unused")
        session.auth = ("user", "unused")
        with user_of("sync", server, transport=HTTPTransport(session)) as user:
            user(lambda client: client.call("x/y"))
        assert adapter.given == 1
    [request] = server.requests
    assert "unused" not in str(request.headers)


def test_sessions_of_another_library() -> None:
    with pytest.raises(ConfigurationError, match="session must be a Session of requests, got str"):
        HTTPTransport("http://proxy")
    with pytest.raises(ConfigurationError, match="session must be a ClientSession of aiohttp, got Session"):
        AsyncHTTPTransport(requests.Session())


def test_proxy_of_a_session() -> None:
    with Server(in_turn()) as proxy, requests.Session() as session:
        session.proxies = {"http": proxy.url.replace("//", "//user:dummy-password@")}
        with user_of("sync", "http://api.invalid", transport=HTTPTransport(session)) as user:
            user(lambda client: client.call("x/y"))
    check_forwarded(proxy)


def test_proxy_of_the_asynchronous_transport() -> None:
    with Server(in_turn()) as proxy:
        url = proxy.url.replace("//", "//user:dummy-password@")
        with user_of("async", "http://api.invalid", transport=AsyncHTTPTransport(proxy=url)) as user:
            user(lambda client: client.call("x/y"))
            user(lambda client: client._caller.connections.open().close())
    check_forwarded(proxy)


def test_proxy_of_the_environment(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(in_turn()) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.replace("//", "//user:dummy-password@"))
        with user_of(kind, "http://api.invalid") as user:
            user(lambda client: client.call("x/y"))
    check_forwarded(proxy)


def test_proxy_of_the_environment_without_a_scheme(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(in_turn()) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"127.0.0.1:{proxy.port}")
        with user_of(kind, "http://api.invalid") as user:
            user(lambda client: client.call("x/y"))
    assert len(proxy.requests) == 1


@pytest.mark.parametrize("exception", ["127.0.0.1", "127.0.0.0/8", "api.invalid,127.0.0.1"])
def test_hosts_without_a_proxy(kind: str, exception: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(in_turn()) as server, Server(in_turn()) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", exception)
        with user_of(kind, server) as user:
            user(lambda client: client.call("x/y"))
    assert (len(server.requests), len(proxy.requests)) == (1, 0)


@pytest.mark.parametrize("scheme", ["socks5", "SOCKS5h", "ftp"])
@pytest.mark.parametrize("given", [True, False])
def test_proxy_that_does_not_speak_http(scheme: str, given: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(in_turn()) as proxy:
        url = f"{scheme}://user:dummy-password@127.0.0.1:{proxy.port}"
        monkeypatch.setenv("ALL_PROXY", "" if given else url)
        transport = AsyncHTTPTransport(proxy=url if given else None)
        with (
            user_of("async", "http://api.invalid", transport=transport) as user,
            pytest.raises(ConfigurationError, match="http:// and https:// only") as caught,
        ):
            user(lambda client: client.call("x/y"))
        assert proxy.connections == 0
    assert "dummy-password" not in str(caught.value)


def check_forwarded(proxy: Server) -> None:
    [request] = proxy.requests
    assert request.line.startswith("POST http://api.invalid/v4/x/y?")
    assert len(request.query["usersig"]) > 100
    assert request.headers["proxy-authorization"].startswith("Basic ")


def test_tunnel(kind: str, authority: tuple[trustme.CA, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority[0].issue_cert("api.invalid").configure_cert(context)
    with Server(in_turn(), context) as server:

        def tunnel(_request: Received, connection: socket.socket) -> None:
            with socket.create_connection(("127.0.0.1", server.port)) as far:
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                threading.Thread(target=pump, args=(far, connection), daemon=True).start()
                pump(connection, far)

        with Server(tunnel) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            if kind == "sync":
                monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority[1] / "ca.pem"))
                with user_of(kind, "https://api.invalid") as user:
                    user(lambda client: client.call("x/y"))
                    user(lambda client: client.call("x/y"))
            else:
                monkeypatch.setattr("tencent_chat._network.async_http_transport._tls", lambda: trusting(authority))
                with user_of(kind, "https://api.invalid") as user:
                    user(lambda client: client.call("x/y"))
                    user(lambda client: client.call("x/y"))
    assert [request.line.rsplit(" ", 1)[0] for request in proxy.requests] == ["CONNECT api.invalid:443"]
    assert len(server.requests) == 2
    assert "usersig" not in str(proxy.requests)


def trusting(authority: tuple[trustme.CA, Path]) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority[1] / "ca.pem"))


def pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass


def test_custom_certificates_of_the_environment(
    kind: str, authority: tuple[trustme.CA, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tencent_chat._network import async_http_transport

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority[1] / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority[0].issue_cert("127.0.0.1").configure_cert(context)
    async_http_transport._tls.cache_clear()
    try:
        with Server(in_turn(), context) as server, user_of(kind, server) as user:
            user(lambda client: client.call("x/y"))
            user(lambda client: client.call("x/y"))
    finally:
        async_http_transport._tls.cache_clear()
    assert server.connections == 1


class Own:
    """A transport of the caller's own, for either kind of client."""

    def __init__(self, kind: str, *outcomes: Reception | TransportError) -> None:
        self.kind = kind
        self.left = list(outcomes)
        self.requests: list[Request] = []

    def send(self, request: Request) -> Any:
        self.requests.append(request)
        outcome = self.left.pop(0)
        if self.kind == "async":
            return self._later(outcome)
        if isinstance(outcome, TransportError):
            raise outcome
        return outcome

    async def _later(self, outcome: Reception | TransportError) -> Reception:
        if isinstance(outcome, TransportError):
            raise outcome
        return outcome


FINE = Reception(200, {"x-own": "1"}, b'{"ErrorCode": 0}')


def test_transport_of_the_callers_own(kind: str) -> None:
    busy = Reception(200, {}, b'{"ErrorCode": 60007}')
    transport = Own(kind, TransportError("why", outcome="not_sent"), busy, FINE)
    with user_of(kind, None, region="singapore", transport=transport) as user:
        answer = user(lambda client: client.groups.create(type="Public", name="n"))
    assert answer.http_headers == {"x-own": "1"}
    assert len(transport.requests) == 3
    primary, backup = "https://adminapisgp.im.qcloud.com", "https://adminapisgp.my-imcloud.com"
    assert [request.base_url for request in transport.requests] == [primary, backup, backup]
    assert len({request.signed_target() for request in transport.requests}) == 3


def test_unknown_outcome_of_the_callers_own(kind: str) -> None:
    transport = Own(kind, TransportError("why", outcome="unknown"), FINE)
    with (
        user_of(kind, None, region="singapore", transport=transport) as user,
        pytest.raises(TransportError, match=r"create_group: https://adminapisgp.im.qcloud.com: why") as caught,
    ):
        user(lambda client: client.groups.create(type="Public", name="n"))
    assert caught.value.attempts[0].reason == "why"
    assert len(transport.requests) == 1


def test_status_and_headers(kind: str) -> None:
    refused = http({"ErrorCode": 60002, "RequestId": "r"}, 404, headers="X-Trace: a\r\n")
    page = http(b"<html>", 503, headers="X-Trace: b\r\n")
    fine = http(OK, headers="X-Trace: c\r\n")
    with Server(in_turn(refused, page, fine)) as server, user_of(kind, server) as user:
        with pytest.raises(ChatAPIError) as api:
            user(lambda client: client.call("x/y"))
        with pytest.raises(ResponseError) as response:
            user(lambda client: client.call("x/y"))
        answer = user(lambda client: client.call("x/y"))
    assert (api.value.http_status, api.value.request_id) == (404, "r")
    assert (response.value.status, response.value.headers["x-trace"], response.value.text) == (503, "b", "<html>")
    assert (answer.http_status, answer.http_headers["x-trace"]) == (200, "c")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(kind: str, status: int) -> None:
    with Server(in_turn()) as other:
        answer = http(OK, status, headers=f"Location: {other.url}/\r\n")
        with (
            Server(in_turn(answer)) as server,
            user_of(kind, server) as user,
            pytest.raises(ResponseError) as caught,
        ):
            user(lambda client: client.call("x/y"))
    assert caught.value.status == status
    assert (len(server.requests), len(other.requests)) == (1, 0)


def test_cookies_are_not_kept(kind: str) -> None:
    with Server(lambda *_: http(OK, headers="Set-Cookie: a=b; Path=/\r\n")) as server, user_of(kind, server) as user:
        for _ in range(3):
            user(lambda client: client.call("x/y"))
    assert server.connections == 1
    assert not any("cookie" in request.headers for request in server.requests)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_compressed_answers(kind: str, encoding: str) -> None:
    text = json.dumps({**OK, "Text": "x" * 500_000}).encode()
    data = gzip.compress(text) if encoding == "gzip" else zlib.compress(text)
    with (
        Server(lambda *_: http(data, headers=f"Content-Encoding: {encoding}\r\n")) as server,
        user_of(kind, server) as user,
    ):
        for _ in range(2):
            assert len(user(lambda client: client.call("x/y")).raw["Text"]) == 500_000
    assert server.connections == 1
    assert "br" not in server.requests[0].headers["accept-encoding"]


@pytest.mark.filterwarnings("error", "ignore:unclosed <socket.socket:ResourceWarning")
def test_large_bodies(kind: str) -> None:
    text = "é" * 1_500_000

    def answer(request: Received, _connection: object) -> bytes:
        assert request.headers["content-type"] == "application/json"
        return http({**OK, "Text": request.json["Text"]})

    with Server(answer) as server, user_of(kind, server, timeout=10) as user:
        for _ in range(2):
            assert user(lambda client: client.call("x/y", {"Text": text})).raw["Text"] == text
    assert server.connections == 1
    assert len(server.requests[0].body) > 3_000_000
    assert "transfer-encoding" not in server.requests[0].headers


def test_requests_of_both_kinds_are_alike() -> None:
    with Server(in_turn()) as server:
        for kind in ("sync", "async"):
            with user_of(kind, server) as user:
                user(lambda client: client.call("x/y", {"a": "é"}))
    one, other = server.requests
    assert one.body == other.body == '{"a":"é"}'.encode()
    assert list(one.query) == list(other.query)
    assert one.line.split("?")[0] == other.line.split("?")[0]
    named = ("content-type", "content-length", "user-agent", "accept-encoding", "host")
    assert [one.headers[name] for name in named] == [other.headers[name] for name in named]
    for request in server.requests:
        assert set(request.headers) <= {*named, "accept", "connection"}


@pytest.mark.parametrize("identifier", ["a&usersig=***é/", "a b%20+", "管理员"])
def test_identifiers_are_encoded_alike(identifier: str) -> None:
    with Server(in_turn()) as server:
        for kind in ("sync", "async"):
            with user_of(kind, server, identifier=identifier) as user:
                user(lambda client: client.call("x/y"))
    one, other = (request.query for request in server.requests)
    assert one["identifier"] == other["identifier"]
    assert len(one["usersig"]) > 100


def test_idle_connection_that_the_server_ended_is_replaced(kind: str) -> None:
    def answer(_request: Received, connection: socket.socket) -> None:
        connection.sendall(http(OK))
        connection.shutdown(socket.SHUT_RDWR)

    async def pause(_: object) -> None:
        await asyncio.sleep(0.05)

    with Server(answer) as server, user_of(kind, server) as user:
        for _ in range(3):
            user(lambda client: client.groups.create(type="Public", name="n"))
            if kind == "async":
                user(pause)
            else:
                threading.Event().wait(0.05)
    assert server.connections == len(server.requests) == 3


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_connection_that_ended_while_the_event_loop_stood_still(
    tls: bool, authority: tuple[trustme.CA, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
    if context:
        authority[0].issue_cert("127.0.0.1").configure_cert(context)
        monkeypatch.setattr("tencent_chat._network.async_http_transport._tls", lambda: trusting(authority))
    answered, ended = threading.Event(), threading.Event()

    def answer(_request: Received, connection: socket.socket) -> None:
        connection.sendall(http(OK))
        answered.wait(5)
        connection.shutdown(socket.SHUT_RDWR)
        ended.set()

    with Server(answer, context) as server, user_of("async", server) as user:
        for _ in range(3):
            user(lambda client: client.groups.create(type="Public", name="n"))
            answered.set()
            assert ended.wait(5)
            answered.clear()
            ended.clear()
    assert server.connections == len(server.requests) == 3


def test_long_headers_are_read(kind: str) -> None:
    with (
        Server(lambda _request, _connection: http(OK, headers=f"X-Long: {'a' * 40_000}\r\n")) as server,
        user_of(kind, server) as user,
    ):
        assert len(user(lambda client: client.call("x/y")).http_headers["x-long"]) == 40_000


@pytest.mark.parametrize("status", [100, 102, 103])
def test_interim_answers_are_skipped(kind: str, status: int) -> None:
    interim = f"HTTP/1.1 {status} X\r\nLink: </a>\r\n\r\n".encode()

    def answer(request: Received, _connection: socket.socket) -> bytes:
        return interim + interim + http({**OK, "Number": request.json["Number"]})

    with Server(answer) as server, user_of(kind, server) as user:
        for number in range(3):
            assert user(lambda client, number=number: client.call("x/y", {"Number": number})).raw["Number"] == number
    assert server.connections == 1


@pytest.mark.parametrize("context", [False, True], ids=["http", "https"])
@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 200 O", b"HTTP/1.1 200 OK\r\nX-", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n "]
)
def test_trickling_answer_has_an_end(
    kind: str, start: bytes, context: bool, authority: tuple[trustme.CA, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()

    def answer(_request: Received, connection: socket.socket) -> None:
        connection.sendall(start)
        # Far longer than the client waits.
        for _ in range(100):
            if ended.wait(0.02):
                break
            connection.sendall(b"a")

    server_context = None
    if context:
        server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority[0].issue_cert("127.0.0.1").configure_cert(server_context)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority[1] / "ca.pem"))
        monkeypatch.setattr("tencent_chat._network.async_http_transport._tls", lambda: trusting(authority))
    with (
        Server(answer, server_context) as server,
        user_of(kind, server, timeout=(1.0, 0.15), retry=False) as user,
    ):
        with pytest.raises(TransportError, match=r"no answer within 0\.15 s") as caught:
            user(lambda client: client.call("x/y"))
        ended.set()
    assert caught.value.outcome == "unknown"
    assert caught.value.attempts[0].seconds is not None
    assert caught.value.attempts[0].seconds < 1
