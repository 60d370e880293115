"""What is answered to a call of a command that is not modelled, and what every refusal carries."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import pytest

from support.calling import call
from tencent_chat_emulator import Emulator
from tencent_chat_emulator._catalogue.catalogue import Catalogue, Command, Example
from tencent_chat_emulator._core.carrying import behaviours, documented

SEND = "openim/sendmsg"
CALL_INFO = "call_engine_http_srv/get_call_info"
CATALOGUE = Catalogue()
NOT_MODELLED = [path for path in CATALOGUE.paths if path not in behaviours()]


def command_of(path: str) -> Command:
    command = CATALOGUE.command(path)
    assert command is not None
    return command


@pytest.mark.parametrize("path", NOT_MODELLED)
def test_every_example_gets_its_documented_answer(tencent_chat_emulator: Emulator, path: str) -> None:
    command = command_of(path)
    for wanted in command.examples:
        answer = call(tencent_chat_emulator, path, wanted.request)
        assert answer.json == next(e.response for e in command.examples if e.request == wanted.request)
    assert not any(call.modelled for call in tencent_chat_emulator.calls)


def test_random_fields_that_the_client_fills_do_not_count() -> None:
    command = command_of(SEND)
    example = command.examples[1]
    assert documented(command, {**example.request, "MsgRandom": 5, "MsgSeq": 6}) == example.response


def test_another_request_gets_the_first_answer_that_succeeds() -> None:
    command = command_of(SEND)
    assert documented(command, {**command.examples[1].request, "To_Account": "carol"}) == command.examples[0].response


def test_filled_fields_are_found_inside_lists_and_objects() -> None:
    request: dict[str, Any] = {"List": [{"Random": 1, "Text": "a"}, {"Text": "b"}], "Head": {"Random": 2}, "Seq": 3}
    right, wrong = ({"ErrorCode": 0, "Is": word} for word in ("right", "wrong"))
    command = dataclasses.replace(
        command_of(SEND),
        fill=("List[].Random", "Head.Random", "Seq", "Tail[].Random", "Text.Random"),
        examples=(Example({}, wrong), Example(copy.deepcopy(request), right)),
    )
    refilled = {"List": [{"Text": "a"}, {"Random": 7, "Text": "b"}], "Head": {"Random": 8}}
    assert documented(command, refilled) == right
    assert documented(command, {**refilled, "Tail": "text", "Text": "text"}) == wrong
    assert documented(command, {**refilled, "List": [{"Text": "a"}]}) == wrong


@pytest.mark.parametrize(
    ("response", "succeeds"),
    [
        ({"ErrorCode": 0}, True),
        ({"ErrorCode": 0, "ActionStatus": "SomeError"}, True),
        ({"ErrorCode": 5, "ActionStatus": "OK"}, False),
        ({"ActionStatus": "OK"}, True),
        ({"ActionStatus": "FAIL"}, False),
        ({"Config": 1}, True),
    ],
)
def test_what_counts_as_success(response: dict[str, Any], succeeds: bool) -> None:
    command = dataclasses.replace(command_of(SEND), examples=(Example({"a": 1}, response),))
    plain = {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0}
    assert documented(command, {}) == (response if succeeds else plain)


def test_true_is_not_one() -> None:
    examples = (Example({"Flag": value}, {"ErrorCode": 0, "Flag": value}) for value in (0, 1, True))
    command = dataclasses.replace(command_of(SEND), examples=tuple(examples))
    assert documented(command, {"Flag": True})["Flag"] is True
    assert documented(command, {"Flag": 1})["Flag"] == 1


def test_refusals_carry_a_request_id_where_the_command_has_one(tencent_chat_emulator: Emulator) -> None:
    tencent_chat_emulator.fail("call_engine_http_srv/end_call", code=101003)
    for answer in (
        call(tencent_chat_emulator, CALL_INFO, b""),
        call(tencent_chat_emulator, CALL_INFO, {}),
        call(tencent_chat_emulator, "call_engine_http_srv/end_call"),
    ):
        assert answer.json.keys() == {"ActionStatus", "ErrorInfo", "ErrorCode", "RequestId"}
    assert "RequestId" not in call(tencent_chat_emulator, SEND, {}).json
