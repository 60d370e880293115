"""The guides to webhooks: their apps are run by the commands on the page and called over sockets."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from generated.guides import GUIDES, block
from generated.signing import TOKEN
from tencent_chat import webhooks

ROOT = Path(__file__).parents[3]
TEXT = "meet me at the old mill"
OK = {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0}


@dataclass
class App:
    port: int
    output: Path

    def send(self, query: str, body: bytes, method: str = "POST") -> tuple[int, object]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, f"/chat/webhooks?{query}", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            is_json = answer.headers["Content-Type"] == "application/json"
            return answer.status, json.loads(text) if is_json else text
        finally:
            connection.close()

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + 20
        while text not in self.output.read_text(encoding="utf-8"):
            assert time.monotonic() < deadline, self.output.read_text(encoding="utf-8")
            time.sleep(0.05)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture(
    scope="module", params=["webhooks.md", "webhooks-fastapi.md", "webhooks-flask.md", "webhooks-django.md"]
)
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("app")
    (folder / "app.py").write_text(block(request.param, "python", "# app.py"), encoding="utf-8")
    port = free_port()
    line = block(request.param, "console", "$ ").removeprefix("$ ").strip()
    program, *arguments = line.replace("8000", str(port)).split()
    command = [sys.executable, *(["-m", program] if program != "python" else []), *arguments]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "generated" / "client"),
        "TENCENT_CHAT_WEBHOOK_TOKEN": TOKEN,
        "TENCENT_CHAT_SDKAPPID": "1400000000",
        "PORT": str(port),
    }
    output = folder / "output.txt"
    with (
        output.open("w") as stream,
        subprocess.Popen(command, cwd=folder, env=environment, stdout=stream, stderr=stream) as process,
    ):
        try:
            deadline = time.monotonic() + 60
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    assert process.poll() is None, output.read_text(encoding="utf-8")
                    assert time.monotonic() < deadline
                    time.sleep(0.05)
            yield App(port, output)
        finally:
            process.terminate()


def signed(command: str, token: str = TOKEN, sdkappid: int = 1400000000) -> str:
    moment = str(int(time.time()))
    return urlencode(
        {
            "SdkAppid": sdkappid, "CallbackCommand": command, "contenttype": "json", "ClientIP": "192.0.2.7",
            "OptPlatform": "Web", "Sign": hashlib.sha256((token + moment).encode()).hexdigest(), "RequestTime": moment,
        }
    )  # fmt: skip


def message(sender: str = "bob", **fields: object) -> bytes:
    elements = [{"MsgType": "TIMTextElem", "MsgContent": {"Text": TEXT}}]
    return json.dumps({"From_Account": sender, "MsgKey": f"{sender}-1", "MsgBody": elements, **fields}).encode()


def test_the_reply_decides(app: App) -> None:
    query = signed("C2C.CallbackBeforeSendMsg")
    assert app.send(query, message()) == (200, OK)
    rejected = {"ActionStatus": "OK", "ErrorInfo": "You may not write to anybody", "ErrorCode": 120001}
    assert app.send(query, message("mallory")) == (200, rejected)


def test_what_has_happened_is_handled(app: App) -> None:
    assert app.send(signed("C2C.CallbackAfterSendMsg"), message()) == (200, OK)
    app.wait_for("sent: bob-1")


def test_events_without_a_handler_are_acknowledged(app: App) -> None:
    assert app.send(signed("Group.CallbackAfterSendMsg"), b"{}") == (200, OK)
    assert app.send(signed("Brand.New"), b"{}") == (200, OK)


def test_forged_requests_are_refused(app: App) -> None:
    command = "C2C.CallbackBeforeSendMsg"
    query = signed(command)
    for forged in (
        signed(command, token="another"),
        signed(command, sdkappid=1),
        query.replace("RequestTime=", "RequestTime=1"),
        f"{query}&Sign={'0' * 64}",
        f"Sign={'0' * 64}&{query}",
        "",
    ):
        status, body = app.send(forged, message("mallory"))
        assert status == 403
        assert isinstance(body, dict)
        assert (body["ActionStatus"], body["ErrorCode"]) == ("FAIL", 403)


def test_what_is_no_webhook_is_refused(app: App) -> None:
    for body in (b"", b"[]", b"\xff"):
        assert app.send(signed("C2C.CallbackBeforeSendMsg"), body)[0] == 400


def test_the_output_has_no_secret(app: App) -> None:
    app.send(signed("C2C.CallbackBeforeSendMsg"), message())
    output = app.output.read_text(encoding="utf-8")
    assert TOKEN not in output
    assert TEXT not in output
    assert "Traceback" not in output


def test_frameworks_take_post_only(app: App, request: pytest.FixtureRequest) -> None:
    if "webhooks.md" not in request.node.name:
        assert app.send(signed("C2C.CallbackBeforeSendMsg"), b"", "GET")[0] == 405


def test_a_length_that_is_none_does_not_hang_the_app(app: App, request: pytest.FixtureRequest) -> None:
    if "webhooks.md" in request.node.name:
        head = f"POST /chat/webhooks?{signed('C2C.CallbackBeforeSendMsg')} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        for length in ("-1", "many", ""):
            with socket.create_connection(("127.0.0.1", app.port), 10) as connection:
                connection.sendall(f"{head}Content-Length: {length}\r\n\r\n".encode())
                assert connection.recv(1000).startswith(b"HTTP/1.0 400 ")


def test_the_decisions_of_the_guide(app: App, request: pytest.FixtureRequest) -> None:
    if "webhooks.md" in request.node.name:
        query = signed("C2C.CallbackBeforeSendMsg")
        assert app.send(query, message("spammer")) == (200, {**OK, "ErrorCode": 2})
        hidden = [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "***"}}]
        assert app.send(query, message(CloudCustomData="secret")) == (200, {**OK, "MsgBody": hidden})


@pytest.mark.parametrize("command", [name for name, entry in webhooks.WEBHOOKS.items() if entry.phase == "before"])
def test_the_page_of_a_webhook_tells_how_to_reply(command: str) -> None:
    event = webhooks.parse({"CallbackCommand": command}, b"{}")
    page = (GUIDES.parent / "webhooks" / f"{command}.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\d+)(?:-(\d+))?` \| .* \| `(webhooks\..*)` \|$", page, flags=re.MULTILINE)
    assert rows
    for first, last, call in rows:
        code = int(last or first)
        assert (
            eval(
                call.replace("...", "[]"), {"webhooks": webhooks, "event": event, "code": code, "info": "no"}
            ).error_code
            == code
        )


def test_parsing_by_hand_works() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated" / "client")}
    program = block("webhooks.md", "python", "from tencent_chat import webhooks\n\nevent")
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
