"""Bodies of answers: encodings in all their forms, and lengths beyond all bounds."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from generated.clients import User, user_of
from generated.loopback import OK, Received, Server, http
from tencent_chat import (
    AsyncChatClient,
    AsyncHTTPTransport,
    ConfigurationError,
    HTTPTransport,
    ResponseError,
    TransportError,
)
from tencent_chat._calls.call import Call

MIB = 1 << 20


@contextmanager
def bounded(kind: str, server: Server, bound: int, **options: Any) -> Iterator[User]:
    transport = (HTTPTransport if kind == "sync" else AsyncHTTPTransport)(max_answer_bytes=bound)
    try:
        with user_of(kind, server, transport=transport, **options) as user:
            yield user
            if isinstance(transport, AsyncHTTPTransport):
                user(lambda _: transport.close())
    finally:
        if isinstance(transport, HTTPTransport):
            transport.close()


def text_of(length: int) -> bytes:
    """Return a successful answer of exactly that many bytes."""
    start = json.dumps(OK)[:-1] + ', "Text": "'
    return (start + "x" * (length - len(start) - 2) + '"}').encode()


def bare(data: bytes) -> bytes:
    deflating = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflating.compress(data) + deflating.flush()


def members(data: bytes) -> bytes:
    return b"".join(gzip.compress(data[start : start + 300_000]) for start in range(0, len(data), 300_000))


FORMS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "plain": ("", lambda data: data),
    "identity": ("identity", lambda data: data),
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZIP", gzip.compress),
    "members": ("gzip", members),
    "padded": ("gzip", lambda data: gzip.compress(data) + b"\0" * 512),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", bare),
    "gzip twice": ("gzip, gzip", lambda data: gzip.compress(gzip.compress(data))),
    "both": ("deflate ,gzip", lambda data: gzip.compress(zlib.compress(data))),
    "without its end": ("gzip", lambda data: gzip.compress(data)[:-8]),
}


def encoded(form: str, data: bytes) -> bytes:
    name, encode = FORMS[form]
    header = f"Content-Encoding: {name}\r\n" if name else ""
    return http(encode(data), headers=header)


@pytest.mark.parametrize("length", [2_000, 1_000_000])
@pytest.mark.parametrize("form", FORMS)
def test_encodings(kind: str, form: str, length: int) -> None:
    data = text_of(length)
    answer = encoded(form, data)
    with Server(lambda *_: answer) as server, bounded(kind, server, length) as user:
        for _ in range(2):
            assert user(lambda client: client.call("x/y")).raw == json.loads(data)
    assert server.connections == 1


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize("form", FORMS)
def test_encodings_in_small_pieces(kind: str, form: str, size: int) -> None:
    data = text_of(3_000)
    head, _, body = encoded(form, data).partition(b"\r\n\r\n")
    head = b"\r\n".join(line for line in head.split(b"\r\n") if b"Length" not in line)
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    answer = head + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
    with Server(lambda *_: answer) as server, user_of(kind, server) as user:
        assert user(lambda client: client.call("x/y")).raw == json.loads(data)


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        ("gzip", b"<html>plain", "<html>plain"),
        ("deflate", b"<html>plain", "<html>plain"),
        ("br", b"\x0b\x02\x80", "\x0b\x02\ufffd"),
        ("gzip, gzip, gzip, gzip, gzip, gzip", b"\x1f", "\x1f"),
        ("gzip", gzip.compress(text_of(600_000))[:-8] + b"\xff" * 20, text_of(600_000)[:4096].decode()),
    ],
    ids=["page as gzip", "page as deflate", "unknown", "too many", "wrong checksum"],
)
def test_what_cannot_be_decoded(kind: str, encoding: str, body: bytes, text: str) -> None:
    answer = http(body, headers=f"Content-Encoding: {encoding}\r\n")
    with (
        Server(lambda *_: answer) as server,
        user_of(kind, server, retry=False) as user,
        pytest.raises(ResponseError, match="cannot be decoded") as caught,
    ):
        user(lambda client: client.call("x/y"))
    assert (caught.value.status, caught.value.text) == (200, text)


def test_encoding_that_is_none(kind: str) -> None:
    answer = http(OK, headers="Content-Encoding: utf-8\r\n")
    with Server(lambda *_: answer) as server, user_of(kind, server) as user:
        assert user(lambda client: client.call("x/y")).raw == OK


@pytest.mark.parametrize("form", FORMS)
def test_answer_that_is_too_long(kind: str, form: str) -> None:
    answer = encoded(form, text_of(1001))
    with (
        Server(lambda *_: answer) as server,
        bounded(kind, server, 1000) as user,
        pytest.raises(ResponseError, match=r"longer than 1000 bytes.*max_answer_bytes") as caught,
    ):
        # It may be repeated; the next answer would be as long.
        user(lambda client: client.groups.list_all())
    assert len(caught.value.attempts) == len(server.requests) == 1
    assert caught.value.attempts[0].outcome == "unknown"
    assert (caught.value.status, caught.value.__context__) == (200, None)


@pytest.mark.parametrize("levels", [1, 2])
def test_kilobytes_that_stand_for_much_more(kind: str, levels: int) -> None:
    data = bytes(200 * MIB)
    for _ in range(levels):
        data = gzip.compress(data, 1 if levels == 1 else 9)
    answer = http(data, headers=f"Content-Encoding: {', '.join(['gzip'] * levels)}\r\n")
    with Server(lambda *_: answer) as server, bounded(kind, server, 2 * MIB) as user:
        with pytest.raises(ResponseError, match="longer than 2 MiB"):
            user(lambda client: client.call("x/y"))
        tracemalloc.start()
        try:
            with pytest.raises(ResponseError, match="longer than 2 MiB") as caught:
                user(lambda client: client.call("x/y"))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 8 * MIB
    assert caught.value.text


@pytest.mark.parametrize("head", ["Content-Length: 9999999999", "Transfer-Encoding: chunked", "Connection: close"])
def test_answer_without_end(kind: str, head: str) -> None:
    sent = 0
    piece = b"x" * 65536
    if "chunked" in head:
        piece = b"10000\r\n" + piece + b"\r\n"

    def answer(_request: Received, connection: socket.socket) -> None:
        nonlocal sent
        connection.sendall(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode())
        while sent < 200 * MIB:
            connection.sendall(piece)
            sent += len(piece)

    with (
        Server(answer) as server,
        bounded(kind, server, MIB) as user,
        pytest.raises(ResponseError, match="longer than 1 MiB") as caught,
    ):
        user(lambda client: client.call("x/y"))
    assert caught.value.text == "x" * 4096
    # What the system has room for comes on top.
    assert sent < 100 * MIB


def test_next_call_after_one_that_was_too_long(kind: str) -> None:
    answers = iter([http(bytes(5_000_000)), http(OK), http(OK)])
    with Server(lambda *_: next(answers)) as server, bounded(kind, server, 1000) as user:
        with pytest.raises(ResponseError, match="longer"):
            user(lambda client: client.call("x/y"))
        for _ in range(2):
            user(lambda client: client.call("x/y"))
    assert server.connections == 2


def test_decoding_takes_no_longer_than_asked(kind: str) -> None:
    """Streams of nothing, one after the other: much work, and no byte that would count."""
    body = gzip.compress(b"") * 2_000_000
    answer = http(body, headers="Content-Encoding: gzip\r\n")
    with (
        Server(lambda *_: answer) as server,
        user_of(kind, server, timeout=(2, 0.3), retry=False) as user,
        pytest.raises(TransportError, match=r"no answer within 0\.3 s") as caught,
    ):
        user(lambda client: client.call("x/y"))
    assert caught.value.attempts[0].seconds is not None
    assert caught.value.attempts[0].seconds < 1.5


def test_other_tasks_run_while_a_long_answer_is_decoded() -> None:
    answer = http(gzip.compress(text_of(40 * MIB)), headers="Content-Encoding: gzip\r\n")
    turns = 0

    async def others(client: Any) -> None:
        nonlocal turns
        task = asyncio.create_task(client.call("x/y"))
        while not task.done():
            await asyncio.sleep(0)
            turns += bool(server.requests)
        await task

    with Server(lambda *_: answer) as server, user_of("async", server, timeout=20) as user:
        user(others)
    assert turns > 100


@pytest.mark.parametrize("bound", [0, -1, True, 1.5, "64", None])
@pytest.mark.parametrize("transport", [HTTPTransport, AsyncHTTPTransport])
def test_bounds_that_are_none(transport: Any, bound: object) -> None:
    with pytest.raises(ConfigurationError, match="max_answer_bytes must be a positive integer"):
        transport(max_answer_bytes=bound)


def test_a_long_answer_is_read_beside_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in threads: the loop's own makes no model of it."""
    body = json.dumps({**OK, "GroupIdList": [{"GroupId": f"@TGS#{number}"} for number in range(20_000)]}).encode()
    readers: list[str] = []

    read = Call._read

    def noted(call: Call[Any], *given: Any) -> Any:
        readers.append(threading.current_thread().name)
        return read(call, *given)

    monkeypatch.setattr(Call, "_read", noted)

    async def use(url: str) -> None:
        async with AsyncChatClient(1, "dummy", base_url=url) as client:
            assert len((await client.groups.list_all()).group_id_list) == 20_000
            await client.call("x/y")

    with Server(lambda request, _: http(body if b"get_appid" in request.line.encode() else OK)) as server:
        asyncio.run(use(server.url))
    assert [name == threading.current_thread().name for name in readers] == [False, True]
