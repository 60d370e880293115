"""The control endpoints: faults ordered and calls read from another process."""

from __future__ import annotations

import json

import pytest

from support.calling import assert_explained, call, send
from support.receiver import receiving
from tencent_chat_emulator import Emulator

LIST = "group_open_http_svc/get_appid_group_list"
CHECK = "im_open_login_svc/account_check"
BOB = {"CheckItem": [{"UserID": "bob"}]}


@pytest.mark.parametrize(
    ("method", "path", "body", "word"),
    [
        ("POST", "faults", b"", "JSON"),
        ("POST", "faults", b"{", "JSON"),
        ("POST", "faults", b"\xff", "JSON"),
        ("POST", "faults", b"[" * 100_000, "JSON"),
        ("POST", "faults", b"[]", "object"),
        ("POST", "faults", {}, "needs code="),
        ("POST", "faults", {"code": "5"}, "code: must be an integer"),
        ("POST", "faults", {"html": True, "time": 1}, "time"),
        ("POST", "faults", {"html": True, "times": 0}, "times"),
        ("POST", "faults", {"html": True, "times": True}, "times"),
        ("POST", "faults", {"html": True, "command": 5}, "command"),
        ("POST", "faults", {"html": True, "command": "openim/sendmg"}, "openim/sendmg"),
        ("POST", "answers", {"command": "openim/sendmsg"}, "answer: is missing"),
        ("POST", "answers", {"command": "openim/sendmg", "answer": {}}, "openim/sendmg"),
        ("PUT", "state", {}, "snapshot"),
        ("POST", "clock", {"advance": -1}, "forward"),
        ("POST", "devices", {"act": "come_online", "user_id": "nobody"}, "was not imported"),
        ("POST", "devices", {"act": "swim", "user_id": "bob"}, "use come_online or"),
        ("POST", "devices", {"act": "come_online"}, "user_id: is missing"),
        ("POST", "devices", {"act": "request_friend", "user_id": "administrator"}, "other is missing"),
        ("PUT", "webhooks", {"url": "nowhere"}, "no URL"),
        ("PUT", "webhooks", {"url": "http://localhost", "only": ["C2C.Nothing"]}, "C2C.Nothing"),
        ("POST", "webhooks", {"command": "C2C.CallbackAfterSendMsg", "body": {}}, "nobody receives"),
    ],
)
def test_wrong_orders(tencent_chat_emulator: Emulator, method: str, path: str, body: object, word: str) -> None:
    assert_explained(send(tencent_chat_emulator, f"/_emulator/{path}", body, method=method), word)
    assert call(tencent_chat_emulator, LIST).code == 0


def test_faults_and_calls(tencent_chat_emulator: Emulator) -> None:
    emulator = tencent_chat_emulator
    assert send(emulator, "/_emulator/faults", {"code": 10004, "command": CHECK, "times": 2}).json == {}
    assert [call(emulator, command, body).code for command, body in ((LIST, {}), (CHECK, BOB))] == [0, 10004]
    recorded = send(emulator, "/_emulator/calls", method="GET").json
    assert [entry["path"] for entry in recorded] == [f"/v4/{LIST}", f"/v4/{CHECK}"]
    assert recorded[1].keys() == {"method", "path", "query", "body", "headers", "time", "answer", "modelled"}
    assert (recorded[1]["answer"]["ErrorCode"], recorded[1]["modelled"]) == (10004, False)
    assert "usersig" not in json.dumps(recorded)
    assert send(emulator, "/_emulator/faults", method="DELETE").json == {}
    assert send(emulator, "/_emulator/calls", method="DELETE").json == {}
    assert not emulator.calls
    assert call(emulator, CHECK, BOB).code == 0


def test_answers(tencent_chat_emulator: Emulator) -> None:
    order = {"command": CHECK, "answer": {"ResultItem": []}, "times": 1}
    assert send(tencent_chat_emulator, "/_emulator/answers", order).json == {}
    assert call(tencent_chat_emulator, CHECK, BOB).json == {
        "ActionStatus": "OK",
        "ErrorInfo": "",
        "ErrorCode": 0,
        "ResultItem": [],
    }
    assert call(tencent_chat_emulator, CHECK, BOB).json["ResultItem"]


def test_state_and_clock(tencent_chat_emulator: Emulator) -> None:
    emulator = tencent_chat_emulator
    empty = send(emulator, "/_emulator/state", method="GET").json
    call(emulator, "im_open_login_svc/account_import", {"UserID": "bob"})
    full = send(emulator, "/_emulator/state", method="GET").json
    assert send(emulator, "/_emulator/state", empty, method="PUT").json == {}
    assert "bob" not in emulator.state.accounts
    assert send(emulator, "/_emulator/state", full, method="PUT").json == {}
    assert "bob" in emulator.state.accounts
    assert send(emulator, "/_emulator/state", method="DELETE").json == {}
    assert "bob" not in emulator.state.accounts
    before = send(emulator, "/_emulator/clock", method="GET").json["now"]
    assert send(emulator, "/_emulator/clock", {"advance": 3600}).json["now"] >= before + 3600


def test_devices(tencent_chat_emulator: Emulator) -> None:
    emulator = tencent_chat_emulator
    for user_id in ("bob", "eve"):
        call(emulator, "im_open_login_svc/account_import", {"UserID": user_id})
    order: dict[str, object] = {"act": "come_online", "user_id": "bob", "platform": "Web"}
    assert send(emulator, "/_emulator/devices", order).json["ErrorCode"] == 0
    assert emulator.state.accounts["bob"].platforms == {"Web": "Online"}
    order = {"act": "request_friend", "user_id": "bob", "other": "eve"}
    assert send(emulator, "/_emulator/devices", order).json["ResultCode"] == 0
    assert emulator.state.relations.is_friend("bob", "eve")


def test_webhooks(tencent_chat_emulator: Emulator) -> None:
    command = "C2C.CallbackAfterSendMsg"
    with receiving() as receiver:
        assert send(tencent_chat_emulator, "/_emulator/webhooks", {"url": receiver.url}, method="PUT").json == {}
        order = {"command": command, "body": {"From_Account": "bob"}, "query": {"OptPlatform": "iOS"}}
        delivery = send(tencent_chat_emulator, "/_emulator/webhooks", order).json
        assert delivery["reply"]["ErrorCode"] == 0
        assert send(tencent_chat_emulator, "/_emulator/webhooks", method="GET").json == [delivery]
        assert receiver.bodies(command) == [{"CallbackCommand": command, "From_Account": "bob"}]


def test_an_app_is_named_by_its_sdkappid() -> None:
    with Emulator() as emulator:
        other = emulator.add_app(1400000001)
        send(emulator, "/_emulator/faults?sdkappid=1400000001", {"code": 60008})
        assert call(emulator, LIST).code == 0
        assert call(other, LIST).code == 60008


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "/_emulator/faults", 405, "DELETE, POST"),
        ("POST", "/_emulator/calls", 405, "DELETE, GET"),
        ("GET", "/_emulator/", 404, None),
        ("GET", "/_emulator/more", 404, None),
    ],
)
def test_other_control_requests(
    tencent_chat_emulator: Emulator, method: str, path: str, status: int, allow: str | None
) -> None:
    answer = send(tencent_chat_emulator, path, method=method)
    assert (answer.status, answer.headers.get("Allow")) == (status, allow)
    assert answer.json["error"]
