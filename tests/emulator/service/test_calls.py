"""The record of calls."""

from __future__ import annotations

import pytest

from support.calling import call
from tencent_chat_emulator import Emulator

SEND = "openim/sendmsg"


def test_calls_are_remembered_without_their_signature(tencent_chat_emulator: Emulator) -> None:
    emulator = tencent_chat_emulator
    call(emulator, SEND, {"To_Account": "bob"}, headers={"User-Agent": "mine/1", "Authorization": "dummy"})
    call(emulator, SEND, b"no json", UserSig="twice")
    first, second = emulator.calls
    assert (first.method, first.path, first.command) == ("POST", "/v4/openim/sendmsg", SEND)
    assert first.query.keys() == {"sdkappid", "identifier", "random", "contenttype"}
    assert first.body == {"To_Account": "bob"}
    assert first.headers["User-Agent"] == "mine/1"
    assert "Authorization" not in first.headers
    assert first.time <= second.time
    assert second.body == "no json"
    assert "usersig" not in repr(emulator.calls).lower()
    emulator.reset()
    assert emulator.calls == ()


def test_the_record_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tencent_chat_emulator._apps.application.MAX_CALLS", 2)
    with Emulator() as emulator:
        for number in range(4):
            call(emulator, SEND, {"n": number})
        assert [recorded.body for recorded in emulator.calls] == [{"n": 2}, {"n": 3}]
