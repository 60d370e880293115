"""The control endpoints: faults ordered and calls read from another process."""

from __future__ import annotations

import json

import pytest

from support.mock import assert_explained, call, send
from timgen.mock import MockService

LIST = "group_open_http_svc/get_appid_group_list"
DESTROY = "group_open_http_svc/destroy_group"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"\xff", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[]", "object"),
        ({}, "fault"),
        ({"fault": 5}, "fault"),
        ({"fault": "html", "time": 1}, "time"),
        ({"fault": "html", "times": 0}, "times"),
        ({"fault": "html", "times": "1"}, "times"),
        ({"fault": "html", "times": True}, "times"),
        ({"fault": "html", "command": 5}, "command"),
        ({"fault": "html", "command": "openim/sendmg"}, "openim/sendmg"),
    ],
)
def test_wrong_orders(tencent_chat_mock: MockService, body: object, word: str) -> None:
    assert_explained(send(tencent_chat_mock, "/_mock/faults", body), word)
    assert call(tencent_chat_mock, LIST).code == 0


def test_the_endpoints_inject_read_and_forget(tencent_chat_mock: MockService) -> None:
    mock = tencent_chat_mock
    order = {"fault": "code=10010", "command": DESTROY, "times": 2}
    assert send(mock, "/_mock/faults", order).json == {}
    assert [call(mock, command).code for command in (LIST, DESTROY)] == [0, 10010]
    recorded = send(mock, "/_mock/calls", method="GET").json
    assert [entry["path"] for entry in recorded] == [f"/v4/{LIST}", f"/v4/{DESTROY}"]
    assert recorded[0].keys() == {"method", "path", "query", "body", "headers", "time"}
    assert "usersig" not in json.dumps(recorded)
    assert send(mock, "/_mock/faults", method="DELETE").json == {}
    assert [recorded.command for recorded in mock.calls] == [LIST, DESTROY]
    assert send(mock, "/_mock/calls", method="DELETE").json == {}
    assert not mock.calls
    assert call(mock, DESTROY, {"GroupId": "g"}).code == 0


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "/_mock/faults", 405, "POST, DELETE"),
        ("POST", "/_mock/calls", 405, "GET, DELETE"),
        ("GET", "/_mock/", 404, None),
        ("GET", "/_mock/more", 404, None),
    ],
)
def test_other_control_requests(
    tencent_chat_mock: MockService, method: str, path: str, status: int, allow: str | None
) -> None:
    answer = send(tencent_chat_mock, path, method=method)
    assert (answer.status, answer.headers.get("Allow")) == (status, allow)
    assert answer.json["error"]
