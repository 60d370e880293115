"""Secrets and message texts show up nowhere: walks over whatever can be reached."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import socket
from collections.abc import Callable
from http.client import HTTPConnection
from urllib.parse import quote

import pytest

from generated.loopback import Received, Server, http, reset
from tencent_chat import ChatClient, ChatError, usersig

KEY = "dummy-secret-key-0123456789"
TEXT = "dummy message text"
BODY = {"To_Account": "bob", "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": TEXT}}]}


def reachable(root: object) -> str:
    """Return the representations of everything that `root` leads to."""
    seen: set[int] = set()
    kept: list[object] = []
    texts: list[str] = []
    queue = [root]
    while queue:
        item = queue.pop()
        if id(item) in seen or isinstance(item, type) or callable(item):
            continue
        seen.add(id(item))
        kept.append(item)
        if isinstance(item, str | bytes):
            texts.append(repr(item))
            continue
        texts += [repr(item), str(item)]
        if isinstance(item, BaseException):
            queue += [item.__cause__, item.__context__, item.args, getattr(item, "__notes__", None)]
        if isinstance(item, dict):
            queue += [*item.keys(), *item.values()]
        elif isinstance(item, list | tuple | set | frozenset):
            queue += list(item)
        queue.append(getattr(item, "__dict__", None))
    return "\n".join(texts)


def closes(_request: Received, connection: socket.socket) -> None:
    reset(connection)


def echoes(_request: Received, _connection: socket.socket) -> bytes:
    target = _request.line.split(" ")[1]
    return http(f"<html>Bad gateway for {target}</html>".encode(), 502, headers=f"X-Url: {target}\r\n")


def echoes_in_envelope(request: Received, _connection: socket.socket) -> bytes:
    target = request.line.split(" ")[1]
    return http({"ActionStatus": "FAIL", "ErrorCode": 70001, "ErrorInfo": target, "Deep": [{"Url": target, target: 1}]})


def target(request: Received) -> str:
    return request.line.split(" ")[1]


def echoes_in_utf16(request: Received, _connection: socket.socket) -> bytes:
    page = f"<html>{target(request)}</html>"
    return http(page.encode("utf-16"), 502, headers="Content-Type: text/html; charset=utf-16\r\n")


def echoes_in_utf16_without_mark(request: Received, _connection: socket.socket) -> bytes:
    page = f"\u4e2d\u6587{target(request)}"
    return http(page.encode("utf-16-be"), 502, headers="Content-Type: text/html; charset=UTF-16BE\r\n")


def echoes_a_part(request: Received, _connection: socket.socket) -> bytes:
    token = target(request).split("usersig=")[1].split("&")[0]
    return http(f"sig={token[:60]}… UserSig={token[5:]}".encode(), 502, headers=f"X-Sig: {token[:40]}\r\n")


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
