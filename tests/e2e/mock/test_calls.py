"""The record of calls."""

from __future__ import annotations

import pytest

from support.mock import call
from timgen.mock import MockService
from timgen.modelling.model import Api

SEND = "openim/sendmsg"


def test_calls_are_remembered_without_their_signature(tencent_chat_mock: MockService) -> None:
    mock = tencent_chat_mock
    call(mock, SEND, {"To_Account": "bob"}, headers={"User-Agent": "mine/1", "Authorization": "dummy"})
    call(mock, SEND, b"no json", UserSig="twice")
    first, second = mock.calls
    assert (first.method, first.path, first.command) == ("POST", "/v4/openim/sendmsg", SEND)
    assert first.query.keys() == {"sdkappid", "identifier", "random", "contenttype"}
    assert first.body == {"To_Account": "bob"}
    assert first.headers["User-Agent"] == "mine/1"
    assert "Authorization" not in first.headers
    assert first.time <= second.time
    assert second.body == "no json"
    assert "usersig" not in repr(mock.calls).lower()
    mock.clear()
    assert mock.calls == ()


def test_the_record_is_bounded(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timgen.mock.service.MAX_CALLS", 2)
    with MockService(api) as mock:
        for number in range(4):
            call(mock, SEND, {"n": number})
        assert [recorded.body for recorded in mock.calls] == [{"n": 2}, {"n": 3}]
