"""Every fault, by every way to ask for one."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from contextlib import closing

import pytest

from support.mock import assert_explained, call, connect, exchange, send, target
from timgen.mock import MockService
from timgen.mock.faults import parse_fault

LIST = "group_open_http_svc/get_appid_group_list"
DESTROY = "group_open_http_svc/destroy_group"

Ask = Callable[[MockService, str], dict[str, str]]


def by_header(_mock: MockService, fault: str) -> dict[str, str]:
    return {"X-Mock-Fault": fault}


def by_call(mock: MockService, fault: str) -> dict[str, str]:
    mock.inject(fault)
    return {}


def by_endpoint(mock: MockService, fault: str) -> dict[str, str]:
    assert send(mock, "/_mock/faults", {"fault": fault}).status == 200
    return {}


@pytest.fixture(params=[by_header, by_call, by_endpoint])
def ask(request: pytest.FixtureRequest) -> Ask:
    chosen: Ask = request.param
    return chosen


def test_code(tencent_chat_mock: MockService, ask: Ask) -> None:
    answer = call(tencent_chat_mock, LIST, headers=ask(tencent_chat_mock, "code=10004"))
    assert answer.status == 200
    assert answer.json["ActionStatus"] == "FAIL"
    assert answer.code == 10004
    assert answer.info
    assert call(tencent_chat_mock, LIST).code == 0


def test_code_that_no_table_has(tencent_chat_mock: MockService) -> None:
    tencent_chat_mock.inject("code=4711")
    answer = call(tencent_chat_mock, LIST)
    assert (answer.code, answer.info) == (4711, "Error 4711.")


def test_latency(tencent_chat_mock: MockService, ask: Ask) -> None:
    headers = ask(tencent_chat_mock, "latency=0.3")
    started = time.monotonic()
    assert call(tencent_chat_mock, LIST, headers=headers).code == 0
    assert time.monotonic() - started >= 0.3


@pytest.mark.parametrize(("status", "phrase"), [(502, "Bad Gateway"), (404, "Not Found"), (599, "Error")])
def test_status(tencent_chat_mock: MockService, ask: Ask, status: int, phrase: str) -> None:
    answer = call(tencent_chat_mock, LIST, headers=ask(tencent_chat_mock, f"status={status}"))
    assert (answer.status, answer.headers["Content-Type"]) == (status, "text/html")
    assert phrase.encode() in answer.content


def test_html(tencent_chat_mock: MockService, ask: Ask) -> None:
    answer = call(tencent_chat_mock, LIST, headers=ask(tencent_chat_mock, "html"))
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html")
    assert answer.content.startswith(b"<html>")


def test_truncate(tencent_chat_mock: MockService, ask: Ask) -> None:
    whole = call(tencent_chat_mock, LIST).content
    headers = ask(tencent_chat_mock, "truncate")
    with pytest.raises(http.client.IncompleteRead) as broken:
        call(tencent_chat_mock, LIST, headers=headers)
    assert broken.value.partial == whole[: len(whole) // 2]


def test_reset(tencent_chat_mock: MockService, ask: Ask) -> None:
    headers = ask(tencent_chat_mock, "reset")
    # RemoteDisconnected, which an orderly end causes, is a ConnectionResetError too.
    with pytest.raises(ConnectionResetError) as broken:
        call(tencent_chat_mock, LIST, headers=headers)
    assert not isinstance(broken.value, http.client.RemoteDisconnected)
    assert call(tencent_chat_mock, LIST).code == 0


def test_the_connection_survives_what_is_answered_whole(tencent_chat_mock: MockService) -> None:
    with closing(connect(tencent_chat_mock)) as connection:
        url = target(tencent_chat_mock, LIST)
        exchange(connection, url)
        first = connection.sock
        for fault in ("code=60008", "status=502", "html", "latency=0"):
            exchange(connection, url, headers={"X-Mock-Fault": fault})
        assert connection.sock is first


def test_faults_strike_before_the_checks(tencent_chat_mock: MockService) -> None:
    tencent_chat_mock.inject("code=60008", times=2)
    assert call(tencent_chat_mock, LIST, usersig=None).code == 60008
    assert call(tencent_chat_mock, "no_service/command").code == 60008
    assert call(tencent_chat_mock, LIST, usersig=None).code == 60004


def test_faults_wait_in_line_for_their_command(tencent_chat_mock: MockService) -> None:
    mock = tencent_chat_mock
    mock.inject("code=10010", command=DESTROY)
    mock.inject("code=60008", times=2)
    mock.inject("code=10007", command=DESTROY)
    codes = [call(mock, command).code for command in (LIST, DESTROY, LIST, LIST, DESTROY)]
    assert codes == [60008, 10010, 60008, 0, 10007]


def test_a_header_leaves_the_line_alone(tencent_chat_mock: MockService) -> None:
    tencent_chat_mock.inject("code=60008")
    assert call(tencent_chat_mock, LIST, headers={"X-Mock-Fault": "code=60011"}).code == 60011
    assert call(tencent_chat_mock, LIST).code == 60008


def test_clear_forgets_faults(tencent_chat_mock: MockService) -> None:
    tencent_chat_mock.inject("reset", times=10**9)
    tencent_chat_mock.clear()
    assert call(tencent_chat_mock, LIST).code == 0


BAD_FAULTS = (
    "",
    "reset=1",
    "Reset",
    "code",
    "code=",
    "code=x",
    "code=0",
    "code=-1",
    "code=1.5",
    "code=" + "9" * 5000,
    "status=200",
    "status=600",
    "latency",
    "latency=x",
    "latency=-1",
    "latency=nan",
    "latency=inf",
    "latency=601",
    "explode",
)


@pytest.mark.parametrize("text", BAD_FAULTS)
def test_texts_that_name_no_fault(tencent_chat_mock: MockService, text: str) -> None:
    with pytest.raises(ValueError, match="fault"):
        parse_fault(text)
    with pytest.raises(ValueError, match="fault"):
        tencent_chat_mock.inject(text)
    assert_explained(send(tencent_chat_mock, "/_mock/faults", {"fault": text}), "fault")
    assert_explained(call(tencent_chat_mock, LIST, headers={"X-Mock-Fault": text}), "fault")
    assert call(tencent_chat_mock, LIST).code == 0
