"""Every fault, by every way to ask for one."""

from __future__ import annotations

import contextlib
import http.client
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from support.calling import assert_explained, call, connect, exchange, send, target
from tencent_chat_emulator import Emulator

LIST = "group_open_http_svc/get_appid_group_list"
IMPORT = "im_open_login_svc/account_import"
DESTROY = "group_open_http_svc/destroy_group"

Ask = Callable[..., None]


def by_call(emulator: Emulator, **fault: Any) -> None:
    emulator.fail(**fault)


def by_endpoint(emulator: Emulator, **fault: Any) -> None:
    assert send(emulator, "/_emulator/faults", fault).json == {}


@pytest.fixture(params=[by_call, by_endpoint])
def ask(request: pytest.FixtureRequest) -> Ask:
    chosen: Ask = request.param
    return chosen


def test_code(tencent_chat_emulator: Emulator, ask: Ask) -> None:
    ask(tencent_chat_emulator, code=10004)
    answer = call(tencent_chat_emulator, LIST)
    assert answer.status == 200
    assert answer.json["ActionStatus"] == "FAIL"
    assert answer.code == 10004
    assert answer.info
    assert call(tencent_chat_emulator, LIST).code == 0


def test_code_that_no_table_has(tencent_chat_emulator: Emulator) -> None:
    tencent_chat_emulator.fail(code=4711)
    answer = call(tencent_chat_emulator, LIST)
    assert (answer.code, answer.info) == (4711, "Error 4711.")


def test_latency(tencent_chat_emulator: Emulator, ask: Ask) -> None:
    ask(tencent_chat_emulator, latency=0.3)
    started = time.monotonic()
    assert call(tencent_chat_emulator, LIST).code == 0
    assert time.monotonic() - started >= 0.3


@pytest.mark.parametrize(("status", "phrase"), [(502, "Bad Gateway"), (404, "Not Found"), (599, "Error")])
def test_status(tencent_chat_emulator: Emulator, ask: Ask, status: int, phrase: str) -> None:
    ask(tencent_chat_emulator, status=status)
    answer = call(tencent_chat_emulator, LIST)
    assert (answer.status, answer.headers["Content-Type"]) == (status, "text/html")
    assert phrase.encode() in answer.content


def test_html(tencent_chat_emulator: Emulator, ask: Ask) -> None:
    ask(tencent_chat_emulator, html=True)
    answer = call(tencent_chat_emulator, LIST)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html")
    assert answer.content.startswith(b"<html>")


def test_half(tencent_chat_emulator: Emulator, ask: Ask) -> None:
    whole = call(tencent_chat_emulator, LIST).content
    ask(tencent_chat_emulator, half=True)
    with pytest.raises(http.client.IncompleteRead) as broken:
        call(tencent_chat_emulator, LIST)
    assert broken.value.partial == whole[: len(whole) // 2]


def test_reset(tencent_chat_emulator: Emulator, ask: Ask) -> None:
    ask(tencent_chat_emulator, reset=True)
    # RemoteDisconnected, which an orderly end causes, is a ConnectionResetError too.
    with pytest.raises(ConnectionResetError) as broken:
        call(tencent_chat_emulator, LIST)
    assert not isinstance(broken.value, http.client.RemoteDisconnected)
    assert call(tencent_chat_emulator, LIST).code == 0


def test_the_connection_survives_what_is_answered_whole(tencent_chat_emulator: Emulator) -> None:
    with closing(connect(tencent_chat_emulator)) as connection:
        url = target(tencent_chat_emulator, LIST)
        exchange(connection, url)
        first = connection.sock
        faults: list[dict[str, Any]] = [{"code": 60008}, {"status": 502}, {"html": True}, {"latency": 0.01}]
        for fault in faults:
            tencent_chat_emulator.fail(**fault)
            exchange(connection, url)
        assert connection.sock is first


def test_faults_strike_before_the_checks(tencent_chat_emulator: Emulator) -> None:
    tencent_chat_emulator.fail(code=60008, times=2)
    assert call(tencent_chat_emulator, LIST, usersig=None).code == 60008
    assert call(tencent_chat_emulator, "no_service/command").code == 60008
    assert call(tencent_chat_emulator, LIST, usersig=None).code == 60004


def test_faults_wait_in_line_for_their_command(tencent_chat_emulator: Emulator) -> None:
    emulator = tencent_chat_emulator
    emulator.fail(code=10010, command=DESTROY)
    emulator.fail(code=60008, times=2)
    emulator.fail(code=10007, command=DESTROY)
    codes = [call(emulator, command).code for command in (LIST, DESTROY, LIST, LIST, DESTROY)]
    assert codes == [60008, 10010, 60008, 0, 10007]


def test_a_reset_forgets_faults(tencent_chat_emulator: Emulator) -> None:
    tencent_chat_emulator.fail(reset=True, times=10**9)
    tencent_chat_emulator.reset()
    assert call(tencent_chat_emulator, LIST).code == 0


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ({}, "needs code="),
        ({"latency": 0}, "needs code="),
        ({"code": 1, "html": True}, "code and html"),
        ({"half": True, "reset": True}, "half and reset"),
        ({"code": 0}, "code: 0"),
        ({"code": -1}, "code: -1"),
        ({"status": 200}, "status: 200"),
        ({"status": 600}, "status: 600"),
        ({"latency": -1}, "latency: -1"),
        ({"latency": 601}, "latency: 601"),
        ({"code": 1, "times": 0}, "times"),
        ({"code": 1, "command": "openim/sendmg"}, "openim/sendmg"),
    ],
)
def test_what_is_no_fault(tencent_chat_emulator: Emulator, fault: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        tencent_chat_emulator.fail(**fault)
    assert_explained(send(tencent_chat_emulator, "/_emulator/faults", fault), word)
    assert call(tencent_chat_emulator, LIST).code == 0


@pytest.mark.parametrize("latency", [float("nan"), float("inf"), "1", True])
def test_other_latencies(tencent_chat_emulator: Emulator, latency: Any) -> None:
    with pytest.raises(ValueError, match="latency"):
        tencent_chat_emulator.fail(latency=latency)


@pytest.mark.parametrize("fault", [{"code": 60008}, {"status": 502}, {"html": True}, {"reset": True}])
@pytest.mark.parametrize("after", [False, True])
def test_a_call_takes_effect_or_not(
    tencent_chat_emulator: Emulator, ask: Ask, fault: dict[str, Any], after: bool
) -> None:
    """Either way its outcome is unknown to who called."""
    ask(tencent_chat_emulator, **fault, after=after)
    with contextlib.suppress(OSError):
        call(tencent_chat_emulator, IMPORT, {"UserID": "bob"})
    assert ("bob" in tencent_chat_emulator.state.accounts) is after


def test_half_an_answer_is_of_a_call_that_took_effect(tencent_chat_emulator: Emulator) -> None:
    tencent_chat_emulator.fail(half=True)
    with pytest.raises(http.client.IncompleteRead):
        call(tencent_chat_emulator, IMPORT, {"UserID": "bob"})
    assert "bob" in tencent_chat_emulator.state.accounts
