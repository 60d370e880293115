"""What the mock answers to a call in which nothing is wrong, and what every refusal carries."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from support.mock import call
from timgen.mock import MockService
from timgen.mock.catalogue import Catalogue
from timgen.modelling.model import Api, Example

SEND = "openim/sendmsg"
CALL_INFO = "call_engine_http_srv/get_call_info"


def example(api: Api, command: str, index: int) -> tuple[dict[str, Any], Mapping[str, Any]]:
    found = next(c for c in api.commands if c.path == command).examples[index]
    return copy.deepcopy(dict(found.request)), found.response


def test_every_example_of_the_spec_gets_its_documented_answer(api: Api, tencent_chat_mock: MockService) -> None:
    for command in api.commands:
        for wanted in command.examples:
            answer = call(tencent_chat_mock, command.path, wanted.request)
            documented = [e.response for e in command.examples if e.request == wanted.request]
            assert answer.json == documented[0], f"{command.path}: {wanted.summary}"


def test_a_documented_failure_is_answered_to_its_own_request(api: Api, tencent_chat_mock: MockService) -> None:
    request, response = example(api, SEND, 3)
    assert response["ErrorCode"] == 90012
    assert call(tencent_chat_mock, SEND, request).json == response


def test_random_fields_that_the_client_fills_do_not_count(api: Api, tencent_chat_mock: MockService) -> None:
    request, response = example(api, SEND, 1)
    assert call(tencent_chat_mock, SEND, {**request, "MsgRandom": 5, "MsgSeq": 6}).json == response


def test_another_request_gets_the_first_answer_that_succeeds(api: Api, tencent_chat_mock: MockService) -> None:
    request, _ = example(api, SEND, 1)
    _, response = example(api, SEND, 0)
    for _ in range(3):
        assert call(tencent_chat_mock, SEND, {**request, "To_Account": "carol"}).json == response


def test_filled_fields_are_found_inside_lists_and_objects(api: Api) -> None:
    catalogue = Catalogue(api)
    request: dict[str, Any] = {"List": [{"Random": 1, "Text": "a"}, {"Text": "b"}], "Head": {"Random": 2}, "Seq": 3}
    right, wrong = ({"ErrorCode": 0, "Is": word} for word in ("right", "wrong"))
    command = dataclasses.replace(
        catalogue.commands[SEND],
        fill=("List[].Random", "Head.Random", "Seq", "Tail[].Random", "Text.Random"),
        examples=(Example("", {}, wrong, ""), Example("", request, right, "")),
    )
    refilled = {"List": [{"Text": "a"}, {"Random": 7, "Text": "b"}], "Head": {"Random": 8}}
    assert catalogue.success(command, refilled) == right
    assert catalogue.success(command, {**refilled, "Tail": "text", "Text": "text"}) == wrong
    assert catalogue.success(command, {**refilled, "List": [{"Text": "a"}]}) == wrong


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
def test_what_counts_as_success(api: Api, response: dict[str, Any], succeeds: bool) -> None:
    catalogue = Catalogue(api)
    command = dataclasses.replace(catalogue.commands[SEND], examples=(Example("", {"a": 1}, response, ""),))
    assert (catalogue.success(command, {}) == response) is succeeds
    if not succeeds:
        assert catalogue.success(command, {}) == {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0}


def test_true_is_not_one(api: Api) -> None:
    catalogue = Catalogue(api)
    examples = (Example("", {"Flag": value}, {"ErrorCode": 0, "Flag": value}, "") for value in (0, 1, True))
    command = dataclasses.replace(catalogue.commands[SEND], examples=tuple(examples))
    assert catalogue.success(command, {"Flag": True})["Flag"] is True
    assert catalogue.success(command, {"Flag": 1})["Flag"] == 1


def test_refusals_carry_a_request_id_where_the_service_sends_one(tencent_chat_mock: MockService) -> None:
    mock = tencent_chat_mock
    for answer in (
        call(mock, CALL_INFO, b""),
        call(mock, CALL_INFO, {}),
        call(mock, "call_engine_http_srv/nothing"),
        call(mock, CALL_INFO, headers={"X-Mock-Fault": "code=101003"}),
    ):
        assert answer.json.keys() == {"ActionStatus", "ErrorInfo", "ErrorCode", "RequestId"}
    assert "RequestId" not in call(mock, SEND, {}).json
