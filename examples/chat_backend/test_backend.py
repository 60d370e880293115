"""Its tests, on the emulator."""

# Starlette has the types of its TestClient from httpx2, which is not installed.
# pyright: basic

from __future__ import annotations

import socket
from collections.abc import Iterator
from threading import Thread

import pytest
import uvicorn
from fastapi.testclient import TestClient

from tencent_chat_emulator import Emulator

TOKEN = "a token of the app"


@pytest.fixture
def backend(tencent_chat_emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    for name, value in {
        "TENCENT_CHAT_SDKAPPID": str(tencent_chat_emulator.sdkappid),
        "TENCENT_CHAT_SECRET_KEY": tencent_chat_emulator.secret_key,
        "TENCENT_CHAT_BASE_URL": tencent_chat_emulator.url,
        "TENCENT_CHAT_WEBHOOK_TOKEN": TOKEN,
    }.items():
        monkeypatch.setenv(name, value)
    from backend import app

    with TestClient(app) as client:
        for name in ("ann", "bob"):
            client.post("/users", json={"name": name})
        yield client


@pytest.fixture
def room(backend: TestClient) -> str:
    answer = backend.post("/rooms", json={"name": "Readers", "owner": "ann"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.fixture
def moderated(backend: TestClient, tencent_chat_emulator: Emulator) -> Iterator[None]:
    """Let the chat service ask the backend, which it reaches over a socket."""
    server = uvicorn.Server(uvicorn.Config(backend.app, log_config=None, lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/chat/webhooks"
        tencent_chat_emulator.webhooks.send_to(url, token=TOKEN, only=["Group.CallbackBeforeSendMsg"])
        yield
        server.should_exit = True
        thread.join()


def test_what_is_said_is_read(backend: TestClient, room: str, tencent_chat_emulator: Emulator) -> None:
    assert backend.put(f"/rooms/{room}/members/bob").status_code == 204
    for number, sender in enumerate(("ann", "bob", "ann"), start=1):
        answer = backend.post(f"/rooms/{room}/messages", json={"sender": sender, "text": f"message {number}"})
        assert answer.json() == {"number": number}
    assert backend.get(f"/rooms/{room}/messages").json() == [
        {"sender": sender, "text": f"message {number}"} for number, sender in enumerate(("ann", "bob", "ann"), start=1)
    ]
    assert list(tencent_chat_emulator.state.groups[room].members) == ["ann", "bob"]


def test_what_is_not_there_is_not_found(backend: TestClient) -> None:
    said = backend.post("/rooms/nowhere/messages", json={"sender": "ann", "text": "hi"})
    assert said.status_code == 404
    assert backend.post("/rooms", json={"name": "Readers", "owner": "nobody"}).status_code == 404


@pytest.mark.usefixtures("moderated")
def test_advertising_is_kept_out(backend: TestClient, room: str, tencent_chat_emulator: Emulator) -> None:
    assert backend.post(f"/rooms/{room}/messages", json={"sender": "ann", "text": "good books"}).status_code == 201
    answer = backend.post(f"/rooms/{room}/messages", json={"sender": "ann", "text": "cheap watches"})
    assert answer.status_code == 422
    assert [message["text"] for message in backend.get(f"/rooms/{room}/messages").json()] == ["good books"]
    assert [delivery.problem for delivery in tencent_chat_emulator.webhooks.delivered] == ["", ""]


def test_a_busy_service_is_asked_again(backend: TestClient, room: str, tencent_chat_emulator: Emulator) -> None:
    tencent_chat_emulator.fail("group_open_http_svc/send_group_msg", code=60008, after=True)
    answer = backend.post(f"/rooms/{room}/messages", json={"sender": "ann", "text": "once"})
    assert answer.status_code == 201, answer.text
    assert len(backend.get(f"/rooms/{room}/messages").json()) == 1
