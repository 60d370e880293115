"""The emulator as a whole: its app, its log, its beginning."""

from __future__ import annotations

import logging
from contextlib import closing
from typing import Any

import pytest

from support.calling import call, connect, exchange, send, sign, target
from tencent_chat_emulator import Emulator

IMPORT = "im_open_login_svc/account_import"
CHECK = "im_open_login_svc/account_check"
BOB = {"CheckItem": [{"UserID": "bob"}]}
LIST = "group_open_http_svc/get_appid_group_list"


def test_an_app_of_ones_own() -> None:
    with Emulator(sdkappid=7, secret_key="another dummy", administrators=["root", "second"]) as emulator:
        assert (emulator.sdkappid, emulator.secret_key, emulator.identifier) == (7, "another dummy", "root")
        assert "dummy" not in repr(emulator) + repr(vars(emulator))
        for account, code in {"root": 0, "second": 0, "administrator": 60010}.items():
            usersig = sign(7, "another dummy", account)
            answer = call(emulator, "group_open_http_svc/get_appid_group_list", identifier=account, usersig=usersig)
            assert answer.code == code


@pytest.mark.parametrize("administrators", [(), "administrator"])
def test_administrators_must_be_a_list_of_accounts(administrators: Any) -> None:
    with pytest.raises(ValueError, match="administrators"):
        Emulator(administrators=administrators)


def test_the_log_has_one_line_a_call_and_no_secrets(
    tencent_chat_emulator: Emulator, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        call(tencent_chat_emulator, LIST, {"Secret": "text"})
        call(tencent_chat_emulator, LIST, random=None)
        tencent_chat_emulator.fail(html=True)
        call(tencent_chat_emulator, LIST)
        send(tencent_chat_emulator, "/v4/a%0Ab/c?usersig=dummy")
    lines = [record.getMessage() for record in caplog.records if record.name == "tencent_chat_emulator"]
    assert [line.rpartition(" (")[0] for line in lines] == [
        f"POST /v4/{LIST}: OK",
        f"POST /v4/{LIST}: 60002 The parameter random is missing.",
        f"POST /v4/{LIST}: fault, HTML",
        "POST /v4/a\\x0ab/c: 60009 The service a\\x0ab is not known.",
    ]
    assert {record.name for record in caplog.records} == {"tencent_chat_emulator"}
    assert capfd.readouterr() == ("", "")


def test_a_defect_of_the_emulator_is_told_and_ends_nothing(
    tencent_chat_emulator: Emulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with closing(connect(tencent_chat_emulator)) as connection:
        with monkeypatch.context() as patch:
            patch.setattr("tencent_chat_emulator.emulator.examine", fail)
            assert exchange(connection, target(tencent_chat_emulator, LIST)).status == 500
        assert exchange(connection, target(tencent_chat_emulator, LIST)).code == 0
    assert "ZeroDivisionError" in caplog.text


def test_a_service_can_be_started_again() -> None:
    emulator = Emulator()
    for _ in range(2):
        with emulator:
            assert call(emulator, LIST).code == 0


def test_apps_share_nothing_but_the_address() -> None:
    with Emulator() as emulator:
        other = emulator.add_app(1400000001, "another dummy", administrators=["root"])
        assert other.url == emulator.url
        call(emulator, IMPORT, {"UserID": "bob"})
        call(other, IMPORT, {"UserID": "eve"})
        assert list(emulator.state.accounts) == ["administrator", "bob"]
        assert list(other.state.accounts) == ["root", "eve"]
        other.clock.advance(3600)
        other.fail(code=60008)
        assert call(emulator, LIST).code == 0
        assert [call(other, LIST).code for _ in range(2)] == [60008, 0]
        assert (len(emulator.calls), len(other.calls)) == (2, 3)
        assert other.clock.now() - emulator.clock.now() > 3500
        other.reset()
        assert "bob" in emulator.state.accounts
        with pytest.raises(ValueError, match="served already"):
            emulator.add_app(1400000001)


def test_an_answer_of_ones_own(tencent_chat_emulator: Emulator) -> None:
    emulator = tencent_chat_emulator
    emulator.answer(IMPORT, {"ErrorCode": 70402}, times=1)
    assert [call(emulator, IMPORT, {"UserID": "bob"}).json.get("ErrorInfo") for _ in range(2)] == [None, ""]
    emulator.answer(IMPORT, lambda body: {"Echo": body["UserID"]})
    for name in ("bob", "eve"):
        answer = call(emulator, IMPORT, {"UserID": name}).json
        assert answer == {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0, "Echo": name}
    emulator.answer(IMPORT, {}, times=1)
    assert call(emulator, IMPORT, {"UserID": "dan"}).code == 0
    assert "dan" not in emulator.state.accounts
    emulator.answer(IMPORT, lambda body: {"Echo": body["UserID"]})
    assert call(emulator, IMPORT, {}).code == 70402
    assert "eve" not in emulator.state.accounts
    assert [call.modelled for call in emulator.calls] == [False, True, False, False, False, False]
    with pytest.raises(ValueError, match="im_open_login_svc/import"):
        emulator.answer("im_open_login_svc/import", {})


def test_rate_limits() -> None:
    with Emulator(rate_limits=True, now=1_800_000_000) as emulator:
        codes = [call(emulator, CHECK, BOB).code for _ in range(101)]
        assert codes == [0] * 100 + [60007]
        emulator.clock.advance(1)
        assert call(emulator, CHECK, BOB).code == 0
