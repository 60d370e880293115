"""Heads of requests and answers that are out of the ordinary, and connections that end before they are used."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from generated.clients import user_of
from generated.loopback import OK, Received, Server, http, in_turn
from tencent_chat import AsyncHTTPTransport, HTTPTransport, Request, TransportError


class Changing:
    """A transport of the caller's own that changes requests before the usual one sends them."""

    def __init__(self, kind: str, **changes: Any) -> None:
        self.usual: Any = HTTPTransport() if kind == "sync" else AsyncHTTPTransport()
        self.changes = changes

    def send(self, request: Request) -> Any:
        return self.usual.send(request._replace(**self.changes))


def test_header_of_a_transport_around_the_usual_one(kind: str) -> None:
    transport = Changing(kind, headers={"X-Own": "a, \t\"{}'", "Content-Type": "application/json"})
    with Server(in_turn()) as server, user_of(kind, server, transport=transport) as user:
        user(lambda client: client.call("x/y"))
        user(lambda _: transport.usual.close())
    assert server.requests[0].line.endswith(" HTTP/1.1")
    assert set(server.requests[0].headers) == {"host", "content-length", "content-type", "x-own"}


@pytest.mark.parametrize(
    "changes",
    [
        {"headers": {"X-Own": "a\r\nX-Other: b"}},
        {"headers": {"X-Own": "a\nX-Other: b"}},
        {"headers": {"X-Own\r\nX-Other": "b"}},
        {"headers": {"X-Own: a": "b"}},
        {"headers": {"": "b"}},
        {"headers": {"X-Own": "管理员"}},
        {"target": "/a HTTP/1.1\r\nX-Other: b\r\n"},
        {"target": "/a b"},
        {"target": "/é"},
    ],
    ids=repr,
)
def test_what_would_be_more_than_a_head_is_not_sent(kind: str, changes: dict[str, Any]) -> None:
    transport = Changing(kind, **changes)
    with (
        Server(in_turn()) as server,
        user_of(kind, server, transport=transport, retry=False) as user,
    ):
        with pytest.raises(TransportError) as caught:
            user(lambda client: client.call("x/y"))
        user(lambda _: transport.usual.close())
    assert caught.value.outcome == "not_sent"
    assert not server.requests


def answered(head: bytes, connections: int) -> dict[str, str]:
    """Make two calls that are answered with this head; return the header of the second answer."""
    body = http(OK).partition(b"\r\n\r\n")[2]
    answer = head.replace(b"SIZE", str(len(body)).encode()) + b"\r\n\r\n" + body
    with Server(lambda *_: answer) as server, user_of("sync", server, timeout=2, retry=False) as user:
        for _ in range(2):
            headers = dict(user(lambda client: client.call("x/y")).http_headers)
    assert server.connections == connections
    return headers


def test_versions_and_whether_connections_are_kept() -> None:
    answered(b"HTTP/1.1 200 OK\r\nContent-Length: SIZE", 1)
    answered(b"HTTP/1.1 200\r\nContent-Length: SIZE", 1)
    answered(b"HTTP/1.1 200 OK\r\nContent-Length: SIZE\r\nConnection: Close", 2)
    answered(b"HTTP/1.0 200 OK\r\nContent-Length: SIZE", 2)
    answered(b"HTTP/1.0 200 OK\r\nContent-Length: SIZE\r\nConnection: Keep-Alive", 1)


def test_headers_in_unusual_forms() -> None:
    head = b"HTTP/1.1 200 OK\nCONTENT-LENGTH:SIZE\nno colon\nX-Long: one\n  two\nX-Twice: a\nX-Twice: b\nX-\xe9: \xe9 "
    headers = answered(head, 1)
    assert headers.pop("content-length").isdecimal()
    assert headers == {"x-long": "one two", "x-twice": "b", "x-é": "é"}


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200,
        b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 70_000,
        b"HTTP/1.1 two OK",
        b"HTTP/2 200",
        b"ICY 200 OK",
        b"",
    ],
    ids=lambda head: repr(head[:24]),
)
def test_what_is_no_head(head: bytes) -> None:
    with pytest.raises(TransportError) as caught:
        answered(head, 1)
    assert caught.value.outcome == "unknown"
    assert caught.value.__context__ is None


def test_connections_that_end_at_once_are_not_opened_again_and_again(kind: str) -> None:
    def meet(connection: socket.socket) -> bool:
        connection.shutdown(socket.SHUT_RDWR)
        return False

    def answer(_request: Received, _connection: socket.socket) -> None:
        raise AssertionError

    with Server(answer, meet=meet) as server, user_of(kind, server, timeout=5, retry=False) as user:
        with pytest.raises(TransportError):
            user(lambda client: client.call("x/y"))
        assert server.connections == 1
