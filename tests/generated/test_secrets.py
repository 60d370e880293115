"""Secrets and message texts show up nowhere: walks over whatever can be reached."""

from __future__ import annotations

import copy
import logging
import pickle
import socket
from collections.abc import Callable
from http.client import HTTPConnection

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


@pytest.mark.parametrize("answer", [closes, echoes, echoes_in_envelope, is_slow, breaks_off])
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
        assert "openim/sendmsg" in text
        for secret in (KEY, sent, TEXT):
            assert secret not in text
    assert error.__cause__ is None
    assert error.__context__ is None


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
