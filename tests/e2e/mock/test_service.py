"""The mock service as a whole: its app, its log, its beginning."""

from __future__ import annotations

import logging
from contextlib import closing
from typing import Any

import pytest

from support.mock import call, connect, exchange, send, sign, target
from timgen.mock import MockService
from timgen.modelling.model import Api

LIST = "group_open_http_svc/get_appid_group_list"


def test_an_app_of_ones_own(api: Api) -> None:
    with MockService(api, sdkappid=7, secret_key="another dummy", administrators=["root", "second"]) as mock:
        assert (mock.sdkappid, mock.secret_key, mock.identifier) == (7, "another dummy", "root")
        assert "dummy" not in repr(mock) + repr(vars(mock))
        for account, code in {"root": 0, "second": 0, "administrator": 60010}.items():
            usersig = sign(7, "another dummy", account)
            answer = call(mock, "group_open_http_svc/get_appid_group_list", identifier=account, usersig=usersig)
            assert answer.code == code


@pytest.mark.parametrize("administrators", [(), "administrator"])
def test_administrators_must_be_a_list_of_accounts(api: Api, administrators: Any) -> None:
    with pytest.raises(ValueError, match="administrators"):
        MockService(api, administrators=administrators)


def test_the_log_has_one_line_a_call_and_no_secrets(
    tencent_chat_mock: MockService, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        call(tencent_chat_mock, LIST, {"Secret": "text"})
        call(tencent_chat_mock, LIST, random=None)
        call(tencent_chat_mock, LIST, headers={"X-Mock-Fault": "html"})
        send(tencent_chat_mock, "/v4/a%0Ab/c?usersig=dummy")
    lines = [record.getMessage() for record in caplog.records if record.name == "timgen.mock"]
    assert [line.rpartition(" (")[0] for line in lines] == [
        f"POST /v4/{LIST}: OK",
        f"POST /v4/{LIST}: 60002 The parameter random is missing.",
        f"POST /v4/{LIST}: fault, HTML",
        "POST /v4/a\\x0ab/c: 60009 The service a\\x0ab is not known.",
    ]
    assert {record.name for record in caplog.records} == {"timgen.mock"}
    assert capfd.readouterr() == ("", "")


def test_a_defect_of_the_mock_is_told_and_ends_nothing(
    tencent_chat_mock: MockService, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with closing(connect(tencent_chat_mock)) as connection:
        with monkeypatch.context() as patch:
            patch.setattr("timgen.mock.service.examine", fail)
            assert exchange(connection, target(tencent_chat_mock, LIST)).status == 500
        assert exchange(connection, target(tencent_chat_mock, LIST)).code == 0
    assert "ZeroDivisionError" in caplog.text


def test_a_service_can_be_started_again(api: Api) -> None:
    mock = MockService(api)
    for _ in range(2):
        with mock:
            assert call(mock, LIST).code == 0
